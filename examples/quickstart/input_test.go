package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// Problems say where in the input they come from, whoever found them.
func TestProblemsStandInTheInput(t *testing.T) {
	t.Parallel()
	extra := func(text string) string { return sample(t, "site.yaml") + text }
	cases := map[string]struct {
		site string
		args []string
		want []string
	}{
		"proxies":     {extra("trusted_proxies:\n  - 10.0.0.0/99\n"), nil, []string{"site.yaml:32:5: http.trusted_proxies[0]", "\n1 problem. Nothing was written."}},
		"secret path": {extra("synapse:\n  secret_path: relative\n"), nil, []string{"site.yaml:32:3: secret_path"}},
		"an entry of a provider": {extra(`  - kind: oidc
    name: broken
  - kind: keycloak
    name: twin
    base_url: https://sso.example.com
    realm: example
    client_id: matrix-authentication-service
    client_secret: s
`), nil, []string{"site.yaml:33:5: upstream_oauth2.providers[1]: is the same client of the same issuer"}},
		"version of a flag":    {extra("versions: {mas: 1.22.0}\n"), []string{"-mas-version", "0.12"}, []string{"error: -mas-version: version 0.12.0 cannot be used"}},
		"version of the file":  {extra("versions: {mas: 0.12.0}\n"), nil, []string{"site.yaml:31:12: versions.mas: version 0.12.0 cannot be used"}},
		"byte order mark":      {"\ufeff" + sample(t, "site.yaml"), nil, []string{"site.yaml:1:1: starts with a byte order mark [byte-order-mark]"}},
		"host with a password": {strings.Replace(sample(t, "site.yaml"), "host: postgres", "host: mas:canary@postgres", 1), nil, []string{"site.yaml:17:3: database.host: is neither a host name nor an address [host-invalid]"}},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			path := writeFile(t, "site.yaml", tc.site)
			got := quickstart(t, append(tc.args, "-site", path, "-out", filepath.Join(t.TempDir(), "bundle"))...)
			require.Equal(t, 1, got.code, got.stdout)
			for _, want := range tc.want {
				require.Contains(t, strings.ReplaceAll(got.stderr, path, "site.yaml"), want)
			}
			require.NotContains(t, got.stderr, "canary")
		})
	}
}

// A version that nobody has tested is said without -v.
func TestUntestedVersionsAreShown(t *testing.T) {
	t.Parallel()
	for version, want := range map[string]string{"1.99": "info: -mas-version: version 1.99.0 is newer", "2.0": "warning: -mas-version: version 2.0.0 is of another major version"} {
		got := quickstart(t, "-mas-version", version, "-out", filepath.Join(t.TempDir(), "bundle"))
		require.Equal(t, 0, got.code, got.stderr)
		require.Contains(t, got.stdout, want)
	}
}

// Synapse loads directories, too, and files of one name from two of them.
func TestHomeserverDirectory(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	write := func(name, text string) string {
		path := filepath.Join(dir, filepath.FromSlash(name))
		require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o750))
		require.NoError(t, os.WriteFile(path, []byte(text), 0o600))
		return path
	}
	base := write("homeserver.yaml", sample(t, "homeserver.yaml"))
	write("conf.d/20-sessions.yaml", "session_lifetime: 24h\n")
	write("conf.d/10-name.yaml", "public_baseurl: https://matrix.example.com/\n")
	write("conf.d/ignored.txt", "x")
	twin := write("more/homeserver.yaml", "enable_metrics: true\n")

	out := filepath.Join(t.TempDir(), "bundle")
	got := quickstart(t, "-homeserver", base, "-homeserver", filepath.Join(dir, "conf.d"), "-homeserver", twin, "-out", out)
	require.Equal(t, 0, got.code, got.stderr)
	written := tree(t, out)
	require.Contains(t, written["synapse/homeserver.yaml"], "matrix_authentication_service")
	require.Contains(t, written["synapse/conf.d/20-sessions.yaml"], "# session_lifetime: 24h")
	require.Equal(t, "enable_metrics: true\n", written["synapse/more/homeserver.yaml"])
	require.Contains(t, got.stdout, "give them synapse/homeserver.yaml, synapse/conf.d/10-name.yaml, synapse/conf.d/20-sessions.yaml, synapse/more/homeserver.yaml,")

	empty := t.TempDir()
	got = quickstart(t, "-homeserver", empty, "-out", filepath.Join(t.TempDir(), "bundle"))
	require.Equal(t, 1, got.code)
	require.Contains(t, got.stderr, "[no-files]")
}

// Files that cannot be read here are named, and what can be done about them in this program.
func TestAdoptNamesFilesThatAreMissing(t *testing.T) {
	t.Parallel()
	running := filepath.Join(t.TempDir(), "running")
	require.Equal(t, 0, quickstart(t, "-out", running).code)
	got := quickstart(t, "-adopt", filepath.Join(running, "mas", "config.yaml"), "-out", filepath.Join(t.TempDir(), "bundle"))
	require.Equal(t, 1, got.code)
	require.Contains(t, got.stderr, "secrets.encryption_file: /etc/mas/secrets/encryption does not exist")
	require.NotContains(t, got.stderr, "Config.Inline")
	require.Contains(t, got.stderr, "make it readable here under that path")
}
