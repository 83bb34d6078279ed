package synapse

// ssoConflicts are Synapse's own ways to log in but for passwords.
func ssoConflicts() []conflict {
	const (
		sso      = "Synapse logs people in by an identity provider of its own"
		provider = "MAS logs people in by identity providers"
		oidc     = "people cannot log in by this identity provider; it becomes a provider of MAS"
		none     = "people cannot log in by it; MAS has OpenID Connect only, so a provider that speaks it must stand between"
	)
	row := func(code, path string, holds func(look) bool, effect effect, moved, remove string) conflict {
		c := conflict{
			code: code, path: path, holds: holds, effect: effect,
			reason: provider, remove: remove, moved: moved, masked: path == remove,
		}
		if effect == refused {
			c.does = sso
		}
		return c
	}
	jwt := "programs cannot log in by a JSON web token; MAS has personal sessions and client credentials instead"
	incomplete := row("jwt-incomplete", "jwt_config", isIncompleteJWT, crashes, "", "jwt_config")
	incomplete.does = "lacks secret or algorithm, which Synapse reads even if it is not enabled"
	return []conflict{
		row("sso-oidc", "oidc_providers", isFilledList, refused, oidc, "oidc_providers"),
		row("wrong-type", "oidc_providers", isNoListOrNull, crashes, "", "oidc_providers"),
		row("sso-oidc", "oidc_config.enabled", truthy, refused, oidc, "oidc_config"),
		row("wrong-type", "oidc_config", isNoSectionOrNull, crashes, "", "oidc_config"),
		row("sso-saml", "saml2_config", isSAML, refused, none, "saml2_config"),
		row("wrong-type", "saml2_config", isTrueNoSection, crashes, "", "saml2_config"),
		row("sso-cas", "cas_config", isEnabled, refused, none, "cas_config"),
		row("wrong-type", "cas_config", isTrueNoSection, crashes, "", "cas_config"),
		row("sso-jwt", "jwt_config.enabled", truthy, refused, jwt, "jwt_config"),
		incomplete,
		row("wrong-type", "jwt_config", isTrueNoSection, crashes, "", "jwt_config"),
	}
}

// isSAML: enabled unless it says otherwise, once there is something to enable.
func isSAML(l look) bool { return isEnabled(l) && (l.has("sp_config") || l.has("config_path")) }

// isIncompleteJWT: Synapse reads the keys of a section that is not empty even if
// that is not enabled.
func isIncompleteJWT(l look) bool {
	return l.entry().IsMapping() && truthy(l) && !l.has("enabled") && (l.lacks("secret") || l.lacks("algorithm"))
}

// passwordProviderConflicts are password checkers of the old kind.
func passwordProviderConflicts() []conflict {
	const (
		checker = "Synapse checks passwords by a provider of its own"
		reason  = "MAS checks passwords"
		moved   = "passwords that this provider knows are not known to MAS; it has its own passwords and OpenID Connect providers"
	)
	return []conflict{
		{
			code: "password-provider", path: "password_providers", holds: isFilledList,
			does: checker, reason: reason, remove: "password_providers", moved: moved, masked: true,
		},
		{
			code: "wrong-type", path: "password_providers", holds: isTrueNoList, effect: crashes,
			reason: reason, remove: "password_providers", masked: true,
		},
		{
			code: "password-provider", path: "ldap_config.enabled", holds: truthy,
			does: checker, reason: reason, remove: "ldap_config", moved: moved,
		},
		{code: "null-section", path: "ldap_config", holds: isNull, effect: crashes, reason: reason, remove: "ldap_config"},
		{
			code: "wrong-type", path: "ldap_config", holds: isNoSectionOrNull, effect: crashes,
			reason: reason, remove: "ldap_config", masked: true,
		},
	}
}
