package mas_test

import (
	"bytes"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/stretchr/testify/require"
	"gopkg.in/yaml.v3"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/mas"
	"github.com/maskit-dev/maskit/mas/keys"
)

// fixedIdentity is an identity made for these tests, with one provider, keycloak.
func fixedIdentity(t testing.TB) mas.Identity {
	t.Helper()
	data, err := os.ReadFile("testdata/identity.yaml")
	require.NoError(t, err)
	identity, problems := mas.ParseIdentity("identity.yaml", data)
	require.Empty(t, problems)
	return identity
}

func TestNewIdentity(t *testing.T) {
	t.Parallel()
	identity, err := mas.NewIdentity(rand.Reader)
	require.NoError(t, err)
	require.Empty(t, identity.Validate())
	require.Regexp(t, `^[0-9a-f]{64}$`, identity.EncryptionKey.Reveal())
	require.Regexp(t, `^[0-9a-f]{64}$`, identity.SharedSecret.Reveal())
	require.False(t, identity.EncryptionKey.Equal(identity.SharedSecret))
	require.Empty(t, identity.Providers)

	var kinds []keys.Kind
	for _, entry := range identity.SigningKeys {
		key, err := keys.Parse(entry.Key.Inline, entry.Password.Inline)
		require.NoError(t, err)
		require.Equal(t, key.Kid(), entry.KID)
		kinds = append(kinds, key.Kind())
	}
	require.Equal(t, []keys.Kind{keys.RSA, keys.P256}, kinds)

	other, err := mas.NewIdentity(rand.Reader)
	require.NoError(t, err)
	require.False(t, identity.Equal(other))
}

func TestNewIdentityFailsWithoutRandomness(t *testing.T) {
	t.Parallel()
	_, err := mas.NewIdentity(iotest.ErrReader(errors.New("no entropy")))
	require.ErrorContains(t, err, "no entropy")
	_, err = mas.NewIdentity(strings.NewReader("too short"))
	require.Error(t, err)
}

func TestWithProvider(t *testing.T) {
	t.Parallel()
	identity := fixedIdentity(t)

	more, err := identity.WithProvider("entra", bytes.NewReader(make([]byte, 10)))
	require.NoError(t, err)
	require.Equal(t, maskit.ULID("00000000000000000000000000"), more.Providers["entra"])
	require.Equal(t, identity.Providers["keycloak"], more.Providers["keycloak"])
	require.NotContains(t, identity.Providers, "entra", "the receiver stays as it is")

	again, err := more.WithProvider("entra", iotest.ErrReader(errors.New("not asked for")))
	require.NoError(t, err)
	require.True(t, again.Equal(more), "a known name keeps its id and draws nothing")

	for _, name := range []string{"", "Entra", "a b", "é", strings.Repeat("x", 65)} {
		_, err := identity.WithProvider(name, rand.Reader)
		require.Error(t, err, "name %q", name)
	}
	_, err = identity.WithProvider("okta", iotest.ErrReader(errors.New("no entropy")))
	require.ErrorContains(t, err, "no entropy")
}

func TestWithProviderID(t *testing.T) {
	t.Parallel()
	const known, other = maskit.ULID("0123456789ABCDEFGHJKMNPQRS"), maskit.ULID("01J0000000000000000000000A")
	identity := fixedIdentity(t)

	renamed, err := identity.WithProviderID("corp", known)
	require.NoError(t, err)
	require.Equal(t, map[string]maskit.ULID{"corp": known}, renamed.Providers)
	require.Equal(t, map[string]maskit.ULID{"keycloak": known}, identity.Providers, "the receiver stays as it is")

	added, err := mas.Identity{}.WithProviderID("corp", other)
	require.NoError(t, err)
	require.Equal(t, map[string]maskit.ULID{"corp": other}, added.Providers)

	added, err = mas.Identity{}.WithProviderID("corp", "81j0000000000000000000000a")
	require.NoError(t, err)
	require.Equal(t, map[string]maskit.ULID{"corp": "01J0000000000000000000000A"}, added.Providers, "as MAS stores it")

	_, err = identity.WithProviderID("keycloak", other)
	require.ErrorIs(t, err, maskit.ErrConflict)
	_, err = identity.WithProviderID("No Name", other)
	require.Error(t, err)
	_, err = identity.WithProviderID("corp", "nonsense")
	require.Error(t, err)
}

