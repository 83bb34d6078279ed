package migrate

import (
	"context"
	"fmt"
	"time"

	"github.com/maskit-dev/maskit/migrate/internal/masdb"
)

// line separates what a migration wrote from what came later.
type line struct {
	// time is when the migration was finished.
	time time.Time
	// transaction is that of the [Watermark]; -1 if that is of no use, and times have to do.
	transaction int64
	// rows are how many the migration wrote; nil if that is not known.
	rows map[Entity]int64
}

// lineOf finds the line. The watermark counts only for the very tables that it was taken
// of, and until PostgreSQL's numbers of transactions have come around.
func lineOf(ctx context.Context, q masdb.Querier, state State) (line, error) {
	if state.Loaded == nil {
		return foundLine(ctx, q, state.Started)
	}
	mark := *state.Loaded
	var now int64
	var users uint32
	err := q.QueryRow(ctx, `SELECT txid_snapshot_xmax(txid_current_snapshot()), 'users'::regclass::oid`).Scan(&now, &users)
	if err != nil {
		return line{}, fmt.Errorf("ask %s for its time: %w", masDatabase, err)
	}
	l := line{time: mark.Time, transaction: mark.Transaction, rows: mark.Rows}
	if age := now - mark.Transaction; age < 0 || age >= 1<<31 || users != mark.UsersTable {
		l.transaction = -1
	}
	return l, nil
}

// foundLine finds the line where the engine has finished, if it has, and nobody could store
// that: it comes after the last transaction of the engine. One that replaces the tables, or makes
// their constraints anew, has put the primary key of users where it is; one that writes
// to MAS's own tables has written the users from before the migration at once.
func foundLine(ctx context.Context, q masdb.Querier, started time.Time) (line, error) {
	var now, last int64
	err := q.QueryRow(ctx, `SELECT txid_snapshot_xmax(txid_current_snapshot()), written::text::bigint FROM (
			(SELECT xmin FROM pg_constraint WHERE conrelid = 'users'::regclass AND contype = 'p')
		UNION ALL
			(SELECT xmin FROM users WHERE created_at <= $1 ORDER BY age(xmin) DESC LIMIT 1)
		) writers (written) ORDER BY age(written) LIMIT 1`, started).Scan(&now, &last)
	if err != nil {
		return line{}, fmt.Errorf("find out when MAS's tables were loaded: %w", err)
	}
	last |= now &^ (1<<32 - 1) // PostgreSQL keeps 32 bits of its numbers in rows
	if last >= now {
		last -= 1 << 32
	}
	l := line{time: started, transaction: last + 1}
	// mas-cli takes the time for that of sessions and tokens which have none.
	err = q.QueryRow(ctx, `SELECT greatest($1, (SELECT max(created_at) FROM compat_sessions t WHERE NOT `+l.after("t")+`),
		(SELECT max(created_at) FROM compat_access_tokens t WHERE NOT `+l.after("t")+`))`, started).Scan(&l.time)
	if err != nil {
		return line{}, fmt.Errorf("find out when MAS's tables were loaded: %w", err)
	}
	return l, nil
}

// after is a condition for rows, of a table with this alias, that were written or changed
// after the line. Without a transaction it does not see changes.
func (l line) after(alias string) string {
	if l.transaction < 0 {
		return l.made(alias)
	}
	return fmt.Sprintf("age(%s.xmin) <= age('%d'::xid)", alias, l.transaction%(1<<32))
}

// made is a condition for rows that were made after the line.
func (l line) made(alias string) string {
	made := fmt.Sprintf("%s.created_at > '%s'::timestamptz", alias, l.time.UTC().Format("2006-01-02T15:04:05.999999Z"))
	if l.transaction < 0 {
		return made
	}
	return "(" + l.after(alias) + " AND " + made + ")"
}

// changed is a condition for rows that the migration wrote and somebody changed.
func (l line) changed(alias string) string {
	return "(" + l.after(alias) + " AND NOT " + l.made(alias) + ")"
}
