package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"slices"
	"strings"
)

// settings are the command line.
type settings struct {
	command string
	spec    string
	mas     masProvider
	server  server
	json    bool
	yes     bool
	remove  bool
	// noURL says that -url was given, and empty.
	noURL bool
	// realm and client are what export reads; the spec names them otherwise.
	realm, client string
	reload        string
	memory        string
}

// server says where Keycloak is, and how to log in.
type server struct {
	url, issuer, ca          string
	realm                    string
	user, passwordFile       string
	clientID, clientIDSecret string
}

func commands() []string { return []string{"plan", "apply", "verify", "export", "rotate"} }

// parseFlags takes flags before and after the command.
func parseFlags(args []string, stderr io.Writer) (settings, error) {
	s := settings{}
	flags := s.define(stderr)
	if err := flags.Parse(args); err != nil {
		return settings{}, err
	}
	if s.command = flags.Arg(0); s.command != "" {
		if err := flags.Parse(flags.Args()[1:]); err != nil {
			return settings{}, err
		}
	}
	flags.Visit(func(f *flag.Flag) { s.noURL = s.noURL || f.Name == "url" && s.server.url == "" })
	err := s.check(flags.Args())
	if err != nil {
		_, _ = fmt.Fprintln(stderr, err)
		flags.Usage()
	}
	return s, err
}

func (s *settings) define(stderr io.Writer) *flag.FlagSet {
	flags := flag.NewFlagSet("keycloak", flag.ContinueOnError)
	flags.SetOutput(stderr)
	flags.Usage = func() {
		_, _ = fmt.Fprintf(stderr, "Usage: keycloak [flags] %s [flags]\n", strings.Join(commands(), "|"))
		flags.PrintDefaults()
	}
	flags.StringVar(&s.spec, "spec", "", "the spec `file`, YAML or JSON (default: an embedded sample)")
	flags.StringVar(&s.mas.site, "site", "", "a site `file` of quickstart: its provider says what the client must be like, and -spec, if given, the rest of the realm")
	flags.StringVar(&s.mas.identity, "identity", defaultIdentity, "with -site: the `file` with the ids of the providers, which quickstart writes")
	flags.StringVar(&s.mas.name, "provider", defaultProvider, "with -site: the `name` of the provider")
	flags.StringVar(&s.server.url, "url", "", "the `URL` of Keycloak's admin API (default: a Keycloak in memory)")
	flags.StringVar(&s.server.issuer, "issuer-url", "", "the public `URL` of Keycloak, if it is another one than -url")
	flags.StringVar(&s.server.ca, "ca", "", "a `file` with the private authority that signs for -url, as PEM")
	flags.StringVar(&s.server.realm, "login-realm", "master", "the `realm` of the account that logs in")
	flags.StringVar(&s.server.user, "user", "", "the `name` of an administrator")
	flags.StringVar(&s.server.passwordFile, "password-file", "", "the `file` with the administrator's password")
	flags.StringVar(&s.server.clientID, "client-id", "", "the `clientId` of a service account, instead of -user")
	flags.StringVar(&s.server.clientIDSecret, "client-secret-file", "", "the `file` with the service account's secret")
	flags.BoolVar(&s.json, "json", false, "print JSON")
	flags.BoolVar(&s.yes, "yes", false, "do not ask")
	flags.BoolVar(&s.remove, "delete", false, "apply deletions too")
	flags.StringVar(&s.realm, "realm", "", "export: the `name` of the realm (default: that of the spec)")
	flags.StringVar(&s.client, "client", "", "export: the `clientId` (default: that of the spec)")
	flags.StringVar(&s.reload, "reload", "", "rotate: a `command` that makes MAS read the new secret, and ends when it has")
	flags.StringVar(&s.memory, "memory", "keycloak-memory.jsonl", "without -url: the `file` in which the Keycloak in memory remembers; remove it to start afresh")
	return flags
}

// check refuses what the flags say against each other.
func (s settings) check(rest []string) error {
	account := s.server.user + s.server.passwordFile + s.server.clientID + s.server.clientIDSecret
	switch {
	case s.command == "":
		return errors.New("give a command: " + strings.Join(commands(), ", "))
	case !slices.Contains(commands(), s.command):
		return fmt.Errorf("%q is none of the commands %s", s.command, strings.Join(commands(), ", "))
	case len(rest) > 0:
		return fmt.Errorf("unexpected argument %q", rest[0])
	case s.noURL:
		return errors.New("-url is empty: leave it out for a Keycloak in memory")
	case s.server.url == "" && account+s.server.issuer+s.server.ca != "":
		return errors.New("-user, -password-file, -client-id, -client-secret-file, -issuer-url and -ca go with -url")
	case s.mas.site == "" && s.mas != masProvider{identity: defaultIdentity, name: defaultProvider}:
		return errors.New("-identity and -provider go with -site")
	case s.command != "export" && s.realm+s.client != "":
		return errors.New("-realm and -client go with export")
	case s.command != "rotate" && s.reload != "":
		return errors.New("-reload goes with rotate")
	case s.command != "apply" && s.remove:
		return errors.New("-delete goes with apply")
	case s.server.url == "":
		return nil
	case s.command == "rotate" && s.json && !s.yes:
		return errors.New("rotate -json needs -yes: it asks no questions")
	case s.command == "rotate" && s.yes && s.reload == "":
		return errors.New("rotate -yes needs -reload: MAS must take up the new secret before the old one goes")
	case s.server.user != "" && s.server.clientID != "":
		return errors.New("-user and -client-id exclude each other")
	case (s.server.user == "") != (s.server.passwordFile == ""):
		return errors.New("-user and -password-file go together")
	case (s.server.clientID == "") != (s.server.clientIDSecret == ""):
		return errors.New("-client-id and -client-secret-file go together")
	case account == "":
		return errors.New("-url needs an account: -client-id and -client-secret-file, or -user and -password-file")
	}
	return nil
}
