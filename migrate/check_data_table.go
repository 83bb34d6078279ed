package migrate

import (
	"context"
	"fmt"
	"hash/maphash"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"
)

// table is one pass over a table of Synapse that returns only the rows of which a flag
// is up. It is a look whose flags are counted row by row.
type table struct {
	// path is the table, for findings.
	path string
	// from is what stands behind FROM; where what bounds the rows, if it is not empty.
	from, where string
	// key and user are SQL expressions: the natural key of a row for samples, and the
	// user whose it is. No user means that the rows are users.
	key, user string
	// suspect is an SQL expression of a text that a flag looks at here. It is never shown.
	suspect string
	// args are the parameters $1, … of all expressions.
	args  []any
	flags []flag
	// complete fills in what else the text of a finding needs; may be nil.
	complete func(*Anomaly)
}

// flag is what may be wrong with a row.
type flag struct {
	code string
	// when is an SQL expression.
	when string
	// confirmed looks again at the suspect; nil if SQL says it all.
	confirmed func(suspect string) bool
}

func (t table) look() look {
	return look{name: t.path, run: t.run}
}

// statement returns the key, the user, the suspect and the flags, as bits, of the rows
// of which a flag is up.
func (t table) statement() string {
	var bits []string
	for i, f := range t.flags {
		bits = append(bits, fmt.Sprintf("CASE WHEN %s THEN %d ELSE 0 END", f.when, 1<<i))
	}
	where := ""
	if t.where != "" {
		where = " WHERE " + t.where
	}
	return fmt.Sprintf("SELECT key, COALESCE(owner, ''), COALESCE(suspect, ''), bits FROM (SELECT %s AS key, %s AS owner, %s AS suspect, %s AS bits FROM %s%s) f WHERE bits <> 0",
		t.key, orNull(t.user), orNull(t.suspect), strings.Join(bits, " | "), t.from, where)
}

func orNull(expression string) string {
	if expression == "" {
		return "NULL::text"
	}
	return expression
}

func (t table) run(ctx context.Context, tx pgx.Tx) ([]Anomaly, error) {
	rows, err := tx.Query(ctx, t.statement(), t.args...)
	if err != nil {
		return nil, err
	}
	found := make([]counted, len(t.flags))
	var key, user, suspect string
	var bits int32
	_, err = pgx.ForEachRow(rows, []any{&key, &user, &suspect, &bits}, func() error {
		for i, f := range t.flags {
			if bits&(1<<i) != 0 && (f.confirmed == nil || f.confirmed(suspect)) {
				found[i].add(key, user)
			}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return t.anomalies(found), nil
}

func (t table) anomalies(found []counted) []Anomaly {
	var anomalies []Anomaly
	for i, f := range t.flags {
		if found[i].rows == 0 {
			continue
		}
		a := Anomaly{Code: f.code, Path: t.path, Count: found[i].rows, Users: int64(len(found[i].users)), Samples: found[i].least}
		if t.complete != nil {
			t.complete(&a)
		}
		anomalies = append(anomalies, a)
	}
	return anomalies
}

// counted counts rows, and the users whose they are. The zero value is ready.
type counted struct {
	rows int64
	// users are known by a hash, which is small: there may be millions.
	users map[uint64]struct{}
	seed  maphash.Seed
	// least are the first keys in the order of bytes, each once.
	least []string
}

func (c *counted) add(key, user string) {
	c.rows++
	if user != "" {
		if c.users == nil {
			c.users, c.seed = map[uint64]struct{}{}, maphash.MakeSeed()
		}
		c.users[maphash.String(c.seed, user)] = struct{}{}
	}
	if at, seen := slices.BinarySearch(c.least, key); !seen && at < MaxSamples {
		c.least = slices.Insert(c.least, at, key)
		c.least = c.least[:min(len(c.least), MaxSamples)]
	}
}
