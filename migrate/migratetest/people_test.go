package migratetest_test

import (
	"os"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/internal/live"
	"github.com/maskit-dev/maskit/migrate/migratetest"
	"github.com/maskit-dev/maskit/migrate/native"
	"github.com/maskit-dev/maskit/synapse"
)

// TestPeople migrates what a real Synapse has made through its own API, by both
// engines, from the configuration of that Synapse.
func TestPeople(t *testing.T) {
	t.Parallel()
	for _, version := range []live.SynapseVersion{live.SynapseCurrent, live.SynapseFloor} {
		t.Run(string(version), func(t *testing.T) {
			t.Parallel()
			synapseDB, people := live.SynapseWithPeople(t, version)
			file, err := os.ReadFile(live.Synapse(t, version).PeopleConfig(t).Path)
			require.NoError(t, err)

			ours, theirs := newPeople(t, synapseDB, people), newPeople(t, synapseDB, people)
			require.NoError(t, migratetest.InsertProviders(t.Context(), ours.mas, ours.site.Providers...))
			m := ours.migration(t, native.Engine{})
			m.Source.Files = []synapse.File{{Name: "homeserver.yaml", Data: file}}
			m.Source.DSN = maskit.NewSecret(synapseDB.URI())
			ours.alone(t, func() {
				theirs.alone(t, func() {
					run, err := m.Run(t.Context())
					require.NoError(t, err, run.Findings)
					verified, err := m.Verify(t.Context())
					require.NoError(t, err)
					require.NoError(t, verified.Err(), verified.String())
					result := theirs.syn2mas(t, "migrate")
					require.Zero(t, result.Code, result.Stderr)
				})
			})
			require.Equal(t, theirs.masRows(t), ours.masRows(t))
			require.Equal(t, map[string]int64{
				"users": 10, "user_passwords": 8, "user_emails": 1, "user_unsupported_third_party_ids": 1, "upstream_oauth_links": 1,
				"compat_sessions": 10, "compat_access_tokens": 10, "compat_refresh_tokens": 4,
			}, ours.masRows(t))
		})
	}
}

func newPeople(t *testing.T, synapseDB live.DB, people live.People) *homeserver {
	t.Helper()
	masDB := live.MASDatabase(t)
	h := &homeserver{synapseDB: synapseDB, masDB: masDB, synapse: connect(t, synapseDB), mas: connect(t, masDB)}
	var err error
	h.site, err = migratetest.NewSite(migratetest.SiteSpec{
		ServerName: people.ServerName, Pepper: people.Pepper(),
		Synapse: migratetest.Database{Host: synapseDB.SocketDir, User: synapseDB.User, Name: synapseDB.Name},
		MAS:     migratetest.Database{Host: masDB.SocketDir, User: masDB.User, Name: masDB.Name},
	})
	require.NoError(t, err)
	return h
}
