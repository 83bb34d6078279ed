package main

import (
	"bytes"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/maskit-dev/maskit/internal/golden"
)

// outcome is what a run printed and returned.
type outcome struct {
	code           int
	stdout, stderr string
}

func quickstart(t *testing.T, args ...string) outcome {
	t.Helper()
	var stdout, stderr bytes.Buffer
	code := run(args, &stdout, &stderr)
	return outcome{code, stdout.String(), stderr.String()}
}

// tree is the content of every file below dir.
func tree(t *testing.T, dir string) map[string]string {
	t.Helper()
	files := map[string]string{}
	require.NoError(t, filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := os.ReadFile(path)
		name, _ := filepath.Rel(dir, path)
		files[filepath.ToSlash(name)] = string(data)
		return err
	}))
	return files
}

func writeFile(t *testing.T, name, content string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	require.NoError(t, os.WriteFile(path, []byte(content), 0o600))
	return path
}

func TestSampleSummary(t *testing.T) {
	t.Parallel()
	out := filepath.Join(t.TempDir(), "bundle")
	got := quickstart(t, "-out", out)
	require.Equal(t, 0, got.code, got.stderr)
	text := strings.ReplaceAll(got.stdout, filepath.ToSlash(out), "BUNDLE")
	text = regexp.MustCompile(`0{10}[0-9A-Z]{16}`).ReplaceAllString(text, "ULID")
	text = regexp.MustCompile(`signing-key-\S+ *`).ReplaceAllString(text, "signing-key-KID  ")
	text = regexp.MustCompile(` +(secret)?\n`).ReplaceAllString(text, " $1\n")
	text = regexp.MustCompile(`(create  \S+) +`).ReplaceAllString(text, "$1 ")
	golden.Require(t, "testdata/summary.txt", text)
}

func TestSecondRunChangesNothing(t *testing.T) {
	t.Parallel()
	for _, layout := range []string{"split", "single"} {
		t.Run(layout, func(t *testing.T) {
			t.Parallel()
			out := filepath.Join(t.TempDir(), "bundle")
			require.Equal(t, 0, quickstart(t, "-out", out, "-layout", layout).code)
			before := tree(t, out)
			got := quickstart(t, "-out", out, "-layout", layout)
			require.Equal(t, 0, got.code, got.stderr)
			require.Contains(t, got.stdout, "is unchanged")
			require.Equal(t, before, tree(t, out))
		})
	}
}

func TestIdentityOutlivesLayoutAndOrder(t *testing.T) {
	t.Parallel()
	out := filepath.Join(t.TempDir(), "bundle")
	provider := func(name string) string {
		return "  - kind: keycloak\n    name: " + name + "\n    base_url: https://" + name + ".example.com\n    realm: r\n    client_id: mas\n    client_secret: s\n"
	}
	base := strings.Split(sample(t, "site.yaml"), "providers:")[0] + "providers:\n"
	first := writeFile(t, "site.yaml", base+provider("one")+provider("two"))
	turned := writeFile(t, "site.yaml", base+provider("two")+provider("one"))

	require.Equal(t, 0, quickstart(t, "-site", first, "-out", out).code)
	before := tree(t, out)
	got := quickstart(t, "-site", turned, "-out", out, "-layout", "single")
	require.Equal(t, 0, got.code, got.stderr)
	after := tree(t, out)
	require.Equal(t, before["identity.yaml"], after["identity.yaml"])
	require.NotContains(t, after, "mas/secrets/encryption", "files of the other layout are gone")
	require.NotEqual(t, before["mas/config.yaml"], after["mas/config.yaml"])
}

func sample(t *testing.T, name string) string {
	t.Helper()
	data, err := samples.ReadFile(name)
	require.NoError(t, err)
	return string(data)
}

// TestEveryMistakeIsReported is the promise of the README: ten mistakes, ten
// problems, and nothing written.
func TestEveryMistakeIsReported(t *testing.T) {
	t.Parallel()
	site := writeFile(t, "site.yaml", `site:
  server_name: https://example.com
  account_url: https://account.example.com/?x=1
  client_api_url: https://matrix.example.com/
  synapse_url: synapse:8008
  mas_url: http://mas:8080/
load:
  users: -5
database:
  host: db
  connect_timeout: 30s
  max_connections: 1
session:
  lifetime: 3
passwords:
  min_length: 8
  minimum_complexity: 7
providers:
  - kind: keycloak
    base_url: https://sso.example.com/realms/example
    realm: master
    client_id: mas
    client_secret: hunter2-canary
`)
	out := filepath.Join(t.TempDir(), "bundle")
	got := quickstart(t, "-site", site, "-out", out)
	require.Equal(t, 1, got.code)
	require.Empty(t, got.stdout)
	require.NoDirExists(t, out)
	golden.Require(t, "testdata/mistakes.txt", strings.ReplaceAll(got.stderr, site, "site.yaml"))
	require.NotContains(t, got.stderr, "canary")
}

