package live

import (
	"context"
	"crypto/rand"
	"errors"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/maskit-dev/maskit/internal/live/pool"
)

// template is a database that is filled once per server, which costs seconds, and
// copied for each test, which costs a fraction of one.
type template struct {
	// name is that of the database, and of its comment.
	name string
	// fill makes the content, and returns a note that every copy bears. It may skip or
	// fail the test; then the next one tries again.
	fill func(t testing.TB, db DB) string
	// base is what fill finds in the database; nil is an empty one.
	base *template
}

// copy returns a copy of its own for the test, and the note.
func (tpl template) copy(t testing.TB) (db DB, note string) {
	t.Helper()
	note = tpl.ensure(t)
	return createDatabase(t, tpl.name), note
}

// ensure makes the template unless it is there, and returns the note.
func (tpl template) ensure(t testing.TB) (note string) {
	t.Helper()
	admin := adminDB(t)
	conn := admin.connect(t)
	defer func() { _ = conn.Close(context.WithoutCancel(t.Context())) }()
	note, err := tpl.find(t.Context(), conn)
	if errors.Is(err, pgx.ErrNoRows) {
		note, err = tpl.make(t, admin, conn)
	}
	if err != nil {
		t.Fatalf("live: template %s: %v", tpl.name, err)
	}
	return note
}

// find returns the note of a finished template.
func (tpl template) find(ctx context.Context, conn *pgx.Conn) (note string, err error) {
	err = conn.QueryRow(ctx, "SELECT coalesce(shobj_description(oid, 'pg_database'), '') FROM pg_database WHERE datname = $1", tpl.name).Scan(&note)
	return note, err
}

// make fills the template unless another test, of this or another process, does or
// did so meanwhile. The lock ends with the connection, also when fill skips the test.
func (tpl template) make(t testing.TB, admin DB, conn *pgx.Conn) (note string, err error) {
	t.Helper()
	if _, err := conn.Exec(t.Context(), "SELECT pg_advisory_lock(hashtextextended($1, 0))", "maskit/"+tpl.name); err != nil {
		return "", err
	}
	if note, err := tpl.find(t.Context(), conn); !errors.Is(err, pgx.ErrNoRows) {
		_, unlock := conn.Exec(t.Context(), "SELECT pg_advisory_unlock_all()")
		return note, errors.Join(err, unlock)
	}
	unfinished, base := tpl.name+"_unfinished", "template1"
	if tpl.base != nil {
		tpl.base.ensure(t)
		base = tpl.base.name
	}
	if err := execAll(t.Context(), conn, "DROP DATABASE IF EXISTS "+unfinished+" WITH (FORCE)", "CREATE DATABASE "+unfinished+" TEMPLATE "+base); err != nil {
		return "", err
	}
	note = tpl.fill(t, DB{Name: unfinished, User: admin.User, SocketDir: admin.SocketDir})
	return note, execAll(t.Context(), conn,
		"COMMENT ON DATABASE "+unfinished+" IS '"+strings.ReplaceAll(note, "'", "''")+"'",
		// Nobody may connect: a connection, even of autovacuum, would forbid copies.
		"ALTER DATABASE "+unfinished+" WITH ALLOW_CONNECTIONS false",
		"ALTER DATABASE "+unfinished+" RENAME TO "+tpl.name,
		"SELECT pg_advisory_unlock_all()",
	)
}

// createDatabase creates a database that is dropped when the test ends, as a copy of
// the template unless that is empty.
func createDatabase(t testing.TB, template string) DB {
	t.Helper()
	admin := adminDB(t)
	db := DB{Name: "t_" + strings.ToLower(rand.Text()), User: admin.User, SocketDir: admin.SocketDir}
	statement := "CREATE DATABASE " + db.Name
	if template != "" {
		statement += " TEMPLATE " + template
	}
	if err := admin.exec(t.Context(), statement); err != nil {
		t.Fatal("live: create a database:", err)
	}
	t.Cleanup(func() {
		ctx, cancel := cleanupContext(t)
		defer cancel()
		if err := admin.exec(ctx, "DROP DATABASE "+db.Name+" WITH (FORCE)"); err != nil {
			t.Error("live: drop the database:", err)
		}
	})
	return db
}

// adminDB is the database that outlives the tests, on the shared server.
func adminDB(t testing.TB) DB {
	t.Helper()
	server := sharedServer(t, pool.Postgres)
	return DB{Name: "postgres", User: server.User, SocketDir: server.Dir}
}

func (db DB) connect(t testing.TB) *pgx.Conn {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), db.URI())
	if err != nil {
		t.Fatal("live: connect:", err)
	}
	return conn
}

func (db DB) exec(ctx context.Context, statements ...string) error {
	conn, err := pgx.Connect(ctx, db.URI())
	if err != nil {
		return err
	}
	defer func() { _ = conn.Close(ctx) }()
	return execAll(ctx, conn, statements...)
}

func execAll(ctx context.Context, conn *pgx.Conn, statements ...string) error {
	for _, statement := range statements {
		if _, err := conn.Exec(ctx, statement); err != nil {
			return err
		}
	}
	return nil
}
