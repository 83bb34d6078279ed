package migrate

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/migrate/internal/masdb"
)

// poolerPatience bounds the search for a pooler of transactions: one with a single
// connection would never give a second.
const poolerPatience = 10 * time.Second

// lookForPooler reports what stands between us and the server. A pooler makes up the
// process id that it tells its clients.
func lookForPooler(ctx context.Context, conn *pgx.Conn, seen *surroundings, whose string) error {
	pid, err := backend(ctx, conn)
	if err != nil || pid == conn.PgConn().PID() {
		return err
	}
	path := databasePath(whose)
	shared, err := poolsTransactions(ctx, conn)
	switch {
	case ctx.Err() != nil:
		return err
	case err != nil || shared:
		seen.add(pooler(path, whose, maskit.SeverityError, "which gives each transaction another connection"))
	default:
		seen.add(pooler(path, whose, maskit.SeverityWarning, "which gives each session a connection of its own"))
	}
	return nil
}

// backend is the process of the server that answers.
func backend(ctx context.Context, q masdb.Querier) (uint32, error) {
	var pid uint32
	if err := q.QueryRow(ctx, "SELECT pg_backend_pid()").Scan(&pid); err != nil {
		return 0, fmt.Errorf("ask for the process of the session: %w", err)
	}
	return pid, nil
}

// poolsTransactions opens a second session and begins transactions in both: a pooler of
// transactions mixes their connections up.
func poolsTransactions(ctx context.Context, conn *pgx.Conn) (bool, error) {
	ctx, cancel := context.WithTimeout(ctx, poolerPatience)
	defer cancel()
	second, err := pgx.ConnectConfig(ctx, conn.Config())
	if err != nil {
		return false, fmt.Errorf("open a second session: %w", err)
	}
	defer second.Close(context.WithoutCancel(ctx)) //nolint:errcheck // nothing was written
	both := [2]*pgx.Conn{conn, second}
	seen := map[*pgx.Conn]uint32{}
	for round := range 4 {
		first := round / 2 // the same twice finds out who takes the oldest connection, a change who takes the newest
		pids, err := interleaved(ctx, both[first], both[1-first])
		if err != nil {
			return false, err
		}
		for c, pid := range pids {
			if seen[c] != 0 && seen[c] != pid {
				return true, nil
			}
			seen[c] = pid
		}
	}
	return false, nil
}

// interleaved has a transaction open in both at once.
func interleaved(ctx context.Context, a, b *pgx.Conn) (map[*pgx.Conn]uint32, error) {
	pids := map[*pgx.Conn]uint32{}
	for _, conn := range []*pgx.Conn{a, b} {
		tx, err := conn.BeginTx(ctx, pgx.TxOptions{AccessMode: pgx.ReadOnly})
		if err != nil {
			return nil, err
		}
		defer tx.Rollback(context.WithoutCancel(ctx)) //nolint:errcheck // nothing was written
		if pids[conn], err = backend(ctx, tx); err != nil {
			return nil, err
		}
	}
	return pids, nil
}
