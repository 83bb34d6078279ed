package native

import (
	"bytes"
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5/pgconn"
)

// errUnsorted is a guard: a merge of streams that are not sorted would lose rows.
var errUnsorted = errors.New("rows do not come in the order of the bytes of user ids")

// stream is the rows of one table, in the order of user ids.
type stream struct {
	table  string
	rows   *pgconn.ResultReader
	values [][]byte
	done   bool
}

// selection is a query and its parameters.
type selection struct {
	sql    string
	params [][]byte
}

// openStream sends the query. The rows are on their way when it returns.
func openStream(ctx context.Context, conn *pgconn.PgConn, table string, s selection) *stream {
	binary := []int16{1} // all parameters are text, all columns binary
	return &stream{table: table, rows: conn.ExecParams(ctx, s.sql, s.params, nil, nil, binary)}
}

// next goes to the next row. At the end, done is true.
func (s *stream) next() error {
	if s.done {
		return nil
	}
	if s.rows.NextRow() {
		s.values = s.rows.Values()
		return nil
	}
	s.done = true
	s.values = nil
	_, err := s.rows.Close()
	return s.wrap(err)
}

// before says whether the row is of a user before that one.
func (s *stream) before(name []byte) bool { return !s.done && bytes.Compare(s.values[0], name) < 0 }

// of says whether the row is of the user.
func (s *stream) of(name []byte) bool { return !s.done && bytes.Equal(s.values[0], name) }

func (s *stream) wrap(err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("migrate/native: read the table %s of Synapse's database: %w", s.table, err)
}
