package live

import (
	"context"
	"net/url"
	"testing"
	"time"
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
	return createDatabase(t, "")
}

// cleanupContext serves t.Cleanup functions, in which t.Context is over.
func cleanupContext(t testing.TB) (context.Context, context.CancelFunc) {
	t.Helper()
	return context.WithTimeout(context.WithoutCancel(t.Context()), time.Minute)
}
