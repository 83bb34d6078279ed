package mascli_test

import (
	"context"
	"errors"
	"fmt"

	"github.com/maskit-dev/maskit/mas"
	"github.com/maskit-dev/maskit/mas/mascli"
)

// A runner decides where mas-cli runs; most programs use [mascli.Local]. This one plays
// a mas-cli that cannot reach its database.
func Example() {
	cli := mascli.CLI{
		Runner: spoken{code: 1, stderr: "Error: Failed to connect to the database\n\nCaused by:\n    connection refused"},
		Config: &mas.Config{Matrix: mas.Matrix{Homeserver: "example.com"}},
	}
	err := cli.DatabaseMigrate(context.Background())
	fmt.Println(err)
	if failed, ok := errors.AsType[*mascli.ExitError](err); ok {
		fmt.Println(failed.Code, failed.Causes[1])
	}
	// Output:
	// mascli: mas-cli database migrate: exit code 1: Failed to connect to the database: connection refused
	// 1 connection refused
}
