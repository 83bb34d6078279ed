package main

import (
	"fmt"
	"strings"

	"github.com/maskit-dev/maskit/internal/live/install"
	"github.com/maskit-dev/maskit/migrate"
)

// step is a command to try.
type step struct {
	// says what it does and what to expect.
	says, command string
	// code is how it exits.
	code int
}

// skips are for what the odd users have and MAS cannot.
func skips() string {
	return "-skip " + strings.Join([]string{
		migrate.CodeOrphanRows, migrate.CodeForeignUsers, migrate.CodeMASMissingOAuthProvider, migrate.CodeHiddenDeviceTokens,
		migrate.CodeNullCreationTime, migrate.CodeUnusableHash, migrate.CodeDehydratedDevices,
	}, ",")
}

const files = "./migrate -synapse-config homeserver.yaml -mas-config mas.yaml"

// steps are one way through a migration, in the directory of the files.
func (p *playground) steps() []step {
	skipping := func(command string) string { return files + " \\\n  " + skips() + " \\\n  " + command }
	all := []step{
		{"Build the program, and go to the files.", fmt.Sprintf("go build -C %s -o %s ./examples/migrate && cd %s",
			quote(p.source), quote(p.path("migrate")), quote(p.options.dir)), 0},
		{"What stands in the way? Errors, with the rows, the reason and the fix: exit code 10.", files + " check", 10},
	}
	if p.options.all {
		return append(all, step{"No policy gets past users that MAS has already: exit code 10.", skipping("run"), 10})
	}
	return append(all,
		step{"The same if what does not fit is left out: warnings remain, exit code 11.", skipping("check"), 11},
		step{"A full load beside MAS, compared and timed, while Synapse would still run.", skipping("rehearse"), 0},
		step{"The migration, and then both sides row for row.", skipping("run"), 0},
		step{"Clean.", skipping("verify"), 0},
		step{"Somebody changes one row by hand.", p.psql("UPDATE users SET locked_at = now() WHERE username = '" + p.somebody + "'"), 0},
		step{"verify names the user and the column: exit code 10.", skipping("verify"), 10},
		step{"The way back: what was done by hand would be lost, so that it is refused …", skipping("rollback"), 1},
		step{"… unless it is given up. MAS's database is what it was before.", skipping("rollback -accept-losses"), 0},
	)
}

func (p *playground) psql(statement string) string {
	return install.PostgresClient("psql") + " " + quote(p.mas.URI()) + " -c " + quote(statement)
}

// readme is what README.txt says.
func (p *playground) readme() string {
	var text strings.Builder
	fmt.Fprintf(&text, "A homeserver to try migrations on: example.com, %d users and everything odd that is known.\n\n", p.options.users)
	for _, line := range [][2]string{
		{"Synapse", p.path("homeserver.yaml")}, {"", p.synapse.URI()}, {"MAS", p.path("mas.yaml")}, {"", p.mas.URI()}, {"mas-cli", p.masCLI()},
	} {
		fmt.Fprintf(&text, "  %-8s %s\n", line[0], line[1])
	}
	for i, s := range p.steps() {
		fmt.Fprintf(&text, "\n%d. %s\n\n%s\n", i+1, s.says, indent(s.command))
	}
	text.WriteString("\nOf interest besides: -json, -engine official, resume after Ctrl-C in a run, and migrate -h.\n")
	return text.String()
}

// masCLI says which one there is.
func (p *playground) masCLI() string {
	if p.cliErr != nil {
		return "not there, so that MAS's schema is maskit's copy of what a migration touches, and -engine official\n" +
			"           cannot be tried (" + p.cliErr.Error() + ")"
	}
	return p.cli.Binary + "\n           for -engine official -mas-cli " + p.cli.Binary + " -mas-share " + p.cli.Share
}

func indent(command string) string { return "    " + strings.ReplaceAll(command, "\n", "\n    ") }

// quote is for the shell.
func quote(text string) string { return "'" + strings.ReplaceAll(text, "'", `'\''`) + "'" }
