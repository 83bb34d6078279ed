package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"time"

	"github.com/maskit-dev/maskit/migrate"
	"github.com/maskit-dev/maskit/migrate/migratetest"
	"github.com/maskit-dev/maskit/migrate/native"
)

// order is what a child is told on its standard input.
type order struct {
	Synapse, MAS migratetest.Database
	// State is the file of the migration.
	State string
}

// answer is what it says.
type answer struct {
	Seconds float64
	Report  migrate.RunReport
	Verify  migrate.VerifyReport
	// kibibytes is the peak of its memory, cpu its processor time and database that of
	// PostgreSQL for it, as its parent learns them.
	kibibytes     int64
	cpu, database float64
}

// The children.
const (
	childRun    = "run"
	childVerify = "verify"
)

// runChild is the child.
func runChild(ctx context.Context, what string, in io.Reader, out io.Writer) error {
	var o order
	if err := json.NewDecoder(in).Decode(&o); err != nil {
		return err
	}
	site, err := migratetest.NewSite(migratetest.SiteSpec{Synapse: o.Synapse, MAS: o.MAS})
	if err != nil {
		return err
	}
	m := migrate.Syn2MAS{
		Source: migrate.Source{Files: site.Files}, Target: migrate.Target{Config: site.Config},
		Engine: native.Engine{}, Store: migrate.FileStore{Path: o.State},
	}
	var a answer
	started := time.Now()
	switch what {
	case childRun:
		a.Report, err = m.Run(ctx)
	case childVerify:
		if a.Verify, err = m.Verify(ctx); err == nil {
			err = a.Verify.Err()
		}
	default:
		err = fmt.Errorf("no child is called %q", what)
	}
	if err != nil {
		return fmt.Errorf("%s: %w", what, err)
	}
	a.Seconds = time.Since(started).Seconds()
	return json.NewEncoder(out).Encode(a)
}

// native starts a child.
func (b *bench) native(ctx context.Context, what, mas string) (answer, error) {
	self, err := os.Executable()
	if err != nil {
		return answer{}, err
	}
	state := filepath.Join(b.dir, mas+".json")
	if what == childRun { // the migration of an earlier round is over
		if err := os.Remove(state); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return answer{}, err
		}
	}
	text, err := json.Marshal(order{Synapse: b.cluster.database(b.synapse), MAS: b.cluster.database(mas), State: state})
	if err != nil {
		return answer{}, err
	}
	var stdout, stderr bytes.Buffer
	cmd := exec.CommandContext(ctx, self, "-child", what)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = bytes.NewReader(text), &stdout, &stderr
	before := b.cluster.cpu()
	if err := cmd.Run(); err != nil {
		return answer{}, fmt.Errorf("native %s: %w\n%s", what, err, stderr.Bytes())
	}
	var a answer
	if err := json.Unmarshal(stdout.Bytes(), &a); err != nil {
		return answer{}, fmt.Errorf("native %s: %w", what, err)
	}
	a.kibibytes, a.cpu, a.database = peak(cmd.ProcessState), spent(cmd.ProcessState), b.cluster.cpu()-before
	return a, nil
}
