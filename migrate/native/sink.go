package native

import (
	"context"
	"sync"

	"github.com/maskit-dev/maskit/migrate"
)

// sink takes the rows of MAS. Several goroutines call it at once.
type sink interface {
	// write takes complete tuples of a binary COPY, without header and trailer, in the
	// order of columns. It may block. The slice is the sink's from then on; it gives
	// it back to the source's buffers once it is written.
	//
	// In the calls of one goroutine, a row comes after those that its foreign keys
	// need: if the calls are executed in their order, no foreign key breaks at the end
	// of any of them.
	write(ctx context.Context, entity migrate.Entity, tuples []byte, rows int) error
}

// buffers keeps what a sink has written for the next rows.
type buffers struct{ pool sync.Pool }

// flushAt is how many bytes of an entity are gathered before they are written, and
// bufferSize what a buffer holds: one user more.
const (
	flushAt    = 128 << 10
	bufferSize = flushAt + flushAt/4
)

// get returns an empty buffer.
func (b *buffers) get() []byte {
	if buffer, ok := b.pool.Get().(*[]byte); ok {
		return (*buffer)[:0]
	}
	return make([]byte, 0, bufferSize)
}

// put takes a buffer that nobody reads any more. One that a user with very many rows
// has blown up is dropped.
func (b *buffers) put(buffer []byte) {
	if cap(buffer) <= 2*bufferSize {
		b.pool.Put(&buffer)
	}
}
