package google_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/maskit-dev/maskit/mas"
	"github.com/maskit-dev/maskit/upstream"
	"github.com/maskit-dev/maskit/upstream/claims"
	"github.com/maskit-dev/maskit/upstream/google"
	"github.com/maskit-dev/maskit/upstream/internal/vendortest"
	"github.com/maskit-dev/maskit/upstream/upstreamtest"
)

func minimal() google.Config { return google.Config{Client: vendortest.Client()} }

func workspace() google.Config {
	config := minimal()
	config.Claims.Require.Domains = []string{"example.com"}
	return config
}

func full() google.Config {
	return google.Config{
		Client: vendortest.FullClient("openid", "email", "profile"),
		Claims: claims.Rules{
			Require: claims.Require{Domains: []string{"example.com", "example.org"}},
			Email:   claims.Email{Action: mas.ImportSuggest},
		},
	}
}

func TestConformance(t *testing.T) {
	t.Parallel()
	vendortest.Conformance(t, map[string]func() upstream.Provider{
		"minimal":   func() upstream.Provider { return minimal() },
		"workspace": func() upstream.Provider { return workspace() },
		"full":      func() upstream.Provider { return full() },
	})
}

func TestWhoChoosesTheName(t *testing.T) {
	t.Parallel()
	require.Equal(t, mas.ImportIgnore, vendortest.Entry(t, minimal()).ClaimsImports.Localpart.Action)
	require.Equal(t, mas.ImportRequire, vendortest.Entry(t, workspace()).ClaimsImports.Localpart.Action)
	require.Equal(t, mas.ImportSuggest, vendortest.Entry(t, full()).ClaimsImports.Localpart.Action, "two domains may have one name")
}

func TestSuggestedNamesComeFromTheAddress(t *testing.T) {
	t.Parallel()
	config := minimal()
	config.Claims.Localpart.Action = mas.ImportSuggest
	require.Contains(t, vendortest.Entry(t, config).ClaimsImports.Localpart.Template, "user.email_verified in")
}

func TestIssuer(t *testing.T) {
	t.Parallel()
	entry := vendortest.Entry(t, minimal())
	require.Equal(t, "https://accounts.google.com", entry.Issuer)
	require.False(t, upstream.LogsOut(entry))
}

func TestProblems(t *testing.T) {
	t.Parallel()
	type config = google.Config
	when := vendortest.When[config]
	vendortest.Problems(t, minimal, map[string]vendortest.Case[config]{
		"nothing set": when(func(c *config) { *c = config{} }, "error client_id required", "error client_secret required"),
		"gmail as organisation": when(func(c *config) { c.Claims.Require.Domains = []string{"gmail.com"} },
			"error claims.require.domains[0] domain-consumer"),
		"domain with an @": when(func(c *config) { c.Claims.Require.Domains = []string{"@example.com"} },
			"error claims.require.domains[0] host-invalid"),
		"hint alone": when(func(c *config) { c.Client.AuthorizationParameters = map[string]string{"hd": "example.com"} },
			"error authorization_parameters.hd gate-hint-only"),
		"hint and gate": when(func(c *config) {
			*c = workspace()
			c.Client.AuthorizationParameters = map[string]string{"hd": "example.com"}
		},
			"error authorization_parameters.hd both-set"),
		"hint for several domains": when(func(c *config) {
			*c = full()
			c.Client.AuthorizationParameters = map[string]string{"hd": "example.com"}
		}),
		"groups":        when(func(c *config) { c.Claims.Require.Groups = []string{"staff"} }, "error claims.require.groups gate-unavailable"),
		"every address": when(func(c *config) { c.Claims.Email.Trust = claims.TrustDirectory }, "error claims.email.trust email-unverified"),
		"no address":    when(func(c *config) { c.Claims.Email.Trust = claims.TrustNever }),
		"a name from an address that is not trusted": when(func(c *config) { *c = workspace(); c.Claims.Email.Trust = claims.TrustNever },
			"error claims.localpart.from_email email-never-trusted"),
		"address as identity": when(func(c *config) { c.Claims.Subject = "email" }, "error claims.subject subject-mutable"),
		"domain as identity":  when(func(c *config) { c.Claims.Subject = "hd" }, "error claims.subject subject-shared"),
		"no openid":           when(func(c *config) { c.Client.Scopes = []string{"email"} }, "error scopes scope-no-openid"),
		"linking in one domain": when(func(c *config) { *c = workspace(); c.Claims.Localpart.OnConflict = mas.ConflictSet },
			"error claims.localpart.on_conflict links-by-name"),
		"linking in two domains": when(func(c *config) {
			*c = full()
			c.Claims.Localpart.Action, c.Claims.Localpart.OnConflict = mas.ImportRequire, mas.ConflictSet
		}, "error claims.localpart.on_conflict account-takeover"),
	})
}

func TestSetupSteps(t *testing.T) {
	t.Parallel()
	env := upstreamtest.Env()
	require.Equal(t, []string{env.CallbackURL()}, vendortest.Values(minimal().SetupSteps(env), "Authorized redirect URIs"))
	require.Equal(t, []string{"External"}, vendortest.Values(minimal().SetupSteps(env), "User type"))
	require.Equal(t, []string{"Internal"}, vendortest.Values(workspace().SetupSteps(env), "User type"))
	require.Contains(t, full().SetupSteps(env)[0].Detail, "example.com, example.org")
}