func TestSecretsAreNeverPrinted(t *testing.T) {
	t.Parallel()
	out := filepath.Join(t.TempDir(), "bundle")
	site := writeFile(t, "site.yaml", strings.Replace(sample(t, "site.yaml"),
		"client_secret_file: /etc/mas/keycloak/client-secret", "client_secret: client-canary", 1))
	homeserver := writeFile(t, "homeserver.yaml", sample(t, "homeserver.yaml")+
		"\nregistration_shared_secret: homeserver-canary\nmatrix_authentication_service:\n  enabled: true\n  secret: inline-canary\n")
	got := quickstart(t, "-site", site, "-homeserver", homeserver, "-out", out, "-v")
	require.Equal(t, 0, got.code, got.stderr)
	files := tree(t, out)
	for _, secret := range []string{
		"canary", "BEGIN PRIVATE KEY",
		files["mas/secrets/encryption"], files["mas/secrets/matrix-secret"], files["synapse/mas_shared_secret"],
	} {
		require.NotEmpty(t, secret)
		require.NotContains(t, got.stdout+got.stderr, secret)
		require.NotContains(t, files["mas/config.yaml"]+files["REGISTER.md"], secret)
	}
}

func TestSecretFilesArePrivate(t *testing.T) {
	t.Parallel()
	out := filepath.Join(t.TempDir(), "bundle")
	require.Equal(t, 0, quickstart(t, "-out", out).code)
	for name := range tree(t, out) {
		info, err := os.Stat(filepath.Join(out, name))
		require.NoError(t, err)
		want := os.FileMode(0o600)
		if name == "mas/config.yaml" || name == "REGISTER.md" || name == "keycloak/keycloak.yaml" {
			want = 0o644
		}
		require.Equal(t, want, info.Mode().Perm(), name)
	}
}

func TestForeignFilesAreKept(t *testing.T) {
	t.Parallel()
	out := t.TempDir()
	require.NoError(t, os.MkdirAll(filepath.Join(out, "mas"), 0o750))
	foreign := filepath.Join(out, "mas", "config.yaml")
	require.NoError(t, os.WriteFile(foreign, []byte("mine\n"), 0o600))

	refused := quickstart(t, "-out", out)
	require.Equal(t, 1, refused.code)
	require.Contains(t, refused.stderr, "foreign-file")
	require.Equal(t, map[string]string{"mas/config.yaml": "mine\n"}, tree(t, out), "nothing was written")

	require.Equal(t, 0, quickstart(t, "-out", out, "-force").code)
	require.NotEqual(t, "mine\n", tree(t, out)["mas/config.yaml"])
}

func TestALostIdentityIsNotMadeAgain(t *testing.T) {
	t.Parallel()
	out := filepath.Join(t.TempDir(), "bundle")
	require.Equal(t, 0, quickstart(t, "-out", out).code)
	require.NoError(t, os.Remove(filepath.Join(out, "identity.yaml")))
	before := tree(t, out)
	got := quickstart(t, "-out", out)
	require.Equal(t, 1, got.code)
	require.Contains(t, got.stderr, "restore it")
	require.Equal(t, before, tree(t, out))
}

// TestCommentsInTheIdentityStay: people may note things in the file, which is an
// input, too. Nothing may suggest to move it away.
func TestCommentsInTheIdentityStay(t *testing.T) {
	t.Parallel()
	out := filepath.Join(t.TempDir(), "bundle")
	require.Equal(t, 0, quickstart(t, "-out", out).code)
	path := filepath.Join(out, "identity.yaml")
	commented := tree(t, out)["identity.yaml"] + "# in the safe since May\n"
	require.NoError(t, os.WriteFile(path, []byte(commented), 0o600))

	got := quickstart(t, "-out", out)
	require.Equal(t, 0, got.code, got.stderr)
	require.Equal(t, commented, tree(t, out)["identity.yaml"])

	second := strings.Replace(sample(t, "site.yaml"), "providers:\n", "providers:\n  - kind: oidc\n    issuer: https://partner.example.com\n    client_id: m\n    client_secret: s\n    token_endpoint_auth_method: client_secret_basic\n", 1)
	site := writeFile(t, "site.yaml", second)
	require.NoError(t, os.WriteFile(path, []byte(commented+"# and in the other safe\n"), 0o600))
	got = quickstart(t, "-out", out, "-site", site)
	require.Equal(t, 1, got.code, "a new provider would drop the comment")
	require.Contains(t, got.stderr, "never move it away")
	require.Equal(t, 0, quickstart(t, "-out", out, "-site", site, "-force").code)
	require.NotContains(t, tree(t, out)["identity.yaml"], "in the safe")
}

