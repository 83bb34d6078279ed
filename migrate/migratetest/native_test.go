package migratetest_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/internal/live"
	"github.com/maskit-dev/maskit/migrate"
	"github.com/maskit-dev/maskit/migrate/migratetest"
	"github.com/maskit-dev/maskit/migrate/native"
)

// skipAll leaves out whatever does not fit.
func skipAll() migrate.Policy {
	return migrate.Policy{
		OrphanRows: migrate.Skip, ForeignUsers: migrate.Skip, UnmappedLinks: migrate.Skip, HiddenDeviceTokens: migrate.Skip,
		NoCreationTime: migrate.Skip, UnusableHashes: migrate.Skip, DehydratedDevices: migrate.Skip,
	}
}

// TestNativeEngineRefuses applies the oddities that nothing but a policy lets pass, one by one.
func TestNativeEngineRefuses(t *testing.T) {
	t.Parallel()
	for _, oddity := range migratetest.Oddities() {
		if !oddity.Refused && !oddity.RefusedAlways {
			continue
		}
		t.Run(oddity.Name, func(t *testing.T) {
			t.Parallel()
			h := newHomeserver(t, live.SynapseFloor, oddity)
			require.NoError(t, migratetest.InsertProviders(t.Context(), h.mas, h.site.Providers...))
			before := h.masRows(t)
			m := h.migration(t, native.Engine{})
			h.alone(t, func() {
				_, err := m.Run(t.Context())
				require.ErrorIs(t, err, maskit.ErrInvalid)
			})
			require.Equal(t, before, h.masRows(t))
		})
	}
}

// TestNativeEngineOnAllOddities applies all that a policy lets pass at once.
func TestNativeEngineOnAllOddities(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		policy migrate.Policy
		engine native.Engine
		rows   func(migratetest.Oddity) (rows map[string]int64, taken bool)
	}{
		"zero policy, bulk": {migrate.Policy{}, native.Engine{Mode: native.Bulk}, func(o migratetest.Oddity) (map[string]int64, bool) {
			return o.Default(), !o.Refused && !o.RefusedAlways
		}},
		"skipping, bulk": {skipAll(), native.Engine{Mode: native.Bulk}, func(o migratetest.Oddity) (map[string]int64, bool) {
			return o.Rows, !o.RefusedAlways
		}},
		"skipping, single": {skipAll(), native.Engine{Mode: native.Single}, func(o migratetest.Oddity) (map[string]int64, bool) {
			return o.Rows, !o.RefusedAlways
		}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var oddities []migratetest.Oddity
			want, found := map[string]int64{}, map[string]int64{}
			for _, oddity := range migratetest.Oddities() {
				rows, taken := test.rows(oddity)
				if !taken {
					continue
				}
				oddities = append(oddities, oddity)
				addTo(want, rows)
				addTo(found, oddity.Findings)
			}
			h := newHomeserver(t, live.SynapseCurrent, oddities...)
			require.NoError(t, migratetest.InsertProviders(t.Context(), h.mas, h.site.Providers...))
			m := h.migration(t, test.engine)
			m.Policy = test.policy
			h.alone(t, func() {
				check, err := m.Check(t.Context())
				require.NoError(t, err)
				require.Equal(t, found, ofData(check.Findings, found))
				run, err := m.Run(t.Context())
				require.NoError(t, err, run.Findings)
				verified, err := m.Verify(t.Context())
				require.NoError(t, err)
				require.NoError(t, verified.Err(), verified.String())
			})
			require.Equal(t, want, h.masRows(t))
		})
	}
}

// ofData counts the rows of the findings with some codes.
func ofData(findings migrate.Findings, codes map[string]int64) map[string]int64 {
	counts := map[string]int64{}
	for _, f := range findings {
		if _, known := codes[f.Code]; known {
			counts[f.Code] += f.Count
		}
	}
	return counts
}

func addTo(sum, more map[string]int64) {
	for key, n := range more {
		sum[key] += n
	}
}
