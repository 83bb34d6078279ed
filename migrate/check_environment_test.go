package migrate

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/maskit-dev/maskit/migrate/internal/synapsedb"
)

func TestServerJudge(t *testing.T) {
	t.Parallel()
	good := func(whose string) server {
		return server{whose: whose, path: databasePath(whose), version: "15.18", number: 150018, encoding: "UTF8", collation: "C"}
	}
	cases := map[string]struct {
		whose  string
		change func(*server)
		want   []string
	}{
		"good":               {synapseDatabase, func(*server) {}, []string{}},
		"POSIX":              {synapseDatabase, func(s *server) { s.collation = "POSIX" }, []string{}},
		"another collation":  {synapseDatabase, func(s *server) { s.collation = "en_US.UTF-8" }, []string{"warning synapse database database-collation"}},
		"MAS may have any":   {masDatabase, func(s *server) { s.collation = "en_US.UTF-8" }, []string{}},
		"another encoding":   {masDatabase, func(s *server) { s.encoding = "LATIN1" }, []string{"error mas database database-encoding"}},
		"old":                {masDatabase, func(s *server) { s.number, s.version = 120022, "12.22" }, []string{"error mas database postgresql-too-old"}},
		"the oldest allowed": {masDatabase, func(s *server) { s.number = 130000 }, []string{}},
		"standby":            {synapseDatabase, func(s *server) { s.standby = true }, []string{"error synapse database database-standby"}},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var seen surroundings
			s := good(tc.whose)
			tc.change(&s)
			s.judge(&seen)
			require.Equal(t, tc.want, found(seen.findings))
		})
	}
}

func TestSameDatabase(t *testing.T) {
	t.Parallel()
	one := server{whose: synapseDatabase, database: "matrix", schema: "public", oid: 5, path: databasePath(synapseDatabase)}
	cases := map[string]struct {
		change func(*server)
		want   []string
	}{
		"the same":        {func(*server) {}, []string{"error mas database same-database"}},
		"another":         {func(s *server) { s.oid = 6 }, []string{}},
		"another server":  {func(s *server) { s.started = s.started.Add(1) }, []string{}},
		"another schema":  {func(s *server) { s.schema = "mas" }, []string{"info mas database same-database"}},
		"another by name": {func(s *server) { s.database = "mas" }, []string{}},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var seen surroundings
			other := one
			other.whose, other.path = masDatabase, databasePath(masDatabase)
			tc.change(&other)
			sameDatabase(&seen, one, other)
			require.Equal(t, tc.want, found(seen.findings))
		})
	}
}

func TestJudgeSynapseSchema(t *testing.T) {
	t.Parallel()
	for version, want := range map[int][]string{0: {}, 91: {"error schema_version synapse-too-old"}, 92: {}, 94: {}} {
		var seen surroundings
		judgeSynapseSchema(&seen, synapsedb.Schema{Version: version})
		require.Equal(t, want, found(seen.findings), version)
	}
}

func TestDataSize(t *testing.T) {
	t.Parallel()
	for size, want := range map[int64]string{0: "0 B", 1023: "1023 B", 1536: "1.5 KiB", 5 << 20: "5 MiB", 3 << 40: "3 TiB", 200 << 30: "200 GiB"} {
		require.Equal(t, want, dataSize(size))
	}
}
