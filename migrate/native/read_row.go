package native

import (
	"fmt"

	"github.com/maskit-dev/maskit/internal/pgcopy"
)

// row decodes a row of Synapse. Texts are copied into the memory of the arena, as the
// values are overwritten by the next row of the stream. The first error stays.
type row struct {
	values [][]byte
	arena  []byte
	err    error
}

// arenaSize is enough for most users.
const arenaSize = 16 << 10

func newRow() *row { return &row{arena: make([]byte, 0, arenaSize)} }

// forget gives up all texts.
func (r *row) forget() { r.arena = r.arena[:0] }

// text returns a copy of a text; nil for NULL.
func (r *row) text(i int) []byte {
	value := r.values[i]
	if value == nil {
		return nil
	}
	from := len(r.arena)
	r.arena = append(r.arena, value...)
	return r.arena[from:len(r.arena):len(r.arena)]
}

// optional returns an integer that may be NULL.
func (r *row) optional(i int) optional {
	if r.values[i] == nil {
		return optional{}
	}
	return optional{value: r.int(i), valid: true}
}

func (r *row) int(i int) int64 {
	v, err := pgcopy.Int(r.values[i])
	r.fail(i, err)
	return v
}

// flag returns a boolean; NULL is false.
func (r *row) flag(i int) bool {
	if r.values[i] == nil {
		return false
	}
	v, err := pgcopy.Bool(r.values[i])
	r.fail(i, err)
	return v
}

// number returns whether a smallint that stands for a boolean is not zero.
func (r *row) number(i int) bool { return r.values[i] != nil && r.int(i) != 0 }

func (r *row) fail(i int, err error) {
	if err != nil && r.err == nil {
		r.err = fmt.Errorf("column %d: %w", i+1, err)
	}
}
