package upstream_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/mas"
	"github.com/maskit-dev/maskit/upstream"
)

// Rows where a finding hangs on one condition.
func TestCheckOfEdges(t *testing.T) {
	t.Parallel()
	runCheckCases(t, map[string]checkCase{
		"clock, within what MAS allows": {func(i *idp, _ *upstream.Entry, _ *upstream.CheckConfig) {
			i.handle[discoveryPath] = func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Date", time.Now().Add(3*time.Minute).UTC().Format(http.TimeFormat))
				reply(w, 200, i.metadata)
			}
		}, []string{"warning clock"}, "from the one here [clock]"},
		"assertions by another algorithm": {func(i *idp, e *upstream.Entry, c *upstream.CheckConfig) {
			i.metadata["token_endpoint_auth_methods_supported"] = []any{"client_secret_jwt"}
			i.metadata["token_endpoint_auth_signing_alg_values_supported"] = []any{"HS512"}
			e.TokenEndpointAuthMethod, e.TokenEndpointAuthSigningAlg, c.WithoutCredentialProbe = mas.AuthClientSecretJWT, mas.AlgHS256, true
		}, []string{"error disc-auth", "skip not-checked"}, "signed with HS512, not with HS256"},
		"logout without an ID token": {change(func(e *upstream.Entry) { e.Scope, e.FetchUserinfo = "profile", true }), []string{"warning bcl"}, "without the scope openid"},
		"a client without the flow":  {answer("/token", 400, `{"error":"unauthorized_client"}`), []string{"error probe-flow"}, ""},
		"a token endpoint by plain http": {func(i *idp, _ *upstream.Entry, _ *upstream.CheckConfig) {
			i.metadata["token_endpoint"] = strings.Replace(i.URL, "https:", "http:", 1) + "/token"
		}, []string{"error disc-https", "skip probe-secret-host"}, "it is not https"},
		"a client that is unknown twice": {func(i *idp, e *upstream.Entry, _ *upstream.CheckConfig) {
			i.handle["/token"] = answers(400, `{"error":"unauthorized_client","error_description":"AADSTS700016: x"}`)
			i.handle["/authorize"] = answers(200, "<html>AADSTS700016")
		}, []string{"error probe-client-unknown"}, ""},
		"pushed, with a token endpoint of the entry": {func(i *idp, e *upstream.Entry, _ *upstream.CheckConfig) {
			i.pushes()
			e.TokenEndpoint = i.URL + "/token"
			i.handle["/token"] = answers(401, `{"error":"invalid_client"}`)
		}, []string{"error probe-client"}, "/token: the provider refuses"},
	})
}

// Metadata that came by plain http is nobody's.
func TestCheckKeepsTheSecretFromMetadataByHTTP(t *testing.T) {
	t.Parallel()
	idp := newIDP(t)
	plain := httptest.NewServer(idp)
	t.Cleanup(plain.Close)
	idp.handle[discoveryPath] = http.RedirectHandler(strings.Replace(plain.URL, "http://", "http://user:hunter2@", 1)+"/moved", http.StatusFound).ServeHTTP
	idp.handle["/moved"] = func(w http.ResponseWriter, _ *http.Request) { reply(w, 200, idp.metadata) }
	report := check(t, idp.entry(), idp.config())
	require.Equal(t, []string{"warning redirect", "skip probe-secret-host"}, seen(report), "%s", report.Problems)
	require.Contains(t, report.Problems.Only(maskit.SeveritySkip).String(), "not the issuer's own")
	require.NotContains(t, report.Problems.String(), "hunter2")
	require.NotContains(t, idp.requests, "POST /token")
}

// MAS sends a nonce where it asks for an ID token.
func TestCheckSendsNoNonceWithoutOpenID(t *testing.T) {
	t.Parallel()
	idp := newIDP(t)
	entry := idp.entry()
	entry.Scope, entry.FetchUserinfo, entry.OnBackchannelLogout = "profile", true, ""
	require.Empty(t, seen(check(t, entry, idp.config())))
	require.Equal(t, "GET /authorize", idp.requests[len(idp.requests)-1])
	require.False(t, idp.forms[len(idp.forms)-1].Has("nonce"))
}
