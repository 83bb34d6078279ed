package live

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/maskit-dev/maskit/internal/live/install"
	"github.com/maskit-dev/maskit/internal/live/proc"
)

// MAS is an installed mas-cli.
type MAS struct {
	// Binary is mas-cli.
	Binary string
	// Share is the directory with policy.wasm, templates, translations,
	// manifest.json and assets.
	Share string
	// Env is added to its environment: SSL_CERT_FILE names the authorities that it
	// trusts. Default: none.
	Env []string
}

// MASResult is how a run of mas-cli ended.
type MASResult struct {
	Code   int
	Stdout string
	// Stderr holds the log: mas-cli logs there, and only there.
	Stderr string
}

// MASCLI finds mas-cli. It is not published for package managers, so tests skip
// without it even under MASKIT_LIVE=require.
func MASCLI(t testing.TB) *MAS {
	t.Helper()
	enter(t)
	found, err := install.FindMASCLI(cacheDir(t))
	check(t, optional, err)
	return &MAS{Binary: found.Binary, Share: found.Share}
}

// Run executes mas-cli to its end. Any exit status is a result; the test judges.
func (m *MAS) Run(t testing.TB, args ...string) MASResult {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), bootLimit)
	defer cancel()
	var stdout, stderr strings.Builder
	cmd := exec.CommandContext(ctx, m.Binary, args...)
	cmd.Dir, cmd.Env = m.workDir(t), append(masEnviron(), m.Env...)
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	cmd.WaitDelay = 5 * time.Second
	err := cmd.Run()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		t.Fatal("live: run mas-cli:", err)
	}
	return MASResult{Code: cmd.ProcessState.ExitCode(), Stdout: stdout.String(), Stderr: stderr.String()}
}

// StartServer runs mas-cli server on the configuration files until the test
// ends. The files name the ports (take them from FreePort); url becomes the
// Server's URL, and health is the address that answers 200 when MAS is ready.
func (m *MAS) StartServer(t testing.TB, url, health string, configs ...string) *Server {
	t.Helper()
	args := []string{"server"}
	for _, config := range configs {
		args = append(args, "--config", config)
	}
	return startServer(t, proc.Spec{
		Name: "mas", Path: m.Binary, Dir: m.workDir(t), Environ: append(masEnviron(), m.Env...), Args: args,
	}, strings.TrimSuffix(url, "/"), health)
}

// workDir is a directory in which the default paths of a release build, all
// below ./share, lead to Share.
func (m *MAS) workDir(t testing.TB) string {
	t.Helper()
	dir := t.TempDir()
	if err := os.Symlink(m.Share, filepath.Join(dir, "share")); err != nil {
		t.Fatal("live:", err)
	}
	return dir
}

// masEnviron is the environment without what mas-cli would take for
// configuration: MAS_* and the variables of libpq.
func masEnviron() []string {
	var kept []string
	for _, variable := range os.Environ() {
		if !strings.HasPrefix(variable, "MAS_") && !strings.HasPrefix(variable, "PG") {
			kept = append(kept, variable)
		}
	}
	return kept
}
