package mas_test

import (
	"net/netip"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/mas"
)

func site() maskit.Site {
	return maskit.Site{
		ServerName:   "example.com",
		AccountURL:   "https://account.example.com/",
		ClientAPIURL: "https://matrix.example.com/",
		SynapseURL:   "http://synapse-main.matrix.svc.cluster.local:8008/",
		MASURL:       "http://mas.matrix-auth.svc.cluster.local:8080/",
	}
}

func database() mas.Database {
	return mas.Database{
		Host: "postgres-rw.matrix.svc", Username: "mas", Name: "mas",
		Password: mas.SecretValue{Inline: maskit.NewSecret("canary-database")},
	}
}

func keycloak() mas.UpstreamProvider {
	return mas.UpstreamProvider{
		ID:                      "0123456789ABCDEFGHJKMNPQRS",
		Issuer:                  "https://id.example.com/realms/corp",
		HumanName:               "Keycloak",
		ClientID:                "matrix-auth",
		ClientSecret:            mas.SecretValue{Inline: maskit.NewSecret("canary-client")},
		TokenEndpointAuthMethod: mas.AuthClientSecretBasic,
		Scope:                   "openid profile email",
		ClaimsImports: mas.ClaimsImports{
			Localpart: mas.LocalpartImport{Action: mas.ImportRequire, Template: "{{ user.preferred_username or '' }}"},
		},
		OnBackchannelLogout: mas.LogoutAll,
	}
}

// builder has every intent without which Build fails, and one provider.
func builder(t testing.TB) *mas.Builder {
	t.Helper()
	return mas.NewBuilder(site(), fixedIdentity(t)).Database(database()).Upstream(keycloak())
}

func build(t testing.TB, b *mas.Builder) *mas.Config {
	t.Helper()
	config, problems := b.Build()
	require.NoError(t, problems.Err())
	return config
}

func TestBuildDerivesFromSiteAndIdentity(t *testing.T) {
	t.Parallel()
	identity := fixedIdentity(t)
	config, problems := builder(t).Build()
	require.Empty(t, problems)
	require.Equal(t, "https://account.example.com/", config.HTTP.PublicBase)
	require.Empty(t, config.HTTP.Issuer, "MAS takes the public address")
	require.Equal(t, "example.com", config.Matrix.Homeserver)
	require.Equal(t, "http://synapse-main.matrix.svc.cluster.local:8008/", config.Matrix.Endpoint)
	require.Equal(t, mas.HomeserverSynapseModern, config.Matrix.Kind)
	require.True(t, config.Matrix.Secret.Inline.Equal(identity.SharedSecret))
	adopted, problems := mas.IdentityFrom(config)
	require.Empty(t, problems)
	require.True(t, adopted.Equal(identity))
}

