package oidc_test

import (
	"flag"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/mas"
	"github.com/maskit-dev/maskit/upstream"
	"github.com/maskit-dev/maskit/upstream/claims"
	"github.com/maskit-dev/maskit/upstream/oidc"
	"github.com/maskit-dev/maskit/upstream/upstreamtest"
)

var _ = flag.Bool("update", false, "write the golden files")

func secret() mas.SecretValue {
	return mas.SecretValue{Inline: maskit.NewSecret("0bd4f7b1c5d14e4b")}
}

// minimal has what is required and nothing else.
func minimal() oidc.Config {
	return oidc.Config{
		Client:     oidc.Client{ID: "matrix", Secret: secret()},
		Issuer:     "https://sso.example.com",
		AuthMethod: mas.AuthClientSecretBasic,
	}
}

// full has everything that goes together.
func full() oidc.Config {
	return oidc.Config{
		Client: oidc.Client{
			HumanName:                 "Example",
			ID:                        "matrix",
			Scopes:                    []string{"openid", "profile", "email", "groups"},
			AuthorizationParameters:   map[string]string{"acr_values": "mfa", "greeting": "{{ hi }}"},
			ForwardLoginHint:          true,
			ReauthenticateAfterLogout: true,
			RegistrationTokenRequired: true,
			SynapseIDPID:              "oidc-example",
		},
		Issuer:         "https://sso.example.com/tenant/",
		BrandName:      "gitlab",
		AuthMethod:     mas.AuthPrivateKeyJWT,
		AuthSigningAlg: mas.AlgES256,
		IDTokenAlg:     mas.AlgPS256,
		Discovery:      mas.DiscoveryOIDC,
		PKCE:           mas.PKCEAlways,
		Endpoints: oidc.Endpoints{
			Authorization: "https://login.example.com/authorize?tenant=1",
			Token:         "https://sso.example.com/token",
			Userinfo:      "https://sso.example.com/userinfo",
			JWKS:          "https://sso.example.com/keys",
		},
		FetchUserinfo:     true,
		UserinfoAlg:       mas.AlgRS256,
		ResponseMode:      mas.ResponseFormPost,
		BackchannelLogout: mas.LogoutBrowserOnly,
		Claims: claims.Rules{
			Require:          claims.Require{Groups: []string{"staff", "it's"}, Domains: []string{"example.com"}, ACR: []string{"mfa"}},
			Localpart:        claims.Localpart{Action: mas.ImportRequire, Claim: "https://example.com/login", OnConflict: mas.ConflictSet},
			DisplayName:      claims.DisplayName{Action: mas.ImportForce, Claims: []string{"display-name", "name"}},
			Email:            claims.Email{Trust: claims.TrustDirectory},
			AccountName:      "cognito:username",
			SkipConfirmation: true,
		},
		Acknowledge: []maskit.Ack{{Code: "links-by-name", Path: "claims.localpart.on_conflict"}},
	}
}

// plainOAuth2 has no ID token and no metadata.
func plainOAuth2() oidc.Config {
	return oidc.Config{
		Client: oidc.Client{
			HumanName: "Forge",
			ID:        "matrix",
			Secret:    secret(),
			Scopes:    []string{"read:user"},
		},
		AuthMethod: mas.AuthClientSecretPost,
		Discovery:  mas.DiscoveryDisabled,
		Endpoints: oidc.Endpoints{
			Authorization: "https://forge.example.com/login/oauth/authorize",
			Token:         "https://forge.example.com/login/oauth/access_token",
			Userinfo:      "https://forge.example.com/api/user",
		},
		FetchUserinfo: true,
		Claims: claims.Rules{
			Subject:     "id",
			Localpart:   claims.Localpart{Claim: "login", Policy: claims.LocalpartSanitize},
			DisplayName: claims.DisplayName{Claims: []string{"name", "login"}},
			Email:       claims.Email{Action: mas.ImportSuggest},
			AccountName: "login",
		},
	}
}

