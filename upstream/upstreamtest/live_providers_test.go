package upstreamtest_test

import (
	"crypto/rand"
	"encoding/json"
	"net/url"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/internal/live"
	"github.com/maskit-dev/maskit/mas"
	"github.com/maskit-dev/maskit/mas/keys"
	"github.com/maskit-dev/maskit/upstream"
	"github.com/maskit-dev/maskit/upstream/oidc"
	"github.com/maskit-dev/maskit/upstream/upstreamtest"
)

// certifiedCase is a configuration of the certified provider, and one of MAS.
type certifiedCase struct {
	server live.OIDCProviderConfig
	// client changes the client at the provider.
	client map[string]any
	entry  func(*oidc.Config)
	// found is what Check says.
	found []string
	// fails is how a login fails; empty if somebody gets in.
	fails string
	// page is what MAS shows then.
	page string
}

// settings of the provider: clean is without anything that Check speaks of.
func settings(change map[string]any) map[string]any {
	s := map[string]any{
		"conformIdTokenClaims": false,
		"features":             map[string]any{"backchannelLogout": map[string]any{"enabled": true}},
	}
	for name, value := range change {
		s[name] = value
	}
	return s
}

func certifiedCases() map[string]certifiedCase {
	slash := func(c *oidc.Config) { c.Issuer += "/" }
	alg := func(alg mas.SigningAlg) func(*oidc.Config) { return func(c *oidc.Config) { c.IDTokenAlg = alg } }
	method := func(m mas.AuthMethod) func(*oidc.Config) { return func(c *oidc.Config) { c.AuthMethod = m } }
	signed := func(c *oidc.Config) { c.AuthMethod, c.Client.Secret = mas.AuthPrivateKeyJWT, mas.SecretValue{} }
	elsewhere := []string{"error disc-issuer", "skip probe-secret-host", "skip probe-secret-host"}
	clean := live.OIDCProviderConfig{Settings: settings(nil)}
	noList := live.OIDCProviderConfig{Settings: settings(nil), OmitMetadata: []string{"code_challenge_methods_supported"}}
	postOnly := live.OIDCProviderConfig{Settings: settings(map[string]any{"clientAuthMethods": []string{"client_secret_post"}})}
	es256 := live.OIDCProviderConfig{Settings: settings(nil), Algorithms: []string{"ES256"}}
	opaque := live.OIDCProviderConfig{Settings: settings(nil), OpaqueErrors: true}
	par := live.OIDCProviderConfig{Settings: settings(map[string]any{"features": map[string]any{
		"backchannelLogout":           map[string]any{"enabled": true},
		"pushedAuthorizationRequests": map[string]any{"enabled": true, "requirePushedAuthorizationRequests": true},
	}})}
	const mismatch, noKey = "issuer URLs don't match", "none of the keys worked"
	return map[string]certifiedCase{
		"clean":                       {server: clean, found: []string{}},
		"slash, not written":          {server: live.OIDCProviderConfig{Settings: settings(nil), IssuerSlash: true}, found: elsewhere, fails: "ID token: could not validate the issuer", page: mismatch},
		"slash, written":              {server: live.OIDCProviderConfig{Settings: settings(nil), IssuerSlash: true}, entry: slash, found: []string{}},
		"no slash, written":           {server: clean, entry: slash, found: elsewhere, fails: "ID token: could not validate the issuer", page: mismatch},
		"no PKCE list, auto":          {server: noList, found: []string{"info disc-pkce"}},
		"no PKCE list, always":        {server: noList, entry: func(c *oidc.Config) { c.PKCE = mas.PKCEAlways }, found: []string{}},
		"ES256, not written":          {server: es256, client: map[string]any{"id_token_signed_response_alg": "ES256"}, found: []string{"error disc-alg", "error jwks-key"}, fails: "ID token", page: "wrong signature alg"},
		"ES256, written":              {server: es256, client: map[string]any{"id_token_signed_response_alg": "ES256"}, entry: alg(mas.AlgES256), found: []string{}},
		"EdDSA":                       {server: live.OIDCProviderConfig{Settings: settings(nil), Algorithms: []string{"EdDSA"}}, client: map[string]any{"id_token_signed_response_alg": "EdDSA"}, found: []string{"error disc-alg", "error jwks-key"}, fails: "ID token", page: noKey},
		"post only, basic":            {server: postOnly, client: map[string]any{"token_endpoint_auth_method": "client_secret_post"}, found: []string{"error disc-auth"}}, // this one takes both, whatever it says
		"post only, post":             {server: postOnly, client: map[string]any{"token_endpoint_auth_method": "client_secret_post"}, entry: method(mas.AuthClientSecretPost), found: []string{}},
		"private key":                 {server: clean, client: map[string]any{"token_endpoint_auth_method": "private_key_jwt"}, entry: signed, found: []string{}},
		"PAR required":                {server: par, found: []string{"error disc-par"}, fails: "error from the provider: invalid_request", page: "invalid_request"},
		"no back-channel logout":      {server: live.OIDCProviderConfig{Settings: map[string]any{"conformIdTokenClaims": false}}, found: []string{"warning bcl"}},
		"no logout, none wanted":      {server: live.OIDCProviderConfig{Settings: map[string]any{"conformIdTokenClaims": false}}, entry: func(c *oidc.Config) { c.BackchannelLogout = mas.LogoutDoNothing }, found: []string{}},
		"claims in userinfo":          {server: live.OIDCProviderConfig{Settings: settings(map[string]any{"conformIdTokenClaims": true})}, found: []string{}},
		"claims in userinfo, fetched": {server: live.OIDCProviderConfig{Settings: settings(map[string]any{"conformIdTokenClaims": true})}, entry: func(c *oidc.Config) { c.FetchUserinfo = true }, found: []string{}},
		"opaque errors":               {server: opaque, found: []string{}},
		"opaque errors, wrong secret": {server: opaque, entry: func(c *oidc.Config) { c.Client.Secret.Inline = maskit.NewSecret("wrong") }, found: []string{"info probe-inconclusive", "info probe-inconclusive"}, fails: "token endpoint", page: "EOF while parsing"},
	}
}