func TestBuildListeners(t *testing.T) {
	t.Parallel()
	public := []mas.Resource{{Name: "discovery"}, {Name: "human"}, {Name: "oauth"}, {Name: "compat"}, {Name: "graphql"}, {Name: "assets"}}
	subPath := site()
	subPath.AccountURL, subPath.MASURL = "https://example.com/auth/", "http://mas:8080/auth/"
	identity := fixedIdentity(t)
	cases := map[string]struct {
		builder *mas.Builder
		want    []mas.Listener
	}{
		"default": {builder(t), []mas.Listener{
			{Name: "public", Resources: public, Binds: []mas.Bind{{Address: "0.0.0.0:8080"}}},
			{Name: "internal", Resources: []mas.Resource{{Name: "health"}, {Name: "prometheus"}}, Binds: []mas.Bind{{Address: "0.0.0.0:8081"}}},
			{Name: "admin", Resources: []mas.Resource{{Name: "adminapi"}}, Binds: []mas.Bind{{Address: "0.0.0.0:8082"}}},
		}},
		"IPv6": {builder(t).Listen(netip.IPv6Unspecified()), []mas.Listener{
			{Name: "public", Resources: public, Binds: []mas.Bind{{Address: "[::]:8080"}}},
			{Name: "internal", Resources: []mas.Resource{{Name: "health"}, {Name: "prometheus"}}, Binds: []mas.Bind{{Address: "[::]:8081"}}},
			{Name: "admin", Resources: []mas.Resource{{Name: "adminapi"}}, Binds: []mas.Bind{{Address: "[::]:8082"}}},
		}},
		"sub-path, and metrics that are pushed": {
			mas.NewBuilder(subPath, identity).Database(database()).Upstream(keycloak()).
				Telemetry(mas.Telemetry{Metrics: &mas.Metrics{Exporter: mas.MetricsOTLP}}),
			[]mas.Listener{
				{Name: "public", Prefix: "/auth", Resources: public, Binds: []mas.Bind{{Address: "0.0.0.0:8080"}}},
				{Name: "internal", Resources: []mas.Resource{{Name: "health"}}, Binds: []mas.Bind{{Address: "0.0.0.0:8081"}}},
				{Name: "admin", Resources: []mas.Resource{{Name: "adminapi"}}, Binds: []mas.Bind{{Address: "0.0.0.0:8082"}}},
			},
		},
		"of the caller": {
			builder(t).Telemetry(mas.Telemetry{Metrics: &mas.Metrics{Exporter: mas.MetricsNone}}).
				Listeners(mas.Listener{Name: "web", Resources: public, Binds: []mas.Bind{{Host: "127.0.0.1", Port: 9000}}}),
			[]mas.Listener{{Name: "web", Resources: public, Binds: []mas.Bind{{Host: "127.0.0.1", Port: 9000}}}},
		},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			require.Equal(t, tc.want, build(t, tc.builder).HTTP.Listeners)
		})
	}
}

func TestBuildDefaults(t *testing.T) {
	t.Parallel()
	config := build(t, builder(t))
	require.Equal(t, []string{
		"127.0.0.0/8", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "::1/128", "fc00::/7",
	}, config.HTTP.TrustedProxies)
	require.Equal(t, &mas.Telemetry{Metrics: &mas.Metrics{Exporter: mas.MetricsPrometheus}}, config.Telemetry)
	require.Equal(t, &mas.Passwords{Enabled: mas.Set(false)}, config.Passwords)
	require.Equal(t, &mas.Account{PasswordChangeAllowed: mas.Set(false)}, config.Account)
	require.Nil(t, config.RateLimiting, "one server has MAS's own limits")
	require.Nil(t, config.Email)
	require.Nil(t, config.Policy)

	require.Equal(t, []string{}, build(t, builder(t).TrustedProxies()).HTTP.TrustedProxies, "nobody is trusted")
	config = build(t, builder(t).TrustedProxies("10.244.0.0/16").Passwords(mas.Passwords{}))
	require.Equal(t, []string{"10.244.0.0/16"}, config.HTTP.TrustedProxies)
	require.Equal(t, &mas.Passwords{}, config.Passwords)
	require.Nil(t, config.Account)
}

func TestBuildWithoutProviders(t *testing.T) {
	t.Parallel()
	config := build(t, mas.NewBuilder(site(), fixedIdentity(t)).Database(database()).Passwords(mas.Passwords{}).Upstream().Clients())
	require.Nil(t, config.UpstreamOAuth2, "an empty section stops MAS")
	require.Nil(t, config.Clients)
}

