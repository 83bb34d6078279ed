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

// units is a server whose processes are counted; others would ask systemd or Kubernetes.
type units struct{ up int }

// Status looks, each time: after a crash, what a program remembers is worth nothing.
func (u *units) Status(context.Context) (migrate.ServiceStatus, error) {
	if u.up == 0 {
		return migrate.StatusStopped, nil
	}
	return migrate.StatusRunning, nil
}

// Record says how many there are.
func (u *units) Record(context.Context) (string, error) { return fmt.Sprint(u.up), nil }

// Stop waits until none is left.
func (u *units) Stop(context.Context) error {
	u.up = 0
	return nil
}

// Start waits until all answer.
func (u *units) Start(_ context.Context, record string) error {
	_, err := fmt.Sscan(record, &u.up)
	return err
}

// homeserver is Synapse's configuration. A real one writes what synapse.Delegate has patched,
// and undoes it by synapse.Revert.
type homeserver struct{ side migrate.Side }

func (h *homeserver) Configured(context.Context) (migrate.Side, error) { return h.side, nil }

func (h *homeserver) Configure(_ context.Context, to migrate.Side) error {
	h.side = to
	return nil
}

// A cut-over that fails says what runs now, and what to do. This one stops at its first step, for
// MAS cannot be reached; Synapse was not touched.
func ExampleCutover() {
	dir, err := os.MkdirTemp("", "migration")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer os.RemoveAll(dir) //nolint:errcheck // an example
	synapseServer, masServer := &units{up: 3}, &units{}
	cutover := migrate.Cutover{
		Migration: &migrate.Syn2MAS{
			Source: migrate.Source{Files: []synapse.File{{Name: "homeserver.yaml", Data: []byte(`
server_name: example.com
database: {name: psycopg2, args: {host: /nowhere/synapse}}
`)}}},
			Target: migrate.Target{Config: &mas.Config{}, DSN: maskit.NewSecret("host=/nowhere/mas")},
			Engine: native.Engine{},
			Store:  migrate.FileStore{Path: filepath.Join(dir, "migration.json")},
		},
		Synapse: synapseServer, MAS: masServer,
		Config: &homeserver{side: migrate.SideSynapse},
		Prove: func(context.Context) (maskit.Problems, error) {
			return nil, nil // here one asks both servers whether people can log in
		},
	}
	report, err := cutover.Run(context.Background())
	var failed *migrate.CutoverError
	if errors.As(err, &failed) {
		fmt.Println("step:", failed.Step)
		fmt.Println("Synapse:", failed.Situation.Synapse)
		fmt.Println("next:", failed.Next)
	}
	fmt.Println("downtime:", report.Downtime)
	fmt.Println("processes:", synapseServer.up, masServer.up)
	// Output:
	// step: check
	// Synapse: running
	// next: nothing was stopped or switched; mend the cause and call Run again
	// downtime: 0s
	// processes: 3 0
}
