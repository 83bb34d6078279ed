package all_test

// document is a discovery document of a vendor, and what else its servers answer.
type document struct {
	issuer string
	// at is what the endpoints that have no address of their own stand below.
	at                                string
	authorize, token, userinfo, jwks  string
	par                               string
	methods, algorithms, pkce, scopes []string
	modes                             []string
	subjects                          []string
	// more are further members of the document.
	more map[string]any
	// found is what Check says all the same, which is true of the vendor.
	found []string
}

// documents are what the vendors serve, as far as it is known from their documentation,
// their sources and stored copies of their documents.
func documents() map[string]document {
	both := []string{"client_secret_basic", "client_secret_post"}
	s256, plain := []string{"S256"}, []string{"plain", "S256"}
	rs256 := []string{"RS256"}
	logout := map[string]any{"backchannel_logout_supported": true, "backchannel_logout_session_supported": true, "frontchannel_logout_supported": true}
	const guid = "5f2a1c0e-8d4b-4c55-9e51-7f6f0a3b9d10"
	return map[string]document{
		"adfs": {
			issuer: "https://sts.example.com/adfs", authorize: "/oauth2/authorize/", token: "/oauth2/token/", jwks: "/discovery/keys", userinfo: "/userinfo",
			methods: []string{"client_secret_post", "client_secret_basic", "private_key_jwt", "windows_client_authentication"}, algorithms: rs256,
			scopes: []string{"allatclaims", "openid", "profile", "email", "user_impersonation"}, subjects: []string{"pairwise"}, pkce: plain,
			more: map[string]any{"frontchannel_logout_supported": true, "op_id_token_federation_supported": true, "microsoft_multi_refresh_token": true},
		},
		"apple": {
			issuer: "https://appleid.apple.com", authorize: "/auth/authorize", token: "/auth/token", jwks: "/auth/keys", methods: []string{"client_secret_post"},
			algorithms: rs256, scopes: []string{"openid", "email", "name"}, subjects: []string{"pairwise"}, modes: []string{"query", "fragment", "form_post"},
			found: []string{"info disc-pkce"},
		},
		"auth0": {
			issuer: "https://example.eu.auth0.com/", at: "https://example.eu.auth0.com", authorize: "/authorize", token: "/oauth/token", userinfo: "/userinfo", jwks: "/.well-known/jwks.json",
			methods: append(both, "private_key_jwt"), algorithms: []string{"HS256", "RS256", "PS256"}, pkce: []string{"S256", "plain"},
			scopes: []string{"openid", "profile", "offline_access", "name", "email", "email_verified"}, more: logout,
		},
		"authelia": {
			issuer: "https://auth.example.com", authorize: "/api/oidc/authorization", token: "/api/oidc/token", userinfo: "/api/oidc/userinfo", jwks: "/jwks.json",
			par: "/api/oidc/pushed-authorization-request", methods: append(both, "client_secret_jwt", "private_key_jwt", "none"),
			algorithms: []string{"RS256", "none"}, pkce: s256, scopes: []string{"offline_access", "openid", "profile", "groups", "email"}, modes: []string{"form_post", "query", "fragment"},
		},
		"authentik": {
			issuer: "https://sso.example.com/application/o/matrix/", at: "https://sso.example.com/application/o", authorize: "/authorize/", token: "/token/", userinfo: "/userinfo/", jwks: "/matrix/jwks/",
			methods: both, algorithms: rs256, pkce: []string{"plain", "S256"}, scopes: []string{"openid", "email", "profile"}, more: logout,
		},
		"cognito": {
			issuer: "https://cognito-idp.eu-central-1.amazonaws.com/eu-central-1_AbCdEf123", at: "https://example.auth.eu-central-1.amazoncognito.com",
			authorize: "/oauth2/authorize", token: "/oauth2/token", userinfo: "/oauth2/userInfo", jwks: "https://cognito-idp.eu-central-1.amazonaws.com/eu-central-1_AbCdEf123/.well-known/jwks.json",
			methods: both, algorithms: rs256, scopes: []string{"openid", "email", "phone", "profile"},
		},
		"dex": {
			issuer: "https://dex.example.com/dex", authorize: "/auth", token: "/token", userinfo: "/userinfo", jwks: "/keys", methods: both, algorithms: rs256, pkce: []string{"S256", "plain"},
			scopes: []string{"openid", "email", "groups", "profile", "offline_access"},
			found:  []string{"warning bcl"}, // unless the administrator switches it on
		},
		"discord": {
			issuer: "https://discord.com", authorize: "/oauth2/authorize", token: "/api/oauth2/token", userinfo: "/api/oauth2/userinfo", jwks: "/api/oauth2/keys", methods: both, algorithms: rs256,
		},
		"entra": {
			issuer: "https://login.microsoftonline.com/" + guid + "/v2.0", at: "https://login.microsoftonline.com/" + guid, authorize: "/oauth2/v2.0/authorize", token: "/oauth2/v2.0/token",
			userinfo: "https://graph.microsoft.com/oidc/userinfo", jwks: "/discovery/v2.0/keys", methods: []string{"client_secret_post", "private_key_jwt", "client_secret_basic", "self_signed_tls_client_auth"},
			algorithms: rs256, scopes: []string{"openid", "profile", "email", "offline_access"}, subjects: []string{"pairwise"}, modes: []string{"query", "fragment", "form_post"},
			more: map[string]any{"http_logout_supported": true, "frontchannel_logout_supported": true, "tenant_region_scope": nil, "cloud_instance_name": "microsoftonline.com", "request_uri_parameter_supported": false},
		},
		"gitlab": {
			issuer: "https://gitlab.com", authorize: "/oauth/authorize", token: "/oauth/token", userinfo: "/oauth/userinfo", jwks: "/oauth/discovery/keys", methods: both, algorithms: rs256, pkce: plain,
			scopes: []string{"api", "read_user", "openid", "profile", "email"}, modes: []string{"query", "fragment", "form_post"},
		},
		"google": {
			issuer: "https://accounts.google.com", authorize: "/o/oauth2/v2/auth", token: "https://oauth2.googleapis.com/token", userinfo: "https://openidconnect.googleapis.com/v1/userinfo",
			jwks: "https://www.googleapis.com/oauth2/v3/certs", methods: []string{"client_secret_post", "client_secret_basic"}, algorithms: rs256, pkce: plain, scopes: []string{"openid", "email", "profile"},
		},
		"jumpcloud": {
			issuer: "https://oauth.id.jumpcloud.com/", at: "https://oauth.id.jumpcloud.com", authorize: "/oauth2/auth", token: "/oauth2/token", userinfo: "/userinfo", jwks: "/.well-known/jwks.json",
			methods: append(both, "private_key_jwt", "none"), algorithms: rs256, pkce: plain, scopes: []string{"offline_access", "offline", "openid", "profile", "email"},
		},
		"kanidm": {
			issuer: "https://idm.example.com/oauth2/openid/matrix", at: "https://idm.example.com", authorize: "/ui/oauth2", token: "/oauth2/token", userinfo: "/oauth2/openid/matrix/userinfo",
			jwks: "/oauth2/openid/matrix/public_key.jwk", methods: both, algorithms: []string{"ES256"}, pkce: s256, scopes: []string{"email", "groups", "openid", "profile"},
		},
		"keycloak": {
			issuer: "https://kc.example.com/realms/staff", authorize: "/protocol/openid-connect/auth", token: "/protocol/openid-connect/token", userinfo: "/protocol/openid-connect/userinfo",
			jwks: "/protocol/openid-connect/certs", par: "/protocol/openid-connect/ext/par/request",
			methods:    []string{"private_key_jwt", "client_secret_basic", "client_secret_post", "tls_client_auth", "client_secret_jwt"},
			algorithms: []string{"PS384", "RS384", "EdDSA", "ES384", "HS256", "HS512", "ES256", "RS256", "HS384", "ES512", "PS256", "PS512", "RS512"}, pkce: plain,
			scopes: []string{"openid", "email", "profile", "roles", "web-origins", "acr", "basic"}, modes: []string{"query", "fragment", "form_post", "query.jwt", "jwt"}, more: logout,
		},
		"oidc": {
			issuer: "https://op.example.com", authorize: "/authorize", token: "/token", userinfo: "/userinfo", jwks: "/jwks", methods: both, algorithms: rs256, pkce: s256,
			scopes: []string{"openid", "profile", "email"}, more: logout,
		},
		"okta": {
			issuer: "https://example.okta.com", authorize: "/oauth2/v1/authorize", token: "/oauth2/v1/token", userinfo: "/oauth2/v1/userinfo", jwks: "/oauth2/v1/keys",
			par: "/oauth2/v1/par", methods: append(both, "client_secret_jwt", "private_key_jwt", "none"), algorithms: rs256, pkce: s256,
			scopes: []string{"openid", "email", "profile", "address", "phone", "offline_access", "groups"}, modes: []string{"query", "fragment", "form_post", "okta_post_message"},
		},
		"onelogin": {
			issuer: "https://example.onelogin.com/oidc/2", authorize: "/auth", token: "/token", userinfo: "/me", jwks: "/certs", methods: append(both, "none"), algorithms: []string{"HS256", "RS256", "PS256"},
			pkce: s256, scopes: []string{"openid", "name", "profile", "groups", "email", "params", "phone"},
		},
		"ory": {
			issuer: "https://example.projects.oryapis.com", authorize: "/oauth2/auth", token: "/oauth2/token", userinfo: "/userinfo", jwks: "/.well-known/jwks.json",
			methods: append(both, "private_key_jwt", "none"), algorithms: rs256, pkce: plain, scopes: []string{"offline_access", "offline", "openid", "profile", "email"}, more: logout,
		},
		"pingfederate": {
			issuer: "https://ping.example.com:9031", authorize: "/as/authorization.oauth2", token: "/as/token.oauth2", userinfo: "/idp/userinfo.openid", jwks: "/pf/JWKS", par: "/as/par.oauth2",
			methods: append(both, "private_key_jwt"), algorithms: []string{"none", "HS256", "RS256", "ES256"}, pkce: plain, scopes: []string{"address", "phone", "openid", "profile", "email"},
			found: []string{"warning bcl"}, // unless the administrator switches it on
		},
		"pingone": {
			issuer: "https://auth.pingone.com/" + guid + "/as", authorize: "/authorize", token: "/token", userinfo: "/userinfo", jwks: "/jwks", par: "/par",
			methods: append(both, "client_secret_jwt", "private_key_jwt", "none"), algorithms: rs256, pkce: []string{"plain", "S256"}, scopes: []string{"openid", "profile", "email", "address", "phone"},
		},
		"rauthy": {
			issuer: "https://rauthy.example.com/auth/v1/", at: "https://rauthy.example.com/auth/v1", authorize: "/oidc/authorize", token: "/oidc/token", userinfo: "/oidc/userinfo", jwks: "/oidc/certs",
			methods: []string{"client_secret_post", "client_secret_basic"}, algorithms: []string{"RS256", "RS384", "RS512", "EdDSA"}, pkce: plain, scopes: []string{"openid", "profile", "email", "groups"}, more: logout,
		},
		"shibboleth": {
			issuer: "https://idp.example.com", authorize: "/idp/profile/oidc/authorize", token: "/idp/profile/oidc/token", userinfo: "/idp/profile/oidc/userinfo", jwks: "/idp/profile/oidc/keyset",
			methods: append(both, "client_secret_jwt", "private_key_jwt"), algorithms: []string{"RS256", "RS384", "ES256", "HS256"}, pkce: s256, scopes: []string{"openid", "profile", "email"},
			found: []string{"warning bcl"}, // unless the administrator switches it on
		},
		"zitadel": {
			issuer: "https://example-a1b2c3.zitadel.cloud", authorize: "/oauth/v2/authorize", token: "/oauth/v2/token", userinfo: "/oidc/v1/userinfo", jwks: "/oauth/v2/keys",
			methods: append(both, "none", "private_key_jwt"), algorithms: []string{"EdDSA", "RS256", "RS384", "RS512", "ES256", "ES384", "ES512"}, pkce: s256,
			scopes: []string{"openid", "profile", "email", "phone", "address", "offline_access"}, modes: []string{"query", "fragment", "form_post"},
			found: []string{"warning bcl"}, // unless the administrator switches it on
		},
	}
}
