// Command playground sets up a homeserver to try migrations on:
//
//	go run ./internal/live/playground
//
// It starts a PostgreSQL of its own with two databases: one that a real Synapse made,
// with generated people and everything odd that real homeservers hold, and an empty one
// of MAS. It writes the configurations of both and README.txt with the commands to go
// through, prints that, and waits. Ctrl-C ends it, and removes all of it.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"

	"github.com/maskit-dev/maskit/internal/live/install"
	"github.com/maskit-dev/maskit/internal/live/proc"
)

// options are what the command line says.
type options struct {
	users int
	seed  uint64
	dir   string
	all   bool
}

func main() {
	var o options
	flag.IntVar(&o.users, "users", 1000, "how many `users` there are besides the odd ones")
	flag.Uint64Var(&o.seed, "seed", 1, "selects one of many homeservers of that size")
	flag.StringVar(&o.dir, "dir", "", "a new or empty `directory` for the files, which is removed in the end (default: a temporary one)")
	flag.BoolVar(&o.all, "all", false, "also what no migration gets past: users that MAS has already, and links of an earlier MAS")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	ctx, cancel := context.WithCancel(ctx)
	proc.OnOrphaned(cancel)
	err := run(ctx, o, os.Stdout)
	stop()
	cancel()
	if err != nil {
		fmt.Fprintln(os.Stderr, "playground:", err)
		os.Exit(1)
	}
}

// run sets up, prints what to do, and waits for the end of ctx.
func run(ctx context.Context, o options, out io.Writer) error {
	_, _ = fmt.Fprintln(out, "Starting PostgreSQL and a Synapse that makes its schema, and generating people …")
	p, err := set(ctx, o)
	if err != nil {
		return explain(err)
	}
	defer p.remove()
	if _, err := fmt.Fprint(out, "\n", p.readme(), "\n", "Everything above is also in "+p.path("README.txt")+".\nCtrl-C ends the playground and removes all of it.\n"); err != nil {
		return err
	}
	<-ctx.Done()
	_, _ = fmt.Fprintln(out, "Removed.")
	return nil
}

// explain says what to do about parts that are not there.
func explain(err error) error {
	var missing *install.MissingError
	if errors.As(err, &missing) {
		return fmt.Errorf("%w (it needs PostgreSQL and Synapse; MAS is optional)", missing)
	}
	return err
}
