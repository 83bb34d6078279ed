package upstream

import "github.com/maskit-dev/maskit"

// bridged says why MAS cannot use a kind of provider itself; empty for any other.
func bridged(kind string) string {
	switch kind {
	case "linkedin":
		return "LinkedIn leaves the nonce out of its ID tokens, without which MAS refuses them"
	case "saml", "saml2":
		return "MAS does not speak SAML"
	case "ldap", "ad", "active-directory":
		return "MAS does not speak LDAP"
	case "cas":
		return "MAS does not speak CAS"
	}
	return ""
}

// bridgeHint names what to put between.
func bridgeHint(kind string) string {
	switch kind {
	case "linkedin":
		return "add LinkedIn as an identity provider of a Keycloak realm, and use the kind keycloak, with kc_idp_hint to skip its login page"
	case "saml", "saml2":
		return "add it as a SAML identity provider of a Keycloak realm, and use the kind keycloak, with kc_idp_hint to skip its login page"
	case "cas":
		return "put a provider of OpenID Connect between, or use the one that Apereo CAS has, by the kind oidc"
	}
	return "add it as user federation of a Keycloak realm, and use the kind keycloak"
}

func bridgeProblem(kind, why string) maskit.Problem {
	return maskit.Problem{Path: "kind", Code: "needs-bridge", Message: "cannot be used directly: " + why, Hint: bridgeHint(kind)}
}
