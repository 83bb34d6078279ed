package migrate

import (
	"fmt"
	"strings"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/mas"
	"github.com/maskit-dev/maskit/synapse"
)

// migratedScheme is the version under which hashes of Synapse are stored (MAS 1.22, syn2mas).
const migratedScheme = 1

// passwords: whether a password that Synapse took is one that MAS takes.
func (c *configCheck) passwords() {
	section := c.job.Config.Passwords
	if section == nil {
		section = &mas.Passwords{}
	}
	c.passwordUse(section.Enabled.Or(true))
	c.loginWithEmail()
	schemes := section.Schemes
	if len(schemes) == 0 { // MAS's default
		schemes = []mas.PasswordScheme{{Version: migratedScheme, Algorithm: mas.Argon2id}}
	}
	for i, scheme := range schemes {
		if scheme.Version == migratedScheme {
			c.scheme(fmt.Sprintf("passwords.schemes[%d]", i), scheme)
			c.upgrade(schemes, scheme)
			return
		}
	}
	c.report(maskit.SeverityError, "passwords.schemes", CodeMissingPasswordScheme,
		"MAS has no scheme with version: 1, under which the hashes of Synapse are stored", bcryptScheme(c.job.Legacy))
}

// bcryptScheme is the scheme that reads Synapse's hashes.
func bcryptScheme(legacy synapse.Legacy) string {
	scheme := "set passwords.schemes in MAS to {version: 1, algorithm: bcrypt, unicode_normalization: true}"
	if !legacy.Pepper.IsZero() {
		scheme += ", with the pepper of Synapse as secret or secret_file"
	}
	return scheme + ", and argon2id as version: 2"
}

// passwordUse: whether both take passwords at all.
func (c *configCheck) passwordUse(enabled bool) {
	legacy := c.job.Legacy
	switch {
	case legacy.Passwords != synapse.PasswordsOff && !legacy.LocalPasswords:
		c.add(Finding{
			Problem: maskit.Problem{
				Path: "password_config.localdb_enabled", Code: CodeExternalAuthSystem, Severity: maskit.SeverityWarning,
				Message: "Synapse lets a module check passwords, not its own hashes; MAS knows only hashes",
				Hint:    "put an OpenID Connect provider that knows the passwords, such as Keycloak over LDAP, in front of MAS",
			},
			Effect: "nobody can log in by the password that the module knows",
		})
	case legacy.Passwords == synapse.PasswordsForLogin && !enabled:
		c.add(Finding{
			Problem: maskit.Problem{
				Path: "passwords.enabled", Code: CodePasswordsDisabled, Severity: maskit.SeverityWarning,
				Message: "MAS takes no passwords, and Synapse does", Hint: "set passwords.enabled: true in MAS, unless everybody has another way to log in",
			},
			Effect: "nobody can log in by password",
		})
	case legacy.Passwords == synapse.PasswordsOff && enabled:
		c.add(Finding{
			Problem: maskit.Problem{
				Path: "passwords.enabled", Code: CodePasswordsEnabled, Severity: maskit.SeverityWarning,
				Message: "MAS takes passwords, and Synapse does not", Hint: "set passwords.enabled: false in MAS, unless people shall log in by password from now on",
			},
			Effect: "old passwords whose hashes are left in Synapse's database would be valid again",
		})
	}
}

// loginWithEmail: Synapse takes an e-mail address for the name.
func (c *configCheck) loginWithEmail() {
	account := c.job.Config.Account
	if c.job.Legacy.Passwords == synapse.PasswordsForLogin && (account == nil || !account.LoginWithEmailAllowed) {
		c.report(maskit.SeverityInfo, "account.login_with_email_allowed", CodeLoginWithEmail,
			"Synapse takes an e-mail address in place of the user name, and MAS does not unless told", "set account.login_with_email_allowed: true in MAS if people shall log in so")
	}
}

// scheme judges the one that reads Synapse's hashes.
func (c *configCheck) scheme(at string, scheme mas.PasswordScheme) {
	if scheme.Algorithm != mas.Bcrypt {
		c.report(maskit.SeverityError, at+".algorithm", CodePasswordSchemeNotBcrypt,
			fmt.Sprintf("MAS reads the hashes of Synapse by scheme 1, which is %s; they are bcrypt", scheme.Algorithm), bcryptScheme(c.job.Legacy))
	} else if !scheme.UnicodeNormalization {
		c.add(Finding{
			Problem: maskit.Problem{
				Path: at + ".unicode_normalization", Code: CodeUnicodeNormalization, Severity: maskit.SeverityWarning,
				Message: "Synapse normalises passwords (NFKC) before it hashes them, and MAS does not unless told",
				Hint:    "set unicode_normalization: true in scheme 1 (MAS 0.17)",
			},
			Effect: "people whose password has letters such as ﬁ, é or full-width ones may not be able to log in by it",
		})
	}
	c.pepper(at, scheme.Secret)
}

// pepper compares the secret of the scheme with that of Synapse. MAS takes a file byte for byte.
func (c *configCheck) pepper(at string, secret mas.SecretValue) {
	if secret.Inline.IsZero() && secret.File != "" {
		c.report(maskit.SeverityError, at+".secret_file", CodeFileNotRead,
			"the pepper of MAS was not read, so it cannot be compared with that of Synapse", "read the files of secrets in by mas.Config.Inline")
		return
	}
	theirs := c.job.Legacy.Pepper
	if secret.Inline.Equal(theirs) {
		return
	}
	message, hint := "", "write Synapse's password_config.pepper there"
	switch {
	case theirs.IsZero():
		message, hint = "MAS has a pepper for scheme 1, and Synapse has none", "remove secret and secret_file from scheme 1"
	case secret.Inline.IsZero():
		message = "Synapse has a pepper, and scheme 1 of MAS has none"
	case strings.TrimSpace(secret.Inline.Reveal()) == strings.TrimSpace(theirs.Reveal()):
		message, hint = "the pepper of MAS is that of Synapse but for white space around it", "write the file without a line break at its end: MAS takes each byte"
	default:
		message = "the pepper of MAS is not that of Synapse"
	}
	c.add(Finding{
		Problem: maskit.Problem{Path: at + ".secret", Code: CodePasswordSchemeWrongPepper, Message: message, Hint: hint},
		Effect:  "nobody can log in by password",
	})
}

// upgrade tells what becomes of hashes from now on: the newest scheme hashes anew.
func (c *configCheck) upgrade(schemes []mas.PasswordScheme, own mas.PasswordScheme) {
	newest := own
	for _, scheme := range schemes {
		if scheme.Version > newest.Version {
			newest = scheme
		}
	}
	const defaultCost = 12
	switch rounds := c.job.Legacy.BcryptRounds; {
	case newest.Version != own.Version:
		c.report(maskit.SeverityInfo, "passwords.schemes", CodePasswordUpgrade,
			fmt.Sprintf("MAS hashes passwords anew by scheme %d (%s) as people log in, which Synapse cannot read: a rollback loses passwords that were changed", newest.Version, newest.Algorithm),
			"to keep the way back open for some days, leave scheme 1 alone at first")
	case own.Algorithm == mas.Bcrypt && rounds != 0 && own.Cost.Or(defaultCost) != uint32(rounds): //nolint:gosec // 4 to 31
		c.report(maskit.SeverityInfo, "passwords.schemes", CodeBcryptCost,
			fmt.Sprintf("MAS hashes new passwords at cost %d, Synapse did at %d; old hashes keep theirs", own.Cost.Or(defaultCost), rounds),
			fmt.Sprintf("set cost: %d in scheme 1 if it shall stay the same", rounds))
	}
}
