package mas_test

import (
	"crypto/rand"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/internal/golden"
	"github.com/maskit-dev/maskit/mas"
	"github.com/maskit-dev/maskit/mas/keys"
)

// inUse is a configuration with passwords, a client and one provider.
func inUse(t testing.TB) *mas.Config {
	t.Helper()
	return build(t, builder(t).
		Passwords(mas.Passwords{Schemes: []mas.PasswordScheme{
			{Version: 1, Algorithm: mas.Bcrypt, Secret: mas.SecretValue{Inline: maskit.NewSecret("canary-pepper")}},
			{Version: 2, Algorithm: mas.Argon2id},
		}}).
		Clients(mas.Client{
			ClientID: "01J0000000000000000000000C", ClientAuthMethod: mas.AuthClientSecretBasic,
			ClientSecret: mas.SecretValue{Inline: maskit.NewSecret("canary-static")},
		}))
}

func newKey(t testing.TB, kind keys.Kind) mas.SigningKey {
	t.Helper()
	key, err := keys.Generate(kind)
	require.NoError(t, err)
	return mas.SigningKey{KID: key.Kid(), Key: mas.SecretValue{Inline: key.PEM()}}
}

func TestCompareEqual(t *testing.T) {
	t.Parallel()
	comparison := mas.Compare(inUse(t), inUse(t))
	require.True(t, comparison.Empty())
	require.Empty(t, comparison.Judge())
	require.Equal(t, mas.RolloutNone, comparison.Rollout())
	require.True(t, mas.Compare(nil, nil).Empty())
}