func TestBuildDatabaseTLS(t *testing.T) {
	t.Parallel()
	uri := func(s string) mas.Database { return mas.Database{URI: maskit.NewSecret(s)} }
	cases := map[string]struct {
		database mas.Database
		want     mas.SSLMode
	}{
		"network":             {mas.Database{Host: "db.example.com", Name: "mas"}, mas.SSLVerifyFull},
		"mode of the caller":  {mas.Database{Host: "db.example.com", SSLMode: mas.SSLRequire}, mas.SSLRequire},
		"loopback name":       {mas.Database{Host: "localhost"}, ""},
		"loopback IPv4":       {mas.Database{Host: "127.0.0.1"}, ""},
		"loopback IPv6":       {mas.Database{Host: "::1"}, ""},
		"socket":              {mas.Database{Socket: "/run/postgresql"}, ""},
		"socket as host":      {mas.Database{Host: "/run/postgresql"}, ""},
		"environment":         {mas.Database{}, ""},
		"URI":                 {uri("postgresql://mas:p@db.example.com/mas"), mas.SSLVerifyFull},
		"URI with a mode":     {uri("postgresql://mas:p@db.example.com/mas?sslmode=disable"), ""},
		"URI of sqlx":         {uri("postgresql://mas:p@db.example.com/mas?ssl-mode=disable"), ""},
		"URI with a socket":   {uri("postgresql:///mas?host=/run/postgresql"), ""},
		"URI of this machine": {uri("postgresql://mas:p@127.0.0.1:5433/mas"), ""},

		"URI with the host as a parameter":     {uri("postgresql:///mas?host=db.example.com"), mas.SSLVerifyFull},
		"URI with the address as a parameter":  {uri("postgresql:///mas?hostaddr=192.0.2.1"), mas.SSLVerifyFull},
		"URI whose parameter leaves":           {uri("postgresql://localhost/mas?host=db.example.com"), mas.SSLVerifyFull},
		"URI whose parameter stays":            {uri("postgresql://db.example.com/mas?host=localhost"), ""},
		"URI whose last parameter leaves":      {uri("postgresql:///mas?host=localhost&host=db.example.com"), mas.SSLVerifyFull},
		"URI with a socket beside a host":      {uri("postgresql://db.example.com/mas?host=/run/postgresql"), ""},
		"URI with a socket for a host":         {uri("postgresql://mas:p@%2Frun%2Fpostgresql:5433/mas"), ""},
		"URI of the environment":               {uri("postgresql://"), ""},
		"URI with a mode that ends in disable": {uri("postgresql://db.example.com/mas?sslmode=verify-full&sslmode=disable"), ""},
		"URI with another word that ends so":   {uri("postgresql://db.example.com/mas?xsslmode=disable"), mas.SSLVerifyFull},
		"URI with a mode in capitals":          {uri("postgresql://db.example.com/mas?sslmode=REQUIRE"), ""},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			require.Equal(t, tc.want, build(t, builder(t).Database(tc.database)).Database.SSLMode)
		})
	}
}

func TestBuildKeepsTheOrderOfProviders(t *testing.T) {
	t.Parallel()
	second := keycloak()
	second.ID, second.ClientID = "01J0000000000000000000000A", "other"
	config := build(t, builder(t).Upstream(second))
	require.Equal(t, maskit.ULID("0123456789ABCDEFGHJKMNPQRS"), config.UpstreamOAuth2.Providers[0].ID)
	require.Equal(t, maskit.ULID("01J0000000000000000000000A"), config.UpstreamOAuth2.Providers[1].ID)
}

func TestBuildIsPure(t *testing.T) {
	t.Parallel()
	provider := keycloak()
	b := mas.NewBuilder(site(), fixedIdentity(t)).Database(database()).Upstream(provider).
		RateLimits(mas.RateLimiting{Registration: &mas.RateLimit{Burst: 9, PerSecond: 1}}).
		Capacity(mas.Capacity{Servers: 3})
	first, second := build(t, b), build(t, b)
	require.True(t, first.Equal(second))
	first.UpstreamOAuth2.Providers[0].HumanName = "changed"
	first.Secrets.Keys[0].KID = "changed"
	first.HTTP.Listeners[0].Resources[0].Name = "changed"
	require.True(t, second.Equal(build(t, b)), "a configuration shares nothing with the builder")
}

