package mastest

import "net/http"

// metadata is the discovery document, in the order in which MAS 1.22 writes it.
// The names are those of OpenID Connect Discovery 1.0, RFC 8414, RFC 8628 and
// MSC4191.
type metadata struct {
	Issuer                            string   `json:"issuer"`
	AuthorizationEndpoint             string   `json:"authorization_endpoint"`
	TokenEndpoint                     string   `json:"token_endpoint"`
	JWKSURI                           string   `json:"jwks_uri"`
	RegistrationEndpoint              string   `json:"registration_endpoint"`
	ScopesSupported                   []string `json:"scopes_supported"`
	ResponseTypesSupported            []string `json:"response_types_supported"`
	ResponseModesSupported            []string `json:"response_modes_supported"`
	GrantTypesSupported               []string `json:"grant_types_supported"`
	TokenEndpointAuthMethods          []string `json:"token_endpoint_auth_methods_supported"`
	TokenEndpointAuthSigningAlgs      []string `json:"token_endpoint_auth_signing_alg_values_supported"`
	RevocationEndpoint                string   `json:"revocation_endpoint"`
	RevocationEndpointAuthMethods     []string `json:"revocation_endpoint_auth_methods_supported"`
	RevocationEndpointAuthSigningAlgs []string `json:"revocation_endpoint_auth_signing_alg_values_supported"`
	IntrospectionEndpoint             string   `json:"introspection_endpoint"`
	IntrospectionEndpointAuthMethods  []string `json:"introspection_endpoint_auth_methods_supported"`
	IntrospectionEndpointSigningAlgs  []string `json:"introspection_endpoint_auth_signing_alg_values_supported"`
	CodeChallengeMethodsSupported     []string `json:"code_challenge_methods_supported"`
	UserinfoEndpoint                  string   `json:"userinfo_endpoint"`
	SubjectTypesSupported             []string `json:"subject_types_supported"`
	IDTokenSigningAlgValuesSupported  []string `json:"id_token_signing_alg_values_supported"`
	UserinfoSigningAlgValuesSupported []string `json:"userinfo_signing_alg_values_supported"`
	DisplayValuesSupported            []string `json:"display_values_supported"`
	ClaimTypesSupported               []string `json:"claim_types_supported"`
	ClaimsSupported                   []string `json:"claims_supported"`
	ClaimsParameterSupported          bool     `json:"claims_parameter_supported"`
	RequestParameterSupported         bool     `json:"request_parameter_supported"`
	RequestURIParameterSupported      bool     `json:"request_uri_parameter_supported"`
	PromptValuesSupported             []string `json:"prompt_values_supported"`
	DeviceAuthorizationEndpoint       string   `json:"device_authorization_endpoint,omitempty"`
	GraphQLEndpoint                   string   `json:"org.matrix.matrix-authentication-service.graphql_endpoint"`
	AccountManagementURI              string   `json:"account_management_uri"`
	AccountManagementActionsSupported []string `json:"account_management_actions_supported"`
}

func (s *Server) discovery(c call) answer {
	base := s.base(c)
	m := supported()
	m.Issuer = base
	m.AuthorizationEndpoint = base + "authorize"
	m.TokenEndpoint = base + "oauth2/token"
	m.JWKSURI = base + "oauth2/keys.json"
	m.RegistrationEndpoint = base + "oauth2/registration"
	m.RevocationEndpoint = base + "oauth2/revoke"
	m.IntrospectionEndpoint = base + "oauth2/introspect"
	m.UserinfoEndpoint = base + "oauth2/userinfo"
	m.GraphQLEndpoint = base + "graphql"
	m.AccountManagementURI = base + "account/"
	m.IDTokenSigningAlgValuesSupported = s.keys.algorithms
	m.UserinfoSigningAlgValuesSupported = s.keys.algorithms
	if !s.cfg.NoDeviceCode {
		m.DeviceAuthorizationEndpoint = base + "oauth2/device"
		m.GrantTypesSupported = append(m.GrantTypesSupported, "urn:ietf:params:oauth:grant-type:device_code")
	}
	if s.cfg.PasswordRegistration {
		m.PromptValuesSupported = append(m.PromptValuesSupported, "create")
	}
	return jsonAnswer(http.StatusOK, m)
}

// supported is the part that is the same on every MAS 1.22.
func supported() metadata {
	methods := []string{"client_secret_basic", "client_secret_post", "client_secret_jwt", "private_key_jwt", "none"}
	algorithms := []string{
		"HS256", "HS384", "HS512", "RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES256K",
	}
	return metadata{
		ScopesSupported:                   []string{"openid", "email"},
		ResponseTypesSupported:            []string{"code", "id_token", "code id_token"},
		ResponseModesSupported:            []string{"form_post", "query", "fragment"},
		GrantTypesSupported:               []string{"authorization_code", "refresh_token", "client_credentials"},
		TokenEndpointAuthMethods:          methods,
		TokenEndpointAuthSigningAlgs:      algorithms,
		RevocationEndpointAuthMethods:     methods,
		RevocationEndpointAuthSigningAlgs: algorithms,
		IntrospectionEndpointAuthMethods:  methods,
		IntrospectionEndpointSigningAlgs:  algorithms,
		CodeChallengeMethodsSupported:     []string{"plain", "S256"},
		SubjectTypesSupported:             []string{"public"},
		DisplayValuesSupported:            []string{"page"},
		ClaimTypesSupported:               []string{"normal"},
		ClaimsSupported:                   []string{"iss", "sub", "aud", "iat", "exp", "nonce", "auth_time", "at_hash", "c_hash"},
		PromptValuesSupported:             []string{"login"},
		AccountManagementActionsSupported: []string{
			"org.matrix.profile", "org.matrix.devices_list", "org.matrix.device_view", "org.matrix.device_delete",
			"org.matrix.cross_signing_reset", "org.matrix.sessions_list", "org.matrix.session_view", "org.matrix.session_end",
		},
	}
}

// compatLogin lists the flows of MAS's compatibility layer. The flag
// oauth_aware_preferred tells them from Synapse's own.
func (s *Server) compatLogin(c call) answer {
	if c.Method == http.MethodPost {
		return notImplemented(c)
	}
	type flow struct {
		Type        string `json:"type"`
		OAuthAware  bool   `json:"oauth_aware_preferred,omitempty"`
		OAuthAware0 bool   `json:"org.matrix.msc3824.delegated_oidc_compatibility,omitempty"`
	}
	flows := []flow{{Type: "m.login.sso", OAuthAware: true, OAuthAware0: true}, {Type: "m.login.token"}}
	if s.cfg.PasswordLogin {
		flows = append([]flow{{Type: "m.login.password"}}, flows...)
	}
	return jsonAnswer(http.StatusOK, map[string][]flow{"flows": flows})
}
