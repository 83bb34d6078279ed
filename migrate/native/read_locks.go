package native

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

// errInUse says that Synapse, or something else, writes to its tables.
var errInUse = errors.New("migrate/native: Synapse's database is in use")

// lockedTables are those that mas-cli syn2mas locks, too.
func lockedTables() []string {
	return []string{"users", "user_threepids", "user_external_ids", "devices", "access_tokens", "refresh_tokens"}
}

// lockStatement locks out everything that writes; for a rehearsal, only what would
// change the tables themselves.
func lockStatement(rehearsal bool) string {
	mode := "EXCLUSIVE"
	if rehearsal {
		mode = "ACCESS SHARE"
	}
	return "LOCK TABLE " + strings.Join(lockedTables(), ", ") + " IN " + mode + " MODE"
}

// begin opens the transaction whose snapshot everything is read from. The tables are
// locked before the snapshot is taken: nothing that is in them can be missing from it.
func begin(ctx context.Context, conn *pgx.Conn, rehearsal bool) (pgx.Tx, error) {
	tx, err := tryBegin(ctx, conn, lockStatement(rehearsal)+" NOWAIT")
	if err == nil || !isCode(err, lockNotAvailable) {
		return tx, lockError(err)
	}
	who, err := holders(ctx, conn)
	switch {
	case err != nil:
		return nil, err
	case who.onlyVacuum():
		// It gives way to those who wait, after deadlock_timeout.
		tx, err = tryBegin(ctx, conn, "SET LOCAL lock_timeout = '10s'", lockStatement(rehearsal))
		return tx, lockError(err)
	}
	return nil, fmt.Errorf("%w: its tables cannot be locked, because of %s: stop Synapse and all of its workers", errInUse, who)
}

func tryBegin(ctx context.Context, conn *pgx.Conn, statements ...string) (pgx.Tx, error) {
	tx, err := conn.BeginTx(ctx, pgx.TxOptions{IsoLevel: pgx.RepeatableRead, AccessMode: pgx.ReadOnly})
	if err != nil {
		return nil, err
	}
	for _, sql := range append([]string{patience}, statements...) {
		if _, err := tx.Exec(ctx, sql); err != nil {
			_ = tx.Rollback(ctx) // the error is the statement's
			return nil, err
		}
	}
	return tx, nil
}

// patience lets a transaction of ours wait as long as it takes; it ends with it. SET
// takes no snapshot, which SELECT would: before the locks.
const patience = "SET LOCAL statement_timeout = 0; SET LOCAL idle_in_transaction_session_timeout = 0"

const (
	lockNotAvailable = "55P03"
	insufficient     = "42501"
	undefinedTable   = "42P01"
)

func isCode(err error, code string) bool {
	var pgErr *pgconn.PgError
	return errors.As(err, &pgErr) && pgErr.Code == code
}

func lockError(err error) error {
	switch {
	case err == nil:
		return nil
	case isCode(err, insufficient):
		return fmt.Errorf("migrate/native: lock the tables of Synapse's database: %w "+
			"(to lock them the role needs UPDATE, DELETE or TRUNCATE; the owner has it)", err)
	case isCode(err, undefinedTable):
		return fmt.Errorf("migrate/native: lock the tables of Synapse's database: %w (is it Synapse's?)", err)
	}
	return fmt.Errorf("migrate/native: lock the tables of Synapse's database: %w", err)
}

// lockHolder is a session that holds a lock.
type lockHolder struct {
	PID                         int32
	Application, Role, Address  string
	State, Backend, Table, Mode string
}

type lockHolders []lockHolder

// holders lists the sessions that hold locks that are in the way.
func holders(ctx context.Context, conn *pgx.Conn) (lockHolders, error) {
	const sql = `SELECT a.pid, coalesce(a.application_name, ''), coalesce(a.usename::text, ''), coalesce(host(a.client_addr), ''),
			coalesce(a.state, ''), coalesce(a.backend_type, ''), l.relation::regclass::text, l.mode
		FROM pg_locks l JOIN pg_stat_activity a ON a.pid = l.pid
		WHERE l.granted AND a.pid <> pg_backend_pid() AND l.mode NOT IN ('AccessShareLock')
			AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
			AND l.relation IN (SELECT to_regclass(name) FROM unnest($1::text[]) name)
		ORDER BY a.pid, l.relation, l.mode LIMIT 20`
	rows, err := conn.Query(ctx, sql, lockedTables())
	if err != nil {
		return nil, fmt.Errorf("migrate/native: find out who uses Synapse's database: %w", err)
	}
	found, err := pgx.CollectRows(rows, pgx.RowToStructByPos[lockHolder])
	if err != nil {
		return nil, fmt.Errorf("migrate/native: find out who uses Synapse's database: %w", err)
	}
	return found, nil
}

func (hs lockHolders) onlyVacuum() bool {
	for _, h := range hs {
		if h.Backend != "autovacuum worker" {
			return false
		}
	}
	// Nobody is left: whoever it was has finished.
	return true
}

// String names each session once.
func (hs lockHolders) String() string {
	var list []string
	var last int32
	for _, h := range hs {
		if h.PID != last {
			list = append(list, h.String())
			last = h.PID
		}
	}
	return strings.Join(list, ", ")
}

func (h lockHolder) String() string {
	address := h.Address
	if address == "" {
		address = "local"
	}
	return fmt.Sprintf("process %d (application %q, role %q, %s, %s) which holds a %s on %s",
		h.PID, h.Application, h.Role, address, h.State, h.Mode, h.Table)
}
