// Upstream tries an identity provider before anybody logs in with it: which kinds there
// are, what to set up at the vendor, what MAS would make of somebody's claims, and whether
// the provider answers as MAS needs it.
//
//	go run ./examples/upstream list
//	go run ./examples/upstream guide entra
//	go run ./examples/upstream guide -site site.yaml -identity maskit-bundle/identity.yaml
//	go run ./examples/upstream explain -provider provider.yaml -claims claims.json
//	go run ./examples/upstream check -provider provider.yaml -site site.yaml -id 01JSHPZHAXC50QBKH67MH33TNF
//
// A provider file has the key kind, and the settings of that kind. Without -provider,
// -claims and -site the commands take the samples beside this file, but check, which asks
// a real provider, needs -provider. A provider that has an id in MAS already is given that
// with -id, or by -identity with the file that the quickstart wrote, where a provider file
// goes by its kind; else guide makes one, which is to be kept, and the others need none.
// Check asks about the redirect URI only if it has both the site and the id.
//
// The exit code is 0 if nothing is wrong, 1 if something is, and 2 if the command line is.
// (go run turns every code but 0 into 1.) Nothing is changed anywhere. Check sends the
// client's credentials to the provider's own endpoints, and signs nobody in.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/signal"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	code := run(ctx, os.Args[1:], os.Stdout, os.Stderr, nil)
	stop()
	os.Exit(code)
}

// The exit codes.
const (
	exitFine  = 0
	exitWrong = 1
	exitUsage = 2
)

// errFound says that what was asked for was printed, and something in it is wrong.
var errFound = errors.New("something is wrong")

// run returns the exit code. The client is nil except in tests.
func run(ctx context.Context, args []string, stdout, stderr io.Writer, client *http.Client) int {
	s, err := parseFlags(args, stderr)
	switch {
	case errors.Is(err, flag.ErrHelp):
		return exitFine
	case err != nil:
		return exitUsage
	}
	switch err := s.execute(ctx, stdout, stderr, client); {
	case errors.Is(err, errFound):
		return exitWrong
	case err != nil:
		_, _ = fmt.Fprintln(stderr, err)
		return exitWrong
	}
	return exitFine
}

func (s settings) execute(ctx context.Context, stdout, stderr io.Writer, client *http.Client) error {
	out := output{Writer: stdout, notes: stderr, json: s.json}
	if s.command == "list" {
		return list(out)
	}
	in, err := s.read()
	if err != nil {
		return err
	}
	switch s.command {
	case "guide":
		return guide(out, in)
	case "explain":
		return explain(out, in)
	}
	return check(ctx, out, in, client)
}
