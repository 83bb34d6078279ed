package rowdiff

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

// scan is the query of a cluster on one side, and what its rows mean.
type scan struct {
	cluster cluster
	// table is what it mainly reads, for people.
	table string
	sql   string
	// build makes a row of the columns, in the binary format; false if the columns are
	// nothing that is migrated.
	build func(columns [][]byte, r *row) bool
}

// sorted is the query for the users of the groups $1 only, in the order of their
// localparts. user is the SQL expression of that in terms of the first column, "k".
func (s *scan) sorted(user string) string {
	return `SELECT * FROM (` + s.sql + `) q WHERE ` + groupSQL(user) + ` = ANY ($1::int[]) ORDER BY ` + user + ` COLLATE "C"`
}

// start sends a query whose rows come in the binary format.
func start(ctx context.Context, conn *pgx.Conn, sql string, parameters ...string) *pgconn.ResultReader {
	values := make([][]byte, len(parameters))
	for i, p := range parameters {
		values[i] = []byte(p)
	}
	return conn.PgConn().ExecParams(ctx, sql, values, nil, nil, []int16{pgx.BinaryFormatCode})
}

// run calls out for every row that comes of the scan. The row is valid until out returns.
func (s *scan) run(ctx context.Context, conn *pgx.Conn, out func(*row)) error {
	result := start(ctx, conn, s.sql)
	var r row
	for result.NextRow() {
		if s.build(result.Values(), &r) {
			out(&r)
		}
	}
	if _, err := result.Close(); err != nil {
		return fmt.Errorf("read %s: %w", s.table, err)
	}
	return nil
}
