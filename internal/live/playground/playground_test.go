package main

import (
	"bytes"
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/maskit-dev/maskit/internal/live"
	"github.com/maskit-dev/maskit/internal/live/install"
	"github.com/maskit-dev/maskit/internal/live/program"
)

// Every command of README.txt does what it says there.
func TestLiveCommands(t *testing.T) {
	t.Parallel()
	live.SynapseDatabase(t, live.SynapseCurrent) // or skip
	p, err := set(t.Context(), options{users: 50, seed: 1, dir: filepath.Join(t.TempDir(), "a dir")})
	require.NoError(t, err)
	defer p.remove()
	p.source = filepath.Join(p.source, "..", "..", "..") // where the test runs is not where the program does
	for i, s := range p.steps() {
		cmd := exec.CommandContext(t.Context(), "sh", "-c", s.command)
		cmd.Dir = p.options.dir
		output, _ := cmd.CombinedOutput()
		require.Equal(t, s.code, cmd.ProcessState.ExitCode(), "%d. %s\n%s\n%s", i+1, s.says, s.command, output)
		if strings.Contains(s.says, "names the user") {
			require.Contains(t, string(output), "@"+p.somebody+":example.com")
			require.Contains(t, string(output), "locked_at")
		}
	}
}

// With -all nothing gets past what MAS has.
func TestLiveAll(t *testing.T) {
	t.Parallel()
	live.SynapseDatabase(t, live.SynapseCurrent) // or skip
	p, err := set(t.Context(), options{users: 20, seed: 1, all: true})
	require.NoError(t, err)
	defer p.remove()
	require.Contains(t, p.readme(), "users that MAS has already")
	require.NotContains(t, p.readme(), "rehearse")
}

// The end of the program is the end of everything that it made.
func TestLiveEnd(t *testing.T) {
	t.Parallel()
	live.SynapseDatabase(t, live.SynapseCurrent) // or skip
	dir := filepath.Join(t.TempDir(), "new")
	ctx, cancel := context.WithCancel(t.Context())
	var out bytes.Buffer
	done := make(chan error)
	go func() { done <- run(ctx, options{users: 20, dir: dir}, &out) }()
	require.Eventually(t, func() bool { _, err := os.Stat(filepath.Join(dir, "README.txt")); return err == nil }, time.Minute, 10*time.Millisecond)
	cancel()
	require.NoError(t, <-done)
	require.NoDirExists(t, dir)
	require.Contains(t, out.String(), "migrate -synapse-config homeserver.yaml")
}

func TestFilesOfOthersStay(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(dir, "mine"), nil, 0o600))
	err := run(t.Context(), options{users: 1, dir: dir}, &bytes.Buffer{})
	require.ErrorContains(t, err, "is not empty")
	require.FileExists(t, filepath.Join(dir, "mine"))
}

// What is missing is named, with the way to get it.
func TestMissingPart(t *testing.T) {
	t.Parallel()
	missing := &install.MissingError{Part: "Synapse 1", How: "run `make prepare`"}
	owner := program.NewOwner(t.Context(), "test")
	err := owner.Do(func() { owner.Skip("live: skipped,", missing) })
	require.EqualError(t, explain(err), "Synapse 1 is not installed: run `make prepare` (it needs PostgreSQL and Synapse; MAS is optional)")
}
