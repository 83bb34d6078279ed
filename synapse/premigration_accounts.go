package synapse

import (
	"strconv"
	"strings"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/internal/yamledit"
)

// defaultBcryptRounds is Synapse's bcrypt_rounds.
const defaultBcryptRounds = 12

// passwords reads how Synapse checks passwords.
func (r *legacyReader) passwords(l *Legacy) {
	section := r.root.at("password_config")
	l.Passwords = passwordUse(section.at("enabled"))
	l.LocalPasswords = section.at("localdb_enabled").truthyOr(true)
	l.Pepper = r.secretOf(section.at("pepper"))
	l.BcryptRounds = r.bcryptRounds()
	if l.Passwords == PasswordsForReauth {
		r.report(section.at("enabled"), maskit.Problem{
			Code: "passwords-for-reauth", Severity: maskit.SeverityWarning,
			Message: "people confirm what they do by their passwords but do not log in by them; MAS knows no such distinction",
			Hint:    "decide whether MAS takes passwords (passwords.enabled)",
		})
	}
	if policy := section.at("policy"); policy.at("enabled").truthy() {
		r.report(policy, maskit.Problem{
			Code: "password-policy", Severity: maskit.SeverityWarning,
			Message: "MAS has no such rules for passwords; it judges how hard they are to guess", Hint: "set passwords.minimum_complexity in MAS",
		})
	}
}

// passwordUse reads password_config.enabled, which is true by default.
func passwordUse(d *datum) PasswordUse {
	switch {
	case d.text() == "only_for_reauth":
		return PasswordsForReauth
	case d.truthyOr(true):
		return PasswordsForLogin
	}
	return PasswordsOff
}

func (r *legacyReader) bcryptRounds() int {
	d := r.root.at("bcrypt_rounds")
	if d.isNull() {
		return defaultBcryptRounds
	}
	rounds, err := strconv.Atoi(d.scalar.Text)
	if d.scalar.Kind != yamledit.KindInt || err != nil || rounds < 4 || rounds > 31 {
		r.wrongType(d, "a number from 4 to 31")
		return 0
	}
	return rounds
}

// registration reads who may register, and the settings that syn2mas refuses.
func (r *legacyReader) registration(l *Legacy) {
	l.Registration = r.registrationEnabled()
	l.GuestAccess = r.refused("allow_guest_access", "guest-access", "guests, whom MAS does not know")
	l.ThreePIDChanges = r.refused("enable_3pid_changes", "3pid-changes", "that people change their email addresses")
	l.LoginViaExistingSession = r.refused("login_via_existing_session.enabled", "login-via-existing-session", "that Synapse hands out login tokens")
}

// registrationEnabled: of the two switches the older one counts if it is there.
func (r *legacyReader) registrationEnabled() bool {
	key, open := "disable_registration", false
	if r.root.at(key) == nil {
		key, open = "enable_registration", true
	}
	d := r.root.at(key)
	value, ok := d.switched()
	if d != nil && !ok {
		r.wrongType(d, "true or false")
	}
	if !ok || value != open {
		return false
	}
	r.report(d, maskit.Problem{
		Code: "registration", Severity: maskit.SeverityWarning,
		Message: "people may register at Synapse; once it delegates, they may at MAS only if that allows it",
		Hint:    "set account.password_registration_enabled in MAS if they shall",
	})
	return true
}

// refused reads a switch that must be off for syn2mas.
func (r *legacyReader) refused(path, code, what string) bool {
	d := r.root.at(strings.Split(path, ".")...)
	if !d.truthy() {
		return false
	}
	r.report(d, maskit.Problem{
		Code: code, Message: "allows " + what + "; syn2mas refuses to work then",
		Hint: "set " + path + ": false in Synapse's own files, restart Synapse, and make this file again",
	})
	return true
}

// Captcha is a Google reCAPTCHA that Synapse asks of people who register.
type Captcha struct {
	// SiteKey is recaptcha_public_key; SiteKeyPath is the file that has it instead.
	SiteKey, SiteKeyPath string
	// SecretKey is recaptcha_private_key; SecretKeyPath is the file that has it instead.
	SecretKey     maskit.Secret
	SecretKeyPath string
	// VerifyURL is recaptcha_siteverify_api; empty for Google's own. MAS has no such setting.
	VerifyURL string
}

func (r *legacyReader) captcha() *Captcha {
	switched := r.root.at("enable_registration_captcha")
	if !switched.truthy() {
		return nil
	}
	c := &Captcha{
		SiteKey: r.textOf(r.root.at("recaptcha_public_key")), SiteKeyPath: r.textOf(r.root.at("recaptcha_public_key_path")),
		SecretKey: r.secretOf(r.root.at("recaptcha_private_key")), SecretKeyPath: r.textOf(r.root.at("recaptcha_private_key_path")),
		VerifyURL: r.textOf(r.root.at("recaptcha_siteverify_api")),
	}
	r.report(switched, maskit.Problem{
		Code: "captcha", Severity: maskit.SeverityWarning, Message: "Synapse asks for a CAPTCHA; once it delegates, only MAS can",
		Hint: "give MAS captcha.service: recaptcha_v2 with the same keys",
	})
	r.eitherOr("recaptcha_public_key")
	r.eitherOr("recaptcha_private_key")
	return c
}

// eitherOr judges a key that may stand in a file of its own.
func (r *legacyReader) eitherOr(key string) {
	inline, path := r.root.at(key), r.root.at(key+"_path")
	switch {
	case inline.truthy() && path.truthy():
		r.report(path, maskit.Problem{Code: "exclusive", Message: "is set beside " + key + ", and Synapse does not start with both", Hint: "remove one of them"})
	case path.truthy():
		r.report(path, secretFile())
	}
}

// secretFile is the note on a secret that stands elsewhere.
func secretFile() maskit.Problem {
	return maskit.Problem{
		Code: "secret-file", Severity: maskit.SeverityInfo, Message: "names a file that Synapse reads and syn2mas does not",
		Hint: "give MAS what it holds, without the line break at its end",
	}
}

// UserConsent is how Synapse asks for consent to its terms (user_consent).
type UserConsent struct {
	// Version is the version of the terms.
	Version string
	// PolicyName is what they are called; Synapse's default is "Privacy Policy".
	PolicyName string
	// TemplateDir is where the pages with the terms lie.
	TemplateDir string
	// AtRegistration says whether people must consent to register.
	AtRegistration bool
	// BlockEventsError is the message to those who did not consent; empty if they may write.
	BlockEventsError string
}

func (r *legacyReader) userConsent() *UserConsent {
	d := r.root.at("user_consent")
	if d.isNull() {
		return nil
	}
	r.report(d, maskit.Problem{
		Code: "user-consent", Severity: maskit.SeverityWarning,
		Message: "Synapse asks for consent to its terms; once it delegates, only MAS can, and consents given so far are not carried over",
		Hint:    "publish the terms on a page of your own and set branding.tos_uri in MAS",
	})
	if !d.isMapping() {
		r.wrongType(d, "a mapping")
		return nil
	}
	c := &UserConsent{
		TemplateDir: r.textOf(d.at("template_dir")), PolicyName: r.textOf(d.at("policy_name")),
		AtRegistration: d.at("require_at_registration").truthy(), BlockEventsError: r.textOf(d.at("block_events_error")),
	}
	if version := d.at("version"); version != nil {
		c.Version = pythonText(version.scalar)
	}
	if d.at("policy_name") == nil {
		c.PolicyName = "Privacy Policy"
	}
	return c
}
