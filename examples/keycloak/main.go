// Keycloak brings a Keycloak realm to a spec: the client of MAS, who may log in to it,
// and what else the realm needs. It shows what it would do, does it, and checks it.
//
//	go run ./examples/keycloak -spec spec.yaml -url https://sso.example.com \
//	  -client-id provisioner -client-secret-file secret plan
//
// The commands are plan, apply, verify, export and rotate. Without -spec it takes the
// sample beside this file. Without -url it works on a Keycloak in memory, which remembers
// what was done to it in a file, so that the whole cycle can be tried with nothing but Go:
//
//	go run ./examples/keycloak plan
//	go run ./examples/keycloak apply -yes
//	go run ./examples/keycloak plan
//	go run ./examples/keycloak verify
//
// The exit code is 0 if nothing is to be done or it was done, 2 if changes are planned,
// and 1 if something is wrong. (go run turns every code but 0 into 1, and says which one
// it was: build the program for scripts.) Standard output has what was asked for and
// nothing else; errors and questions go to standard error.
//
// A secret of the client that Keycloak made goes into a private file and is never shown.
package main

import (
	"bufio"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"

	"github.com/maskit-dev/maskit/keycloak"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	code := run(ctx, os.Args[1:], terminal{bufio.NewReader(os.Stdin), os.Stdout, os.Stderr})
	stop()
	os.Exit(code)
}

// The exit codes.
const (
	exitDone    = 0 // nothing is left to do, or it was done
	exitError   = 1 // something is wrong, or failed, or the command line is
	exitPlanned = 2 // something is to be done
)

// terminal is where a person reads and answers.
type terminal struct {
	in       *bufio.Reader
	out, err io.Writer
}

// run returns the exit code.
func run(ctx context.Context, args []string, t terminal) int {
	s, err := parseFlags(args, t.err)
	switch {
	case errors.Is(err, flag.ErrHelp):
		return exitDone
	case err != nil:
		return exitError
	}
	code, err := s.execute(ctx, t)
	if err != nil {
		_, _ = fmt.Fprintln(t.err, err)
		return exitError
	}
	return code
}

// job is one command with what it works on.
type job struct {
	settings
	terminal
	input
	provisioner *keycloak.Provisioner
}

// execute does what the command says.
func (s settings) execute(ctx context.Context, t terminal) (code int, err error) {
	in, err := s.read()
	if err != nil {
		return exitError, err
	}
	p, leave, err := s.connect(ctx)
	if err != nil {
		return exitError, err
	}
	defer func() { err = errors.Join(err, leave()) }()
	if s.server.url == "" {
		_, _ = fmt.Fprintf(t.err, "Without -url: a Keycloak in memory, which remembers in %s.\n", s.memory)
	}
	j := job{settings: s, terminal: t, input: in, provisioner: p}
	switch s.command {
	case "plan":
		return j.plan(ctx)
	case "apply":
		return j.apply(ctx)
	case "verify":
		return j.verify(ctx)
	case "export":
		return j.export(ctx)
	}
	return j.rotate(ctx)
}
