package migratetest_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"github.com/maskit-dev/maskit/internal/live"
	"github.com/maskit-dev/maskit/migrate/migratetest"
)

func TestGenerate(t *testing.T) {
	t.Parallel()
	for _, version := range []live.SynapseVersion{live.SynapseCurrent, live.SynapseFloor} {
		t.Run(string(version), func(t *testing.T) {
			t.Parallel()
			conn := connect(t, live.SynapseDatabase(t, version))
			counts, err := migratetest.Generate(t.Context(), conn, migratetest.Spec{Users: 3000, Seed: 1})
			require.NoError(t, err)
			for table, want := range counts.Synapse {
				require.Equal(t, want, number(t, conn, "SELECT count(*) FROM "+table), table)
			}
			for table, query := range readByMAS() {
				require.Equal(t, counts.MAS[table], number(t, conn, query), table)
			}
		})
	}
}

// readByMAS is what mas-cli syn2mas moves, as queries on Synapse's database.
func readByMAS() map[string]string {
	const (
		users  = "(SELECT * FROM users WHERE appservice_id IS NULL) u"
		active = "(SELECT * FROM users WHERE appservice_id IS NULL AND deactivated = 0 AND is_guest = 0) u"
		pairs  = " FROM refresh_tokens rt JOIN " + active + " ON u.name = rt.user_id JOIN devices d USING (user_id, device_id)" +
			" JOIN access_tokens a0 ON a0.refresh_token_id = rt.id AND a0.user_id = rt.user_id AND a0.device_id = rt.device_id" +
			" LEFT JOIN access_tokens a1 ON a1.refresh_token_id = rt.next_token_id WHERE a1.used IS NOT TRUE"
		single = " FROM access_tokens a JOIN " + active + " ON u.name = a.user_id WHERE a.puppets_user_id IS NULL AND a.refresh_token_id IS NULL"
		exists = " AND (a.device_id IS NULL OR EXISTS (SELECT FROM devices d WHERE d.user_id = a.user_id AND d.device_id = a.device_id))"
	)
	return map[string]string{
		"users":                            "SELECT count(*) FROM " + users,
		"user_passwords":                   "SELECT count(password_hash) FROM " + users,
		"user_emails":                      "SELECT count(*) FROM user_threepids p JOIN " + users + " ON u.name = p.user_id WHERE medium = 'email'",
		"user_unsupported_third_party_ids": "SELECT count(*) FROM user_threepids p JOIN " + users + " ON u.name = p.user_id WHERE medium <> 'email'",
		"upstream_oauth_links":             "SELECT count(*) FROM user_external_ids e JOIN " + users + " ON u.name = e.user_id",
		"compat_sessions": "SELECT (SELECT count(*) FROM devices d JOIN " + active + " ON u.name = d.user_id WHERE NOT hidden AND device_id <> 'guest_device')" +
			" + (SELECT count(*)" + single + " AND a.device_id IS NULL)",
		"compat_access_tokens":  "SELECT (SELECT count(*)" + single + exists + ") + (SELECT count(*)" + pairs + ")",
		"compat_refresh_tokens": "SELECT count(*)" + pairs,
	}
}

func TestGenerateMeetsTheMix(t *testing.T) {
	t.Parallel()
	const users = 100_000
	counts := migratetest.Count(migratetest.Spec{Users: users, Seed: 7})
	mix := migratetest.DefaultMix()
	people := 1 - mix.Appservice - mix.Deactivated - mix.Guests
	for table, want := range map[string]float64{
		"users": 1 - mix.Appservice, "user_emails": people * mix.Threepids * 0.95, "upstream_oauth_links": people * mix.ExternalIDs,
		"compat_sessions": people * (mix.Devices + mix.Deviceless), "compat_access_tokens": people * mix.Tokens,
	} {
		require.InEpsilon(t, want, float64(counts.MAS[table])/users, 0.03, table)
	}
	require.Positive(t, counts.MAS["user_unsupported_third_party_ids"])
	require.Positive(t, counts.MAS["compat_refresh_tokens"])
}

func TestGenerateIsDeterministic(t *testing.T) {
	t.Parallel()
	digest := func(spec migratetest.Spec) string {
		conn := connect(t, live.SynapseDatabase(t, live.SynapseCurrent))
		_, err := migratetest.Generate(t.Context(), conn, spec)
		require.NoError(t, err)
		var digests []string
		for _, table := range []string{"users", "user_threepids", "user_external_ids", "devices", "access_tokens", "refresh_tokens"} {
			var sum string
			query := fmt.Sprintf("SELECT md5(string_agg(md5(t::text), '' ORDER BY ctid)) FROM %s t", table)
			require.NoError(t, conn.QueryRow(t.Context(), query).Scan(&sum))
			digests = append(digests, sum)
		}
		return strings.Join(digests, " ")
	}
	spec := migratetest.Spec{Users: 500, Seed: 3}
	first := digest(spec)
	require.Equal(t, first, digest(spec), "the same rows in the same order")
	spec.Seed = 4
	require.NotEqual(t, first, digest(spec))
}

func TestGenerateNobody(t *testing.T) {
	t.Parallel()
	conn := connect(t, live.SynapseDatabase(t, live.SynapseCurrent))
	counts, err := migratetest.Generate(t.Context(), conn, migratetest.Spec{})
	require.NoError(t, err)
	require.Zero(t, counts.Synapse["users"])
}

func TestGenerateSaysWhichTableFailed(t *testing.T) {
	t.Parallel()
	conn := connect(t, live.SynapseDatabase(t, live.SynapseCurrent))
	_, err := conn.Exec(t.Context(), "DROP TABLE devices CASCADE")
	require.NoError(t, err)
	_, err = migratetest.Generate(t.Context(), conn, migratetest.Spec{Users: 10})
	require.ErrorContains(t, err, "migratetest: generate: devices: ")
}

func connect(t *testing.T, db live.DB) *pgx.Conn {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), db.URI())
	require.NoError(t, err)
	t.Cleanup(func() { _ = conn.Close(t.Context()) })
	return conn
}

func number(t *testing.T, conn *pgx.Conn, query string) int64 {
	t.Helper()
	var n int64
	require.NoError(t, conn.QueryRow(t.Context(), query).Scan(&n), query)
	return n
}
