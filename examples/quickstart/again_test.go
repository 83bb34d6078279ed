package main

import (
	"errors"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// site writes the sample with some texts replaced by others.
func site(t *testing.T, oldAndNew ...string) string {
	t.Helper()
	return writeFile(t, "site.yaml", strings.NewReplacer(oldAndNew...).Replace(sample(t, "site.yaml")))
}

// What the users of the MAS that runs the bundle would not survive is refused, until
// somebody says that it is meant.
func TestABundleIsComparedWithTheOneItReplaces(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		site []string
		code string
	}{
		"another server": {[]string{"server_name: example.com", "server_name: example.org"}, "homeserver-changed"},
		"another issuer": {[]string{"base_url: https://sso.example.com", "base_url: https://other.example.com"}, "provider-issuer-changed"},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			out := filepath.Join(t.TempDir(), "bundle")
			require.Equal(t, 0, quickstart(t, "-out", out).code)
			before := tree(t, out)
			homeserver := writeFile(t, "homeserver.yaml", strings.Replace(sample(t, "homeserver.yaml"), "example.com", strings.TrimPrefix(siteName(tc.site[1]), " "), 1))
			args := []string{"-out", out, "-site", site(t, tc.site...), "-homeserver", homeserver}
			got := quickstart(t, args...)
			require.Equal(t, 1, got.code, got.stdout)
			require.Contains(t, got.stderr, "["+tc.code+"]")
			require.Contains(t, got.stderr, "-accept "+tc.code)
			require.Equal(t, before, tree(t, out))

			got = quickstart(t, append(args, "-accept", tc.code)...)
			require.Equal(t, 0, got.code, got.stderr)
			require.Contains(t, got.stdout, "Compared with the bundle that was there:")
			require.Contains(t, got.stdout, "["+tc.code+"]")
			require.NotContains(t, quickstart(t, args...).stdout, "Compared with", "the step is taken")
		})
	}
}

// siteName is the server name of a replaced line of the sample, else its own.
func siteName(line string) string {
	if name, ok := strings.CutPrefix(line, "server_name: "); ok {
		return name
	}
	return "example.com"
}

func TestAnotherAddressIsNotSilent(t *testing.T) {
	t.Parallel()
	out := filepath.Join(t.TempDir(), "bundle")
	require.Equal(t, 0, quickstart(t, "-out", out).code)
	got := quickstart(t, "-out", out, "-site", site(t, "account_url: https://account.example.com/", "account_url: https://login.example.com/"))
	require.Equal(t, 0, got.code, got.stderr)
	require.Contains(t, got.stdout, "[public-address-changed]")
	require.Contains(t, got.stdout, "http.public_base: \"https://account.example.com/\" → \"https://login.example.com/\"")
	require.Contains(t, got.stdout, "site.yaml:6:3: http.public_base")
}

func TestARenamedProviderIsRefused(t *testing.T) {
	t.Parallel()
	out := filepath.Join(t.TempDir(), "bundle")
	require.Equal(t, 0, quickstart(t, "-out", out).code)
	got := quickstart(t, "-out", out, "-site", site(t, "- kind: keycloak", "- kind: keycloak\n    name: corporate"))
	require.Equal(t, 1, got.code)
	require.Contains(t, got.stderr, "[provider-id-changed] (fix: give the provider its old name again: its id is kept under it)")

	got = quickstart(t, "-out", out, "-site", site(t, "- kind: keycloak", "- kind: keycloak\n    name: corporate", "realm: example", "realm: corporate"))
	require.Equal(t, 0, got.code, got.stderr)
	require.Contains(t, got.stdout, "providers[0].name: corporate is new and gets an id of its own, and nothing uses keycloak any more")
}

// The key in the bundle is the one that MAS runs with.
func TestAnotherEncryptionKeyIsRefused(t *testing.T) {
	t.Parallel()
	out := filepath.Join(t.TempDir(), "bundle")
	require.Equal(t, 0, quickstart(t, "-out", out).code)
	path := filepath.Join(out, "identity.yaml")
	edited := regexp.MustCompile(`encryption_key: .*`).ReplaceAllString(tree(t, out)["identity.yaml"], `encryption_key: "`+strings.Repeat("0", 64)+`"`)
	require.NoError(t, os.WriteFile(path, []byte(edited), 0o600))
	got := quickstart(t, "-out", out, "-accept", "encryption-key-changed")
	require.Equal(t, 1, got.code)
	require.Contains(t, got.stderr, "[encryption-key-changed]")
}

// A run that was killed may have written the configuration and not its secrets.
func TestMissingSecretsAreWrittenAgain(t *testing.T) {
	t.Parallel()
	for _, layout := range []string{"split", "single"} {
		out := filepath.Join(t.TempDir(), "bundle")
		require.Equal(t, 0, quickstart(t, "-out", out, "-layout", layout).code)
		before := tree(t, out)
		for name := range before {
			if strings.HasPrefix(name, "mas/secrets/") {
				require.NoError(t, os.Remove(filepath.Join(out, filepath.FromSlash(name))))
			}
		}
		got := quickstart(t, "-out", out, "-layout", layout)
		require.Equal(t, 0, got.code, got.stderr)
		require.Equal(t, before, tree(t, out))
	}
}

func TestABrokenBundleIsNotReplacedUnseen(t *testing.T) {
	t.Parallel()
	out := filepath.Join(t.TempDir(), "bundle")
	require.Equal(t, 0, quickstart(t, "-out", out).code)
	require.NoError(t, os.WriteFile(filepath.Join(out, "mas", "config.yaml"), []byte("broken: ["), 0o600))
	got := quickstart(t, "-out", out)
	require.Equal(t, 1, got.code)
	require.Contains(t, got.stderr, "[bundle-not-compared]")
	require.Equal(t, 0, quickstart(t, "-out", out, "-force").code)
}

// What is said at the end is true of what happened.
func TestFailuresSayWhatWasWritten(t *testing.T) {
	t.Parallel()
	failure := func(err error) string {
		var b strings.Builder
		printFailure(&b, err)
		return b.String()
	}
	p := parts{settings: settings{out: "bundle"}}
	require.Equal(t, "quickstart: -out bundle: disk full\nSome files may be new by now, each of them whole: run the same command again.\n",
		failure(p.applyError(errors.New("disk full"))))
	require.Equal(t, "quickstart: no such file\nNothing was written.\n", failure(errors.New("no such file")))

	out := t.TempDir()
	require.NoError(t, os.Symlink(filepath.Join(t.TempDir(), "elsewhere"), filepath.Join(out, "REGISTER.md")))
	got := quickstart(t, "-out", out)
	require.Equal(t, 1, got.code)
	require.Equal(t, "quickstart: -out "+out+": REGISTER.md: is a symbolic link, not a regular file\nNothing was written.\n", got.stderr)
}

// A first run that was killed before it wrote the identity has left a record, temporary
// files and nothing that anybody uses.
func TestAKilledFirstRunIsRunAgain(t *testing.T) {
	t.Parallel()
	other := filepath.Join(t.TempDir(), "bundle")
	require.Equal(t, 0, quickstart(t, "-out", other).code)
	out := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(out, "manifest.json"), []byte(tree(t, other)["manifest.json"]), 0o600))
	require.NoError(t, os.WriteFile(filepath.Join(out, ".identity.yaml.ABCDEFGHIJKLMNOPQRSTUVWXYZ.tmp"), []byte("half"), 0o600))
	got := quickstart(t, "-out", out)
	require.Equal(t, 0, got.code, got.stderr)
	require.Len(t, tree(t, out), len(tree(t, other)), "what was left is gone")
}
