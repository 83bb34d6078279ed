package mascli

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/maskit-dev/maskit"
)

// Local runs mas-cli as a process of this machine.
//
// The process gets a working directory of its own, with mode 0700, which holds the
// files of the command and is removed afterwards, and no variable of this process's
// environment. When the context ends, it is killed with all that it started. If this
// process is killed itself, mas-cli goes on to its end.
type Local struct {
	// Binary is the path of mas-cli. Required.
	Binary string
	// Share is the directory with policy.wasm, templates and translations. It is needed
	// by a mas-cli that was unpacked from an archive, for commands that check templates or policies.
	Share string
	// Env are variables in the form of [os.Environ], such as SSL_CERT_FILE and
	// HTTPS_PROXY. What would configure mas-cli (MAS_*, PG*, RUST_*) is left out. Default: none.
	Env []string
	// Dir is where the working directory is made; a file system in memory keeps the
	// secrets off the disk. Default: that of temporary files.
	Dir string
}

var _ Runner = Local{}

// Run implements [Runner].
func (l Local) Run(ctx context.Context, c Command) (Result, error) {
	if err := c.Validate(); err != nil {
		return Result{}, err
	}
	if l.Binary == "" {
		return Result{}, errors.New("mascli: run mas-cli: Local.Binary is required")
	}
	binary, err := exec.LookPath(l.Binary)
	if err == nil {
		binary, err = filepath.Abs(binary)
	}
	if err != nil {
		return Result{}, fmt.Errorf("mascli: find mas-cli: %w", err)
	}
	dir, err := os.MkdirTemp(l.Dir, "maskit-mas-cli-")
	if err != nil {
		return Result{}, fmt.Errorf("mascli: make a working directory: %w", err)
	}
	result, err := l.runIn(ctx, binary, dir, c.Redacted())
	if removed := os.RemoveAll(dir); removed != nil {
		err = errors.Join(err, fmt.Errorf("mascli: remove the working directory, which holds secrets: %w", removed))
	}
	return result, err
}

func (l Local) runIn(ctx context.Context, binary, dir string, c Command) (Result, error) {
	if err := l.fill(dir, c.Files); err != nil {
		return Result{}, fmt.Errorf("mascli: fill the working directory: %w", err)
	}
	var one sync.Mutex
	stdout, stderr := &lines{mu: &one, next: c.Stdout}, &lines{mu: &one, next: c.Stderr}
	cmd := exec.CommandContext(ctx, binary, c.Args...) //nolint:gosec // the caller names the program
	cmd.Dir, cmd.Env = dir, l.environ(dir, c.Env)
	cmd.Stdout, cmd.Stderr = stdout, stderr
	ownGroup(cmd)
	cmd.WaitDelay = 5 * time.Second // for pipes that something else holds
	err := cmd.Run()
	stdout.flush()
	stderr.flush()
	if ctx.Err() != nil {
		return Result{}, fmt.Errorf("mascli: run mas-cli: %w", context.Cause(ctx))
	}
	if exit := (*exec.ExitError)(nil); err != nil && !errors.As(err, &exit) && !errors.Is(err, exec.ErrWaitDelay) {
		return Result{}, fmt.Errorf("mascli: run mas-cli: %w", err)
	}
	return Result{Code: exitCode(cmd.ProcessState)}, nil
}

// fill writes the files. An empty .env keeps mas-cli from looking for one in the
// directories above.
func (l Local) fill(dir string, files map[string]maskit.Secret) error {
	if err := os.WriteFile(filepath.Join(dir, ".env"), nil, 0o600); err != nil {
		return err
	}
	for name, content := range files {
		path := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			return err
		}
		if err := os.WriteFile(path, []byte(content.Reveal()), 0o600); err != nil {
			return err
		}
	}
	if l.Share == "" {
		return nil
	}
	share, err := filepath.Abs(l.Share)
	if err != nil {
		return err
	}
	return os.Symlink(share, filepath.Join(dir, shareName))
}

// environ is the whole environment of the process. HOME is the working directory, so
// that there is no .pgpass.
func (l Local) environ(dir string, env map[string]maskit.Secret) []string {
	vars := map[string]string{}
	for _, variable := range l.Env {
		name, value, _ := strings.Cut(variable, "=")
		if !configures(name) {
			vars[name] = value
		}
	}
	vars["HOME"], vars["RUST_LOG"] = dir, "info"
	for name, value := range env {
		vars[name] = value.Reveal()
	}
	environ := make([]string, 0, len(vars)) // not nil, which would mean that of this process
	for name, value := range vars {
		environ = append(environ, name+"="+value)
	}
	slices.Sort(environ)
	return environ
}

// configures reports whether mas-cli, or its driver of PostgreSQL, takes settings from a variable.
func configures(name string) bool {
	return name == "" || strings.HasPrefix(name, "MAS_") || strings.HasPrefix(name, "PG") || strings.HasPrefix(name, "RUST_")
}
