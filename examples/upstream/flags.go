package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/maskit-dev/maskit"
)

// settings are the command line.
type settings struct {
	command  string
	kind     string
	site     string
	provider string
	claims   string
	identity string
	id       maskit.ULID
	exists   names
	hosts    []string
	json     bool
}

// names is a flag that can be given several times: user names without server and @.
type names []string

// String implements [flag.Value].
func (n *names) String() string { return strings.Join(*n, ", ") }

// Set implements [flag.Value].
func (n *names) Set(name string) error {
	if name == "" || strings.ContainsAny(name, "@:") {
		return errors.New("want what stands between @ and : of a user id, such as alice")
	}
	*n = append(*n, name)
	return nil
}

const usage = `usage: upstream list | guide [KIND] | explain | check  [flags]

`

// parseFlags takes the flags before or after the command.
func parseFlags(args []string, stderr io.Writer) (settings, error) {
	var s settings
	flags := flag.NewFlagSet("upstream", flag.ContinueOnError)
	flags.SetOutput(stderr)
	flags.Usage = func() {
		_, _ = io.WriteString(stderr, usage)
		flags.PrintDefaults()
	}
	flags.StringVar(&s.site, "site", "", "the site `file` of the deployment (default: the sample)")
	flags.StringVar(&s.provider, "provider", "", "the provider `file`: kind, and the settings of that kind (default: the sample)")
	flags.StringVar(&s.claims, "claims", "", "a JSON `file`: claims of an ID token, or an object with id_token, userinfo and callback_parameters (default: the sample)")
	flags.StringVar(&s.identity, "identity", "", "the identity.yaml of the deployment, a `file` that has the ids of its providers")
	flags.StringVar((*string)(&s.id), "id", "", "the `ULID` that the provider has in MAS")
	flags.Var(&s.exists, "exists", "a Matrix user `name` that exists already; may come several times")
	flags.Func("secret-host", "a `host` beside the issuer's own to which the credentials may be sent; may come several times", func(host string) error {
		s.hosts = append(s.hosts, host)
		return nil
	})
	flags.BoolVar(&s.json, "json", false, "print JSON")
	words, err := interspersed(flags, args)
	if err != nil {
		return settings{}, err
	}
	if err := s.complete(words); err != nil {
		_, _ = fmt.Fprintln(stderr, err)
		flags.Usage()
		return settings{}, err
	}
	return s, nil
}

// interspersed parses flags wherever they stand, and returns the other words.
func interspersed(flags *flag.FlagSet, args []string) ([]string, error) {
	var words []string
	for {
		if err := flags.Parse(args); err != nil {
			return nil, err
		}
		if flags.NArg() == 0 {
			return words, nil
		}
		words, args = append(words, flags.Arg(0)), flags.Args()[1:]
	}
}

// complete takes the words, and says what is wrong with the command line.
func (s *settings) complete(words []string) error {
	if len(words) == 0 {
		return errors.New("upstream: no command")
	}
	s.command = words[0]
	rest := words[1:]
	if s.command == "guide" && len(rest) > 0 {
		s.kind, rest = rest[0], rest[1:]
	}
	var wrong []error
	if !slices.Contains([]string{"list", "guide", "explain", "check"}, s.command) {
		wrong = append(wrong, fmt.Errorf("upstream: unknown command %q", s.command))
	}
	if s.command == "check" && s.provider == "" {
		wrong = append(wrong, errors.New("upstream: check needs -provider"))
	}
	if len(rest) > 0 {
		wrong = append(wrong, fmt.Errorf("upstream: unexpected argument %q", rest[0]))
	}
	for _, misplaced := range s.misplaced() {
		wrong = append(wrong, fmt.Errorf("upstream: %s is not for %s", misplaced, s.command))
	}
	if s.kind != "" && s.provider != "" {
		wrong = append(wrong, errors.New("upstream: a provider file has its kind: leave "+s.kind+" or -provider out"))
	}
	if s.id != "" {
		if err := s.id.Validate(); err != nil {
			wrong = append(wrong, fmt.Errorf("-id: %w", err))
		}
		if s.identity != "" {
			wrong = append(wrong, errors.New("upstream: -id and -identity say the same: leave one out"))
		}
	}
	return errors.Join(wrong...)
}

// misplaced are flags that the command has no use for.
func (s *settings) misplaced() []string {
	given := map[string]bool{
		"-site": s.site != "", "-provider": s.provider != "", "-claims": s.claims != "", "-identity": s.identity != "", "-id": s.id != "",
		"-exists": len(s.exists) > 0, "-secret-host": len(s.hosts) > 0,
	}
	takes := map[string]string{
		"list": "", "guide": "-site -provider -identity -id", "explain": "-site -provider -claims -exists", "check": "-site -provider -identity -id -secret-host",
	}
	var names []string
	for name, is := range given {
		if allowed, known := takes[s.command]; is && known && !slices.Contains(strings.Fields(allowed), name) {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}
