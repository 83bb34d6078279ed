package native

import (
	"context"
	"fmt"
	"io"
	"strings"

	"github.com/jackc/pgx/v5"

	"github.com/maskit-dev/maskit/internal/pgcopy"
	"github.com/maskit-dev/maskit/migrate"
)

// copySQL is the COPY of an entity into a table.
func copySQL(table string, entity migrate.Entity, confirmed bool, options string) string {
	var names []string
	for _, c := range columns(entity) {
		if !c.optional || confirmed {
			names = append(names, pgx.Identifier{c.name}.Sanitize())
		}
	}
	return fmt.Sprintf("COPY %s (%s) FROM STDIN WITH (%s)", table, strings.Join(names, ", "), options)
}

// upload is one COPY that takes the rows of an entity as they come.
type upload struct {
	conn   *pgx.Conn
	free   *buffers
	chunks chan []byte
	// ended is closed when the COPY is over, and err is its outcome.
	ended chan struct{}
	err   error

	ctx     context.Context // of the COPY, whose reader has none of its own
	current []byte          // what was taken from chunks; nil before the first
	rest    []byte          // what of that is not sent yet
	trailed bool
}

// ahead is how many chunks may wait for a COPY. More would only take memory: the
// server is the bottleneck.
const ahead = 4

// openUpload begins a COPY. The session must be in the transaction that made the table.
func openUpload(ctx context.Context, conn *pgx.Conn, sql string, free *buffers) *upload {
	s := &upload{conn: conn, free: free, chunks: make(chan []byte, ahead), ended: make(chan struct{}), ctx: ctx, rest: pgcopy.AppendHeader(nil)}
	go func() {
		defer close(s.ended)
		_, s.err = conn.PgConn().CopyFrom(ctx, s, sql)
	}()
	return s
}

// write gives tuples to the COPY. It waits while too many others do.
func (s *upload) write(ctx context.Context, tuples []byte) error {
	select {
	case s.chunks <- tuples:
		return nil
	case <-s.ended:
		return s.err
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

// finish ends the COPY after what was written. It is called once, after the last write.
func (s *upload) finish() error {
	close(s.chunks)
	<-s.ended
	return s.err
}

// Read implements [io.Reader] for the COPY.
func (s *upload) Read(p []byte) (int, error) {
	for len(s.rest) == 0 {
		if s.trailed {
			return 0, io.EOF
		}
		if err := s.advance(); err != nil {
			return 0, err
		}
	}
	n := copy(p, s.rest)
	s.rest = s.rest[n:]
	return n, nil
}

// advance takes the next chunk, or the trailer.
func (s *upload) advance() error {
	if s.current != nil {
		s.free.put(s.current)
		s.current = nil
	}
	select {
	case chunk, more := <-s.chunks:
		if !more {
			s.rest, s.trailed = pgcopy.AppendTrailer(nil), true
			return nil
		}
		s.current, s.rest = chunk, chunk
		return nil
	case <-s.ctx.Done():
		return context.Cause(s.ctx)
	}
}