func TestCompareFindings(t *testing.T) {
	t.Parallel()
	const refused, failed, warned, skipped = "refused", "error", "warning", "skip"
	cases := map[string]struct {
		change func(*mas.Config)
		want   []string // kind path code
	}{
		"encryption key": {func(c *mas.Config) {
			c.Secrets.Encryption.Inline = maskit.NewSecret(strings.Repeat("0", 64))
		}, []string{refused + " secrets.encryption encryption-key-changed"}},
		"encryption key gone": {func(c *mas.Config) {
			c.Secrets.Encryption = mas.SecretValue{}
		}, []string{refused + " secrets.encryption encryption-key-missing"}},
		"encryption key in upper case": {func(c *mas.Config) {
			c.Secrets.Encryption.Inline = maskit.NewSecret(strings.ToUpper(c.Secrets.Encryption.Inline.Reveal()))
		}, nil},
		"encryption key moves to a file": {func(c *mas.Config) {
			c.Secrets.Encryption = mas.SecretValue{File: "/e"}
		}, []string{failed + " secrets.encryption encryption-key-not-compared"}},
		"provider id": {func(c *mas.Config) {
			provider(c).ID = "01J0000000000000000000000A"
		}, []string{
			refused + " upstream_oauth2.providers[0].id provider-id-changed",
			warned + " upstream_oauth2.providers provider-removed",
		}},
		"provider id in lower case": {func(c *mas.Config) {
			provider(c).ID = "0123456789abcdefghjkmnpqrs"
		}, nil},
		"provider id as MAS wraps it": {func(c *mas.Config) {
			provider(c).ID = "8123456789ABCDEFGHJKMNPQRS"
		}, nil},
		"another provider instead": {func(c *mas.Config) {
			*provider(c) = mas.UpstreamProvider{ID: "01J0000000000000000000000A", Issuer: "https://other.example", ClientID: "x"}
		}, []string{warned + " upstream_oauth2.providers provider-removed"}},
		"provider disabled, under another issuer": {func(c *mas.Config) {
			provider(c).Enabled, provider(c).Issuer = mas.Set(false), "https://other.example/"
		}, []string{
			warned + " upstream_oauth2.providers provider-removed",
			failed + " upstream_oauth2.providers[0].issuer provider-issuer-changed",
		}},
		"provider gone":     {func(c *mas.Config) { c.UpstreamOAuth2 = nil }, []string{warned + " upstream_oauth2.providers provider-removed"}},
		"provider disabled": {func(c *mas.Config) { provider(c).Enabled = mas.Set(false) }, []string{warned + " upstream_oauth2.providers provider-removed"}},
		"subject template": {func(c *mas.Config) {
			provider(c).ClaimsImports.Subject.Template = "{{ user.email }}"
		}, []string{failed + " upstream_oauth2.providers[0].claims_imports.subject.template subject-template-changed"}},
		"subject template spelled out": {func(c *mas.Config) {
			provider(c).ClaimsImports.Subject.Template = "{{ user.sub }}"
		}, nil},
		"issuer of a provider": {func(c *mas.Config) {
			provider(c).Issuer = "https://other.example/"
		}, []string{failed + " upstream_oauth2.providers[0].issuer provider-issuer-changed"}},
		"endpoint of a provider without issuer": {func(c *mas.Config) {
			provider(c).Issuer, provider(c).AuthorizationEndpoint = "", "https://other.example/authorize"
		}, []string{failed + " upstream_oauth2.providers[0].issuer provider-issuer-changed"}},
		"client of a provider": {func(c *mas.Config) {
			provider(c).ClientID = "other"
		}, []string{warned + " upstream_oauth2.providers[0].client_id provider-client-changed"}},
		"conflicts add a link": {func(c *mas.Config) {
			provider(c).ClaimsImports.Localpart.OnConflict = mas.ConflictAdd
		}, []string{warned + " upstream_oauth2.providers[0].claims_imports.localpart.on_conflict on-conflict-weaker"}},
		"conflicts fail, spelled out": {func(c *mas.Config) {
			provider(c).ClaimsImports.Localpart.OnConflict = mas.ConflictFail
		}, nil},
		"logout at the provider": {func(c *mas.Config) {
			provider(c).OnBackchannelLogout = ""
		}, []string{warned + " upstream_oauth2.providers[0].on_backchannel_logout backchannel-logout-weaker"}},
		"client secret, name and scope": {func(c *mas.Config) {
			provider(c).ClientSecret.Inline = maskit.NewSecret("new")
			provider(c).HumanName, provider(c).Scope = "Corp", "openid"
		}, nil},
		"server name": {func(c *mas.Config) {
			c.Matrix.Homeserver = "example.org"
		}, []string{failed + " matrix.homeserver homeserver-changed"}},
		"shared secret": {func(c *mas.Config) {
			c.Matrix.Secret.Inline = maskit.NewSecret("new")
		}, []string{warned + " matrix.secret shared-secret-changed"}},
		"public address": {func(c *mas.Config) {
			c.HTTP.PublicBase = "https://login.example.com/"
		}, []string{warned + " http.public_base public-address-changed"}},
		"public address without its slash": {func(c *mas.Config) { c.HTTP.PublicBase = "https://account.example.com" }, nil},
		"issuer":                           {func(c *mas.Config) { c.HTTP.Issuer = "https://x.example/" }, []string{warned + " http.issuer issuer-changed"}},
		"issuer spelled out":               {func(c *mas.Config) { c.HTTP.Issuer = c.HTTP.PublicBase }, nil},
		"database host":                    {func(c *mas.Config) { c.Database.Host = "other" }, []string{warned + " database database-changed"}},
		"database as URI": {func(c *mas.Config) {
			c.Database = &mas.Database{URI: maskit.NewSecret("postgresql://someone:else@postgres-rw.matrix.svc/mas")}
		}, nil},
		"database as URI with parameters": {func(c *mas.Config) {
			c.Database = &mas.Database{URI: maskit.NewSecret("postgresql://?host=postgres-rw.matrix.svc&dbname=mas&user=x")}
		}, nil},
		"database of the user's name": {func(c *mas.Config) {
			c.Database = &mas.Database{Host: "postgres-rw.matrix.svc", Username: "mas"}
		}, nil},
		"database of another user's name": {func(c *mas.Config) {
			c.Database = &mas.Database{Host: "postgres-rw.matrix.svc", Username: "other"}
		}, []string{warned + " database database-changed"}},
		"database named by a parameter": {func(c *mas.Config) {
			c.Database = &mas.Database{URI: maskit.NewSecret("postgresql://postgres-rw.matrix.svc/mas?dbname=other")}
		}, []string{warned + " database database-changed"}},
		"database at an address": {func(c *mas.Config) {
			c.Database = &mas.Database{URI: maskit.NewSecret("postgresql://postgres-rw.matrix.svc/mas?hostaddr=192.0.2.1")}
		}, []string{warned + " database database-changed"}},
		"database user, pool and port spelled out": {func(c *mas.Config) {
			c.Database.Username, c.Database.Port, c.Database.MaxConnections = "other", 5432, mas.Set[uint32](5)
		}, nil},
		"signing key added at the front": {func(c *mas.Config) {
			c.Secrets.Keys = append([]mas.SigningKey{newKey(t, keys.RSA)}, c.Secrets.Keys...)
		}, nil},
		"signing key added at the end": {func(c *mas.Config) {
			c.Secrets.Keys = append(c.Secrets.Keys, newKey(t, keys.RSA))
		}, []string{warned + " secrets.keys signing-key-not-introduced"}},
		"first signing key of a kind": {func(c *mas.Config) {
			c.Secrets.Keys = append(c.Secrets.Keys, newKey(t, keys.P384))
		}, nil},
		"signing key replaced": {func(c *mas.Config) {
			c.Secrets.Keys[0] = newKey(t, keys.RSA)
		}, []string{failed + " secrets.keys signing-key-signer-removed", warned + " secrets.keys signing-key-not-introduced"}},
		"kid":             {func(c *mas.Config) { c.Secrets.Keys[0].KID = "main" }, []string{warned + " secrets.keys signing-key-id-changed"}},
		"kid left to MAS": {func(c *mas.Config) { c.Secrets.Keys[0].KID = "" }, nil},
		"keys from a directory": {func(c *mas.Config) {
			c.Secrets.KeysDir = "/keys"
		}, []string{skipped + " secrets.keys_dir signing-keys-not-compared"}},
		"passwords off":  {func(c *mas.Config) { c.Passwords.Enabled = mas.Set(false) }, []string{warned + " passwords.enabled passwords-disabled"}},
		"scheme removed": {func(c *mas.Config) { c.Passwords.Schemes = c.Passwords.Schemes[1:] }, []string{failed + " passwords.schemes password-scheme-removed"}},
		"schemes left to MAS": {func(c *mas.Config) { c.Passwords = nil }, []string{
			failed + " passwords.schemes[0] password-scheme-changed", failed + " passwords.schemes password-scheme-removed",
		}},
		"pepper": {func(c *mas.Config) {
			c.Passwords.Schemes[0].Secret.Inline = maskit.NewSecret("other")
		}, []string{failed + " passwords.schemes[0] password-scheme-changed"}},
		"cost and a new scheme": {func(c *mas.Config) {
			c.Passwords.Schemes[0].Cost = mas.Set[uint32](13)
			c.Passwords.Schemes = append(c.Passwords.Schemes, mas.PasswordScheme{Version: 3, Algorithm: mas.Argon2id})
		}, nil},
		"pepper moves to a file": {func(c *mas.Config) {
			c.Passwords.Schemes[0].Secret = mas.SecretValue{File: "/p"}
		}, []string{skipped + " passwords.schemes[0].secret pepper-not-compared"}},
		"pepper gone": {func(c *mas.Config) {
			c.Passwords.Schemes[0].Secret = mas.SecretValue{}
		}, []string{failed + " passwords.schemes[0] password-scheme-changed"}},
		"pepper in a file where there was none": {func(c *mas.Config) {
			c.Passwords.Schemes[1].Secret = mas.SecretValue{File: "/p"}
		}, []string{failed + " passwords.schemes[1] password-scheme-changed"}},
		"shared secret moves to a file": {func(c *mas.Config) {
			c.Matrix.Secret = mas.SecretValue{File: "/s"}
		}, []string{skipped + " matrix.secret shared-secret-not-compared"}},
		"signing key moves to a file": {func(c *mas.Config) {
			c.Secrets.Keys[0].Key = mas.SecretValue{File: "/k"}
		}, []string{skipped + " secrets.keys signing-keys-not-compared"}},
		"client gone": {func(c *mas.Config) { c.Clients = nil }, []string{warned + " clients client-removed"}},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			next := inUse(t)
			tc.change(next)
			comparison := mas.Compare(inUse(t), next)
			require.False(t, comparison.Empty(), "every case changes something")
			var got []string
			for _, p := range comparison.Refused {
				require.Equal(t, maskit.SeverityError, p.Severity)
				got = append(got, fmt.Sprintf("%s %s %s", refused, p.Path, p.Code))
			}
			for _, p := range comparison.Problems {
				got = append(got, fmt.Sprintf("%s %s %s", p.Severity, p.Path, p.Code))
			}
			require.Equal(t, tc.want, got)
		})
	}
}

