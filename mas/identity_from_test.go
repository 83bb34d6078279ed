package mas_test

import (
	"encoding/pem"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/mas"
)

// running is the configuration of a MAS with the fixed identity, secrets inline.
func running(t testing.TB) *mas.Config {
	t.Helper()
	identity := fixedIdentity(t)
	return &mas.Config{
		Matrix:  mas.Matrix{Homeserver: "example.com", Secret: mas.SecretValue{Inline: identity.SharedSecret}},
		Secrets: mas.Secrets{Encryption: mas.SecretValue{Inline: identity.EncryptionKey}, Keys: identity.SigningKeys},
		UpstreamOAuth2: &mas.UpstreamOAuth2{Providers: []mas.UpstreamProvider{
			{ID: identity.Providers["keycloak"], HumanName: "Keycloak", Issuer: "https://id.example.com/realms/corp"},
		}},
	}
}

func TestIdentityFrom(t *testing.T) {
	t.Parallel()
	identity, problems := mas.IdentityFrom(running(t))
	require.Empty(t, problems)
	require.True(t, identity.Equal(fixedIdentity(t)))
}

func TestIdentityFromNamesProviders(t *testing.T) {
	t.Parallel()
	const a, b, c = "01J0000000000000000000000A", "01J0000000000000000000000B", "01J0000000000000000000000C"
	cases := map[string]struct {
		providers []mas.UpstreamProvider
		want      map[string]maskit.ULID
	}{
		"none":        {nil, nil},
		"human name":  {[]mas.UpstreamProvider{{ID: a, HumanName: "Corp SSO (Entra)", Issuer: "https://x.example"}}, map[string]maskit.ULID{"corp-sso-entra": a}},
		"issuer host": {[]mas.UpstreamProvider{{ID: a, HumanName: "会社", Issuer: "https://id.corp.example/realms/x"}}, map[string]maskit.ULID{"id-corp-example": a}},
		"id":          {[]mas.UpstreamProvider{{ID: a}}, map[string]maskit.ULID{"01j0000000000000000000000a": a}},
		"clash": {
			[]mas.UpstreamProvider{{ID: a, HumanName: "Corp"}, {ID: b, HumanName: "corp!"}, {ID: c, HumanName: "Other"}},
			map[string]maskit.ULID{"corp-01j0000000000000000000000a": a, "corp-01j0000000000000000000000b": b, "other": c},
		},
		"clash with what another clash makes": {
			[]mas.UpstreamProvider{{ID: a, HumanName: "Corp"}, {ID: b, HumanName: "Corp"}, {ID: c, HumanName: "corp " + a}},
			map[string]maskit.ULID{"provider-01j0000000000000000000000a": a, "corp-01j0000000000000000000000b": b, "corp-01j0000000000000000000000a-" + strings.ToLower(c): c},
		},
		"long": {
			[]mas.UpstreamProvider{{ID: a, HumanName: "The Very Long Name Of A Provider That Never Ends"}},
			map[string]maskit.ULID{"the-very-long-name-of-a-provider": a},
		},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			config := running(t)
			config.UpstreamOAuth2.Providers = tc.providers
			identity, problems := mas.IdentityFrom(config)
			require.Empty(t, problems)
			require.Equal(t, tc.want, identity.Providers)
		})
	}
}

// Whatever providers are called, no id is lost.
func TestIdentityFromKeepsEveryID(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		ids := rapid.SliceOfNDistinct(rapid.StringMatching(`01[AB]{2}0{22}`), 1, 4, rapid.ID[string]).Draw(t, "ids")
		config := &mas.Config{UpstreamOAuth2: &mas.UpstreamOAuth2{}}
		for _, id := range ids {
			other := strings.ToLower(rapid.SampledFrom(ids).Draw(t, "other"))
			name := rapid.SampledFrom([]string{"", "corp", "provider " + other, "corp " + other, other}).Draw(t, "name")
			config.UpstreamOAuth2.Providers = append(config.UpstreamOAuth2.Providers, mas.UpstreamProvider{ID: maskit.ULID(id), HumanName: name})
		}
		identity, _ := mas.IdentityFrom(config)
		require.ElementsMatch(t, ids, slices.Collect(func(yield func(string) bool) {
			for _, id := range identity.Providers {
				yield(string(id))
			}
		}))
	})
}

// MAS runs with ids in lower case, and with keys in DER, which YAML cannot hold.
func TestIdentityFromUnusualSpellings(t *testing.T) {
	t.Parallel()
	config := running(t)
	config.UpstreamOAuth2.Providers[0].ID = maskit.ULID(strings.ToLower(string(config.UpstreamOAuth2.Providers[0].ID)))
	block, _ := pem.Decode([]byte(config.Secrets.Keys[0].Key.Inline.Reveal()))
	config.Secrets.Keys[0].Key.Inline = maskit.NewSecret(string(block.Bytes))
	before := config.Clone()

	identity, problems := mas.IdentityFrom(config)
	require.Empty(t, problems)
	require.True(t, identity.Equal(fixedIdentity(t)))
	_, err := identity.Encode()
	require.NoError(t, err)
	require.True(t, config.Equal(before), "the configuration stays as it is")
}

func TestIdentityFromRefuses(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		change func(*mas.Config)
		want   []string
	}{
		"keys in a directory": {func(c *mas.Config) { c.Secrets.KeysDir = "/keys" }, []string{"secrets.keys_dir identity-keys-dir"}},
		"secrets in files": {func(c *mas.Config) {
			c.Secrets.Encryption = mas.SecretValue{File: "/e"}
			c.Secrets.Keys[0].Key = mas.SecretValue{File: "/k"}
			c.Matrix.Secret = mas.SecretValue{File: "/m"}
		}, []string{
			"secrets.encryption_file identity-file-reference",
			"secrets.keys[0].key_file identity-file-reference",
			"matrix.secret_file identity-file-reference",
		}},
		"a file, and what is wrong beside it": {func(c *mas.Config) {
			c.Secrets.Encryption = mas.SecretValue{File: "/e"}
			c.Matrix.Secret.Inline = maskit.NewSecret("a b")
			c.UpstreamOAuth2.Providers[0].ID = "01j0000000000000000000000u"
		}, []string{
			"secrets.encryption_file identity-file-reference", "matrix.secret shared-secret-space", "upstream_oauth2.providers ulid-invalid",
		}},
		"a directory, and a bad key beside it": {func(c *mas.Config) {
			c.Secrets.KeysDir, c.Secrets.Keys[1].Key.Inline = "/keys", maskit.NewSecret("x")
		}, []string{"secrets.keys_dir identity-keys-dir", "secrets.keys[1].key key-not-a-key"}},
		"nothing": {func(c *mas.Config) { *c = mas.Config{} }, []string{
			"secrets.encryption encryption-key-missing", "matrix.secret required", "secrets.keys signing-key-no-rsa",
		}},
		"id that is none": {func(c *mas.Config) { c.UpstreamOAuth2.Providers[0].ID = "01j0000000000000000000000u" }, []string{
			"upstream_oauth2.providers ulid-invalid",
		}},
		"bad key": {func(c *mas.Config) { c.Secrets.Keys[1].Key.Inline = maskit.NewSecret("x") }, []string{
			"secrets.keys[1].key key-not-a-key",
		}},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			config := running(t)
			tc.change(config)
			_, problems := mas.IdentityFrom(config)
			require.Equal(t, tc.want, codes(problems))
			require.Error(t, problems.Err())
		})
	}
	_, problems := mas.IdentityFrom(nil)
	require.Equal(t, []string{" required"}, codes(problems))
}
