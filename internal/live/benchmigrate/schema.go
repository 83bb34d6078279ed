package main

import (
	"bytes"
	"context"
	"fmt"
	"os/exec"

	"github.com/maskit-dev/maskit/internal/live"
	"github.com/maskit-dev/maskit/internal/live/install"
	"github.com/maskit-dev/maskit/internal/live/program"
)

// schemas are dumps of empty databases, made by a real Synapse and a real MAS.
type schemas struct{ synapse, mas []byte }

func readSchemas(ctx context.Context) (dumps schemas, err error) {
	t := program.NewOwner(ctx, "bench")
	defer t.CleanUp()
	err = t.Do(func() {
		//nolint:contextcheck // The owner has the context.
		for db, dump := range map[live.DB]*[]byte{live.SynapseDatabase(t, live.SynapseCurrent): &dumps.synapse, live.MASDatabase(t): &dumps.mas} {
			cmd := exec.CommandContext(ctx, install.PostgresClient("pg_dump"), "--no-owner", "--dbname", db.URI())
			if *dump, err = cmd.Output(); err != nil {
				t.Fatal("pg_dump:", err)
			}
		}
	})
	return dumps, err
}

// restore fills a new database.
func (c *cluster) restore(ctx context.Context, name string, dump []byte) error {
	if err := c.exec(ctx, "postgres", "CREATE DATABASE "+name+" TEMPLATE template0"); err != nil {
		return err
	}
	cmd := exec.CommandContext(ctx, install.PostgresClient("psql"), "--quiet", "--no-psqlrc", "--set=ON_ERROR_STOP=1", "--output=/dev/null",
		"--host", c.address.Dir, "--username", c.address.User, "--dbname", name)
	cmd.Stdin = bytes.NewReader(dump)
	if output, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("restore %s: %w\n%s", name, err, output)
	}
	return nil
}
