package migrate

import (
	"strings"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/mas"
)

// premigration makes findings of what [synapse.PreMigration] says, under the names of
// the official check where it has one, and leaves out what does not concern this migration.
func (s *Syn2MAS) premigration(problems maskit.Problems) Findings {
	var findings Findings
	for _, p := range problems {
		if !s.concerns(p) {
			continue
		}
		switch {
		case p.Code == "database-sqlite" && !s.Source.DSN.IsZero():
			p.Severity, p.Hint = maskit.SeverityWarning, "check that the DSN leads to the database that Synapse was moved to"
		case p.Code == "database-argument" && !s.isOfficial():
			p.Message, p.Hint = "decides how to reach Synapse's database, but is not read", "give the address with this setting as Source.DSN"
		}
		p.Code = officialCode(p.Code)
		findings = append(findings, Finding{Problem: reworded(p)})
	}
	return findings
}

// reworded says what settings mean for any migration: package synapse speaks of the file
// that it makes for mas-cli.
func reworded(p maskit.Problem) maskit.Problem {
	switch p.Code {
	case "database-sqlite":
		p.Message = "Synapse's database is SQLite, and only PostgreSQL can be migrated"
	case CodeGuestsEnabled:
		p.Message, p.Hint = "Synapse lets guests in, whom MAS does not know", "set allow_guest_access: false and restart Synapse; the guests that it has are signed out by the migration"
	case CodeThreepidChangesEnabled:
		p.Message, p.Hint = "Synapse lets people change their e-mail addresses, which MAS keeps from now on", "set enable_3pid_changes: false, or remove it, and restart Synapse"
	case CodeLoginViaExistingSession:
		p.Message, p.Hint = "Synapse hands out login tokens for other devices, which only MAS can from now on", "set login_via_existing_session.enabled: false and restart Synapse"
	}
	return p
}

// concerns reports whether a problem matters: not if it is about an address that the DSN
// replaces, about what only mas-cli does not read, or settled in MAS's configuration.
func (s *Syn2MAS) concerns(p maskit.Problem) bool {
	key, _, _ := strings.Cut(p.Path, ".")
	ofDatabase := key == "database" || key == "databases" || key == "database_path"
	switch {
	case p.Code == "captcha":
		return !hasCaptcha(s.Target.Config)
	case ofDatabase && !s.Source.DSN.IsZero():
		return p.Code == "database-sqlite" || p.Code == "wrong-type" && s.isOfficial() // mas-cli reads the types all the same
	case s.isOfficial():
		return true
	case p.Code == "database-argument":
		return !isReadArgument(p.Path[strings.LastIndexByte(p.Path, '.')+1:])
	}
	return p.Code != "databases" && p.Code != "adapted" && p.Code != "database-hosts"
}

func hasCaptcha(config *mas.Config) bool {
	return config != nil && config.Captcha != nil && config.Captcha.Service != ""
}

// isOfficial reports whether mas-cli does the work, so that what it cannot read counts.
func (s *Syn2MAS) isOfficial() bool { return s.Engine != nil && s.Engine.Name() == "official" }

// isReadArgument lists the arguments of psycopg2 beyond those of mas-cli that
// [synapseConnection] reads.
func isReadArgument(key string) bool {
	switch key {
	case "sslmode", "sslrootcert", "sslcert", "sslkey", "passfile", "service", "dsn":
		return true
	}
	return false
}

// officialCode translates the codes of [synapse.PreMigration].
func officialCode(code string) string {
	switch code {
	case "3pid-changes":
		return CodeThreepidChangesEnabled
	case "login-via-existing-session":
		return CodeLoginViaExistingSession
	case "guest-access":
		return CodeGuestsEnabled
	case "registration":
		return CodeDisableRegistration
	case "user-consent":
		return CodeDisableUserConsent
	case "captcha":
		return CodeShouldPortCaptcha
	case "cas", "saml", "jwt":
		return CodeExternalAuthSystem
	}
	return code
}