func TestBuildAcceptsWhatIsAcknowledged(t *testing.T) {
	t.Parallel()
	exposed := func() *mas.Builder {
		return builder(t).Listeners(mas.Listener{
			Name:  "web",
			Binds: []mas.Bind{{Address: "0.0.0.0:8080"}},
			Resources: []mas.Resource{
				{Name: "discovery"},
				{Name: "human"},
				{Name: "oauth"},
				{Name: "compat"},
				{Name: "graphql"},
				{Name: "assets"},
				{Name: "health"},
				{Name: "prometheus"},
			},
		})
	}
	_, problems := exposed().Build()
	require.Len(t, problems.Only(maskit.SeverityError), 2)

	config, problems := exposed().Acknowledge(maskit.Ack{Code: "exposed", Max: 2}).Build()
	require.NoError(t, problems.Err())
	require.NotNil(t, config)
	require.Len(t, problems.Only(maskit.SeverityWarning), 2, "they are still told")

	_, problems = exposed().Acknowledge(maskit.Ack{Code: "exposed"}).Build()
	require.Error(t, problems.Err(), "one was acknowledged, there are two")
}

// Accepting what is wrong at its source does not make it right.
func TestBuildAcknowledgesNoInvalidConfiguration(t *testing.T) {
	t.Parallel()
	noName := site()
	noName.ServerName, noName.AccountURL = "", "https://account.example.com"
	cases := map[string]struct {
		builder *mas.Builder
		ack     maskit.Ack
		want    []string
	}{
		"identity": {
			mas.NewBuilder(site(), mas.Identity{}).Database(database()).Upstream(keycloak()),
			maskit.Ack{Code: "required", Path: "identity"},
			[]string{"matrix.secret required", "secrets.encryption required", "secrets.keys required"},
		},
		"server name": {
			mas.NewBuilder(noName, fixedIdentity(t)).Database(database()).Upstream(keycloak()),
			maskit.Ack{Code: "required", Path: "site.server_name"},
			[]string{"matrix.homeserver required"},
		},
		"version": {
			builder(t).Version(maskit.Version{Minor: 12}),
			maskit.Ack{Code: "mas-too-old"},
			[]string{"matrix.kind unsupported-by-version"},
		},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			config, problems := tc.builder.Acknowledge(tc.ack).Build()
			require.Nil(t, config)
			for _, want := range tc.want {
				require.Contains(t, codes(problems.Only(maskit.SeverityError)), want)
			}
		})
	}
}

// A mistake about the pool hides none about the limits.
func TestBuildReportsLimitsBesideAWrongCapacity(t *testing.T) {
	t.Parallel()
	limits := mas.RateLimiting{Registration: &mas.RateLimit{PerSecond: 1}}
	cases := map[string]*mas.Builder{
		"capacity.pool_size pool-size-conflict": builder(t).RateLimits(limits).Capacity(mas.Capacity{PoolSize: 6, Servers: 2}).
			Database(mas.Database{Host: "db", MaxConnections: mas.Set[uint32](5)}),
		"capacity.servers out-of-range": builder(t).RateLimits(limits).Capacity(mas.Capacity{Servers: -2}),
	}
	for want, b := range cases {
		_, problems := b.Build()
		require.Equal(t, []string{want, "rate_limiting.registration.burst required"}, codes(problems.Only(maskit.SeverityError)))
	}
}

