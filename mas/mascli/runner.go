package mascli

import (
	"context"
	"errors"
	"fmt"
	"path"
	"strings"

	"github.com/maskit-dev/maskit"
)

// Runner runs mas-cli somewhere. Its settings say where; it has no state.
type Runner interface {
	// Run runs one command to its end. Any exit code is a result; an error says that
	// mas-cli could not be run, or that the context ended first. Then mas-cli has
	// ended, too.
	//
	// Lines are handed over without secrets: implementations begin with
	// [Command.Redacted].
	Run(ctx context.Context, c Command) (Result, error)
}

// Command is what a [Runner] runs. All of it is data: a runner puts the files where
// mas-cli is.
type Command struct {
	// Args follow the name of the program. They must not hold a secret, because any user
	// of a machine can read them.
	Args []string
	// Files are put into the working directory of mas-cli, readable by its user alone
	// (mode 0600), and are named in Args by their relative names: "config.yaml".
	Files map[string]maskit.Secret
	// Env is added to the environment, which otherwise has nothing that configures
	// mas-cli: no MAS_*, no PG*. RUST_LOG is "info" unless it is set here.
	Env map[string]maskit.Secret
	// Stdout and Stderr are called for each line, without its end, from one goroutine at
	// a time. mas-cli logs to stderr. A runner that cannot tell them apart, as in the log
	// of a pod, calls Stderr for all lines. May be nil.
	Stdout, Stderr func(line string)
}

// Result is how mas-cli ended.
type Result struct {
	// Code is the exit code; 128 plus the signal if one ended the process, as shells count.
	Code int
}

// Validate reports what a runner cannot carry out: a name of a file that leads out of
// the working directory, or one that mas-cli would read by itself.
func (c Command) Validate() error {
	for name := range c.Files {
		if !localName(name) {
			return fmt.Errorf("mascli: file name %q: want a relative path below the working directory, and not .env, which mas-cli loads by itself", name)
		}
	}
	for name := range c.Env {
		if name == "" || strings.ContainsAny(name, "=\x00") {
			return errors.New("mascli: an environment variable has no valid name")
		}
	}
	return nil
}

func localName(name string) bool {
	clean := path.Clean(name)
	return name != "" && clean == name && clean != "." && clean != ".." && !path.IsAbs(clean) && !strings.HasPrefix(clean, "../") &&
		!strings.ContainsAny(name, "\\\x00") && path.Base(clean) != ".env" && clean != shareName
}

// shareName is the directory, below the working directory, in which a mas-cli that is not
// of an image looks for its templates and its policy.
const shareName = "share"
