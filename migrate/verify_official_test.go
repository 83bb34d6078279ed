package migrate

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/internal/live"
	"github.com/maskit-dev/maskit/mas"
	"github.com/maskit-dev/maskit/migrate/migratetest"
)

// TestVerifyOfficial migrates by the real mas-cli everything odd that it can migrate,
// on top of a homeserver of some size, and finds nothing; then what was changed, and that alone.
func TestVerifyOfficial(t *testing.T) {
	t.Parallel()
	cli := live.MASCLI(t)
	var oddities []migratetest.Oddity
	var providers []migratetest.Provider
	for _, oddity := range migratetest.Oddities() {
		if oddity.Official.Migrate == 0 {
			oddities, providers = append(oddities, oddity), append(providers, oddity.Providers...)
		}
	}
	v := newVerified(t, providers...)
	counts, err := migratetest.Generate(t.Context(), v.synapse, migratetest.Spec{Users: 3000, Seed: 7})
	require.NoError(t, err)
	for _, oddity := range oddities {
		require.NoError(t, oddity.Apply(t.Context(), v.synapse, v.mas), oddity.Name)
	}
	v.syn2mas(t, cli)

	report := v.verify(t)
	require.Empty(t, lines(report))
	require.NoError(t, report.Err(), report)
	for _, e := range report.Entities {
		want := counts.MAS[string(e.Entity)]
		for _, oddity := range oddities {
			want += oddity.Default()[string(e.Entity)]
		}
		require.Equal(t, VerifiedEntity{Entity: e.Entity, Expected: want, Found: want}, e)
	}

	v.exec(t, `UPDATE compat_sessions SET human_name = 'changed by hand'
		WHERE compat_session_id = (SELECT compat_session_id FROM compat_sessions WHERE device_id IS NOT NULL AND user_agent IS NOT NULL ORDER BY 1 OFFSET 1000 LIMIT 1)`)
	report = v.verify(t)
	require.Len(t, report.Differences, 1)
	require.Contains(t, report.Differences[0].String(), `human_name is "changed by hand" instead of `)
	require.ErrorIs(t, report.Err(), maskit.ErrInvalid)
}

func (v *verified) syn2mas(t *testing.T, cli *live.MAS) {
	t.Helper()
	dir := t.TempDir()
	rendered, problems := mas.Render(v.m.Target.Config, mas.RenderOptions{Layout: mas.LayoutSingle})
	require.NoError(t, problems.Err())
	masFile, synapseFile := filepath.Join(dir, "mas.yaml"), filepath.Join(dir, "homeserver.yaml")
	require.NoError(t, os.WriteFile(masFile, rendered.Files[0].Data(), 0o600))
	require.NoError(t, os.WriteFile(synapseFile, v.m.Source.Files[0].Data, 0o600))
	result := cli.Run(t, "--config", masFile, "syn2mas", "migrate", "--synapse-config", synapseFile)
	require.Zero(t, result.Code, result.Stderr)
}
