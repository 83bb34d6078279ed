// Quickstart takes the settings of a deployment and a homeserver.yaml and writes a
// complete, checked bundle: the configuration of MAS with its secrets, the patched
// homeserver.yaml, and what to register at the identity provider.
//
//	go run ./examples/quickstart -site site.yaml -homeserver homeserver.yaml
//
// Without flags it uses the samples beside this file. A second run keeps every key,
// secret and id, and refuses what its users would not survive.
package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"os"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/mas"
)

func main() {
	os.Exit(run(os.Args[1:], os.Stdout, os.Stderr))
}

// settings are the command line.
type settings struct {
	site       string
	homeserver files
	out        string
	accept     codes
	layout     mas.Layout
	adopt      files
	mas        maskit.Version
	synapse    maskit.Version
	force      bool
	verbose    bool
}

// run returns the exit code: 0 when the bundle is written or unchanged, 1 when there
// are mistakes, 2 when the command line is wrong.
func run(args []string, stdout, stderr io.Writer) int {
	s, err := parseFlags(args, stderr)
	switch {
	case errors.Is(err, flag.ErrHelp):
		return 0
	case err != nil:
		return 2
	}
	report, err := s.make()
	if err != nil {
		printFailure(stderr, err)
		return 1
	}
	report.print(stdout)
	return 0
}

func parseFlags(args []string, stderr io.Writer) (settings, error) {
	var s settings
	flags := flag.NewFlagSet("quickstart", flag.ContinueOnError)
	flags.SetOutput(stderr)
	flags.StringVar(&s.site, "site", "", "the site `file` (default: an embedded sample)")
	flags.Var(&s.homeserver, "homeserver", "homeserver.yaml as Synapse loads it, or a directory such as conf.d; repeat for several `file`s (default: an embedded sample)")
	out := directory("maskit-bundle")
	flags.Var(&out, "out", "the `directory` to write to")
	flags.Var(&s.accept, "accept", "the `code` of a finding about the users of the MAS that this bundle replaces or adopts; repeat for several")
	layout := flags.String("layout", string(mas.LayoutSplit), "how MAS's configuration is written: split or single")
	flags.Var(&s.adopt, "adopt", "the configuration `file` of a running MAS, whose identity is kept; repeat for several")
	flags.TextVar(&s.mas, "mas-version", maskit.Version{}, "the MAS `version` (default: that of the site file, else the newest one tested)")
	flags.TextVar(&s.synapse, "synapse-version", maskit.Version{}, "the Synapse `version` (default: likewise)")
	flags.BoolVar(&s.force, "force", false, "overwrite files in the output directory that were not written by quickstart")
	flags.BoolVar(&s.verbose, "v", false, "show notes too")
	if err := flags.Parse(args); err != nil {
		return settings{}, err
	}
	s.layout, s.out = mas.Layout(*layout), string(out)
	err := s.check(flags)
	if err != nil {
		_, _ = fmt.Fprintln(stderr, err)
		flags.Usage()
	}
	return s, err
}

// check refuses what is wrong with the command line itself.
func (s settings) check(flags *flag.FlagSet) error {
	switch {
	case flags.NArg() > 0:
		return fmt.Errorf("unexpected argument %q", flags.Arg(0))
	case s.layout != mas.LayoutSplit && s.layout != mas.LayoutSingle:
		return fmt.Errorf("-layout: is not one of %s, %s", mas.LayoutSplit, mas.LayoutSingle)
	}
	return nil
}