func TestNewULID(t *testing.T) {
	t.Parallel()
	seen := map[maskit.ULID]bool{}
	for range 100 {
		id, err := mas.NewULID(rand.Reader)
		require.NoError(t, err)
		require.NoError(t, id.Validate())
		require.False(t, seen[id])
		seen[id] = true
	}
	id, err := mas.NewULID(bytes.NewReader(bytes.Repeat([]byte{0xff}, 10)))
	require.NoError(t, err)
	require.Equal(t, maskit.ULID("0000000000ZZZZZZZZZZZZZZZZ"), id)
}

func TestIdentityRoundTrip(t *testing.T) {
	t.Parallel()
	identity, err := mas.NewIdentity(rand.Reader)
	require.NoError(t, err)
	identity, err = identity.WithProvider("entra-id", rand.Reader)
	require.NoError(t, err)

	text, err := identity.Encode()
	require.NoError(t, err)
	back, problems := mas.ParseIdentity("identity.yaml", []byte(text.Reveal()))
	require.Empty(t, problems)
	require.True(t, identity.Equal(back))

	again, err := back.Encode()
	require.NoError(t, err)
	require.True(t, text.Equal(again), "the same identity gives the same text")
	require.Contains(t, text.Reveal(), "# Never change encryption_key")
}

func TestIdentityEncodeRefusesWhatCannotBeRead(t *testing.T) {
	t.Parallel()
	_, err := mas.Identity{}.Encode()
	require.ErrorIs(t, err, maskit.ErrInvalid)
}

func TestIdentityEqual(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func(*mas.Identity){
		"encryption key": func(i *mas.Identity) { i.EncryptionKey = maskit.NewSecret(strings.Repeat("0", 64)) },
		"shared secret":  func(i *mas.Identity) { i.SharedSecret = maskit.NewSecret("other") },
		"key order":      func(i *mas.Identity) { i.SigningKeys[0], i.SigningKeys[1] = i.SigningKeys[1], i.SigningKeys[0] },
		"kid":            func(i *mas.Identity) { i.SigningKeys[0].KID = "other" },
		"key gone":       func(i *mas.Identity) { i.SigningKeys = i.SigningKeys[:1] },
		"provider":       func(i *mas.Identity) { i.Providers["keycloak"] = "01J00000000000000000000000" },
		"provider name":  func(i *mas.Identity) { i.Providers["other"] = i.Providers["keycloak"]; delete(i.Providers, "keycloak") },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a, b := fixedIdentity(t), fixedIdentity(t)
			require.True(t, a.Equal(b))
			change(&b)
			require.False(t, a.Equal(b))
		})
	}
}

func TestIdentityPrintsNoSecret(t *testing.T) {
	t.Parallel()
	identity := fixedIdentity(t)
	_, jsonErr := json.Marshal(identity) // see TestMarshalFails
	_, yamlErr := yaml.Marshal(identity)
	var logged bytes.Buffer
	slog.New(slog.NewTextHandler(&logged, nil)).Info("made", "identity", identity)
	text, err := identity.Encode()
	require.NoError(t, err)
	for _, shown := range []string{
		fmt.Sprint(identity), fmt.Sprintf("%+v %#v %s %q %x", identity, identity, &identity, identity, identity),
		fmt.Sprint(jsonErr, yamlErr), logged.String(), fmt.Sprint(text),
	} {
		require.NotContains(t, shown, identity.EncryptionKey.Reveal())
		require.NotContains(t, shown, identity.SharedSecret.Reveal())
		require.NotContains(t, shown, "PRIVATE KEY")
	}
}