func TestBuildReportsEverythingOnce(t *testing.T) {
	t.Parallel()
	identity := fixedIdentity(t)
	bad := site()
	bad.ServerName, bad.AccountURL, bad.SynapseURL = "https://example.com", "account.example.com", "ftp://x/"
	twice := keycloak()
	twice.ID = "01J0000000000000000000000A"
	cases := map[string]struct {
		builder *mas.Builder
		want    []string
	}{
		"nothing at all": {mas.NewBuilder(maskit.Site{}, mas.Identity{}).Upstream(keycloak()), []string{
			"site.server_name required", "site.account_url required", "site.client_api_url required", "site.synapse_url required", "site.mas_url required",
			"identity required", "database required",
		}},
		"addresses": {mas.NewBuilder(bad, identity).Database(database()).Upstream(keycloak()), []string{
			"site.server_name server-name-is-url", "site.account_url url-invalid", "site.synapse_url url-scheme",
		}},
		"version": {builder(t).Version(maskit.Version{Minor: 12}), []string{"mas mas-too-old"}},
		"pool":    {builder(t).Capacity(mas.Capacity{PoolSize: 1}), []string{"database.max_connections pool-too-small"}},
		"capacity": {builder(t).Capacity(mas.Capacity{Servers: -1, Workers: 1_000_000, PoolSize: -2}), []string{
			"capacity.servers out-of-range", "capacity.workers out-of-range", "capacity.pool_size out-of-range",
		}},
		"two pool sizes": {
			builder(t).Database(mas.Database{Host: "db", MaxConnections: mas.Set[uint32](5)}).Capacity(mas.Capacity{PoolSize: 6}),
			[]string{"capacity.pool_size pool-size-conflict"},
		},
		"provider under two ids":  {builder(t).Upstream(twice), []string{"upstream_oauth2.providers[1] provider-duplicate"}},
		"provider twice":          {builder(t).Upstream(keycloak()), []string{"upstream_oauth2.providers[1].id duplicate"}},
		"no address to listen on": {builder(t).Listen(netip.Addr{}), []string{"http.listeners listen-address-invalid"}},
		"an address with a zone":  {builder(t).Listen(netip.MustParseAddr("fe80::1%eth0")), []string{"http.listeners listen-address-invalid"}},
		"no listener":             {builder(t).Listeners(), []string{"http.listeners required"}},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			config, problems := tc.builder.Build()
			require.Nil(t, config)
			require.Equal(t, tc.want, codes(problems.Only(maskit.SeverityError)))
		})
	}
}

// A warning about an address does not hide what is wrong elsewhere.
func TestBuildWarningsHideNothing(t *testing.T) {
	t.Parallel()
	plain := site()
	plain.AccountURL = "http://account.example.com/"
	listener := mas.Listener{Name: "web", Resources: []mas.Resource{{Name: "human"}, {Name: "graphql"}, {Name: "assets"}}} // binds nothing
	config, problems := mas.NewBuilder(plain, fixedIdentity(t)).Database(database()).Upstream(keycloak()).Listeners(listener).Build()
	require.Nil(t, config)
	require.Contains(t, codes(problems.Only(maskit.SeverityError)), "http.listeners[0].binds required")
	var plainHTTP []string
	for _, p := range problems {
		if p.Code == "url-not-https" {
			plainHTTP = append(plainHTTP, p.Path)
		}
	}
	require.Equal(t, []string{"site.account_url"}, plainHTTP, "told once, at its source")
}

func TestBuildComparesProvidersWithTheIdentity(t *testing.T) {
	t.Parallel()
	stranger := keycloak()
	stranger.ID = "01J0000000000000000000000A"
	_, problems := mas.NewBuilder(site(), fixedIdentity(t)).Database(database()).Upstream(stranger).Build()
	require.NoError(t, problems.Err())
	require.Equal(t, []string{"upstream_oauth2.providers[0].id provider-not-in-identity"}, codes(problems.Only(maskit.SeverityWarning)))
	require.Equal(t, []string{"upstream_oauth2.providers provider-unused"}, codes(problems.Only(maskit.SeverityInfo)))
}

func TestBuildProblemsHoldNoSecret(t *testing.T) {
	t.Parallel()
	identity := fixedIdentity(t)
	identity.EncryptionKey = maskit.NewSecret("canary-encryption")
	identity.SigningKeys[0].Key.Inline = maskit.NewSecret("canary-key")
	identity.SharedSecret = maskit.NewSecret("canary\nshared")
	_, problems := mas.NewBuilder(site(), identity).
		Database(mas.Database{URI: maskit.NewSecret("postgresql://mas:canary%zz@db/mas"), Host: "x"}).
		Upstream(keycloak()).Build()
	require.Error(t, problems.Err())
	require.NotContains(t, problems.String(), "canary")
	require.Contains(t, strings.Join(codes(problems), "\n"), "secrets.encryption ")
}
