package mascli

import (
	"context"
	"errors"
	"net/url"
	"strings"

	"github.com/maskit-dev/maskit"
)

// Exit codes of "mas-cli syn2mas" beside 0 (done), 1 (failed) and 2 (unknown arguments).
const (
	// ExitCheckErrors: the checks found errors; nothing was migrated.
	ExitCheckErrors = 10
	// ExitCheckWarnings: a check, not a migration, found warnings.
	ExitCheckWarnings = 11
)

// Synapse is what "mas-cli syn2mas" is told of Synapse.
type Synapse struct {
	// Config is Synapse's configuration as one file. mas-cli merges several by other
	// rules than Synapse: [github.com/maskit-dev/maskit/synapse.PreMigration] makes one
	// of them that both read alike. Required.
	Config maskit.Secret
	// DatabaseURI replaces the database of Config: a postgresql: URI, whose parts may
	// be missing. It stands on the command line, and must not hold a password.
	// Without it mas-cli takes neither sslmode nor other settings from Config.
	DatabaseURI string
	// DatabasePassword is its password. mas-cli also uses it for MAS's database, if the
	// configuration of MAS names no password.
	DatabasePassword maskit.Secret
	// Files are others that DatabaseURI names, such as "synapse-ca.pem" for sslrootcert.
	Files map[string]maskit.Secret
	// IgnoreMissingProviders leaves out the links of users to identity providers that MAS
	// does not have, instead of failing (MAS 1.11).
	IgnoreMissingProviders bool
}

// CheckReport is what the checks of "mas-cli syn2mas" found, in its own words.
type CheckReport struct {
	Errors   []string `json:"errors,omitempty"`
	Warnings []string `json:"warnings,omitempty"`
}

// Syn2MASCheck looks at the configurations and the databases. It applies pending
// migrations to MAS's database, and fails if that is not empty. Errors that it finds
// are in the report, and are no error of this method.
func (c CLI) Syn2MASCheck(ctx context.Context, s Synapse) (CheckReport, error) {
	report, code, err := c.syn2mas(ctx, s, "syn2mas", "check")
	if code == ExitCheckErrors && len(report.Errors) > 0 || code == ExitCheckWarnings {
		return report, nil
	}
	return report, err
}

// Syn2MASMigrate moves the users of a stopped Synapse to MAS, after the checks, whose
// warnings do not stop it. It applies pending migrations to MAS's database and syncs
// the configuration before, also in a dry run.
//
// A dry run fills the database and empties it again, with more tables than those that
// a migration fills. A run that fails or is killed leaves renamed tables, with which
// MAS does not start; the next run begins anew.
func (c CLI) Syn2MASMigrate(ctx context.Context, s Synapse, dryRun bool) (CheckReport, error) {
	args := []string{"syn2mas", "migrate"}
	if dryRun {
		args = append(args, "--dry-run")
	}
	report, _, err := c.syn2mas(ctx, s, args...)
	return report, err
}

// synapseFile is Synapse's configuration in the working directory.
const synapseFile = "homeserver.yaml"

func (c CLI) syn2mas(ctx context.Context, s Synapse, args ...string) (CheckReport, int, error) {
	name := strings.Join(args, " ")
	command, err := s.command(args)
	if err == nil {
		command, err = c.configured(command)
	}
	if err != nil {
		return CheckReport{}, 0, err
	}
	var blocks checkBlocks
	command.Stderr = blocks.line
	_, code, err := c.run(ctx, name, command)
	return blocks.report, code, err
}

func (s Synapse) command(args []string) (Command, error) {
	if s.Config.IsZero() {
		return Command{}, errors.New("mascli: syn2mas: Synapse.Config is required")
	}
	command := Command{
		Args:  append(args, "--synapse-config", synapseFile),
		Files: map[string]maskit.Secret{synapseFile: s.Config},
		Env:   map[string]maskit.Secret{},
	}
	for name, content := range s.Files {
		if name == configFile || name == synapseFile {
			return Command{}, errors.New("mascli: syn2mas: Synapse.Files holds " + name + ", which is a configuration")
		}
		command.Files[name] = content
	}
	if s.IgnoreMissingProviders {
		command.Args = append(command.Args, "--ignore-missing-auth-providers")
	}
	if s.DatabaseURI != "" {
		if holdsPassword(s.DatabaseURI) {
			return Command{}, errors.New("mascli: syn2mas: Synapse.DatabaseURI holds a password, or is no URI: put the password into DatabasePassword")
		}
		command.Args = append(command.Args, "--synapse-database-uri", s.DatabaseURI)
	}
	if !s.DatabasePassword.IsZero() {
		command.Env["PGPASSWORD"] = s.DatabasePassword
	}
	return command, nil
}

// holdsPassword also takes what cannot be read for such a URI.
func holdsPassword(uri string) bool {
	u, err := url.Parse(uri)
	if err != nil || u.Scheme == "" {
		return true
	}
	query, err := url.ParseQuery(u.RawQuery)
	_, password := u.User.Password()
	return err != nil || password || query.Has("password")
}

// checkBlocks reads what the checks print to stderr between lines of the log:
//
//	===== Errors =====
//	These issues prevent …
//
//	• text
//
//	• text
type checkBlocks struct {
	report CheckReport
	into   *[]string // the list of the section
	open   bool      // a text that may go on
}

// maxFindings bounds what is kept.
const maxFindings = 1000

func (b *checkBlocks) line(line string) {
	if _, ok := ParseLog(line); ok {
		return
	}
	text, found := strings.CutPrefix(line, "• ")
	switch {
	case strings.HasPrefix(line, "===== Errors"):
		b.into, b.open = &b.report.Errors, false
	case strings.HasPrefix(line, "===== Warnings"):
		b.into, b.open = &b.report.Warnings, false
	case strings.HasPrefix(line, "Error: "):
		b.into, b.open = nil, false
	case b.into == nil || len(*b.into) > maxFindings:
	case found:
		*b.into, b.open = append(*b.into, text), true
	case line == "":
		b.open = false
	case b.open:
		(*b.into)[len(*b.into)-1] += "\n" + line
	}
}
