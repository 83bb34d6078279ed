package rowdiff

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
)

// closeLimit bounds how long closing a connection may take.
const closeLimit = 5 * time.Second

// side is one of the databases, seen at one instant by all of its connections.
type side struct {
	// name is how people call it.
	name     string
	config   *pgx.ConnConfig
	keeper   *pgx.Conn
	snapshot string
	scans    []scan
	// user is the localpart in SQL; see scan.sorted.
	user string
}

// openSide takes a snapshot of a database, unless there is one. It holds a connection until close.
func openSide(ctx context.Context, name string, config *pgx.ConnConfig, snapshot string) (*side, error) {
	s := &side{name: name, config: config, snapshot: snapshot}
	keeper, err := s.connect(ctx)
	if err != nil {
		return nil, err
	}
	s.keeper = keeper
	if snapshot == "" {
		if err := keeper.QueryRow(ctx, `SELECT pg_export_snapshot()`).Scan(&s.snapshot); err != nil {
			s.close(ctx)
			return nil, fmt.Errorf("%s: take a snapshot: %w", name, err)
		}
	}
	return s, nil
}

func (s *side) close(ctx context.Context) { hangUp(ctx, s.keeper) }

// hangUp closes a connection even if the context is over.
func hangUp(ctx context.Context, conn *pgx.Conn) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), closeLimit)
	defer cancel()
	_ = conn.Close(ctx) // nothing was written
}

// connect begins a transaction in the snapshot that is read.
func (s *side) connect(ctx context.Context) (*pgx.Conn, error) {
	conn, err := pgx.ConnectConfig(ctx, s.config.Copy())
	if err != nil {
		return nil, fmt.Errorf("%s: %w", s.name, err)
	}
	if _, err := conn.Exec(ctx, s.beginSQL(), pgx.QueryExecModeSimpleProtocol); err != nil {
		hangUp(ctx, conn)
		return nil, fmt.Errorf("%s: begin to read: %w", s.name, err)
	}
	return conn, nil
}

// beginSQL begins a transaction. Whole tables are joined, so hash joins that stay in
// memory are the cheapest: with work_mem of 64 MB those of a million users do not.
// PostgreSQL takes no more than it needs.
func (s *side) beginSQL() string {
	sql := `BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY;`
	if s.snapshot != "" {
		sql += `SET TRANSACTION SNAPSHOT '` + strings.ReplaceAll(s.snapshot, "'", "''") + `';`
	}
	return sql + `SET LOCAL work_mem = '192MB'; SET LOCAL lock_timeout = '30s'; SET LOCAL statement_timeout = 0;
		SET LOCAL idle_in_transaction_session_timeout = 0; SET LOCAL jit = off`
}

// scan returns the one of a cluster.
func (s *side) scan(c cluster) *scan {
	for i := range s.scans {
		if s.scans[i].cluster == c {
			return &s.scans[i]
		}
	}
	return nil
}