func TestConformance(t *testing.T) {
	t.Parallel()
	for name, config := range map[string]func() oidc.Config{"minimal": minimal, "full": full, "oauth2": plainOAuth2} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			upstreamtest.Run(t, upstreamtest.Config{
				New:    func() upstream.Provider { return config() },
				Golden: "testdata/" + name + ".yaml",
			})
		})
	}
}

type finding struct {
	path, code string
	severity   maskit.Severity
}

func findings(problems maskit.Problems) []finding {
	var out []finding
	for _, p := range problems {
		out = append(out, finding{p.Path, p.Code, p.Severity})
	}
	return out
}

func TestEntryReportsEverythingAtOnce(t *testing.T) {
	t.Parallel()
	_, problems := oidc.Config{
		Client:         oidc.Client{Secret: secret(), Scopes: []string{"profile  email"}},
		Issuer:         "http://sso.example.com",
		AuthMethod:     mas.AuthNone,
		AuthSigningAlg: mas.AlgRS256,
		IDTokenAlg:     "rs256",
		PKCE:           "s256",
		Claims:         claims.Rules{Subject: "id", Localpart: claims.Localpart{OnConflict: mas.ConflictAdd}},
	}.Entry(upstream.Env{})
	const isError = maskit.SeverityError
	require.Equal(t, []finding{
		{"scopes[0]", "scope-invalid", isError},
		{"claims.localpart.on_conflict", "needs-action", isError},
		{"pkce_method", "unknown-value", isError},
		{"id", "required", isError},
		{"client_id", "required", isError},
		{"issuer", "url-not-https", isError},
		{"fetch_userinfo", "no-claims", isError},
		{"client_secret", "not-allowed", isError},
		{"token_endpoint_auth_signing_alg", "not-allowed", isError},
		{"id_token_signed_response_alg", "alg-case", isError},
	}, findings(problems))
}

