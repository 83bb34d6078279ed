// Command benchmigrate shows how fast people are moved from Synapse to MAS:
//
//	go run ./internal/live/benchmigrate -users 1000000
//
// It starts a PostgreSQL of its own, as durable as it comes, and generates a homeserver
// in it. Then each of these migrates into a fresh copy of the same database of MAS:
//
//   - mas-cli syn2mas migrate, where mas-cli is installed,
//   - migrate.Syn2MAS.Run with the native engine, and Verify,
//   - the floor: the very rows that the native engine wrote, by bare binary COPY from
//     files, and the best parallel build of indexes and constraints that is known here.
//     Nothing is read from Synapse, and nothing transformed.
//
// The two engines are processes of their own, so that their memory is theirs. The
// times are printed only: a slow machine is no bug.
package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strconv"
	"strings"

	"github.com/maskit-dev/maskit/internal/live/proc"
)

// options are what the command line says.
type options struct {
	users    []int
	runs     int
	official bool
}

func main() {
	users := flag.String("users", "1000000", "how many `users`; several, separated by commas, are measured one after the other")
	runs := flag.Int("runs", 1, "how often each is measured; the best counts")
	official := flag.Bool("official", true, "measure mas-cli, too")
	child := flag.String("child", "", "for the program itself: what to do as a process of its own")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	ctx, cancel := context.WithCancel(ctx)
	proc.OnOrphaned(cancel)
	err := start(ctx, *child, *users, options{runs: *runs, official: *official})
	stop()
	cancel()
	if err != nil {
		fmt.Fprintln(os.Stderr, "benchmigrate:", err)
		os.Exit(1)
	}
}

func start(ctx context.Context, child, users string, o options) error {
	if child != "" {
		return runChild(ctx, child, os.Stdin, os.Stdout)
	}
	for text := range strings.SplitSeq(users, ",") {
		n, err := strconv.Atoi(text)
		if err != nil {
			return fmt.Errorf("-users: %w", err)
		}
		o.users = append(o.users, n)
	}
	return run(ctx, o, os.Stdout)
}

func run(ctx context.Context, o options, out io.Writer) error {
	schemas, err := readSchemas(ctx)
	if err != nil {
		return err
	}
	c, err := startCluster(ctx)
	if err != nil {
		return err
	}
	defer c.stop()
	if err := c.describe(ctx, out); err != nil {
		return err
	}
	for _, users := range o.users {
		b, err := prepare(ctx, c, schemas, users, out)
		if err != nil {
			return err
		}
		if err := b.measureAll(ctx, o, out); err != nil {
			return err
		}
	}
	return nil
}
