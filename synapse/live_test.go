package synapse_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/internal/live"
	"github.com/maskit-dev/maskit/synapse"
)

// TestSynapseAcceptsWhatPatchMakes lets the real Synapse judge what comes out,
// of configurations that it made itself.
func TestSynapseAcceptsWhatPatchMakes(t *testing.T) {
	t.Parallel()
	for _, version := range []live.SynapseVersion{live.SynapseCurrent, live.SynapseFloor} {
		t.Run(string(version), func(t *testing.T) {
			t.Parallel()
			install := live.Synapse(t, version)
			generated := install.GenerateConfig(t, "example.com")
			data, err := os.ReadFile(generated.Path)
			require.NoError(t, err)
			database := usePostgres(t, string(data), live.Postgres(t))
			for _, tc := range liveCases() {
				t.Run(tc.name, func(t *testing.T) {
					checkLive(t, install, generated.Dir, database+tc.text, tc.removal)
				})
			}
		})
	}
}

// liveCase is what stands in homeserver.yaml beyond what Synapse generates.
type liveCase struct {
	name, text string
	removal    synapse.Removal
}

// liveCases are few and full: each start of Synapse's checker costs seconds.
func liveCases() []liveCase {
	return []liveCase{
		{"as generated", "", synapse.RemovalCommentOut},
		{"conflicts and what is none", `
password_config:
  enabled: on
  localdb_enabled: true
enable_registration: yes
enable_registration_without_verification: true
experimental_features:
  msc3861:
    enabled: false
allow_guest_access: true
user_consent: null
session_lifetime: null
ldap_config: {}
`, synapse.RemovalCommentOut},
		{"other conflicts, a section of its own", `
password_config: {enabled: only_for_reauth, pepper: x}
disable_registration: "no"
enable_registration_without_verification: true
experimental_features: {msc3266_enabled: true, msc3861: {enabled: false}}
matrix_authentication_service:
  enabled: "true"
  endpoint: http://elsewhere:8080/
  secret: "of old"
`, synapse.RemovalDelete},
	}
}

// checkLive patches a configuration and asks Synapse.
func checkLive(t *testing.T, install *live.SynapseInstall, dir, text string, removal synapse.Removal) {
	t.Helper()
	secret := filepath.Join(dir, "shared-secret")
	require.NoError(t, os.WriteFile(secret, []byte("a shared secret"), 0o600))
	version, err := maskit.ParseVersion(string(install.Version))
	require.NoError(t, err)
	d := synapse.Delegate{Site: site(), SecretPath: secret, SynapseVersion: version, Removal: removal}
	patched, problems := d.Patch(homeserver(text))
	require.Empty(t, problems)
	path := filepath.Join(dir, "patched.yaml")
	require.NoError(t, os.WriteFile(path, patched.Files[0].Data, 0o600))
	output, err := install.CheckConfig(t, path)
	require.NoError(t, err, output)
	require.Contains(t, output, "Config parses OK!")
}

// usePostgres replaces the SQLite of a generated configuration by a real database.
func usePostgres(t *testing.T, config string, db live.DB) string {
	t.Helper()
	const sqlite = "database:\n  name: sqlite3\n  args:\n    database: "
	before, after, found := strings.Cut(config, sqlite)
	require.True(t, found, "the generated configuration has another database section")
	_, after, _ = strings.Cut(after, "\n")
	return before + "database:\n  name: psycopg2\n  args: {user: " + db.User + ", dbname: " + db.Name + ", host: " + db.SocketDir + "}\n" + after + "\n"
}

// TestSynapseRefusesWhatPatchReports asks the real Synapse about conflicts whose
// values are read in an odd way: it refuses them beside the section.
func TestSynapseRefusesWhatPatchReports(t *testing.T) {
	t.Parallel()
	install := live.Synapse(t, live.SynapseCurrent)
	generated := install.GenerateConfig(t, "example.com")
	data, err := os.ReadFile(generated.Path)
	require.NoError(t, err)
	d := delegate()
	d.SecretPath = filepath.Join(generated.Dir, "shared-secret")
	require.NoError(t, os.WriteFile(d.SecretPath, []byte("a shared secret"), 0o600))
	for text, want := range map[string]string{
		"enable_registration_captcha: \"false\"\n":     "CAPTCHA cannot be enabled",
		"session_lifetime: 7d\n":                       "session_lifetime cannot be set",
		"experimental_features: {msc4388_mode: off}\n": "msc4388_mode must be one of",
	} {
		t.Run(strings.TrimSpace(text), func(t *testing.T) {
			patched, problems := d.Patch(homeserver(string(data) + "\n" + text))
			require.Error(t, problems.Err())
			path := filepath.Join(generated.Dir, "refused.yaml")
			require.NoError(t, os.WriteFile(path, patched.Files[0].Data, 0o600))
			output, err := install.CheckConfig(t, path)
			require.Error(t, err)
			require.Contains(t, output, want)
		})
	}
}