func provider(c *mas.Config) *mas.UpstreamProvider { return &c.UpstreamOAuth2.Providers[0] }

func TestCompareRotation(t *testing.T) {
	t.Parallel()
	first, last := inUse(t), inUse(t)
	added := newKey(t, keys.RSA)
	introduced := inUse(t)
	introduced.Secrets.Keys = []mas.SigningKey{added, first.Secrets.Keys[0], first.Secrets.Keys[1]}
	signing := inUse(t)
	signing.Secrets.Keys = []mas.SigningKey{first.Secrets.Keys[0], first.Secrets.Keys[1], added}
	last.Secrets.Keys = []mas.SigningKey{first.Secrets.Keys[1], added}

	require.Empty(t, mas.Compare(first, introduced).Judge())
	require.Empty(t, mas.Compare(introduced, signing).Judge())
	require.Contains(t, mas.Compare(introduced, signing).String(), "secrets.keys (order)")
	require.Equal(t, []string{"secrets.keys signing-key-removed"}, codes(mas.Compare(signing, last).Judge()))
	require.NoError(t, mas.Compare(signing, last).Judge().Err())
	require.Error(t, mas.Compare(introduced, last).Judge().Err(), "a step is skipped")
}

func TestCompareEffects(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		change func(*mas.Config)
		want   string // rollout, impact
	}{
		"client secret of a provider": {func(c *mas.Config) { provider(c).ClientSecret.Inline = maskit.NewSecret("n") }, "sync, nothing"},
		"template of a provider":      {func(c *mas.Config) { provider(c).ClaimsImports.Email.Template = "x" }, "sync, nothing"},
		"subject of a provider":       {func(c *mas.Config) { provider(c).ClaimsImports.Subject.Template = "x" }, "sync, links orphaned"},
		"provider off":                {func(c *mas.Config) { provider(c).Enabled = mas.Set(false) }, "sync, logins fail"},
		"provider gone":               {func(c *mas.Config) { c.UpstreamOAuth2.Providers = c.UpstreamOAuth2.Providers[:0] }, "sync, logins fail"},
		"provider on, spelled out":    {func(c *mas.Config) { provider(c).Enabled = mas.Set(true) }, "sync, nothing"},
		"passwords off":               {func(c *mas.Config) { c.Passwords.Enabled = mas.Set(false) }, "restart, logins fail"},
		"passwords on, spelled out":   {func(c *mas.Config) { c.Passwords.Enabled = mas.Set(true) }, "restart, nothing"},
		"pepper":                      {func(c *mas.Config) { c.Passwords.Schemes[0].Secret.Inline = maskit.NewSecret("n") }, "restart, logins fail"},
		"hashing cost":                {func(c *mas.Config) { c.Passwords.Schemes[0].Cost = mas.Set[uint32](13) }, "restart, nothing"},
		"for the migration only":      {func(c *mas.Config) { provider(c).SynapseIDPID = "oidc-x" }, "no action, nothing"},
		"client":                      {func(c *mas.Config) { c.Clients[0].ClientName = "x" }, "sync, nothing"},
		"client gone":                 {func(c *mas.Config) { c.Clients = nil }, "sync, nothing"},
		"public address":              {func(c *mas.Config) { c.HTTP.PublicBase = "https://x.example/" }, "restart, browser sessions end"},
		"listener":                    {func(c *mas.Config) { c.HTTP.Listeners[1].Binds[0].Address = "[::]:1" }, "restart, nothing"},
		"shared secret":               {func(c *mas.Config) { c.Matrix.Secret.Inline = maskit.NewSecret("n") }, "restart, logins fail"},
		"encryption key":              {func(c *mas.Config) { c.Secrets.Encryption.Inline = maskit.NewSecret("n") }, "restart, logins fail"},
		"encryption key in capitals": {func(c *mas.Config) {
			c.Secrets.Encryption.Inline = maskit.NewSecret(strings.ToUpper(c.Secrets.Encryption.Inline.Reveal()))
		}, "restart, nothing"},
		"subject of a provider, spelled out": {func(c *mas.Config) { provider(c).ClaimsImports.Subject.Template = "{{ user.sub }}" }, "sync, nothing"},
		"issuer, spelled out":                {func(c *mas.Config) { c.HTTP.Issuer = c.HTTP.PublicBase }, "restart, nothing"},
		"public address without its slash":   {func(c *mas.Config) { c.HTTP.PublicBase = "https://account.example.com" }, "restart, nothing"},
		"order of clients, which decides none": {func(c *mas.Config) {
			c.Clients = append([]mas.Client{{ClientID: "01J0000000000000000000000D"}}, c.Clients...)
		}, "sync, nothing"},
		"idle sessions": {func(c *mas.Config) {
			c.Experimental = &mas.Experimental{InactiveSessionExpiration: &mas.InactiveSessionExpiration{TTL: 600}}
		}, "restart, browser sessions end"},
		"policy": {func(c *mas.Config) { c.Policy = &mas.Policy{Data: &mas.PolicyData{AdminUsers: []string{"a"}}} }, "restart, nothing"},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			next := inUse(t)
			tc.change(next)
			comparison := mas.Compare(inUse(t), next)
			impact := mas.ImpactNone
			for _, d := range comparison.Differences {
				impact = max(impact, d.Impact)
			}
			require.Equal(t, tc.want, fmt.Sprintf("%s, %s", comparison.Rollout(), impact))
		})
	}
}

