package synapsedb

import (
	"context"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5"
)

// Session is a client that is connected to the database.
type Session struct {
	PID         int32
	Application string
	User        string
	// Address is empty for a Unix socket; this, Application and State are empty if the
	// role may not see them (it needs pg_read_all_stats).
	Address string
	// State is "active", "idle", "idle in transaction" and so on.
	State string
}

// String names the session for people: `"synapse" of synapse_user from 10.0.0.2 (idle, pid 4711)`.
func (s Session) String() string {
	var b strings.Builder
	if s.Application != "" {
		fmt.Fprintf(&b, "%q of ", s.Application)
	}
	b.WriteString(s.User)
	if s.Address != "" {
		b.WriteString(" from " + s.Address)
	}
	b.WriteString(" (")
	if s.State != "" {
		b.WriteString(s.State + ", ")
	}
	fmt.Fprintf(&b, "pid %d)", s.PID)
	return b.String()
}

// Others returns who is connected to this database, but for this connection and those
// with the same user and application name, sorted by process id.
func Others(ctx context.Context, db Querier) ([]Session, error) {
	rows, err := db.Query(ctx, `SELECT pid, COALESCE(application_name, ''), usename::text, COALESCE(host(client_addr), ''), COALESCE(state, '')
		FROM pg_stat_activity
		WHERE datname = current_database() AND pid <> pg_backend_pid() AND usename IS NOT NULL
		  AND COALESCE(backend_type, 'client backend') = 'client backend'
		  AND NOT (usename = current_user AND application_name <> '' AND application_name = current_setting('application_name'))
		ORDER BY pid`)
	if err != nil {
		return nil, fmt.Errorf("synapsedb: list the sessions of Synapse's database: %w", err)
	}
	sessions, err := pgx.CollectRows(rows, pgx.RowToStructByPos[Session])
	if err != nil {
		return nil, fmt.Errorf("synapsedb: list the sessions of Synapse's database: %w", err)
	}
	return sessions, nil
}
