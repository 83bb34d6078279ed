package synapse

import (
	"fmt"
	"slices"
	"strings"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/internal/yamledit"
)

// conflict is a setting that Synapse refuses beside an enabled
// matrix_authentication_service. Source of all: Synapse 1.136 and 1.163,
// config/mas.py and the modules that it asks.
type conflict struct {
	code, path string
	// holds judges the setting that stands at the path.
	holds func(c config, s setting) bool
	// does says what Synapse may not do.
	does string
	// hint says how to mend it.
	hint string
}

// lint reports what stands in the way of delegation and is not Patch's to remove.
func (d Delegate) lint(c config) maskit.Problems {
	problems := d.lintSection(c)
	rules := slices.Concat(ssoConflicts(), sessionConflicts(), accountConflicts())
	for _, rule := range rules {
		s, ok := c.find(strings.Split(rule.path, ".")...)
		if ok && rule.holds(c, s) {
			problems = append(problems, maskit.Problem{
				Path: rule.path, Code: rule.code, Hint: rule.hint, Pos: s.Pos,
				Message: fmt.Sprintf("is %s; %s, and does not start beside %s", shown(s), rule.does, sectionKey),
			})
		}
	}
	problems = append(problems, nullSections(c)...)
	problems = append(problems, d.lintExperimental(c)...)
	return append(problems, lintModules(c)...)
}

// shown is the value of a setting for a message. A text is quoted only if it is
// a switch or a duration: in the wrong place it could be a secret.
func shown(s setting) string {
	text := s.Scalar()
	switch {
	case text.Kind == yamledit.KindNull:
		return "null"
	case text.Kind == yamledit.KindNone:
		return "set"
	case text.Kind != yamledit.KindString:
		return fmt.Sprint(display(s.Entry))
	case isSwitch(s.Entry), strings.Trim(strings.TrimRight(text.Text, "smhdwy"), "0123456789") == "":
		return fmt.Sprintf("%q", text.Text)
	}
	return "set"
}

// ssoConflicts are Synapse's own identity providers and password checkers.
func ssoConflicts() []conflict {
	const (
		sso     = "Synapse logs people in by an identity provider of its own"
		checker = "Synapse checks passwords by a provider of its own"
	)
	return []conflict{
		{"sso-oidc", "oidc_providers", truthy, sso, "move the providers to MAS, then set oidc_providers: []"},
		{"sso-oidc", "oidc_config.enabled", truthy, sso, "move the provider to MAS, then remove oidc_config"},
		{"sso-saml", "saml2_config", isSAML, sso, "give MAS an OpenID Connect provider instead, then remove saml2_config"},
		{"sso-cas", "cas_config", isCAS, sso, "give MAS an OpenID Connect provider instead, then remove cas_config"},
		{"sso-jwt", "jwt_config.enabled", truthy, "Synapse takes JSON web tokens as logins", "remove jwt_config"},
		{"password-provider", "password_providers", truthy, checker, "set password_providers: []"},
		{"password-provider", "ldap_config.enabled", truthy, checker, "set ldap_config: {} (null crashes Synapse)"},
	}
}

// sessionConflicts are about tokens, which MAS issues.
func sessionConflicts() []conflict {
	const lifetime = "Synapse limits the life of its own tokens"
	return []conflict{
		{
			"login-via-existing-session", "login_via_existing_session.enabled", truthy,
			"Synapse hands out login tokens", "set login_via_existing_session: {enabled: false} (null crashes Synapse)",
		},
		{"token-lifetime", "refresh_token_lifetime", isDuration, lifetime, "remove it; MAS sets the lifetime of tokens"},
		{"token-lifetime", "nonrefreshable_access_token_lifetime", isDuration, lifetime, "remove it; MAS sets the lifetime of tokens"},
		{"token-lifetime", "session_lifetime", isDuration, lifetime, "remove it; MAS sets the lifetime of sessions"},
	}
}

// accountConflicts are about accounts, which MAS keeps.
func accountConflicts() []conflict {
	return []conflict{
		{
			"user-consent", "user_consent", func(_ config, s setting) bool { return !s.IsNull() },
			"Synapse asks for consent to its terms", "remove the section, or set user_consent: null; MAS asks for consent by branding.tos_uri",
		},
		{"captcha", "enable_registration_captcha", truthy, "Synapse asks for a CAPTCHA", "set enable_registration_captcha: false; configure captcha in MAS"},
		{"3pid-changes", "enable_3pid_changes", truthy, "Synapse lets people change their email addresses", "remove it, or set enable_3pid_changes: false"},
	}
}

func truthy(_ config, s setting) bool { return s.Truthy() }

// isSAML: enabled unless it says otherwise, once there is something to enable.
func isSAML(c config, s setting) bool {
	return isEnabled(c, s) && (has(c, s, "sp_config") || has(c, s, "config_path"))
}

func isCAS(c config, s setting) bool { return isEnabled(c, s) }

// isEnabled reports whether a section holds anything and is not switched off.
func isEnabled(c config, s setting) bool {
	enabled, ok := c.below(s, "enabled")
	return s.Truthy() && (!ok || enabled.Truthy())
}

func has(c config, s setting, key string) bool {
	found, ok := c.below(s, key)
	return ok && found.Truthy()
}

// isDuration reports whether a lifetime is set and is not zero.
func isDuration(_ config, s setting) bool {
	text := s.Scalar()
	return text.Kind != yamledit.KindNull && strings.Trim(strings.TrimRight(text.Text, "smhdwy"), "0") != ""
}

// nullSections reports sections that Synapse reads without asking whether they are null.
func nullSections(c config) maskit.Problems {
	var problems maskit.Problems
	for _, key := range []string{"ldap_config", "login_via_existing_session"} {
		if s, ok := c.find(key); ok && s.IsNull() {
			problems = append(problems, maskit.Problem{
				Path: key, Code: "null-section", Pos: s.Pos, Message: "is null, which crashes Synapse", Hint: fmt.Sprintf("remove it, or set %s: {}", key),
			})
		}
	}
	return problems
}
