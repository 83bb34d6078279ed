package mascli

import (
	"context"

	"github.com/maskit-dev/maskit"
)

// Doctor has mas-cli ask the homeserver over HTTP whether it and MAS know each other.
// mas-cli always ends with success; the problems are what it warns of in its log, with the
// code "doctor". An error says that it could not be run.
func (c CLI) Doctor(ctx context.Context) (maskit.Problems, error) {
	log, err := c.simple(ctx, "doctor")
	return problemsOf("doctor", log), err
}
