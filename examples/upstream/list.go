package main

import (
	"strings"

	"github.com/maskit-dev/maskit/upstream/all"
)

// list names every kind.
func list(out output) error {
	kinds := all.Registry().Kinds()
	if out.json {
		return out.encode(kinds)
	}
	return out.print(strings.Join(kinds, "\n") + "\n")
}
