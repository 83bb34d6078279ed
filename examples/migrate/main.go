// Migrate moves the users of a Synapse homeserver to MAS.
//
//	go run ./examples/migrate -synapse-config homeserver.yaml -mas-config mas.yaml check
//	go run ./examples/migrate -synapse-config homeserver.yaml -mas-config mas.yaml rehearse
//
// Then stop Synapse and MAS, and
//
//	go run ./examples/migrate -synapse-config homeserver.yaml -mas-config mas.yaml run
//	go run ./examples/migrate -synapse-config homeserver.yaml -mas-config mas.yaml verify
//
// before MAS and the delegated Synapse start. What was interrupted goes on with resume;
// rollback puts MAS's database back to what it was. Where it stands is kept in the
// file of -state.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"syscall"

	"github.com/maskit-dev/maskit"
)

// The exit codes, as operators of mas-cli syn2mas know them.
const (
	exitDone     = 0
	exitFailed   = 1
	exitUsage    = 2
	exitErrors   = 10
	exitWarnings = 11 // of check alone
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	code := run(ctx, os.Args[1:], os.Stdout, os.Stderr)
	stop()
	os.Exit(code)
}

func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	s, err := parseFlags(args, stderr)
	switch {
	case errors.Is(err, flag.ErrHelp):
		return exitDone
	case err != nil:
		return exitUsage
	}
	m, problems, err := s.migration(stderr)
	for _, p := range problems {
		_, _ = fmt.Fprintln(stderr, p)
	}
	if err == nil {
		err = problems.Err()
	}
	if err != nil {
		return s.failed(stderr, err, "")
	}
	o, err := s.execute(ctx, m, stdout)
	next := s.next(context.WithoutCancel(ctx), m, o, err)
	if err != nil {
		return s.failed(stderr, err, next)
	}
	if next != "" && !s.json {
		_, _ = fmt.Fprintln(stderr, "\n"+next)
	}
	return o.code
}

// failed says what went wrong, and how to go on.
func (s settings) failed(stderr io.Writer, err error, next string) int {
	var problems *maskit.ProblemsError
	if errors.As(err, &problems) {
		return exitErrors // they have been printed
	}
	text := err.Error()
	if !strings.HasPrefix(text, "migrate: ") { // the package says what it was about to do
		text = "migrate: " + s.command + ": " + text
	}
	_, _ = fmt.Fprintln(stderr, text)
	if next != "" {
		_, _ = fmt.Fprintln(stderr, next)
	}
	return exitFailed
}
