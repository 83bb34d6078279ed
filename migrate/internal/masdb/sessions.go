package masdb

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
)

// Session is a connection of somebody to the database.
type Session struct {
	PID         int32
	User        string
	Application string
	// Address is empty for a Unix socket, and where we may not see it.
	Address string
	Since   time.Time
}

// String is for people.
func (s Session) String() string {
	text := fmt.Sprintf("session %d of user %s", s.PID, s.User)
	if s.Application != "" {
		text += " (" + s.Application + ")"
	}
	if s.Address != "" {
		text += " from " + s.Address
	}
	return text
}

// Sessions lists the clients that are connected to this database, except for those
// whose application_name is ours, oldest first.
func Sessions(ctx context.Context, q Querier, ours string) ([]Session, error) {
	rows, err := q.Query(ctx, `SELECT pid, coalesce(usename, '')::text, coalesce(application_name, ''), coalesce(host(client_addr), ''), coalesce(backend_start, now())
		FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() AND coalesce(application_name, '') <> $1
			AND usename IS NOT NULL AND leader_pid IS NULL AND coalesce(backend_type, 'client backend') = 'client backend' ORDER BY backend_start, pid`, ours)
	if err != nil {
		return nil, fmt.Errorf("masdb: list who is connected to MAS's database: %w", err)
	}
	sessions, err := pgx.CollectRows(rows, pgx.RowToStructByPos[Session])
	if err != nil {
		return nil, fmt.Errorf("masdb: list who is connected to MAS's database: %w", err)
	}
	return sessions, nil
}
