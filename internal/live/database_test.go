package live

import (
	"strings"
	"sync"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"
)

func TestSynapseDatabase(t *testing.T) {
	t.Parallel()
	for _, version := range []SynapseVersion{SynapseCurrent, SynapseFloor} {
		t.Run(string(version), func(t *testing.T) {
			t.Parallel()
			first := SynapseDatabase(t, version)
			require.Equal(t, []string{"0|0"}, rowsOf(t, first, "SELECT concat_ws('|', (SELECT count(*) FROM users), (SELECT count(*) FROM background_updates))"))
			require.NoError(t, first.exec(t.Context(), "INSERT INTO users (name) VALUES ('@alice:example.com')"))
			second := SynapseDatabase(t, version)
			require.Equal(t, []string{"0"}, rowsOf(t, second, "SELECT count(*)::text FROM users"), "each test has a database of its own")
			require.NotEmpty(t, rowsOf(t, second, "SELECT indexdef FROM pg_indexes WHERE tablename = 'access_tokens' AND indexdef LIKE '%(token)'"))
		})
	}
}

func TestMASDatabase(t *testing.T) {
	t.Parallel()
	for name, database := range map[string]func(testing.TB) DB{"what is there": MASDatabase, "mas-cli": masDatabaseOfCLI, "own statements": masDatabaseOfDDL} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			require.Equal(t, []string{"0"}, rowsOf(t, database(t), "SELECT count(*)::text FROM compat_sessions"))
		})
	}
}

// TestMASSchemaIsReal compares maskit's own statements with what MAS makes.
func TestMASSchemaIsReal(t *testing.T) {
	t.Parallel()
	real, own := masDatabaseOfCLI(t), masDatabaseOfDDL(t)
	for what, query := range map[string]string{
		"columns": `SELECT concat_ws('|', table_name, column_name, data_type, udt_name, is_nullable, column_default) FROM information_schema.columns
			WHERE table_schema = 'public' AND table_name = ANY($1) ORDER BY table_name, ordinal_position`,
		"constraints": `SELECT concat_ws('|', conrelid::regclass, conname, convalidated, pg_get_constraintdef(oid)) FROM pg_constraint
			WHERE contype IN ('p', 'u', 'f') AND (conrelid::regclass::text = ANY($1) OR confrelid::regclass::text = ANY($1)) ORDER BY 1`,
		"indexes": `SELECT indexdef FROM pg_indexes WHERE schemaname = 'public' AND tablename = ANY($1) ORDER BY 1`,
	} {
		tables := append(masTables(), "upstream_oauth_providers", "_sqlx_migrations")
		require.Equal(t, rowsOf(t, real, query, tables), rowsOf(t, own, query, tables), what)
	}
	head := "SELECT concat_ws('|', count(*), max(version), bool_and(success)) FROM _sqlx_migrations"
	require.Equal(t, rowsOf(t, real, head), rowsOf(t, own, head))
}

func TestTemplateIsFilledOnce(t *testing.T) {
	t.Parallel()
	var mu sync.Mutex
	filled := 0
	tpl := template{name: "filled_once", fill: func(t testing.TB, db DB) string {
		t.Helper()
		mu.Lock()
		defer mu.Unlock()
		filled++
		require.NoError(t, db.exec(t.Context(), "CREATE TABLE it (n int)"))
		return "it's here"
	}}
	t.Run("at once", func(t *testing.T) {
		for range 5 {
			t.Run("", func(t *testing.T) {
				t.Parallel()
				db, note := tpl.copy(t)
				require.Equal(t, "it's here", note)
				require.NoError(t, db.exec(t.Context(), "INSERT INTO it VALUES (1)"))
			})
		}
	})
	require.Equal(t, 1, filled)
}

func TestTemplateIsMadeAnewAfterAFailure(t *testing.T) {
	t.Parallel()
	attempts := 0
	tpl := template{name: "made_anew", fill: func(t testing.TB, db DB) string {
		t.Helper()
		require.NoError(t, db.exec(t.Context(), "CREATE TABLE it (n int)"))
		if attempts++; attempts == 1 {
			t.Skip("this time it fails half-way")
		}
		return ""
	}}
	for range 2 {
		t.Run("", func(t *testing.T) { tpl.copy(t) })
	}
	require.Equal(t, 2, attempts)
}

func masTables() []string {
	return strings.Fields(`users user_passwords user_emails user_unsupported_third_party_ids upstream_oauth_links
		compat_sessions compat_access_tokens compat_refresh_tokens`)
}

// rowsOf returns the rows of a query with one column of text.
func rowsOf(t *testing.T, db DB, query string, args ...any) []string {
	t.Helper()
	conn := db.connect(t)
	defer func() { require.NoError(t, conn.Close(t.Context())) }()
	rows, err := conn.Query(t.Context(), query, args...)
	require.NoError(t, err)
	texts, err := pgx.CollectRows(rows, pgx.RowTo[string])
	require.NoError(t, err)
	return texts
}
