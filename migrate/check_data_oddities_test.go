package migrate

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/maskit-dev/maskit/internal/live"
	"github.com/maskit-dev/maskit/migrate/migratetest"
)

// TestCheckFindsEveryOddity looks at a homeserver that has all of them.
func TestCheckFindsEveryOddity(t *testing.T) {
	t.Parallel()
	spec := migratetest.SiteSpec{}
	want := map[string]int64{}
	d := database{db: live.SynapseDatabase(t, live.SynapseFloor)}
	conn, err := d.connect(t.Context())
	require.NoError(t, err)
	for _, oddity := range migratetest.Oddities() {
		if oddity.AppliesToMAS() {
			continue
		}
		require.NoError(t, oddity.Apply(t.Context(), conn, nil), oddity.Name)
		spec.Providers = append(spec.Providers, oddity.Providers...)
		for code, count := range oddity.Findings {
			want[code] += count
		}
	}
	require.NoError(t, conn.Close(t.Context()))
	d.job = siteJob(t, spec)
	require.Equal(t, want, countsOf(d.check(t)))
}

// TestCheckOfAGeneratedHomeserver finds of a homeserver what was put into it.
func TestCheckOfAGeneratedHomeserver(t *testing.T) {
	t.Parallel()
	d := database{db: live.SynapseDatabase(t, live.SynapseCurrent), job: siteJob(t, migratetest.SiteSpec{})}
	conn, err := d.connect(t.Context())
	require.NoError(t, err)
	mix := migratetest.DefaultMix()
	mix.Guests, mix.Locked, mix.Deviceless, mix.Puppets = 0, 0, 0, 0
	_, err = migratetest.Generate(t.Context(), conn, migratetest.Spec{Users: 2000, Seed: 7, Mix: mix})
	require.NoError(t, err)
	require.NoError(t, conn.Close(t.Context()))
	found := d.check(t)
	require.NotZero(t, countsOf(found)[CodeNonEmailThreepids])
	require.Empty(t, found.Only(0), "no error in %s", brief(found))
	require.Len(t, found, 1, "nothing but phone numbers in %s", brief(found))
}

func siteJob(t *testing.T, spec migratetest.SiteSpec) *Job {
	t.Helper()
	site, err := migratetest.NewSite(spec)
	require.NoError(t, err)
	m := Syn2MAS{Source: Source{Files: site.Files}, Target: Target{Config: site.Config}}
	job, _, err := m.prepare(t.Context())
	require.NoError(t, err)
	job.Events = func(Event) {}
	return job
}

func countsOf(findings Findings) map[string]int64 {
	counts := map[string]int64{}
	for _, f := range findings {
		counts[f.Code] += f.Count
	}
	return counts
}