func TestProblems(t *testing.T) {
	t.Parallel()
	type one struct{ path, code string }
	for name, c := range map[string]struct {
		change func(*oidc.Config)
		want   []one
	}{
		"no issuer":                {func(c *oidc.Config) { c.Issuer = "" }, []one{{"issuer", "required"}}},
		"relative issuer":          {func(c *oidc.Config) { c.Issuer = "sso.example.com" }, []one{{"issuer", "url-invalid"}}},
		"issuer with query":        {func(c *oidc.Config) { c.Issuer += "/?x" }, []one{{"issuer", "url-query"}}},
		"issuer with fragment":     {func(c *oidc.Config) { c.Issuer += "/#x" }, []one{{"issuer", "url-fragment"}}},
		"issuer with password":     {func(c *oidc.Config) { c.Issuer = "https://a:b@sso.example.com" }, []one{{"issuer", "url-userinfo"}}},
		"issuer of another scheme": {func(c *oidc.Config) { c.Issuer = "ldap://sso.example.com" }, []one{{"issuer", "url-scheme"}}},
		"issuer padded":            {func(c *oidc.Config) { c.Issuer += " " }, []one{{"issuer", "text-invalid"}}},
		"metadata for issuer":      {func(c *oidc.Config) { c.Issuer += "/.well-known/openid-configuration" }, []one{{"issuer", "issuer-is-metadata"}}},
		"http issuer, insecure":    {func(c *oidc.Config) { c.Issuer, c.Discovery = "http://127.0.0.1:8080", mas.DiscoveryInsecure }, nil},
		"unknown discovery":        {func(c *oidc.Config) { c.Discovery = "auto" }, []one{{"discovery_mode", "unknown-value"}}},
		"no method":                {func(c *oidc.Config) { c.AuthMethod = "" }, []one{{"token_endpoint_auth_method", "required"}}},
		"unknown method":           {func(c *oidc.Config) { c.AuthMethod = "basic" }, []one{{"token_endpoint_auth_method", "unknown-value"}}},
		"Apple's method":           {func(c *oidc.Config) { c.AuthMethod, c.Client.Secret = mas.AuthSignInWithApple, mas.SecretValue{} }, []one{{"token_endpoint_auth_method", "unknown-value"}}},
		"no secret":                {func(c *oidc.Config) { c.Client.Secret = mas.SecretValue{} }, []one{{"client_secret", "required"}}},
		"secret twice":             {func(c *oidc.Config) { c.Client.Secret.File = "/run/secret" }, []one{{"client_secret", "both-set"}}},
		"secret with a line break": {func(c *oidc.Config) { c.Client.Secret.Inline = maskit.NewSecret("abc\n") }, []one{{"client_secret", "secret-control-character"}}},
		"empty secret":             {func(c *oidc.Config) { c.Client.Secret.Inline = maskit.NewSecret("") }, []one{{"client_secret", "empty"}}},
		"secret that is no text":   {func(c *oidc.Config) { c.Client.Secret.Inline = maskit.NewSecret("a\x00b") }, []one{{"client_secret", "secret-control-character"}}},
		"secret in a file":         {func(c *oidc.Config) { c.Client.Secret = mas.SecretValue{File: "/run/secret"} }, nil},
		"secret for a key": {
			func(c *oidc.Config) { c.AuthMethod = mas.AuthPrivateKeyJWT },
			[]one{{"client_secret", "not-allowed"}},
		},
		"HMAC for a key": {
			func(c *oidc.Config) {
				c.AuthMethod, c.Client.Secret, c.AuthSigningAlg = mas.AuthPrivateKeyJWT, mas.SecretValue{}, mas.AlgHS256
			},
			[]one{{"token_endpoint_auth_signing_alg", "alg-mismatch"}},
		},
		"RSA for a secret": {
			func(c *oidc.Config) { c.AuthMethod, c.AuthSigningAlg = mas.AuthClientSecretJWT, mas.AlgRS256 },
			[]one{{"token_endpoint_auth_signing_alg", "alg-mismatch"}},
		},
		"EdDSA":            {func(c *oidc.Config) { c.IDTokenAlg = mas.AlgEdDSA }, []one{{"id_token_signed_response_alg", "alg-unverifiable"}}},
		"HS256":            {func(c *oidc.Config) { c.IDTokenAlg = mas.AlgHS256 }, []one{{"id_token_signed_response_alg", "alg-unverifiable"}}},
		"scope twice":      {func(c *oidc.Config) { c.Client.Scopes = []string{"openid", "openid"} }, []one{{"scopes[1]", "duplicate"}}},
		"empty scope":      {func(c *oidc.Config) { c.Client.Scopes = []string{"openid", ""} }, []one{{"scopes[1]", "scope-invalid"}}},
		"no claims":        {func(c *oidc.Config) { c.Client.Scopes = []string{"profile"} }, []one{{"fetch_userinfo", "no-claims"}}},
		"unknown response": {func(c *oidc.Config) { c.ResponseMode = "fragment" }, []one{{"response_mode", "unknown-value"}}},
		"unknown logout":   {func(c *oidc.Config) { c.BackchannelLogout = "all" }, []one{{"on_backchannel_logout", "unknown-value"}}},
		"logout without ID token": {
			func(c *oidc.Config) {
				c.Client.Scopes, c.FetchUserinfo, c.BackchannelLogout = []string{"profile"}, true, mas.LogoutAll
				c.Claims.Subject = "sub"
			},
			[]one{{"on_backchannel_logout", "logout-unchecked"}},
		},
		"no metadata, no endpoints": {
			func(c *oidc.Config) { c.Discovery, c.FetchUserinfo = mas.DiscoveryDisabled, true },
			[]one{
				{"endpoints.authorization", "required"},
				{"endpoints.token", "required"},
				{"endpoints.jwks", "required"},
				{"endpoints.userinfo", "required"},
			},
		},
		"no issuer, no name": {
			func(c *oidc.Config) { *c = plainOAuth2(); c.Client.HumanName = "" },
			[]one{{"human_name", "required"}},
		},
		"no ID token, no subject": {
			func(c *oidc.Config) { *c = plainOAuth2(); c.Claims.Subject = "" },
			[]one{{"claims.subject", "required"}},
		},
		"one subject for all": {
			func(c *oidc.Config) { c.Claims.Subject = "tid" },
			[]one{{"claims.subject", "subject-shared"}},
		},
		"relative endpoint":  {func(c *oidc.Config) { c.Endpoints.Token = "/token" }, []one{{"endpoints.token", "url-invalid"}}},
		"name over lines":    {func(c *oidc.Config) { c.Client.HumanName = "a\nb" }, []one{{"human_name", "text-invalid"}}},
		"reserved parameter": {func(c *oidc.Config) { c.Client.AuthorizationParameters = map[string]string{"state": "1"} }, []one{{"authorization_parameters.state", "parameter-reserved"}}},
		"empty parameter":    {func(c *oidc.Config) { c.Client.AuthorizationParameters = map[string]string{"ui": ""} }, []one{{"authorization_parameters.ui", "required"}}},
		"parameter and switch": {
			func(c *oidc.Config) {
				c.Client.ForwardLoginHint, c.Client.ReauthenticateAfterLogout = true, true
				c.Client.AuthorizationParameters = map[string]string{"login_hint": "x", "prompt": "login"}
			},
			[]one{{"authorization_parameters.login_hint", "both-set"}, {"authorization_parameters.prompt", "both-set"}},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			config := minimal()
			c.change(&config)
			_, problems := config.Entry(upstreamtest.Env())
			var got []one
			for _, p := range problems {
				require.Equal(t, maskit.SeverityError, p.Severity)
				require.NotEmpty(t, p.Hint)
				got = append(got, one{p.Path, p.Code})
			}
			require.Equal(t, c.want, got)
		})
	}
}

