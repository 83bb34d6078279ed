package upstreamtest_test

import (
	"crypto"
	"crypto/x509"
	"encoding/pem"
	"maps"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/mas"
	"github.com/maskit-dev/maskit/upstream"
	"github.com/maskit-dev/maskit/upstream/oidc"
	"github.com/maskit-dev/maskit/upstream/upstreamtest"
)

// naive is what an administrator writes who knows of no quirk.
func naive(idp *upstreamtest.IDP) oidc.Config {
	return oidc.Config{
		Client: oidc.Client{ID: "matrix", Secret: mas.SecretValue{Inline: maskit.NewSecret(secret)}},
		Issuer: idp.URL, AuthMethod: mas.AuthClientSecretBasic,
	}
}

// mustEntry is the entry of a configuration that must be sound.
func mustEntry(t *testing.T, config oidc.Config, env upstream.Env) upstream.Entry {
	t.Helper()
	entry, problems := config.Entry(env)
	require.NoError(t, problems.Err())
	return entry
}

// findings are the findings of a check as "severity code". That the test's own authority
// is unknown is none.
func findings(t *testing.T, idp *upstreamtest.IDP, entry upstream.Entry) []string {
	t.Helper()
	report, err := upstream.Check(t.Context(), entry, upstream.CheckConfig{Env: upstreamtest.Env(), HTTPClient: idp.HTTPClient()})
	require.NoError(t, err)
	return seen(report)
}

func seen(report upstream.CheckReport) []string {
	found := []string{}
	for _, p := range report.Problems {
		if p.Code != "net-tls-private" {
			found = append(found, p.Severity.String()+" "+p.Code)
		}
	}
	return found
}

// quirkCase is how a quirk is met.
type quirkCase struct {
	quirk upstreamtest.Quirk
	// change makes the entry one that meets the quirk, where the naive one does not.
	change func(*oidc.Config)
	// found is what Check says beforehand.
	found []string
	// sent changes the claims of quirky as the quirk does; lacks are those that are left out.
	sent  map[string]any
	lacks []string
	// form is that by which MAS makes the account of quirky, as Explain says of the claims;
	// zero: the ordinary one.
	form loginResult
	// page is what MAS shows instead of that form.
	page string
	// remedy is the entry by which people can log in; nil if there is none.
	remedy func(*upstreamtest.IDP, *oidc.Config)
}

func quirkCases() []quirkCase {
	wrong := func(c *oidc.Config) { c.Client.Secret.Inline = maskit.NewSecret("wrong") }
	elsewhere := []string{"error disc-issuer", "skip probe-secret-host", "skip probe-secret-host"}
	nothing := []string{"error disc-http", "skip not-checked", "skip not-checked", "skip not-checked"}
	return []quirkCase{
		{
			quirk: upstreamtest.IssuerSlash, found: elsewhere, page: "issuer URLs don't match",
			remedy: func(idp *upstreamtest.IDP, c *oidc.Config) { c.Issuer = idp.URL + "/" },
		},
		{
			quirk: upstreamtest.IssuerPlaceholder, found: elsewhere, page: "issuer URLs don't match",
			remedy: func(idp *upstreamtest.IDP, c *oidc.Config) { disabled(idp, c, "/jwks") },
		},
		{quirk: upstreamtest.StringEmailVerified, found: []string{}, sent: map[string]any{"email_verified": "false"}, form: loginResult{Localpart: "prefilled quirky", DisplayName: "forced quirky"}},
		{quirk: upstreamtest.NoNonce, found: []string{}, page: `missing claim "nonce"`}, // only a login shows it
		{quirk: upstreamtest.HS256, found: []string{"error disc-alg", "error jwks-key"}, page: "none of the keys worked"},
		{quirk: upstreamtest.EdDSAOnly, found: []string{"error disc-alg", "error jwks-key"}, page: "none of the keys worked"},
		{quirk: upstreamtest.OneBadJWK, found: []string{"error jwks-fetch"}, page: "unknown variant `AKP`"},
		{
			quirk: upstreamtest.ThinIDToken, found: []string{}, lacks: []string{"preferred_username", "name", "email", "email_verified"},
			form:   loginResult{Localpart: "asked"},
			remedy: func(_ *upstreamtest.IDP, c *oidc.Config) { c.FetchUserinfo = true },
		},
		{
			quirk: upstreamtest.UserinfoOnly, found: nothing, page: "Fetching provider metadata failed",
			remedy: func(idp *upstreamtest.IDP, c *oidc.Config) {
				disabled(idp, c, "")
				c.FetchUserinfo, c.Client.Scopes, c.Claims.Subject = true, []string{"profile"}, "id"
			},
		},
		{quirk: upstreamtest.Error200, change: wrong, found: []string{"error probe-client"}, page: "missing field `access_token`"},
		{quirk: upstreamtest.EmptyBody401, change: wrong, found: []string{"error probe-client"}, page: "EOF while parsing"},
		{quirk: upstreamtest.UnauthorizedClient, change: wrong, found: []string{"error probe-client"}, page: `"unauthorized_client"`},
		{quirk: upstreamtest.NoPKCEList, found: []string{"info disc-pkce"}}, // and uses none, see TestLiveMAS
		{quirk: upstreamtest.RequirePAR, found: []string{"error disc-par"}, page: "Error from the provider: invalid_request"},
		{quirk: upstreamtest.HTMLDiscovery, found: nothing, page: "Fetching provider metadata failed"},
		{quirk: upstreamtest.LogoutTokenWithoutExp, found: []string{}}, // only a logout shows it
	}
}

