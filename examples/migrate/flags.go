package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/migrate"
)

// settings are the command line.
type settings struct {
	command        string
	synapseConfigs []string
	masConfigs     []string
	synapseDSN     string
	masDSN         string
	scratchDSN     string
	engine         string
	masCLI         string
	masShare       string
	state          string
	acks           []maskit.Ack
	policy         migrate.Policy
	maxRows        int
	live           int
	rollback       migrate.RollbackOptions
	json           bool
}

const usage = `usage: migrate -synapse-config FILE… -mas-config FILE… [flags] check | rehearse | run | verify | rollback | resume

Exit codes: 0 done, 1 failed, 2 usage, 10 errors were found, 11 warnings were found (check).

`

func commands() []string { return []string{"check", "rehearse", "run", "verify", "rollback", "resume"} }

// parseFlags takes the flags before or after the command.
func parseFlags(args []string, stderr io.Writer) (settings, error) {
	var s settings
	flags := s.flags(stderr)
	var words []string
	for {
		err := flags.Parse(args)
		switch {
		case errors.Is(err, flag.ErrHelp):
			_, _ = io.WriteString(stderr, usage)
			flags.PrintDefaults()
			return settings{}, err
		case err != nil: // flags has printed it
			_, _ = fmt.Fprintln(stderr, "See migrate -h.")
			return settings{}, err
		}
		if flags.NArg() == 0 {
			break
		}
		words, args = append(words, flags.Arg(0)), flags.Args()[1:]
	}
	if err := s.complete(words); err != nil {
		_, _ = fmt.Fprintln(stderr, err)
		_, _ = fmt.Fprintln(stderr, "See migrate -h.")
		return settings{}, err
	}
	return s, nil
}

func (s *settings) flags(stderr io.Writer) *flag.FlagSet {
	flags := flag.NewFlagSet("migrate", flag.ContinueOnError)
	flags.SetOutput(stderr)
	flags.Usage = func() {} // help alone shows it: below an error it would hide that
	several := func(to *[]string) func(string) error {
		return func(value string) error { *to = append(*to, value); return nil }
	}
	flags.Func("synapse-config", "a `file` or directory that Synapse loads, as it was before MAS; may come several times", several(&s.synapseConfigs))
	flags.Func("mas-config", "a configuration `file` of MAS; may come several times", several(&s.masConfigs))
	flags.StringVar(&s.synapseDSN, "synapse-dsn-file", "", "a `file` with the address of Synapse's database, instead of that of its configuration")
	flags.StringVar(&s.masDSN, "mas-dsn-file", "", "a `file` with the address of MAS's database, instead of that of its configuration")
	flags.StringVar(&s.scratchDSN, "scratch-dsn-file", "", "a `file` with the address of an empty database, in which the official engine rehearses")
	flags.StringVar(&s.engine, "engine", "native", "`native`, or official: mas-cli syn2mas")
	flags.StringVar(&s.masCLI, "mas-cli", "mas-cli", "the `path` of mas-cli, for the official engine")
	flags.StringVar(&s.masShare, "mas-share", "", "the `directory` with MAS's policy and templates, if mas-cli does not find it")
	flags.StringVar(&s.state, "state", "migration.json", "the `file` that keeps where the migration stands")
	flags.Func("accept", "accept a finding: `code=max`, or code@path=max; may come several times", s.accept)
	flags.Func("skip", "leave out the rows that a finding is about, by its `code`: "+strings.Join(skippable(), ", ")+"; several with commas", s.skip)
	flags.IntVar(&s.maxRows, "max-rows", 0, "a bound of `rows` per second, for the native engine; 0 is none")
	flags.IntVar(&s.live, "live", 0, "verify also asks running servers about that `number` of tokens")
	flags.BoolVar(&s.rollback.DryRun, "dry-run", false, "rollback only says what it would do")
	flags.BoolVar(&s.rollback.CopyBack, "copy-back", false, "rollback brings to Synapse what it can use of what people did at MAS")
	flags.BoolVar(&s.rollback.AcceptLosses, "accept-losses", false, "rollback gives up what else people did at MAS")
	flags.BoolVar(&s.json, "json", false, "print the report as JSON")
	return flags
}

