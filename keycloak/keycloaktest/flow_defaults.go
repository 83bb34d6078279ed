package keycloaktest

import (
	"strconv"
	"strings"
)

// known is what Keycloak says about an authenticator.
type known struct {
	choices      string
	configurable bool
}

// authenticator is what is known about one; false if it may not stand in a flow.
func authenticator(provider string) (known, bool) {
	const always, condition, usual = "REQUIRED", "REQUIRED DISABLED", "REQUIRED ALTERNATIVE DISABLED"
	switch provider {
	case "auth-username-password-form", "auth-username-form", "auth-password-form", "direct-grant-validate-username", "reset-credentials-choose-user",
		"idp-username-password-form", "docker-http-basic-authenticator":
		return known{always, false}, true
	case "auth-cookie", "auth-spnego", "auth-otp-form", "webauthn-authenticator", "webauthn-authenticator-passwordless", "auth-recovery-authn-code-form",
		"direct-grant-validate-password", "direct-grant-validate-otp", "reset-password", "idp-confirm-link", "idp-email-verification",
		"idp-add-organization-member", "idp-auto-link", "client-secret", "client-jwt", "client-secret-jwt", "client-x509", "federated-jwt":
		return known{usual, false}, true
	case "identity-provider-redirector", "organization", "reset-credential-email", "reset-otp", "idp-review-profile", "idp-create-user-if-unique",
		"auth-x509-client-username-form", "user-session-limits":
		return known{usual, true}, true
	case "conditional-user-configured", "allow-access-authenticator", "registration-user-creation", "registration-terms-and-conditions":
		return known{condition, false}, true
	case "conditional-credential", "conditional-user-role", "conditional-user-attribute", "conditional-client-scope", "conditional-level-of-authentication",
		"conditional-sub-flow-executed", "deny-access-authenticator", "registration-password-action", "registration-recaptcha-action":
		return known{condition, true}, true
	}
	return known{}, false
}

// addDefaultFlows makes the flows of a new realm. A line is the level by its spaces, the
// authenticator or "name:" of a sub-flow, the requirement, and the priority.
func (s *Server) addDefaultFlows(r *realm) {
	for _, standard := range []struct{ alias, tree string }{
		{"browser", browserTree(s.options.Version)},
		{"direct grant", "direct-grant-validate-username REQUIRED 10\ndirect-grant-validate-password REQUIRED 20\nDirect Grant - Conditional OTP: CONDITIONAL 30\n conditional-user-configured REQUIRED 10\n direct-grant-validate-otp REQUIRED 20"},
		{"registration", "registration form: REQUIRED 10\n registration-user-creation REQUIRED 20\n registration-password-action REQUIRED 50\n registration-recaptcha-action DISABLED 60\n registration-terms-and-conditions DISABLED 70"},
		{"reset credentials", "reset-credentials-choose-user REQUIRED 10\nreset-credential-email REQUIRED 20\nreset-password REQUIRED 30\nReset - Conditional OTP: CONDITIONAL 40\n conditional-user-configured REQUIRED 10\n reset-otp REQUIRED 20"},
		{"clients", "client-secret ALTERNATIVE 10\nclient-jwt ALTERNATIVE 20\nclient-secret-jwt ALTERNATIVE 30\nclient-x509 ALTERNATIVE 40"},
		{"first broker login", "idp-review-profile REQUIRED 10\nUser creation or linking: REQUIRED 20\n idp-create-user-if-unique ALTERNATIVE 10\n Handle Existing Account: ALTERNATIVE 20\n  idp-confirm-link REQUIRED 10"},
		{"docker auth", "docker-http-basic-authenticator REQUIRED 10"},
	} {
		f := &flow{id: s.uuid(), alias: standard.alias, provider: "basic-flow", topLevel: true, builtIn: true}
		s.grow(r, f, strings.Split(standard.tree, "\n"), 0)
		r.flows = append(r.flows, f)
	}
}

func browserTree(version Version) string {
	tree := `auth-cookie ALTERNATIVE 10
auth-spnego DISABLED 20
identity-provider-redirector ALTERNATIVE 25
Organization: ALTERNATIVE 26
 Browser - Conditional Organization: CONDITIONAL 10
  conditional-user-configured REQUIRED 10
  organization ALTERNATIVE 20
forms: ALTERNATIVE 30
 auth-username-password-form REQUIRED 10
`
	if version == V260 {
		return tree + " Browser - Conditional OTP: CONDITIONAL 20\n  conditional-user-configured REQUIRED 10\n  auth-otp-form REQUIRED 20"
	}
	return tree + ` Browser - Conditional 2FA: CONDITIONAL 20
  conditional-user-configured REQUIRED 10
  conditional-credential REQUIRED 20
  auth-otp-form ALTERNATIVE 30
  webauthn-authenticator DISABLED 40
  auth-recovery-authn-code-form DISABLED 50`
}

// grow adds the lines of one level to a flow, and returns what is left.
func (s *Server) grow(r *realm, f *flow, lines []string, level int) []string {
	for len(lines) > 0 {
		line := strings.TrimLeft(lines[0], " ")
		switch at := len(lines[0]) - len(line); {
		case at < level:
			return lines
		case at > level:
			lines = s.grow(r, f.executions[len(f.executions)-1].sub, lines, at)
			continue
		}
		words := strings.Fields(line)
		n := len(words) - 2
		priority, _ := strconv.ParseInt(words[n+1], 10, 64)
		e := &execution{id: s.uuid(), requirement: words[n], priority: priority}
		if name, isFlow := strings.CutSuffix(strings.Join(words[:n], " "), ":"); isFlow {
			e.sub = &flow{id: s.uuid(), alias: name, provider: "basic-flow", builtIn: true}
		} else {
			e.provider = name
			s.standardConfig(r, f, e)
		}
		f.executions = append(f.executions, e)
		lines = lines[1:]
	}
	return nil
}

// standardConfig gives an authenticator the settings that it has in a new realm.
func (s *Server) standardConfig(r *realm, f *flow, e *execution) {
	standard := map[string]*flowConfig{
		//nolint:gosec // the kind of a credential
		"conditional-credential":    {alias: "browser-conditional-credential", settings: document{"credentials": "webauthn-passwordless"}},
		"idp-review-profile":        {alias: "review profile config", settings: document{"update.profile.on.first.login": "missing"}},
		"idp-create-user-if-unique": {alias: "create unique user config", settings: document{"require.password.update.after.registration": "false"}},
	}[e.provider]
	if standard == nil || !f.builtIn {
		return
	}
	standard.id = s.uuid()
	e.config = standard.id
	r.configs[standard.id] = standard
}