// certified starts the provider of each case, with a client for the redirect URI.
func certified(t *testing.T, key keys.SigningKey, redirects map[string]string) map[string]live.OIDCProvider {
	t.Helper()
	configs := map[string]live.OIDCProviderConfig{}
	for name, c := range certifiedCases() {
		client := map[string]any{
			"client_id": "matrix", "client_secret": secret, "redirect_uris": []string{redirects[name]}, "jwks": json.RawMessage(jwksOf(t, key)),
		}
		for key, value := range c.client {
			client[key] = value
		}
		if client["token_endpoint_auth_method"] == "private_key_jwt" {
			delete(client, "client_secret")
		}
		c.server.Clients = []map[string]any{client}
		c.server.Accounts = map[string]map[string]any{"alice": {"preferred_username": "alice", "name": "Alice", "email": "alice@example.com", "email_verified": true}}
		configs[name] = c.server
	}
	return live.OIDCProviders(t, configs)
}

// entryFor is what somebody writes who knows the address of the provider.
func (c certifiedCase) entryFor(t *testing.T, provider live.OIDCProvider, env upstream.Env) upstream.Entry {
	t.Helper()
	config := oidc.Config{
		Client: oidc.Client{ID: "matrix", Secret: mas.SecretValue{Inline: maskit.NewSecret(secret)}},
		Issuer: origin(&upstreamtest.IDP{URL: provider.Issuer}), AuthMethod: mas.AuthClientSecretBasic,
	}
	if c.entry != nil {
		c.entry(&config)
	}
	return mustEntry(t, config, env)
}

func newSigningKey(t *testing.T) (keys.SigningKey, upstream.CheckKey) {
	t.Helper()
	identity, err := mas.NewIdentity(rand.Reader)
	require.NoError(t, err)
	return signingKeyOf(t, identity)
}

