// Probe looks at a homeserver that delegates to MAS, and says what is wrong, on
// which hop, and how to mend it:
//
//	go run ./examples/probe -server-name example.com \
//	  -client-api https://matrix.example.com/ -mas https://account.example.com/
//
// That is the view from outside. From inside, with the internal addresses and the
// shared secret, it sees the hops behind the edge too:
//
//	-synapse http://synapse:8008/ -mas-internal http://mas:8080/ -secret-file shared-secret
//
// The exit code is 0 if nothing is wrong, 1 if something is, and 2 if the command
// line is. It changes nothing, and signs nobody in or out.
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
	"time"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/synapse/probe"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	code := run(ctx, os.Args[1:], os.Stdout, os.Stderr, nil)
	stop()
	os.Exit(code)
}

// settings are the command line.
type settings struct {
	site       maskit.Site
	secretFile string
	timeout    time.Duration
	json       bool
}

// run returns the exit code. The client is nil except in tests.
func run(ctx context.Context, args []string, stdout, stderr io.Writer, client *http.Client) int {
	s, err := parseFlags(args, stderr)
	switch {
	case errors.Is(err, flag.ErrHelp):
		return 0
	case err != nil:
		return 2
	}
	p, err := s.probe(client)
	if err != nil {
		printMistakes(stderr, err)
		return 2
	}
	report, err := p.Run(ctx)
	if err == nil {
		err = s.print(stdout, report)
	}
	if err != nil {
		_, _ = fmt.Fprintln(stderr, err)
		return 1
	}
	if report.Problems.Err() != nil {
		return 1
	}
	return 0
}

func parseFlags(args []string, stderr io.Writer) (settings, error) {
	var s settings
	flags := flag.NewFlagSet("probe", flag.ContinueOnError)
	flags.SetOutput(stderr)
	flags.StringVar(&s.site.ServerName, "server-name", "", "the Matrix server `name`: example.com (required)")
	flags.StringVar(&s.site.ClientAPIURL, "client-api", "", "the `URL` where clients reach the homeserver (required)")
	flags.StringVar(&s.site.AccountURL, "mas", "", "the public `URL` of MAS, its issuer (required)")
	flags.StringVar(&s.site.SynapseURL, "synapse", "", "the internal `URL` of Synapse, as MAS reaches it")
	flags.StringVar(&s.site.MASURL, "mas-internal", "", "the internal `URL` of MAS, as Synapse reaches it")
	flags.StringVar(&s.secretFile, "secret-file", "", "the `file` with the secret that Synapse and MAS share; it is sent to -synapse and -mas-internal only")
	flags.DurationVar(&s.timeout, "timeout", 30*time.Second, "how long the whole run may take")
	flags.BoolVar(&s.json, "json", false, "print the report as JSON")
	if err := flags.Parse(args); err != nil {
		return settings{}, err
	}
	err := s.complete(flags.Args())
	if err != nil {
		_, _ = fmt.Fprintln(stderr, err)
		flags.Usage()
	}
	return s, err
}

// complete says what the command line lacks, or has too much.
func (s settings) complete(rest []string) error {
	if len(rest) > 0 {
		return fmt.Errorf("unexpected argument %q", rest[0])
	}
	var missing []error
	for _, flag := range []struct{ name, value string }{
		{"-server-name", s.site.ServerName}, {"-client-api", s.site.ClientAPIURL}, {"-mas", s.site.AccountURL},
	} {
		if flag.value == "" {
			missing = append(missing, fmt.Errorf("%s is required", flag.name))
		}
	}
	if s.timeout <= 0 {
		missing = append(missing, fmt.Errorf("-timeout %s is no time to run", s.timeout))
	}
	if s.secretFile != "" && s.site.SynapseURL == "" && s.site.MASURL == "" {
		missing = append(missing, errors.New("-secret-file is of no use without -synapse or -mas-internal"))
	}
	return errors.Join(missing...)
}

func (s settings) probe(client *http.Client) (*probe.Probe, error) {
	cfg := probe.Config{Site: s.site, HTTPClient: client, Timeout: s.timeout}
	if s.secretFile != "" {
		secret, err := maskit.SecretFromFile(s.secretFile)
		if err != nil {
			return nil, fmt.Errorf("-secret-file: %w", err)
		}
		cfg.Secret = secret
	}
	return probe.New(cfg)
}
