package kanidm_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/maskit-dev/maskit/mas"
	"github.com/maskit-dev/maskit/upstream"
	"github.com/maskit-dev/maskit/upstream/claims"
	"github.com/maskit-dev/maskit/upstream/internal/vendortest"
	"github.com/maskit-dev/maskit/upstream/kanidm"
	"github.com/maskit-dev/maskit/upstream/upstreamtest"
)

func minimal() kanidm.Config {
	return kanidm.Config{URL: "https://idm.example.com", Client: vendortest.Client()}
}

func full() kanidm.Config {
	return kanidm.Config{
		URL:          "https://idm.example.com:8443/",
		Client:       vendortest.FullClient("openid", "profile", "email"),
		LegacyCrypto: true,
		Claims: claims.Rules{
			Require:   claims.Require{Groups: []string{"matrix@idm.example.com"}},
			Localpart: claims.Localpart{Claim: "preferred_username"},
		},
	}
}

func TestConformance(t *testing.T) {
	t.Parallel()
	vendortest.Conformance(t, map[string]func() upstream.Provider{
		"minimal": func() upstream.Provider { return minimal() },
		"full":    func() upstream.Provider { return full() },
	})
}

func TestEveryClientIsAnIssuer(t *testing.T) {
	t.Parallel()
	entry := vendortest.Entry(t, minimal())
	require.Equal(t, "https://idm.example.com/oauth2/openid/matrix", entry.Issuer)
	require.Equal(t, mas.AlgES256, entry.IDTokenSignedResponseAlg)
	require.False(t, upstream.LogsOut(entry))
	entry = vendortest.Entry(t, full())
	require.Equal(t, "https://idm.example.com:8443/oauth2/openid/matrix", entry.Issuer)
	require.NotEqual(t, mas.AlgES256, entry.IDTokenSignedResponseAlg)
}

func TestProblems(t *testing.T) {
	t.Parallel()
	type config = kanidm.Config
	when := vendortest.When[config]
	vendortest.Problems(t, minimal, map[string]vendortest.Case[config]{
		"nothing set":       when(func(c *config) { *c = config{} }, "error url required", "error client_id required", "error client_secret required"),
		"plain http":        when(func(c *config) { c.URL = "http://idm.example.com" }, "error url url-not-https"),
		"a path":            when(func(c *config) { c.URL += "/oauth2/openid/matrix" }, "error url url-not-origin"),
		"name with a slash": when(func(c *config) { c.Client.ID = "a/b" }, "error client_id slug-invalid"),
		"linking by name": when(func(c *config) { c.Claims.Localpart.OnConflict = mas.ConflictSet },
			"error claims.localpart.on_conflict account-takeover"),
	})
}

func TestSetupSteps(t *testing.T) {
	t.Parallel()
	env := upstreamtest.Env()
	require.Equal(t, []string{"kanidm system oauth2 add-redirect-url matrix " + env.CallbackURL()},
		vendortest.Values(minimal().SetupSteps(env), "Redirect URI"))
}