// disabled makes the entry one without discovery.
func disabled(idp *upstreamtest.IDP, c *oidc.Config, jwks string) {
	at := origin(idp)
	c.Issuer, c.Client.HumanName, c.Discovery, c.PKCE = "", "Fake", mas.DiscoveryDisabled, mas.PKCEAlways
	c.Endpoints = oidc.Endpoints{Authorization: at + "/authorize", Token: at + "/token", Userinfo: at + "/userinfo"}
	if jwks != "" {
		c.Endpoints.JWKS = at + jwks
	}
}

func TestQuirksAreAllMet(t *testing.T) {
	t.Parallel()
	var met []upstreamtest.Quirk
	for _, c := range quirkCases() {
		met = append(met, c.quirk)
	}
	require.Equal(t, upstreamtest.Quirks(), met)
}

// What MAS 1.22 does at each quirk is in its comment; TestLiveQuirks has a real one do it.
func TestCheckFindsQuirks(t *testing.T) {
	t.Parallel()
	for _, c := range quirkCases() {
		t.Run(string(c.quirk), func(t *testing.T) {
			t.Parallel()
			idp := upstreamtest.NewIDP(t, c.quirk)
			config := naive(idp)
			idp.PutClient(upstreamtest.ClientFor(mustEntry(t, config, upstreamtest.Env()), upstreamtest.Env()))
			if c.change != nil {
				c.change(&config)
			}
			require.Equal(t, c.found, findings(t, idp, mustEntry(t, config, upstreamtest.Env())))
			if c.remedy != nil {
				c.remedy(idp, &config)
				require.Empty(t, findings(t, idp, mustEntry(t, config, upstreamtest.Env())))
			}
		})
	}
}

// A provider without quirks gives no finding, however the client authenticates and
// whatever it asks for.
func TestCheckFindsNothingAtACleanProvider(t *testing.T) {
	t.Parallel()
	key := newSigner(t)
	for name, change := range map[string]func(*oidc.Config){
		"basic": func(*oidc.Config) {},
		"post":  func(c *oidc.Config) { c.AuthMethod = mas.AuthClientSecretPost },
		"secret JWT": func(c *oidc.Config) {
			c.AuthMethod, c.Client.Secret.Inline = mas.AuthClientSecretJWT, maskit.NewSecret(secret+" of 32 bytes at least, for HS256")
		},
		"private key": func(c *oidc.Config) {
			c.AuthMethod, c.AuthSigningAlg, c.Client.Secret = mas.AuthPrivateKeyJWT, mas.AlgES256, mas.SecretValue{}
		},
		"public":    func(c *oidc.Config) { c.AuthMethod, c.Client.Secret = mas.AuthNone, mas.SecretValue{} },
		"userinfo":  func(c *oidc.Config) { c.FetchUserinfo = true },
		"form post": func(c *oidc.Config) { c.ResponseMode = mas.ResponseFormPost },
		"PKCE":      func(c *oidc.Config) { c.PKCE = mas.PKCEAlways },
		"scopes":    func(c *oidc.Config) { c.Client.Scopes = []string{"openid"} },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			idp := upstreamtest.NewIDP(t)
			config := naive(idp)
			change(&config)
			entry := mustEntry(t, config, upstreamtest.Env())
			client := upstreamtest.ClientFor(entry, upstreamtest.Env())
			client.PublicKeys = []crypto.PublicKey{key.Public()}
			idp.PutClient(client)
			report, err := upstream.Check(t.Context(), entry, upstream.CheckConfig{
				Env: upstreamtest.Env(), HTTPClient: idp.HTTPClient(), SigningKey: checkKey(t, key),
			})
			require.NoError(t, err)
			require.Empty(t, seen(report), "%s", report.Problems)
			require.Equal(t, upstream.VerdictAccepted, report.Credentials)
			require.Equal(t, upstream.VerdictAccepted, report.Redirect)
			require.LessOrEqual(t, len(idp.Requests()), 6)
			require.Empty(t, idp.Unserved())
		})
	}
}

func checkKey(t *testing.T, key crypto.Signer) upstream.CheckKey {
	t.Helper()
	der, err := x509.MarshalPKCS8PrivateKey(key)
	require.NoError(t, err)
	return upstream.CheckKey{ID: "test", PEM: maskit.NewSecret(string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der})))}
}

// quirky are the claims of a person.
func quirky() map[string]any {
	return map[string]any{"sub": "quirky", "id": 4711, "preferred_username": "quirky", "name": "quirky", "email": "quirky@example.com", "email_verified": false}
}

// expectedForm is what MAS shows to quirky.
func (c quirkCase) expectedForm() loginResult {
	if c.form.Localpart != "" {
		return c.form
	}
	return loginResult{Localpart: "prefilled quirky", DisplayName: "forced quirky"}
}

// Where a quirk is in the claims, Explain tells what becomes of them.
func TestExplainFindsQuirks(t *testing.T) {
	t.Parallel()
	for _, c := range quirkCases() {
		if c.sent == nil && c.lacks == nil {
			continue
		}
		t.Run(string(c.quirk), func(t *testing.T) {
			t.Parallel()
			sent := quirky()
			maps.Copy(sent, c.sent)
			for _, name := range c.lacks {
				delete(sent, name)
			}
			entry := mustEntry(t, naive(&upstreamtest.IDP{URL: "https://idp.example"}), upstreamtest.Env())
			require.Equal(t, c.expectedForm(), explain(t, entry, upstream.Claims{IDToken: sent}))
		})
	}
}