func TestAcknowledge(t *testing.T) {
	t.Parallel()
	config := full()
	_, problems := config.Entry(upstreamtest.Env())
	require.Equal(t, []finding{{"claims.localpart.on_conflict", "links-by-name", maskit.SeverityWarning}}, findings(problems))

	config.Acknowledge = nil
	_, problems = config.Entry(upstreamtest.Env())
	require.Equal(t, []finding{{"claims.localpart.on_conflict", "links-by-name", maskit.SeverityError}}, findings(problems))

	config = minimal()
	config.Acknowledge = []maskit.Ack{{Code: "links-by-name"}}
	_, problems = config.Entry(upstreamtest.Env())
	require.Equal(t, []finding{{"", "ack-unused", maskit.SeverityWarning}}, findings(problems))
}

func TestDefaults(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		change func(*oidc.Config)
		check  func(*testing.T, upstream.Entry)
	}{
		"oidc": {func(*oidc.Config) {}, func(t *testing.T, e upstream.Entry) {
			t.Helper()
			require.Equal(t, "openid profile email", e.Scope)
			require.Equal(t, mas.DiscoveryOIDC, e.DiscoveryMode)
			require.Equal(t, mas.PKCEAuto, e.PKCEMethod)
			require.Equal(t, mas.LogoutAll, e.OnBackchannelLogout)
			require.Empty(t, e.TokenEndpointAuthSigningAlg)
			require.Nil(t, e.AdditionalAuthorizationParameters)
		}},
		"scope of a required claim": {
			func(c *oidc.Config) {
				c.Client.Scopes, c.Claims.Require.Domains = []string{"openid"}, []string{"example.com"}
			},
			func(t *testing.T, e upstream.Entry) {
				t.Helper()
				require.Equal(t, "openid email", e.Scope, "or nobody could log in")
			},
		},
		"plain OAuth 2.0": {func(c *oidc.Config) { *c = plainOAuth2() }, func(t *testing.T, e upstream.Entry) {
			t.Helper()
			require.Equal(t, mas.PKCEAlways, e.PKCEMethod)
			require.Empty(t, e.OnBackchannelLogout, "nobody can send a token")
		}},
		"signed by secret": {func(c *oidc.Config) { c.AuthMethod = mas.AuthClientSecretJWT }, func(t *testing.T, e upstream.Entry) {
			t.Helper()
			require.Equal(t, mas.AlgHS256, e.TokenEndpointAuthSigningAlg)
		}},
		"signed by key": {
			func(c *oidc.Config) { c.AuthMethod, c.Client.Secret = mas.AuthPrivateKeyJWT, mas.SecretValue{} },
			func(t *testing.T, e upstream.Entry) {
				t.Helper()
				require.Equal(t, mas.AlgRS256, e.TokenEndpointAuthSigningAlg)
			},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			config := minimal()
			c.change(&config)
			entry, problems := config.Entry(upstreamtest.Env())
			require.NoError(t, problems.Err())
			c.check(t, entry)
		})
	}
}

