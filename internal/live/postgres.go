package live

import (
	"context"
	"crypto/rand"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/maskit-dev/maskit/internal/live/pool"
)

// DB is an empty database with UTF-8 encoding and the C locale, which Synapse
// insists on. Its user is a superuser and needs no password.
type DB struct {
	Name string
	User string
	// SocketDir is the directory of the server's Unix socket. It doubles as the
	// host in libpq's sense. The port is PostgreSQL's default.
	SocketDir string
}

// URI is the address in the form that libpq, pgx and MAS read.
func (db DB) URI() string {
	query := url.Values{"host": {db.SocketDir}, "user": {db.User}}
	return "postgresql:///" + db.Name + "?" + query.Encode()
}

// Postgres creates a database that is dropped when the test ends.
func Postgres(t testing.TB) DB {
	t.Helper()
	server := sharedServer(t, pool.Postgres)
	db := DB{Name: "t_" + strings.ToLower(rand.Text()), User: server.User, SocketDir: server.Dir}
	admin := DB{Name: "postgres", User: server.User, SocketDir: server.Dir}
	if err := admin.exec(t.Context(), "CREATE DATABASE "+db.Name); err != nil {
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

func (db DB) exec(ctx context.Context, statement string) error {
	conn, err := pgx.Connect(ctx, db.URI())
	if err != nil {
		return err
	}
	defer func() { _ = conn.Close(ctx) }()
	_, err = conn.Exec(ctx, statement)
	return err
}

// cleanupContext serves t.Cleanup functions, in which t.Context is over.
func cleanupContext(t testing.TB) (context.Context, context.CancelFunc) {
	t.Helper()
	return context.WithTimeout(context.WithoutCancel(t.Context()), time.Minute)
}