func TestCompareAcknowledged(t *testing.T) {
	t.Parallel()
	next := inUse(t)
	next.Matrix.Homeserver = "example.org"
	comparison := mas.Compare(inUse(t), next)
	require.Error(t, comparison.Judge().Err())
	require.NoError(t, comparison.Judge(maskit.Ack{Code: "homeserver-changed"}).Err())

	next.Secrets.Encryption.Inline = maskit.NewSecret(strings.Repeat("0", 64))
	comparison = mas.Compare(inUse(t), next)
	judged := comparison.Judge(maskit.Ack{Code: "homeserver-changed"}, maskit.Ack{Code: "encryption-key-changed"})
	require.Equal(t, []string{"secrets.encryption encryption-key-changed"}, codes(judged.Only(maskit.SeverityError)), "nothing lifts it")
}

// TestCompareGolden shows a whole comparison as a reviewer sees it.
func TestCompareGolden(t *testing.T) {
	t.Parallel()
	old, next := inUse(t), inUse(t)
	changeManyThings(next)
	comparison := mas.Compare(old, next)
	text := comparison.String() + "\n\n" + comparison.Judge().String() + "\n"
	require.Equal(t, text, mas.Compare(old, next).String()+"\n\n"+comparison.Judge().String()+"\n")
	require.NotContains(t, text, "canary")
	require.NotContains(t, text, old.Matrix.Secret.Inline.Reveal())

	golden.Require(t, "testdata/compare.golden", text)
}

