package entra_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/mas"
	"github.com/maskit-dev/maskit/upstream"
	"github.com/maskit-dev/maskit/upstream/claims"
	"github.com/maskit-dev/maskit/upstream/entra"
	"github.com/maskit-dev/maskit/upstream/internal/vendortest"
	"github.com/maskit-dev/maskit/upstream/upstreamtest"
)

const (
	tenant  = "22222222-2222-2222-2222-222222222222"
	another = "33333333-3333-3333-3333-33333333abcd"
)

func minimal() entra.Config { return entra.Config{Client: vendortest.Client(), Tenant: tenant} }

func full() entra.Config {
	return entra.Config{
		Client:        vendortest.FullClient("openid", "profile", "email"),
		Tenant:        tenant,
		Cloud:         entra.CloudUSGov,
		AppSigningKey: true,
		Claims: claims.Rules{
			Subject:   "sub",
			Require:   claims.Require{Groups: []string{another}, Roles: []string{"Matrix.User"}, Domains: []string{"example.com"}},
			Localpart: claims.Localpart{Action: mas.ImportRequire, Domains: []string{"example.com"}, MembersOnly: true},
			Email:     claims.Email{Trust: claims.TrustDirectory},
		},
	}
}

func many() entra.Config {
	config := minimal()
	config.Tenant = "organizations"
	config.Claims.Require.Tenants = []string{tenant, another}
	return config
}

func TestConformance(t *testing.T) {
	t.Parallel()
	vendortest.Conformance(t, map[string]func() upstream.Provider{
		"minimal": func() upstream.Provider { return minimal() },
		"full":    func() upstream.Provider { return full() },
		"many":    func() upstream.Provider { return many() },
	})
}

func TestIssuer(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		tenant string
		cloud  entra.Cloud
		want   string
	}{
		"public":            {tenant, "", "https://login.microsoftonline.com/" + tenant + "/v2.0"},
		"public by name":    {tenant, entra.CloudPublic, "https://login.microsoftonline.com/" + tenant + "/v2.0"},
		"in capitals":       {"33333333-3333-3333-3333-33333333ABCD", "", "https://login.microsoftonline.com/" + another + "/v2.0"},
		"US government":     {tenant, entra.CloudUSGov, "https://login.microsoftonline.us/" + tenant + "/v2.0"},
		"China":             {tenant, entra.CloudChina, "https://login.partner.microsoftonline.cn/" + tenant + "/v2.0"},
		"External ID":       {tenant, entra.CloudExternalID, "https://" + tenant + ".ciamlogin.com/" + tenant + "/v2.0"},
		"personal accounts": {"consumers", "", "https://login.microsoftonline.com/9188040d-6c67-4c5b-b112-36a304b66dad/v2.0"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			config := minimal()
			config.Tenant, config.Cloud = c.tenant, c.cloud
			entry := vendortest.Entry(t, config)
			require.Equal(t, c.want, entry.Issuer)
			require.Equal(t, mas.DiscoveryOIDC, entry.DiscoveryMode)
			require.Equal(t, mas.PKCEAlways, entry.PKCEMethod)
			require.False(t, upstream.LogsOut(entry))
		})
	}
}

func TestManyTenantsHaveNoIssuer(t *testing.T) {
	t.Parallel()
	entry := vendortest.Entry(t, many())
	require.Empty(t, entry.Issuer)
	require.Equal(t, mas.DiscoveryDisabled, entry.DiscoveryMode)
	require.Equal(t, "https://login.microsoftonline.com/organizations/oauth2/v2.0/authorize", entry.AuthorizationEndpoint)
	require.Equal(t, "https://login.microsoftonline.com/organizations/oauth2/v2.0/token", entry.TokenEndpoint)
	require.Equal(t, "https://login.microsoftonline.com/organizations/discovery/v2.0/keys", entry.JWKSURI)
}

func TestKeysOfTheApp(t *testing.T) {
	t.Parallel()
	config := minimal()
	config.AppSigningKey = true
	require.Equal(t, "https://login.microsoftonline.com/"+tenant+"/discovery/v2.0/keys?appid=matrix", vendortest.Entry(t, config).JWKSURI)
}

