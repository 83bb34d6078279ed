package mas

import "github.com/maskit-dev/maskit"

// account checks the section account: configuration reference of MAS 1.22, "account".
func (c *checker) account() {
	const at place = "account"
	a := c.config.Account
	if a == nil {
		return
	}
	if a.RegistrationTokenRequired && c.version.AtLeast(maskit.Version{Major: 1, Minor: 19}) {
		c.warn(at.key("registration_token_required"), "deprecated", "is deprecated since MAS 1.19",
			"use password_registration_token_required, and registration_token_required of each provider")
	}
	if !c.passwordsEnabled() {
		c.withoutPasswords(at, a)
		return
	}
	if a.PasswordRecoveryEnabled && !c.sendsMail() {
		c.fail(at.key("password_recovery_enabled"), "needs-email", "needs e-mail, and MAS sends none", "set email.transport to smtp or sendmail")
	}
	if a.PasswordRegistrationEnabled && a.PasswordRegistrationEmailRequired.Or(true) && !c.sendsMail() {
		c.fail(at.key("password_registration_enabled"), "needs-email", "needs e-mail to verify addresses, and MAS sends none",
			"set email.transport to smtp or sendmail, or password_registration_email_required to false")
	}
	if a.PasswordRegistrationTokenRequired && !a.PasswordRegistrationEnabled {
		c.noEffect(at.key("password_registration_token_required"), "registration by password is off")
	}
}

func (c *checker) withoutPasswords(at place, a *Account) {
	for _, field := range []struct {
		key string
		set bool
	}{
		{"password_registration_enabled", a.PasswordRegistrationEnabled},
		{"password_recovery_enabled", a.PasswordRecoveryEnabled},
		{"password_registration_token_required", a.PasswordRegistrationTokenRequired},
		{"login_with_email_allowed", a.LoginWithEmailAllowed},
	} {
		if field.set {
			c.noEffect(at.key(field.key), "passwords are off")
		}
	}
}

func (c *checker) sendsMail() bool {
	e := c.config.Email
	return e != nil && (e.Transport == EmailSMTP || e.Transport == EmailSendmail)
}

// waysIn warns when nobody can log in.
func (c *checker) waysIn() {
	if c.passwordsEnabled() {
		return
	}
	if up := c.config.UpstreamOAuth2; up != nil {
		for _, p := range up.Providers {
			if p.Enabled.Or(true) {
				return
			}
		}
	}
	c.warn("upstream_oauth2.providers", "no-login", "no provider is enabled and passwords are off, so nobody can log in", "enable a provider, or passwords")
}
