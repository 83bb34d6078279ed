package synapse

import (
	"slices"
	"strings"

	"github.com/maskit-dev/maskit"
)

// otherLogins reports the ways to log in that MAS has no match for.
func (r *legacyReader) otherLogins(l *Legacy) {
	cas, saml, jwt := r.root.at("cas_config"), r.root.at("saml2_config"), r.root.at("jwt_config")
	l.CAS = cas.truthy() && cas.at("enabled").truthyOr(true)
	l.SAML = saml.at("enabled").truthyOr(true) && (saml.at("sp_config").truthy() || saml.at("config_path").truthy())
	l.JWT = jwt.at("enabled").truthy()
	const bridge = "put an OpenID Connect provider that speaks it, such as Keycloak, between, and run syn2mas with --ignore-missing-auth-providers: " +
		"people are then linked anew"
	r.noMatch(cas, l.CAS, "cas", "people log in by CAS, which MAS does not speak; syn2mas does not carry over who is who", bridge)
	r.noMatch(saml, l.SAML, "saml", "people log in by SAML, which MAS does not speak; syn2mas does not carry over who is who", bridge)
	r.noMatch(jwt, l.JWT, "jwt", "a service logs people in by JSON web tokens, which MAS does not take",
		"let the service use MAS's admin API, or OAuth 2.0, instead")
	const checker = "passwords are checked elsewhere; MAS checks only those whose hashes it has"
	const ldap = "put an OpenID Connect provider that knows the passwords, such as Keycloak over LDAP, in front of MAS"
	r.noMatch(r.root.at("ldap_config"), r.root.at("ldap_config", "enabled").truthy(), "password-provider", checker, ldap)
	r.noMatch(r.root.at("password_providers"), r.root.at("password_providers").truthy(), "password-provider", checker, ldap)
	r.passwordModules()
}

func (r *legacyReader) noMatch(d *datum, inUse bool, code, message, hint string) {
	if inUse {
		r.report(d, maskit.Problem{Code: code, Severity: maskit.SeverityWarning, Message: message, Hint: hint})
	}
}

// passwordModules reports modules that check passwords.
func (r *legacyReader) passwordModules() {
	modules := r.root.at("modules")
	if modules == nil {
		return
	}
	for _, item := range modules.items {
		name := item.at("module").text()
		if pkg, _, _ := strings.Cut(name, "."); slices.Contains(passwordModules(), pkg) {
			r.report(item.at("module"), maskit.Problem{
				Code: "password-provider", Severity: maskit.SeverityWarning,
				Message: "the module logs people or services in; Synapse does not start with it beside MAS, and MAS does not know it",
				Hint:    "give those who use it another way in: an OpenID Connect provider for people, MAS's admin API for services",
			})
		}
	}
}