// accept reads code=max or code@path=max.
func (s *settings) accept(value string) error {
	name, limit, counted := strings.Cut(value, "=")
	ack := maskit.Ack{Max: 1}
	ack.Code, ack.Path, _ = strings.Cut(name, "@")
	if counted {
		var err error
		if ack.Max, err = strconv.Atoi(limit); err != nil || ack.Max < 1 {
			return errors.New("want code=max, with a number of at least 1, such as case-twins=3")
		}
	}
	if ack.Code == "" {
		return errors.New("want the code of a finding, such as case-twins=3")
	}
	s.acks = append(s.acks, ack)
	return nil
}

// skip sets what the policy skips.
func (s *settings) skip(codes string) error {
	for code := range strings.SplitSeq(codes, ",") {
		disposition := s.disposition(code)
		if disposition == nil {
			return fmt.Errorf("%q is none of %s", code, strings.Join(skippable(), ", "))
		}
		*disposition = migrate.Skip
	}
	return nil
}

func skippable() []string {
	return []string{
		migrate.CodeOrphanRows, migrate.CodeForeignUsers, migrate.CodeMASMissingOAuthProvider, migrate.CodeHiddenDeviceTokens,
		migrate.CodeNullCreationTime, migrate.CodeUnusableHash, migrate.CodeDehydratedDevices,
	}
}

// skipCode is what -skip calls a code: a link may lack its provider on either side.
func skipCode(code string) string {
	if code == migrate.CodeSynapseMissingOAuthProvider {
		return migrate.CodeMASMissingOAuthProvider
	}
	return code
}

// disposition is that of a finding's code, nil if such rows cannot be skipped.
func (s *settings) disposition(code string) *migrate.Disposition {
	switch skipCode(code) {
	case migrate.CodeOrphanRows:
		return &s.policy.OrphanRows
	case migrate.CodeForeignUsers:
		return &s.policy.ForeignUsers
	case migrate.CodeMASMissingOAuthProvider:
		return &s.policy.UnmappedLinks
	case migrate.CodeHiddenDeviceTokens:
		return &s.policy.HiddenDeviceTokens
	case migrate.CodeNullCreationTime:
		return &s.policy.NoCreationTime
	case migrate.CodeUnusableHash:
		return &s.policy.UnusableHashes
	case migrate.CodeDehydratedDevices:
		return &s.policy.DehydratedDevices
	}
	return nil
}

// complete takes the words, and says all that is wrong with the command line.
func (s *settings) complete(words []string) error {
	var wrong []error
	fail := func(format string, args ...any) { wrong = append(wrong, fmt.Errorf("migrate: "+format, args...)) }
	switch {
	case len(words) == 0:
		fail("no command: want one of %s", strings.Join(commands(), ", "))
	case !slices.Contains(commands(), words[0]):
		fail("unknown command %q: want one of %s", words[0], strings.Join(commands(), ", "))
	default:
		s.command = words[0]
	}
	if len(words) > 1 {
		fail("unexpected argument %q", words[1])
	}
	if len(s.synapseConfigs) == 0 {
		fail("-synapse-config is required")
	}
	if len(s.masConfigs) == 0 {
		fail("-mas-config is required")
	}
	if s.engine != "native" && s.engine != "official" {
		fail("-engine %q: want native or official", s.engine)
	}
	if s.maxRows < 0 || s.live < 0 {
		fail("-max-rows and -live are numbers of at least 0")
	}
	if s.rollback != (migrate.RollbackOptions{}) && s.command != "rollback" && s.command != "" {
		fail("-dry-run, -copy-back and -accept-losses are for rollback")
	}
	if s.live > 0 && s.command != "verify" && s.command != "" {
		fail("-live is for verify")
	}
	return errors.Join(wrong...)
}