func changeManyThings(c *mas.Config) {
	c.HTTP.PublicBase = "https://login.example.com/"
	c.HTTP.TrustedProxies = []string{"10.244.0.0/16"}
	c.HTTP.Listeners = append(c.HTTP.Listeners[:2:2], mas.Listener{
		Name: "extra", Resources: []mas.Resource{{Name: mas.ResourceCompat}}, Binds: []mas.Bind{{Port: 9000}},
	})
	c.Database.Password.Inline = maskit.NewSecret("canary-new")
	c.Database.MaxConnections = mas.Set[uint32](20)
	c.Matrix.Secret = mas.SecretValue{File: "/etc/mas/secrets/matrix"}
	c.Secrets.Keys[0], c.Secrets.Keys[1] = c.Secrets.Keys[1], c.Secrets.Keys[0]
	c.Passwords.Schemes[0].Secret.Inline = maskit.NewSecret("canary-pepper-2")
	c.Account = &mas.Account{PasswordRecoveryEnabled: true}
	c.Email = &mas.Email{Transport: mas.EmailSMTP, Hostname: "mail", Password: mas.SecretValue{Inline: maskit.NewSecret("canary-mail")}}
	c.Clients[0].JWKS = map[string]any{"keys": []any{map[string]any{"d": "canary-private"}}}
	provider(c).ClientSecret.Inline = maskit.NewSecret("canary-new")
	provider(c).AdditionalAuthorizationParameters = map[string]string{"prompt": "login", "kc_idp_hint": "corp"}
	c.UpstreamOAuth2.Providers = append([]mas.UpstreamProvider{{
		ID: "01J0000000000000000000000D", Issuer: "https://entra.example", ClientID: "abc", HumanName: "Entra",
		ClientSecret: mas.SecretValue{Inline: maskit.NewSecret("canary-entra")},
	}}, c.UpstreamOAuth2.Providers...)
	c.Policy = &mas.Policy{Data: &mas.PolicyData{AdminUsers: []string{"alice"}, Custom: map[string]any{"token": "canary-policy"}}}
	c.Telemetry = nil
}

