package rowdiff

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

// cursor reads one side user by user.
type cursor struct {
	side   *side
	scan   *scan
	conn   *pgx.Conn
	result *pgconn.ResultReader
	row    row
	// ahead says that row is the first of the next user.
	ahead bool
}

// person is what a user has in the tables of a cluster.
type person struct {
	name string
	// nobody says that it is no user: rows of MAS that belong to none.
	nobody bool
	// rows are the values of the rows, by kind.
	rows [kindCount][]string
	seen map[string]bool
}

func openCursor(ctx context.Context, of *side, c cluster, groups []int) (*cursor, error) {
	conn, err := of.connect(ctx)
	if err != nil {
		return nil, err
	}
	s := of.scan(c)
	return &cursor{side: of, scan: s, conn: conn, result: start(ctx, conn, s.sorted(of.user), intArray(groups))}, nil
}

func (c *cursor) close(ctx context.Context) { hangUp(ctx, c.conn) }

// err is why next returned nil, if it was an error.
func (c *cursor) err() error {
	if _, err := c.result.Close(); err != nil {
		return fmt.Errorf("%s: read %s again: %w", c.side.name, c.scan.table, err)
	}
	return nil
}

// next returns the next user; nil if there is none, or an error.
func (c *cursor) next() *person {
	if !c.ahead && !c.read() {
		return nil
	}
	p := &person{name: string(c.row.user), nobody: c.row.user == nil, seen: map[string]bool{}}
	for {
		p.add(&c.row)
		if c.ahead = c.read(); !c.ahead || string(c.row.user) != p.name {
			return p
		}
	}
}

func (c *cursor) read() bool {
	for c.result.NextRow() {
		if c.scan.build(c.result.Values(), &c.row) {
			return true
		}
	}
	return false
}

// add takes the parts of a row, each once even if the join repeats it.
func (p *person) add(r *row) {
	for i := range r.parts {
		part := &r.parts[i]
		if part.id != nil {
			key := string(part.kind) + string(part.id)
			if p.seen[key] {
				continue
			}
			p.seen[key] = true
		}
		p.rows[part.kind] = append(p.rows[part.kind], string(r.values(i)))
	}
}
