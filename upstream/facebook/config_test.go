package facebook_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/mas"
	"github.com/maskit-dev/maskit/upstream"
	"github.com/maskit-dev/maskit/upstream/claims"
	"github.com/maskit-dev/maskit/upstream/facebook"
	"github.com/maskit-dev/maskit/upstream/internal/vendortest"
	"github.com/maskit-dev/maskit/upstream/upstreamtest"
)

func minimal() facebook.Config {
	return facebook.Config{Client: vendortest.Client(), GraphVersion: "v24.0"}
}

func full() facebook.Config {
	return facebook.Config{
		Client:       vendortest.FullClient("openid", "email", "public_profile"),
		GraphVersion: "v25.0",
		Claims:       claims.Rules{Email: claims.Email{Trust: claims.TrustDirectory}},
		Acknowledge:  []maskit.Ack{{Code: "email-unverified"}},
	}
}

func TestConformance(t *testing.T) {
	t.Parallel()
	vendortest.Conformance(t, map[string]func() upstream.Provider{
		"minimal": func() upstream.Provider { return minimal() },
		"full":    func() upstream.Provider { return full() },
	})
}

func TestAddressesHaveTheVersion(t *testing.T) {
	t.Parallel()
	entry := vendortest.Entry(t, full())
	require.Equal(t, "https://www.facebook.com/v25.0/dialog/oauth", entry.AuthorizationEndpoint)
	require.Equal(t, "https://graph.facebook.com/v25.0/oauth/access_token", entry.TokenEndpoint)
	require.Equal(t, "https://www.facebook.com", entry.Issuer, "which the ID token must have")
	require.False(t, upstream.LogsOut(entry))
}

func TestProblems(t *testing.T) {
	t.Parallel()
	type config = facebook.Config
	when := vendortest.When[config]
	vendortest.Problems(t, minimal, map[string]vendortest.Case[config]{
		"nothing set": when(func(c *config) { *c = config{} },
			"error graph_version required", "error client_id required", "error client_secret required"),
		"version of the sample": when(func(c *config) { c.GraphVersion = "v11.0" }, "error graph_version version-retired"),
		"version without v":     when(func(c *config) { c.GraphVersion = "24.0" }, "error graph_version version-invalid"),
		"version as path":       when(func(c *config) { c.GraphVersion = "v24.0/../x" }, "error graph_version version-invalid"),
		"every address":         when(func(c *config) { c.Claims.Email.Trust = claims.TrustDirectory }, "error claims.email.trust email-unverified"),
		"verified address":      when(func(c *config) { c.Claims.Email.Trust = claims.TrustVerified }, "warning claims.email.trust email-unverifiable"),
		"no openid":             when(func(c *config) { c.Client.Scopes = []string{"email"} }, "error scopes scope-no-openid"),
		"a required name":       when(func(c *config) { c.Claims.Localpart.Action = mas.ImportRequire }, "error claims.localpart.action name-unavailable"),
		"a name of an address": when(func(c *config) {
			*c = full()
			c.Claims.Localpart = claims.Localpart{Action: mas.ImportRequire, FromEmail: true}
		}, "warning claims.email.trust email-unverified"),
		"groups":  when(func(c *config) { c.Claims.Require.Groups = []string{"a"} }, "error claims.require.groups gate-unavailable"),
		"domains": when(func(c *config) { c.Claims.Require.Domains = []string{"example.com"} }, "error claims.require.domains gate-unavailable"),
	})
}

func TestClassify(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		probe upstream.Probe
		body  string
		want  upstream.Verdict
	}{
		"wrong secret": {upstream.ProbeToken, `{"error":{"message":"x","type":"OAuthException","code":1}}`, upstream.VerdictSecretWrong},
		"unknown app":  {upstream.ProbeToken, `{"error":{"message":"x","type":"OAuthException","code":101}}`, upstream.VerdictClientUnknown},
		"bad code":     {upstream.ProbeToken, `{"error":{"message":"x","type":"OAuthException","code":100}}`, upstream.VerdictInconclusive},
		"a page":       {upstream.ProbeToken, `<html>`, ""},
		"other JSON":   {upstream.ProbeToken, `{"error":"invalid_grant"}`, ""},
		"authorize":    {upstream.ProbeAuthorize, `{"error":{"type":"OAuthException","code":1}}`, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			require.Equal(t, c.want, minimal().Classify(upstream.ProbeAnswer{Probe: c.probe, Status: 400, Body: c.body}))
		})
	}
}

func TestSetupSteps(t *testing.T) {
	t.Parallel()
	env := upstreamtest.Env()
	steps := minimal().SetupSteps(env)
	require.Equal(t, []string{env.CallbackURL()}, vendortest.Values(steps, "Valid OAuth Redirect URIs"))
	require.Equal(t, []string{"openid, email"}, vendortest.Values(steps, "Permissions"))
}