func TestCompareMasksAddressesWithPasswords(t *testing.T) {
	t.Parallel()
	endpoint := func(password string) *mas.Config {
		return &mas.Config{
			Telemetry: &mas.Telemetry{Metrics: &mas.Metrics{Endpoint: "https://user:" + password + "@otlp.example.com/"}},
			UpstreamOAuth2: &mas.UpstreamOAuth2{Providers: []mas.UpstreamProvider{{
				ID: "01J0000000000000000000000A", AdditionalAuthorizationParameters: map[string]string{"a": "https://" + password + "@x.example"},
			}}},
		}
	}
	text := mas.Compare(endpoint("canary-1"), endpoint("canary-2")).String()
	require.NotContains(t, text, "canary")
	require.Contains(t, text, `telemetry.metrics.endpoint: "https://[redacted]@otlp.example.com/" → "https://[redacted]@otlp.example.com/"`)
	require.Contains(t, text, `additional_authorization_parameters.a: "https://[redacted]@x.example" → "https://[redacted]@x.example"`)
}

func TestCompareFirstAndLast(t *testing.T) {
	t.Parallel()
	config := inUse(t)
	first := mas.Compare(nil, config)
	require.Empty(t, first.Judge())
	require.Equal(t, mas.RolloutRestart, first.Rollout())
	require.NotContains(t, first.String(), "canary")
	require.Contains(t, first.String(), "create provider 0123456789ABCDEFGHJKMNPQRS")

	last := mas.Compare(config, nil)
	require.Empty(t, last.Judge())
	require.Contains(t, last.String(), "delete provider 0123456789ABCDEFGHJKMNPQRS")
}

// Adopting the configuration of a running MAS and building anew keeps everything
// that users depend on.
func TestCompareAdoption(t *testing.T) {
	t.Parallel()
	old := inUse(t)
	identity, problems := mas.IdentityFrom(old)
	require.Empty(t, problems)
	next := build(t, mas.NewBuilder(site(), identity).Database(database()).Upstream(keycloak()).Passwords(*old.Passwords).Clients(old.Clients...))
	require.True(t, mas.Compare(old, next).Empty())

	foreign, err := mas.NewIdentity(rand.Reader)
	require.NoError(t, err)
	other := build(t, mas.NewBuilder(site(), foreign).Database(database()).Upstream(keycloak()))
	require.Equal(t, []string{"secrets.encryption encryption-key-changed"}, codes(mas.Compare(old, other).Refused))
}

// The links of a disabled provider wait for it to come back, as the same one.
func TestCompareJudgesProvidersThatWereDisabled(t *testing.T) {
	t.Parallel()
	config := func(enabled bool, issuer string) *mas.Config {
		return &mas.Config{UpstreamOAuth2: &mas.UpstreamOAuth2{Providers: []mas.UpstreamProvider{{
			ID: "01JSHPZHAXC50QBKH67MH33TNF", Enabled: mas.Set(enabled), Issuer: issuer, ClientID: "mas",
		}}}}
	}
	back := mas.Compare(config(false, "https://sso.example.com"), config(true, "https://other.example"))
	require.ErrorContains(t, back.Judge().Err(), "provider-issuer-changed")
	require.NoError(t, mas.Compare(config(false, "https://sso.example.com"), config(true, "https://sso.example.com")).Judge().Err())
}

// Files of one name can hold two keys.
func TestCompareNeverTakesAFileNameForAKey(t *testing.T) {
	t.Parallel()
	config := &mas.Config{Secrets: mas.Secrets{Encryption: mas.SecretValue{File: "/etc/mas/secrets/encryption"}}}
	require.ErrorContains(t, mas.Compare(config, config.Clone()).Judge().Err(), "encryption-key-not-compared")
	require.NoError(t, mas.Compare(config, config.Clone()).Judge(maskit.Ack{Code: "encryption-key-not-compared"}).Err())
}
