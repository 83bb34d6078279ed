package migrate_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/mas"
	"github.com/maskit-dev/maskit/migrate"
	"github.com/maskit-dev/maskit/migrate/native"
	"github.com/maskit-dev/maskit/synapse"
)

// Of two callers who have read the same state, one can go on.
func ExampleFileStore() {
	dir, err := os.MkdirTemp("", "migration")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer os.RemoveAll(dir) //nolint:errcheck // an example
	ctx, store := context.Background(), migrate.FileStore{Path: filepath.Join(dir, "migration.json")}
	mine, err := store.Load(ctx)
	fmt.Printf("step %q, revision %d, %v\n", mine.Step, mine.Revision, err)
	theirs := mine
	fmt.Println(store.Save(ctx, mine, migrate.State{RunID: "one", Step: migrate.StepRunning}))
	err = store.Save(ctx, theirs, migrate.State{RunID: "two", Step: migrate.StepRunning})
	fmt.Println(errors.Is(err, maskit.ErrConflict))
	kept, err := store.Load(ctx)
	fmt.Printf("run %q, revision %d, %v\n", kept.RunID, kept.Revision, err)
	// Output:
	// step "", revision 0, <nil>
	// <nil>
	// true
	// run "one", revision 1, <nil>
}

// Run goes on where an earlier call stopped, whatever stopped that. Here it can reach
// neither database, so that nothing is begun.
func ExampleSyn2MAS_Run() {
	m := migrate.Syn2MAS{
		Source: migrate.Source{Files: []synapse.File{{Name: "homeserver.yaml", Data: []byte(`
server_name: example.com
database: {name: psycopg2, args: {host: /nowhere/synapse}}
`)}}},
		Target: migrate.Target{Config: &mas.Config{}, DSN: maskit.NewSecret("host=/nowhere/mas")},
		Engine: native.Engine{},
		Store:  migrate.FileStore{Path: "migration.json"},
		Events: func(e migrate.Event) { fmt.Println(e.Stage, e.Entity, e.Rows, e.Total) },
	}
	report, err := m.Run(context.Background())
	switch {
	case errors.Is(err, maskit.ErrInvalid):
		fmt.Println(report.Findings) // mend that, or accept it by an Ack
	case errors.Is(err, migrate.ErrBusy):
		fmt.Println("wait for the other one")
	case err != nil:
		fmt.Println("call it again, or Rollback")
	default:
		fmt.Println(report)
	}
	_, err = os.Stat("migration.json")
	fmt.Println("begun:", err == nil)
	// Output:
	// call it again, or Rollback
	// begun: false
}
