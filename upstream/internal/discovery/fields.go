package discovery

import (
	"net/url"
	"strings"
)

// kind is the type that MAS gives a field.
type kind int

const (
	kindUnknown       kind = iota // MAS does not look at it
	kindText                      // a string
	kindURL                       // an absolute URL
	kindBool                      // true or false
	kindHint                      // a boolean that MAS does not look at, and maskit does
	kindList                      // a list of strings
	kindLocales                   // a list of language tags
	kindResponseTypes             // a list of strings that are not empty
)

// kindOf is the type of a field: OpenID Connect Discovery 1.0, section 3, RFC 8414
// and RFC 9126, as far as MAS 1.22 reads them.
func kindOf(field string) kind {
	switch field {
	case "issuer":
		return kindText
	case "authorization_endpoint", "token_endpoint", "jwks_uri", "registration_endpoint", "service_documentation",
		"op_policy_uri", "op_tos_uri", "revocation_endpoint", "introspection_endpoint", "userinfo_endpoint",
		"pushed_authorization_request_endpoint", "device_authorization_endpoint", "end_session_endpoint", "account_management_uri":
		return kindURL
	case "claims_parameter_supported", "request_parameter_supported", "request_uri_parameter_supported",
		"require_request_uri_registration", "require_signed_request_object", "require_pushed_authorization_requests":
		return kindBool
	case "backchannel_logout_supported", "backchannel_logout_session_supported":
		return kindHint
	case "ui_locales_supported", "claims_locales_supported":
		return kindLocales
	case "response_types_supported":
		return kindResponseTypes
	case "scopes_supported", "response_modes_supported", "grant_types_supported",
		"token_endpoint_auth_methods_supported", "token_endpoint_auth_signing_alg_values_supported",
		"revocation_endpoint_auth_methods_supported", "revocation_endpoint_auth_signing_alg_values_supported",
		"introspection_endpoint_auth_methods_supported", "introspection_endpoint_auth_signing_alg_values_supported",
		"code_challenge_methods_supported", "acr_values_supported", "subject_types_supported",
		"id_token_signing_alg_values_supported", "id_token_encryption_alg_values_supported", "id_token_encryption_enc_values_supported",
		"userinfo_signing_alg_values_supported", "userinfo_encryption_alg_values_supported", "userinfo_encryption_enc_values_supported",
		"request_object_signing_alg_values_supported", "request_object_encryption_alg_values_supported",
		"request_object_encryption_enc_values_supported", "display_values_supported", "claim_types_supported", "claims_supported",
		"prompt_values_supported", "account_management_actions_supported":
		return kindList
	}
	return kindUnknown
}

// CheckURL says why MAS cannot read a URL; empty if it can.
func CheckURL(text string) string {
	if isBlank(text) {
		return "is empty instead of a URL"
	}
	u, err := url.Parse(strings.TrimSpace(text))
	switch {
	case err != nil:
		return "is not a URL"
	case u.Scheme == "":
		return "is a relative URL"
	case (u.Scheme == "http" || u.Scheme == "https") && u.Hostname() == "":
		return "is a URL without a host"
	}
	return ""
}

// Strict are the URLs that MAS checks in discovery mode oidc, and whether each may have
// a fragment. All must be https.
func Strict() map[string]bool {
	return map[string]bool{
		"authorization_endpoint": false, "token_endpoint": false, "revocation_endpoint": false,
		"jwks_uri": true, "registration_endpoint": true, "introspection_endpoint": true, "userinfo_endpoint": true,
		"pushed_authorization_request_endpoint": true, "end_session_endpoint": true,
	}
}

// AuthAlgs are the lists that must not have "none" in discovery mode oidc.
func AuthAlgs() []string {
	return []string{
		"token_endpoint_auth_signing_alg_values_supported", "revocation_endpoint_auth_signing_alg_values_supported",
		"introspection_endpoint_auth_signing_alg_values_supported",
	}
}

func isBlank(text string) bool { return strings.TrimSpace(text) == "" }