func TestParametersByVersion(t *testing.T) {
	t.Parallel()
	config := minimal()
	config.Client.AuthorizationParameters = map[string]string{"greeting": "{{ hi }}"}
	config.Client.ForwardLoginHint = true

	env := upstreamtest.Env()
	entry, problems := config.Entry(env)
	require.Empty(t, problems)
	require.False(t, entry.ForwardLoginHint) //nolint:staticcheck // deprecated since 1.20, the only way before
	require.Equal(t, map[string]string{
		"greeting":   `{{ '\u007b\u007b hi \u007d\u007d' }}`,
		"login_hint": "{{ params.login_hint }}",
	}, entry.AdditionalAuthorizationParameters)

	// Before MAS 1.20 parameters are no templates, and one that looks like one is refused.
	env.MASVersion = maskit.Version{Major: 1, Minor: 19}
	_, problems = config.Entry(env)
	require.Equal(t, []finding{{"authorization_parameters.greeting", "template-unsupported", maskit.SeverityError}}, findings(problems))

	config.Client.AuthorizationParameters = map[string]string{"greeting": "it's"}
	entry, problems = config.Entry(env)
	require.Empty(t, problems)
	require.True(t, entry.ForwardLoginHint) //nolint:staticcheck // deprecated since 1.20, the only way before
	require.Equal(t, map[string]string{"greeting": "it's"}, entry.AdditionalAuthorizationParameters)

	// Templates came with 1.20, the variable that this one reads with 1.22.
	config.Client.ReauthenticateAfterLogout = true
	for _, minor := range []int{19, 21} {
		env.MASVersion = maskit.Version{Major: 1, Minor: minor}
		_, problems = config.Entry(env)
		require.Equal(t, []finding{{"reauthenticate_after_logout", "unsupported-by-version", maskit.SeverityError}}, findings(problems))
	}
	env.MASVersion = maskit.Version{Major: 1, Minor: 22}
	entry, problems = config.Entry(env)
	require.Empty(t, problems)
	require.Contains(t, entry.AdditionalAuthorizationParameters["prompt"], "logged_out")
}

func TestSetupSteps(t *testing.T) {
	t.Parallel()
	steps := full().SetupSteps(upstreamtest.Env())
	require.Len(t, steps, 1)
	require.Equal(t, `Register a client at the provider
  client_id: matrix
  redirect_uris: https://account.example.com/upstream/callback/01JSHPZHAXC50QBKH67MH33TNF
  grant_types: authorization_code
  response_types: code
  scope: openid profile email groups
  token_endpoint_auth_method: private_key_jwt
  jwks_uri: https://account.example.com/oauth2/keys.json
  token_endpoint_auth_signing_alg: ES256
  id_token_signed_response_alg: PS256
  userinfo_signed_response_alg: RS256
  backchannel_logout_uri: https://account.example.com/upstream/backchannel-logout/01JSHPZHAXC50QBKH67MH33TNF
  backchannel_logout_session_required: true
  The redirect URI is compared exactly: no wildcard is needed.`, steps[0].String())
}
