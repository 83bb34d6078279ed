package mas

import (
	"fmt"
	"strings"

	"github.com/maskit-dev/maskit"
)

// providerEffect says what a change of one key of a provider does to the people who log in
// through it. Nothing of it ends a session (MAS 1.22).
func providerEffect(key string, after any) effect {
	switch key {
	case "synapse_idp_id":
		return effect{rollout: RolloutNone, text: "only the migration from Synapse reads it"}
	case "claims_imports.subject.template", "issuer":
		return effect{RolloutSync, ImpactLinks, "the links of all users go by the subject at this issuer"}
	case "enabled":
		if after == false {
			return effect{RolloutSync, ImpactLogins, "nobody can log in through a disabled provider; links and sessions stay"}
		}
		return effect{rollout: RolloutSync, text: "people can log in through it, those who did so before by their old links"}
	}
	switch {
	case strings.HasPrefix(key, "claims_imports."):
		return effect{rollout: RolloutSync, text: "existing accounts stay as they are: claims are imported once"}
	case strings.HasPrefix(key, "additional_authorization_parameters"):
		return effect{rollout: RolloutSync, text: nextLogins}
	}
	return effect{rollout: RolloutSync, text: keyEffect(key)}
}

const nextLogins = "it is about the next logins; accounts, links and sessions stay"

// keyEffect explains the keys that neither links nor accounts go by.
func keyEffect(key string) string {
	switch key {
	case "human_name", "brand_name":
		return "the login page looks different"
	case "client_id", "client_secret", "client_secret_file", "token_endpoint_auth_method", "token_endpoint_auth_signing_alg",
		"sign_in_with_apple", "sign_in_with_apple.private_key", "sign_in_with_apple.private_key_file", "sign_in_with_apple.team_id", "sign_in_with_apple.key_id":
		return "the next logins fail unless the provider knows MAS by it; links and sessions stay"
	case "id_token_signed_response_alg":
		return "the next logins and logout tokens fail unless the provider signs with it"
	case "scope", "fetch_userinfo", "userinfo_signed_response_alg":
		return "the next logins bring other claims, which a gate or a subject may need; the provider may ask people for consent"
	case "on_backchannel_logout":
		return "logouts at the provider end something else from now on"
	case "registration_token_required":
		return "it is about new users; accounts stay"
	case "discovery_mode", "pkce_method", "response_mode", "forward_login_hint",
		"authorization_endpoint", "token_endpoint", "userinfo_endpoint", "jwks_uri":
		return nextLogins
	}
	return ""
}

// isDefaultWritten reports whether a key of a provider was absent and now says what MAS
// takes an absent one for, or the other way round.
func isDefaultWritten(path string, fields []maskit.FieldChange) bool {
	key, isProvider := strings.CutPrefix(path, "upstream_oauth2.providers.")
	value := providerDefault(key)
	if !isProvider || value == "" || len(fields) != 1 {
		return false
	}
	before, after := fields[0].Before, fields[0].After
	return before == nil && fmt.Sprint(after) == value || after == nil && fmt.Sprint(before) == value
}

// providerDefault is what MAS 1.22 takes an absent key of a provider for; empty if that
// is nothing, or no.
func providerDefault(key string) string {
	switch key {
	case "enabled":
		return "true"
	case "id_token_signed_response_alg":
		return string(AlgRS256)
	case "scope":
		return "openid"
	case "discovery_mode":
		return string(DiscoveryOIDC)
	case "pkce_method":
		return string(PKCEAuto)
	case "on_backchannel_logout":
		return string(LogoutDoNothing)
	case "claims_imports.localpart.action", "claims_imports.displayname.action", "claims_imports.email.action":
		return string(ImportIgnore)
	case "claims_imports.localpart.on_conflict":
		return string(ConflictFail)
	case "claims_imports.localpart.template":
		return "{{ user.preferred_username }}"
	case "claims_imports.displayname.template":
		return "{{ user.name }}"
	case "claims_imports.email.template":
		return "{{ user.email }}"
	}
	return ""
}
