package live

import (
	_ "embed"
	"path/filepath"
	"testing"

	"github.com/maskit-dev/maskit/internal/live/install"
)

// MASDatabase creates a database with MAS's schema and no rows but those of
// _sqlx_migrations. It is dropped when the test ends. The schema is made by
// "mas-cli database migrate"; where there is no mas-cli, by statements of maskit's
// own that make what a migration touches as MAS 1.22 has it.
func MASDatabase(t testing.TB) DB {
	t.Helper()
	enter(t)
	if _, err := install.FindMASCLI(cacheDir(t)); err != nil {
		return masDatabaseOfDDL(t)
	}
	return masDatabaseOfCLI(t)
}

func masDatabaseOfCLI(t testing.TB) DB {
	t.Helper()
	cli := MASCLI(t)
	db, _ := template{name: "mas", fill: func(t testing.TB, db DB) string {
		t.Helper()
		path := filepath.Join(t.TempDir(), "mas.yaml")
		if result := cli.Run(t, "config", "generate", "--output", path); result.Code != 0 {
			t.Fatalf("live: generate a MAS configuration: %s", result.Stderr)
		}
		overlay := filepath.Join(t.TempDir(), "database.yaml")
		writeYAML(t, overlay, map[string]any{"database": map[string]any{"uri": db.URI()}})
		if result := cli.Run(t, "--config", path, "--config", overlay, "database", "migrate"); result.Code != 0 {
			t.Fatalf("live: make MAS's schema: %s", result.Stderr)
		}
		return ""
	}}.copy(t)
	return db
}

//go:embed mas_schema.sql
var masSchema string

func masDatabaseOfDDL(t testing.TB) DB {
	t.Helper()
	db, _ := template{name: "mas_ddl", fill: func(t testing.TB, db DB) string {
		t.Helper()
		if err := db.exec(t.Context(), masSchema); err != nil {
			t.Fatal("live: make MAS's schema:", err)
		}
		return ""
	}}.copy(t)
	return db
}