// TestAdoptTellsProvidersWithoutIssuerApart: the links of one must not become those of
// another that has the same client id.
func TestAdoptTellsProvidersWithoutIssuerApart(t *testing.T) {
	t.Parallel()
	provider := func(host string) string {
		return strings.Split(sample(t, "site.yaml"), "providers:")[0] + `providers:
  - kind: oidc
    human_name: Forge
    discovery_mode: disabled
    client_id: matrix
    client_secret: s
    token_endpoint_auth_method: client_secret_post
    scopes: [read]
    fetch_userinfo: true
    endpoints: {authorization: https://` + host + `/a, token: https://` + host + `/t, userinfo: https://` + host + `/u}
    claims: {subject: id}
`
	}
	running := filepath.Join(t.TempDir(), "running")
	got := quickstart(t, "-site", writeFile(t, "site.yaml", provider("forge.example")), "-out", running, "-layout", "single")
	require.Equal(t, 0, got.code, got.stderr)
	out := filepath.Join(t.TempDir(), "out")
	got = quickstart(t, "-site", writeFile(t, "site.yaml", provider("evil.example")), "-out", out, "-adopt", filepath.Join(running, "mas", "config.yaml"))
	ulid := regexp.MustCompile(`oidc: "?(0{10}[0-9A-Z]{16})`)
	require.Equal(t, 0, got.code, got.stderr)
	require.NotEqual(t, ulid.FindString(tree(t, running)["identity.yaml"]), ulid.FindString(tree(t, out)["identity.yaml"]))
	require.Contains(t, got.stdout, "provider-removed")
}

func TestAdoptKeepsTheIdentityOfARunningMAS(t *testing.T) {
	t.Parallel()
	running := filepath.Join(t.TempDir(), "running")
	site := writeFile(t, "site.yaml", strings.Replace(sample(t, "site.yaml"),
		"client_secret_file: /etc/mas/keycloak/client-secret", "client_secret: s", 1))
	require.Equal(t, 0, quickstart(t, "-site", site, "-out", running, "-layout", "single").code)
	before := tree(t, running)

	renamed := writeFile(t, "site.yaml", strings.Replace(strings.Replace(sample(t, "site.yaml"),
		"client_secret_file: /etc/mas/keycloak/client-secret", "client_secret: s\n    name: corporate", 1), "users: 500", "users: 50000", 1))
	out := filepath.Join(t.TempDir(), "adopted")
	got := quickstart(t, "-site", renamed, "-out", out, "-layout", "single", "-adopt", filepath.Join(running, "mas", "config.yaml"))
	require.Equal(t, 0, got.code, got.stderr)
	require.Contains(t, got.stdout, "Compared with the adopted configuration")
	require.NotContains(t, got.stdout, "secrets.encryption")

	ulid := regexp.MustCompile(`id: "?(0{10}[0-9A-Z]{16})`)
	encryption := regexp.MustCompile(`encryption: .*`)
	after := tree(t, out)["mas/config.yaml"]
	require.Equal(t, ulid.FindString(before["mas/config.yaml"]), ulid.FindString(after))
	require.Equal(t, encryption.FindString(before["mas/config.yaml"]), encryption.FindString(after))
}

func TestCommandLine(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name string
		args []string
		code int
		want string
	}{
		{"help", []string{"-h"}, 0, "-homeserver"},
		{"unknown flag", []string{"-nope"}, 2, "-nope"},
		{"argument", []string{"site.yaml"}, 2, "unexpected argument"},
		{"bad version", []string{"-mas-version", "new"}, 2, "MAJOR.MINOR"},
		{"bad layout", []string{"-layout", "double"}, 2, "-layout: is not one of split, single"},
		{"no directory", []string{"-out", ""}, 2, "the name is empty"},
		{"no code", []string{"-accept", ""}, 2, "the code is empty"},
		{"too old", []string{"-mas-version", "0.12"}, 1, "mas-too-old"},
		{"missing site file", []string{"-site", "does-not-exist.yaml"}, 1, "does-not-exist.yaml"},
		{"missing homeserver", []string{"-homeserver", "does-not-exist.yaml"}, 1, "does-not-exist.yaml"},
		{"missing adopted", []string{"-adopt", "does-not-exist.yaml"}, 1, "does-not-exist.yaml"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			got := quickstart(t, append([]string{"-out", filepath.Join(t.TempDir(), "bundle")}, test.args...)...)
			require.Equal(t, test.code, got.code, got.stderr)
			require.Contains(t, got.stderr, test.want)
		})
	}
}
