// Delegate makes a homeserver.yaml hand authentication to MAS: it shows what stands in
// the way, with file and line, and a diff of what it would do about it.
//
//	go run ./examples/delegate -config homeserver.yaml -config conf.d \
//		-mas-endpoint http://mas:8080/ -secret-path /run/secrets/mas/shared-secret
//
// With -w it replaces the files, and keeps what -mode revert needs to restore them
// byte for byte. With -mode overlay it leaves them as they are and writes one more file;
// with -mode convert it takes over what experimental_features.msc3861 says. With
// -routes it prints the configuration of a reverse proxy, too. Without -config it works
// on the sample beside this file.
package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"github.com/maskit-dev/maskit"
)

func main() {
	os.Exit(run(os.Args[1:], os.Stdout, os.Stderr))
}

// The exit codes.
const (
	exitDone     = 0 // nothing is left to do, or it was done, or would be with -w
	exitProblems = 1 // something is left to the user, or failed
	exitUsage    = 2 // the command line is wrong
)

// The modes.
const (
	modePatch   = "patch"
	modeOverlay = "overlay"
	modeLint    = "lint"
	modeConvert = "convert"
	modeRevert  = "revert"
)

func modes() []string { return []string{modePatch, modeOverlay, modeLint, modeConvert, modeRevert} }

// settings are the command line.
type settings struct {
	configs     names
	masEndpoint string
	secretPath  string
	synapse     maskit.Version
	mas         maskit.Version
	mode        string
	write       bool
	routes      edge
}

func run(args []string, stdout, stderr io.Writer) int {
	s, err := parseFlags(args, stderr)
	switch {
	case errors.Is(err, flag.ErrHelp):
		return exitDone
	case err != nil:
		return exitUsage
	}
	result, err := s.execute()
	var usage usageError
	var partial partialError
	switch {
	case errors.As(err, &usage):
		_, _ = fmt.Fprintln(stderr, usage.Error())
		return exitUsage
	case errors.As(err, &partial):
		_, _ = fmt.Fprintf(stderr, "delegate: %v\nThe other files were written.\n", err)
		return exitProblems
	case err != nil:
		_, _ = fmt.Fprintf(stderr, "delegate: %v\nNothing was written.\n", err)
		return exitProblems
	}
	result.print(stdout)
	if result.problems.Err() != nil {
		return exitProblems
	}
	return exitDone
}

func parseFlags(args []string, stderr io.Writer) (settings, error) {
	var s settings
	flags := flag.NewFlagSet("delegate", flag.ContinueOnError)
	flags.SetOutput(stderr)
	flags.Var(&s.configs, "config", "what Synapse is given by -c, a `file or directory`; repeat in its order (default: an embedded sample)")
	flags.StringVar(&s.masEndpoint, "mas-endpoint", "", "where Synapse reaches MAS, a `URL`")
	flags.StringVar(&s.secretPath, "secret-path", "", "where Synapse finds the file with the shared secret, an absolute `path`")
	flags.TextVar(&s.synapse, "synapse-version", maskit.Version{}, "the Synapse `version` (default: not known)")
	flags.TextVar(&s.mas, "mas-version", maskit.Version{}, "the MAS `version` (default: not known)")
	flags.StringVar(&s.mode, "mode", modePatch, "what to do: "+strings.Join(modes(), ", "))
	flags.BoolVar(&s.write, "w", false, "write the files; without, only show what would be written")
	s.routes.define(flags)
	if err := flags.Parse(args); err != nil {
		return settings{}, err
	}
	err := s.check(flags)
	if err != nil {
		_, _ = fmt.Fprintln(stderr, err)
		flags.Usage()
	}
	return s, err
}

// check refuses what the flags say against each other.
func (s *settings) check(flags *flag.FlagSet) error {
	switch {
	case flags.NArg() > 0:
		return fmt.Errorf("unexpected argument %q", flags.Arg(0))
	case !slices.Contains(modes(), s.mode):
		return fmt.Errorf("-mode: is not one of %s", strings.Join(modes(), ", "))
	case s.write && s.mode == modeLint:
		return errors.New("-w: -mode lint writes nothing")
	case len(s.configs) > 0:
	case s.write:
		return errors.New("-w: name the files by -config; the sample cannot be written")
	case s.mode == modeRevert:
		return errors.New("-mode revert: name the files by -config, as when they were patched")
	}
	return s.routes.check()
}

// names is a flag that can be given several times.
type names []string

// String implements [flag.Value].
func (n *names) String() string { return strings.Join(*n, ", ") }

// Set implements [flag.Value].
func (n *names) Set(name string) error {
	if name == "" {
		return errors.New("the name is empty")
	}
	*n = append(*n, name)
	return nil
}

// usageError lists mistakes of the command line.
type usageError struct{ problems maskit.Problems }

// Error implements error.
func (e usageError) Error() string { return e.problems.String() }

// flagOf is the flag that a path of a problem stands for; empty if there is none.
func flagOf(path string) string {
	switch path {
	case "site.mas_url":
		return "-mas-endpoint"
	case "secret_path":
		return "-secret-path"
	case "mas":
		return "-mas-version"
	case "synapse":
		return "-synapse-version"
	case "site.account_url":
		return "-account-url"
	case "site.client_api_url":
		return "-client-api-url"
	case "site.synapse_url":
		return "-synapse-url"
	case "listener.certificate.file":
		return "-certificate"
	case "parents":
		return "-gateway"
	}
	return ""
}

// blameFlags names the flag in problems that a flag caused, and returns their
// errors, if there are any, as a usageError.
func blameFlags(problems maskit.Problems) (maskit.Problems, error) {
	var usage maskit.Problems
	named := slices.Clone(problems)
	for i, p := range named {
		name := flagOf(p.Path)
		if name == "" || !p.Pos.IsZero() {
			continue
		}
		named[i].Path = name
		if p.Severity == maskit.SeverityError {
			usage = append(usage, named[i])
		}
	}
	if len(usage) > 0 {
		return nil, usageError{usage}
	}
	return named, nil
}
