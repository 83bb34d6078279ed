package keycloaktest

import (
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"slices"

	"github.com/go-jose/go-jose/v4"
)

func (c *call) publicKeys() jose.JSONWebKeySet {
	key := c.signingKey(c.realm)
	if key == nil {
		return jose.JSONWebKeySet{}
	}
	return jose.JSONWebKeySet{Keys: []jose.JSONWebKey{{Key: key.Public(), KeyID: keyID(key), Algorithm: "RS256", Use: "sig"}}}
}

// discovery is the metadata of a realm (OpenID Connect Discovery 1.0, section 3), as far
// as it is of use.
func discovery(c *call) answer {
	at := func(path string) string { return c.issuer() + "/protocol/openid-connect" + path }
	algorithms := []string{"PS384", "RS384", "EdDSA", "ES384", "HS256", "HS512", "ES256", "RS256", "HS384", "ES512", "PS256", "PS512", "RS512"}
	methods := []string{"private_key_jwt", "client_secret_basic", "client_secret_post", "tls_client_auth", "client_secret_jwt"}
	scopes := []string{scopeOpenID}
	for _, id := range c.realm.scopeOrder {
		if s := c.realm.scopes[id]; s.doc["protocol"] == protocolOIDC {
			scopes = append(scopes, str(s.doc, "name"))
		}
	}
	return ok(document{
		"issuer": c.issuer(), "authorization_endpoint": at("/auth"), "token_endpoint": at("/token"), "introspection_endpoint": at("/token/introspect"),
		"userinfo_endpoint": at("/userinfo"), "end_session_endpoint": at("/logout"), "jwks_uri": at("/certs"), "revocation_endpoint": at("/revoke"),
		"device_authorization_endpoint": at("/auth/device"), "registration_endpoint": c.issuer() + "/clients-registrations/openid-connect",
		"frontchannel_logout_session_supported": true, "frontchannel_logout_supported": true,
		"backchannel_logout_supported": true, "backchannel_logout_session_supported": true,
		"grant_types_supported":    []string{"authorization_code", "client_credentials", "password", "refresh_token"},
		"response_types_supported": []string{"code"}, "response_modes_supported": []string{"query"}, "subject_types_supported": []string{"public"},
		"prompt_values_supported": []string{"none", "login"}, "acr_values_supported": c.realm.acrValues(),
		"id_token_signing_alg_values_supported": algorithms, "token_endpoint_auth_methods_supported": methods,
		"token_endpoint_auth_signing_alg_values_supported": algorithms, "code_challenge_methods_supported": []string{"plain", "S256"},
		"scopes_supported": scopes, "claims_supported": []string{"iss", "sub", "aud", "exp", "iat", "auth_time", "name", "given_name", "family_name", "preferred_username", "email", "acr", "azp", "nonce"},
		"claims_parameter_supported": false, "request_parameter_supported": false, "request_uri_parameter_supported": false,
		"authorization_response_iss_parameter_supported": true,
	})
}

// acrValues are the names of levels of authentication.
func (r *realm) acrValues() []string {
	out := []string{"0", "1"}
	for name := range levelMap(r.attributes) {
		if !slices.Contains(out, name) {
			out = append(out, name)
		}
	}
	slices.Sort(out)
	return out
}

// levelMap reads the attribute by which levels of authentication have names.
func levelMap(attributes document) map[string]int64 {
	var texts map[string]json.Number
	out := map[string]int64{}
	if json.Unmarshal([]byte(str(attributes, "acr.loa.map")), &texts) != nil {
		return out
	}
	for name, level := range texts {
		if n, err := level.Int64(); err == nil {
			out[name] = n
		}
	}
	return out
}

// publicRealm is what a realm tells everybody.
func publicRealm(c *call) answer {
	key := c.signingKey(c.realm)
	if key == nil {
		return broke()
	}
	der, err := x509.MarshalPKIXPublicKey(key.Public())
	if err != nil {
		return refuse(http.StatusInternalServerError, err.Error())
	}
	return ok(document{
		"realm": c.realm.name, "public_key": base64.StdEncoding.EncodeToString(der), "token-service": c.issuer() + "/protocol/openid-connect",
		"account-service": c.issuer() + "/account", "tokens-not-before": 0,
	})
}

func userinfo(c *call) answer {
	access, isBearer := cutScheme(c.r.Header.Get("Authorization"), "Bearer")
	g := c.logins[access]
	if !isBearer || g == nil || g.realm != c.realm || !c.now().Before(g.expires) || !g.alive() {
		return refuseWhy(http.StatusUnauthorized, "invalid_token", "Token verification failed")
	}
	if !slices.Contains(g.scope, scopeOpenID) {
		return refuseWhy(http.StatusForbidden, "insufficient_scope", "Missing openid scope")
	}
	return ok(c.userinfoClaims(g))
}
