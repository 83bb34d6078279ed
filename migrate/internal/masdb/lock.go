package masdb

import (
	"context"
	"fmt"
	"strings"
	"time"
)

// LockKey is the advisory lock that mas-cli syn2mas (MAS 0.16 to 1.22) holds on MAS's
// database in its session while it works: sqlx's key of "syn2mas-maswriter".
const LockKey int64 = 6584285998412104315

// Lock takes [LockKey] for the session of q. If another session has it, it tries for
// some seconds, since that of a killed process may linger; then the error matches
// [ErrLocked] and says who has it.
func Lock(ctx context.Context, q Querier) error {
	const attempts, pause = 20, 150 * time.Millisecond
	for attempt := range attempts {
		if attempt > 0 {
			select {
			case <-ctx.Done():
				return context.Cause(ctx)
			case <-time.After(pause):
			}
		}
		var locked bool
		if err := q.QueryRow(ctx, `SELECT pg_try_advisory_lock($1)`, LockKey).Scan(&locked); err != nil {
			return fmt.Errorf("masdb: lock MAS's database: %w", err)
		}
		if locked {
			return nil
		}
	}
	return fmt.Errorf("masdb: %w: %s", ErrLocked, holder(ctx, q))
}

// Unlock gives the lock back.
func Unlock(ctx context.Context, q Querier) error {
	if _, err := q.Exec(ctx, `SELECT pg_advisory_unlock($1)`, LockKey); err != nil {
		return fmt.Errorf("masdb: unlock MAS's database: %w", err)
	}
	return nil
}

// Locked reports whether another session holds [LockKey].
func Locked(ctx context.Context, q Querier) (bool, error) {
	var locked bool
	err := q.QueryRow(ctx, `SELECT EXISTS (SELECT FROM pg_locks WHERE `+holds+` AND pid <> pg_backend_pid())`, LockKey).Scan(&locked)
	if err != nil {
		return false, fmt.Errorf("masdb: look for the lock of migrations: %w", err)
	}
	return locked, nil
}

// holds selects the rows of pg_locks that are the lock of $1: its halves are in two
// columns, and objsubid is 1 for a key of 64 bits.
const holds = `locktype = 'advisory' AND objsubid = 1 AND granted
	AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
	AND classid::bigint = ($1::bigint >> 32) & 4294967295 AND objid::bigint = $1::bigint & 4294967295`

// holder names the session that has the lock, as far as we may see it.
func holder(ctx context.Context, q Querier) string {
	var who []string
	rows, err := q.Query(ctx, `SELECT format('session %s (%s, user %s, since %s)', pid, coalesce(nullif(application_name, ''), 'no application name'), usename,
		to_char(backend_start, 'YYYY-MM-DD HH24:MI:SS TZ')) FROM pg_stat_activity WHERE pid IN (SELECT pid FROM pg_locks WHERE `+holds+`)`, LockKey)
	if err == nil {
		who, err = collectStrings(rows)
	}
	if err != nil || len(who) == 0 {
		return "the session that holds its lock cannot be seen"
	}
	return strings.Join(who, ", ")
}