func TestProblems(t *testing.T) {
	t.Parallel()
	type config = entra.Config
	when := vendortest.When[config]
	vendortest.Problems(t, minimal, map[string]vendortest.Case[config]{
		"nothing set": when(func(c *config) { *c = config{} },
			"error tenant required", "error client_id required", "error client_secret required"),
		"tenant as domain":  when(func(c *config) { c.Tenant = "example.onmicrosoft.com" }, "error tenant tenant-is-domain"),
		"tenant as name":    when(func(c *config) { c.Tenant = "Example" }, "error tenant tenant-invalid"),
		"placeholder":       when(func(c *config) { c.Tenant = "{tenantid}" }, "error tenant tenant-invalid"),
		"unknown cloud":     when(func(c *config) { c.Cloud = "germany" }, "error cloud unknown-value"),
		"any tenant of one": when(func(c *config) { c.AnyTenant = true }, "error any_tenant not-allowed"),
		"many, no list":     when(func(c *config) { c.Tenant = "organizations" }, "error claims.require.tenants tenants-missing"),
		"common, no list":   when(func(c *config) { c.Tenant = "common" }, "error claims.require.tenants tenants-missing"),
		"many, open to all": when(func(c *config) { c.Tenant, c.AnyTenant = "organizations", true }),
		"many, both":        when(func(c *config) { *c = many(); c.AnyTenant = true }, "error any_tenant both-set"),
		"many by domain": when(func(c *config) {
			*c = many()
			c.Claims.Require.Tenants = []string{"example.com", "ABCDEF12" + tenant[8:]}
		},
			"error claims.require.tenants[0] tenant-invalid", "error claims.require.tenants[1] tenant-invalid"),
		"many of External ID": when(func(c *config) { *c = many(); c.Cloud = entra.CloudExternalID }, "error tenant tenant-invalid"),
		"nOAuth":              when(func(c *config) { *c = many(); c.Claims.Email.Trust = claims.TrustDirectory }, "error claims.email.trust email-unverified"),
		"nOAuth of consumers": when(func(c *config) { c.Tenant, c.Claims.Email.Trust = "consumers", claims.TrustDirectory }, "error claims.email.trust email-unverified"),
		"nOAuth of consumers by their id": when(func(c *config) {
			c.Tenant, c.Claims.Email.Trust = "9188040D-6c67-4c5b-b112-36a304b66dad", claims.TrustDirectory
		}, "error claims.email.trust email-unverified"),
		"linking of consumers": when(func(c *config) {
			c.Tenant = "consumers"
			c.Claims.Localpart = claims.Localpart{Action: mas.ImportRequire, OnConflict: mas.ConflictAdd, Domains: []string{"outlook.com"}}
		}, "error claims.localpart.on_conflict account-takeover"),
		"identity by e-mail": when(func(c *config) { c.Claims.Subject = "email" }, "error claims.subject subject-mutable"),
		"identity by UPN":    when(func(c *config) { c.Claims.Subject = "upn" }, "error claims.subject subject-mutable"),
		"identity by tenant": when(func(c *config) { c.Claims.Subject = "tid" }, "error claims.subject subject-shared"),
		"no openid":          when(func(c *config) { c.Client.Scopes = []string{"profile"} }, "error scopes scope-no-openid"),
		"id of the secret": when(func(c *config) { c.Client.Secret = mas.SecretValue{Inline: maskit.NewSecret(another)} },
			"error client_secret secret-is-id"),
		"from Synapse": when(func(c *config) { c.Client.SynapseIDPID = "oidc-microsoft" }, "error claims.subject subject-undecided"),
		"from Synapse, with its subject": when(func(c *config) {
			c.Client.SynapseIDPID, c.Claims.Subject = "oidc-microsoft", "sub"
		}),
		"group by name": when(func(c *config) { c.Claims.Require.Groups = []string{"Staff"} },
			"info claims.require.groups group-overage", "warning claims.require.groups[0] group-not-id"),
		"class of authentication": when(func(c *config) { c.Claims.Require.ACR = []string{"mfa"} }, "error claims.require.acr gate-unavailable"),
		"linking by the part before the @": when(func(c *config) {
			c.Claims.Localpart.Action, c.Claims.Localpart.OnConflict = mas.ImportRequire, mas.ConflictSet
		}, "error claims.localpart.on_conflict account-takeover"),
		"linking within a domain": when(func(c *config) {
			c.Claims.Localpart = claims.Localpart{Action: mas.ImportRequire, OnConflict: mas.ConflictSet, Domains: []string{"example.com"}}
		}, "error claims.localpart.on_conflict links-by-name"),
		"linking within a domain that many tenants write": when(func(c *config) {
			*c = many()
			c.Claims.Localpart = claims.Localpart{Action: mas.ImportRequire, OnConflict: mas.ConflictSet, Domains: []string{"example.com"}}
		}, "error claims.localpart.on_conflict account-takeover"),
	})
}

func TestSetupSteps(t *testing.T) {
	t.Parallel()
	env := upstreamtest.Env()
	steps := full().SetupSteps(env)
	require.Equal(t, []string{env.CallbackURL()}, vendortest.Values(steps, "Redirect URI"))
	require.Equal(t, []string{"email, xms_edov, acct"}, vendortest.Values(steps, "Claims"))
	require.Equal(t, []string{another}, vendortest.Values(steps, "Groups claim, by object id (Token configuration)"))
	require.Equal(t, []string{"Matrix.User"}, vendortest.Values(steps, "App roles, by value (App roles)"))

	steps = many().SetupSteps(env)
	require.Equal(t, []string{"Accounts in any organizational directory (Multitenant)"}, vendortest.Values(steps, "Supported account types"))
	require.Contains(t, steps[len(steps)-1].Detail, tenant+", "+another)
	require.NotContains(t, steps[2].String(), "acct")
}