// signingKeyOf is the RSA key of the identity.
func signingKeyOf(t *testing.T, identity mas.Identity) (keys.SigningKey, upstream.CheckKey) {
	t.Helper()
	pem := identity.SigningKeys[0].Key.Inline
	key, err := keys.Parse(pem, maskit.Secret{})
	require.NoError(t, err)
	return key, upstream.CheckKey{ID: key.Kid(), PEM: pem}
}

func jwksOf(t *testing.T, key keys.SigningKey) string {
	t.Helper()
	public, err := keys.JWKS(keys.Entry{Key: key})
	require.NoError(t, err)
	return string(public)
}

// What Check says of the certified provider, and whether somebody can then sign in.
func TestLiveCheckAndSignIn(t *testing.T) {
	t.Parallel()
	key, checkKey := newSigningKey(t)
	env := upstreamtest.Env()
	redirects := map[string]string{}
	for name := range certifiedCases() {
		redirects[name] = env.CallbackURL()
	}
	providers := certified(t, key, redirects)
	for name, c := range certifiedCases() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			provider := providers[name]
			entry := c.entryFor(t, provider, env)
			report, err := upstream.Check(t.Context(), entry, upstream.CheckConfig{Env: env, HTTPClient: provider.HTTPClient(), SigningKey: checkKey})
			require.NoError(t, err)
			require.Equal(t, c.found, seen(report), "%s", report.Problems)
			require.LessOrEqual(t, report.Requests, 6)

			rp := relyingParty{
				entry: entry, env: env, key: checkKey, client: provider.HTTPClient(), endpoints: report.Endpoints,
				pkce:   !slices.Contains(c.server.OmitMetadata, "code_challenge_methods_supported"),
				browse: func(address string) url.Values { return provider.LogIn(t, address) },
			}
			claims, err := rp.signIn(t.Context())
			if c.fails != "" {
				require.ErrorContains(t, err, c.fails)
				return
			}
			require.NoError(t, err)
			require.Equal(t, c.expected(entry), explain(t, entry, claims))
		})
	}
}

// expected is the form that alice gets: claims that are in userinfo alone reach MAS only
// if it asks.
func (c certifiedCase) expected(entry upstream.Entry) loginResult {
	if c.server.Settings["conformIdTokenClaims"] == true && !entry.FetchUserinfo {
		return loginResult{Localpart: "asked"}
	}
	return loginResult{Localpart: "prefilled alice", Email: "forced alice@example.com", DisplayName: "forced Alice"}
}

// explain is the form that the claims lead to.
func explain(t *testing.T, entry upstream.Entry, claims upstream.Claims) loginResult {
	t.Helper()
	explained, problems := upstream.Explain(entry, claims)
	require.NoError(t, problems.Err())
	form := loginResult{Localpart: show(explained.Localpart), Email: show(explained.Email), DisplayName: show(explained.DisplayName)}
	if explained.DisplayNameStep {
		form.DisplayName = ""
	}
	return form
}

// prepareCertified returns a test that a real MAS signs people in, or not, as TestLiveCheckAndSignIn
// says of the same entries.
func prepareCertified(t *testing.T, d *deployment) func(*testing.T) {
	t.Helper()
	key, _ := signingKeyOf(t, d.identity)
	envs, redirects := map[string]upstream.Env{}, map[string]string{}
	for name := range certifiedCases() {
		envs[name] = d.env(t)
		redirects[name] = envs[name].CallbackURL()
	}
	providers := certified(t, key, redirects)
	entries := map[string]upstream.Entry{}
	for name, c := range certifiedCases() {
		entries[name] = c.entryFor(t, providers[name], envs[name])
		d.entries = append(d.entries, entries[name])
		d.certificates = append(d.certificates, providers[name].CertificatePEM...)
	}
	return func(t *testing.T) {
		for name, c := range certifiedCases() {
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				page := newPerson(t, d.site.AccountURL).logInBy(string(envs[name].ID), func(address string) string {
					return redirects[name] + "?" + providers[name].LogIn(t, address).Encode()
				})
				if c.fails != "" {
					require.Contains(t, page.text, c.page)
					return
				}
				form, ok := registration(page)
				require.True(t, ok, page.text)
				require.Equal(t, c.expected(entries[name]), form)
			})
		}
	}
}
