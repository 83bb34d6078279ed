package mas

import (
	"fmt"
	"io"

	"github.com/oklog/ulid/v2"

	"github.com/maskit-dev/maskit"
)

// NewULID draws an id for an upstream provider or a client from random, mostly
// crypto/rand.Reader: 80 bits of entropy.
//
// The time part is zero, because a ULID made here depends on nothing but random.
// MAS 1.22 reads the time of the ULIDs that it mints itself, never of those in
// its configuration.
func NewULID(random io.Reader) (maskit.ULID, error) {
	id, err := ulid.New(0, random)
	if err != nil {
		return "", fmt.Errorf("mas: draw ULID: %w", err)
	}
	return maskit.ULID(id.String()), nil
}