func TestParseIdentityReportsEverything(t *testing.T) {
	t.Parallel()
	valid, err := os.ReadFile("testdata/identity.yaml")
	require.NoError(t, err)
	replace := func(old, text string) string {
		require.Contains(t, string(valid), old)
		return strings.Replace(string(valid), old, text, 1)
	}
	cases := map[string]struct {
		text string
		want []string // path code
	}{
		"empty":            {"", []string{" empty-file"}},
		"comment only":     {"# nothing\n", []string{" empty-file"}},
		"unknown keys":     {string(valid) + "encrytion_key: x\nextra: 1\n", []string{"encrytion_key unknown-key", "extra unknown-key"}},
		"wrong type":       {replace("version: 1", "version: one"), []string{"version wrong-type"}},
		"other version":    {replace("version: 1", "version: 2"), []string{"version identity-version"}},
		"version missing":  {replace("version: 1\n", ""), []string{"version identity-version"}},
		"only the version": {"version: 1\n", []string{"encryption_key encryption-key-missing", "shared_secret required", "signing_keys signing-key-no-rsa"}},
		"name and id":      {replace("keycloak:", "Key Cloak:"), []string{`providers."Key Cloak" provider-name-invalid`}},
		"one id no text, one no id": {
			replace("keycloak:", "a: 1\n  ab: x\n  keycloak:"),
			[]string{"providers.a wrong-type", "providers.ab ulid-invalid"},
		},
		"name with a dot": {replace(`keycloak: "0123456789ABCDEFGHJKMNPQRS"`, "id.corp: x"), []string{`providers."id.corp" ulid-invalid`}},
		"lower-case id":   {replace(`"0123456789ABCDEFGHJKMNPQRS"`, `"0123456789abcdefghjkmnpqrs"`), []string{"providers.keycloak ulid-invalid"}},
		"same id twice":   {string(valid) + `  two: "0123456789ABCDEFGHJKMNPQRS"` + "\n", []string{"providers.two provider-id-duplicate"}},
		"several at once": {
			replace("shared_secret:", "shared_secret: [1]\nencryption_keys:"),
			[]string{"shared_secret wrong-type", "encryption_keys unknown-key"},
		},
		"not YAML": {"a: [", []string{" yaml-syntax"}},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, problems := mas.ParseIdentity("identity.yaml", []byte(c.text))
			require.Equal(t, c.want, codes(problems))
			for _, p := range problems {
				require.Equal(t, "identity.yaml", p.Pos.File)
			}
		})
	}
}

func TestIdentityValidate(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		change func(*mas.Identity)
		want   []string
	}{
		"nothing": {func(i *mas.Identity) { *i = mas.Identity{} }, []string{
			"encryption_key encryption-key-missing", "shared_secret required", "signing_keys signing-key-no-rsa",
		}},
		"encryption key too short":     {func(i *mas.Identity) { i.EncryptionKey = maskit.NewSecret("abcd") }, []string{"encryption_key encryption-key-length"}},
		"shared secret with a newline": {func(i *mas.Identity) { i.SharedSecret = maskit.NewSecret("secret\n") }, []string{"shared_secret shared-secret-space"}},
		"no RSA key":                   {func(i *mas.Identity) { i.SigningKeys = i.SigningKeys[1:] }, []string{"signing_keys signing-key-no-rsa"}},
		"not a key":                    {func(i *mas.Identity) { i.SigningKeys[1].Key.Inline = maskit.NewSecret("hello") }, []string{"signing_keys[1].key key-not-a-key"}},
		"key in a file":                {func(i *mas.Identity) { i.SigningKeys[0].Key = mas.SecretValue{File: "/key.pem"} }, []string{"signing_keys[0] identity-file-reference"}},
		"the same key twice, and an id that is none": {func(i *mas.Identity) {
			i.SigningKeys = append(i.SigningKeys, i.SigningKeys[0])
			i.Providers["x"] = "nonsense"
		}, []string{"signing_keys signing-key-duplicate", "providers.x ulid-invalid"}},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			identity := fixedIdentity(t)
			c.change(&identity)
			require.Equal(t, c.want, codes(identity.Validate()))
		})
	}
}

// codes returns "path code" of each problem, in order.
func codes(problems maskit.Problems) []string {
	var out []string
	for _, p := range problems {
		out = append(out, p.Path+" "+p.Code)
	}
	return out
}

func FuzzParseIdentity(f *testing.F) {
	valid, err := os.ReadFile("testdata/identity.yaml")
	require.NoError(f, err)
	f.Add(valid)
	f.Add([]byte("version: 1\nproviders: {a: *x}\n"))
	f.Add([]byte("\xef\xbb\xbfversion: 1\r\nsigning_keys: [{key: 1}]\r\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		identity, problems := mas.ParseIdentity("identity.yaml", data)
		if problems.Err() != nil {
			return
		}
		text, err := identity.Encode()
		require.NoError(t, err)
		back, problems := mas.ParseIdentity("identity.yaml", []byte(text.Reveal()))
		require.Empty(t, problems)
		require.True(t, identity.Equal(back))
	})
}
