package official_test

import (
	"context"
	"errors"
	"fmt"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/mas/mascli"
	"github.com/maskit-dev/maskit/migrate"
	"github.com/maskit-dev/maskit/migrate/official"
)

// mas-cli rehearses in the database that it is given, and empties it. It therefore wants
// one of its own.
func Example() {
	engine := official.Engine{Runner: mascli.Local{Binary: "/usr/local/bin/mas-cli"}}
	_, err := engine.Rehearse(context.Background(), &migrate.Job{}, nil)
	fmt.Println(errors.Is(err, maskit.ErrUnsupported))
	fmt.Println(err)
	// Output:
	// true
	// official: rehearse: the dry run of mas-cli writes to MAS's tables and empties them: create an empty database beside MAS's, and name it as Target.Scratch: unsupported
}
