package synapse_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/maskit-dev/maskit/internal/live"
	"github.com/maskit-dev/maskit/synapse"
)

// patchTrials: Synapse accepts what becomes of whole files by Patch, and by Overlay.
func (w workshop) patchTrials(t *testing.T) []trial {
	t.Helper()
	var trials []trial
	for i, text := range []string{
		"",
		myths,
		everyRow,
		`password_config: {enabled: only_for_reauth, pepper: x}
disable_registration: "no"
enable_registration_without_verification: true
experimental_features: {msc3266_enabled: true, msc3861: {enabled: false}}
matrix_authentication_service:
  enabled: "true"
  endpoint: http://elsewhere:8080/
  secret: "of old"
`,
	} {
		text = w.base + text
		d := w.delegate
		d.Removal = []synapse.Removal{synapse.RemovalCommentOut, synapse.RemovalDelete}[i%2]
		patched, problems := d.Patch(homeserver(text))
		require.NoError(t, problems.Err())
		overlaid, problems := d.Overlay(homeserver(text))
		require.NoError(t, problems.Err())
		base := w.write(t, fmt.Sprintf("whole-%d.yaml", i), text)
		configs := [][]string{
			{w.write(t, fmt.Sprintf("whole-%d-patched.yaml", i), string(patched.Files[0].Data))},
			{base, w.write(t, fmt.Sprintf("whole-%d-zz-mas.yaml", i), string(overlaid.File.Data))},
		}
		trials = append(trials, trial{fmt.Sprintf("whole file %d", i), configs, func(t *testing.T, got []live.ConfigVerdict) {
			require.Empty(t, got[0].Reason, "patched")
			require.Empty(t, got[1].Reason, "overlaid")
		}})
	}
	return trials
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
