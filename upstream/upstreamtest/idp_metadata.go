package upstreamtest

import (
	"net/http"

	"github.com/maskit-dev/maskit/mas"
)

// metadata is the discovery document.
func (p *IDP) metadata(*call) answer {
	issuer := p.Issuer
	if p.has(IssuerPlaceholder) {
		issuer = p.origin + "/{tenantid}/v2.0"
	}
	document := map[string]any{
		"issuer":                                issuer,
		"authorization_endpoint":                p.origin + pathAuthorize,
		"token_endpoint":                        p.origin + pathToken,
		"userinfo_endpoint":                     p.origin + pathUserinfo,
		"jwks_uri":                              p.origin + pathJWKS,
		"scopes_supported":                      scopes(),
		"response_types_supported":              []string{"code"},
		"response_modes_supported":              []string{"query", "form_post"},
		"grant_types_supported":                 []string{"authorization_code"},
		"subject_types_supported":               []string{"public"},
		"id_token_signing_alg_values_supported": []string{p.keys.algorithm},
		"token_endpoint_auth_methods_supported": []mas.AuthMethod{
			mas.AuthClientSecretBasic, mas.AuthClientSecretPost, mas.AuthClientSecretJWT, mas.AuthPrivateKeyJWT, mas.AuthNone,
		},
		"token_endpoint_auth_signing_alg_values_supported": assertionAlgorithms(),
		"claims_supported":                               []string{"sub", "name", "preferred_username", "email", "email_verified"},
		"backchannel_logout_supported":                   true,
		"backchannel_logout_session_supported":           true,
		"authorization_response_iss_parameter_supported": true,
	}
	if !p.has(NoPKCEList) {
		document["code_challenge_methods_supported"] = []string{"S256"}
	}
	if p.pushes() {
		document["pushed_authorization_request_endpoint"] = p.origin + pathPAR
		document["require_pushed_authorization_requests"] = p.has(RequirePAR)
	}
	return asJSON(http.StatusOK, document)
}

func scopes() []string { return []string{"openid", "profile", "email", "groups"} }

// keySet has the key that signs, if it is public.
func (p *IDP) keySet(*call) answer {
	keys := []any{}
	if p.keys.public.Key != nil {
		keys = append(keys, p.keys.public)
	}
	if p.has(OneBadJWK) {
		keys = append(keys, map[string]string{"kty": "AKP", "alg": "ML-DSA-44", "use": "sig", "kid": "post-quantum", "pub": "AAAA"})
	}
	return asJSON(http.StatusOK, map[string]any{"keys": keys})
}
