package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/maskit-dev/maskit/internal/atomicfile"
)

func (p place) read(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(p.dir, name))
	require.NoError(t, err)
	return string(text)
}

// However much of the journal a killed run wrote, the next one continues from there, and
// brings the secret that the killed one had no time to keep.
func TestKilledAtAnyWrite(t *testing.T) {
	t.Parallel()
	p := inMemory(t)
	p.run(t, exitDone, "apply", "-yes")
	whole := p.read(t, "memory")
	lines := strings.SplitAfter(strings.TrimSuffix(whole, "\n"), "\n")
	require.Greater(t, len(lines), 50)
	for _, kept := range []int{0, 1, len(lines) / 2, len(lines) - 1} {
		for name, torn := range map[string]string{"between": "", "within": lines[kept][:len(lines[kept])/2]} {
			p.write(t, "memory", strings.Join(lines[:kept], "")+torn)
			_ = os.Remove(filepath.Join(p.dir, "client-secret"))
			p.run(t, exitPlanned, "plan")
			require.Contains(t, p.run(t, exitDone, "apply", "-yes"), "The secret of the client is in "+filepath.Join(p.dir, "client-secret"), "%d %s", kept, name)
			require.Contains(t, p.run(t, exitDone, "plan"), "nothing to do", "%d %s", kept, name)
		}
	}
}

// A run that was killed after its last write has not kept the secret.
func TestSecretIsFetchedLater(t *testing.T) {
	t.Parallel()
	p := inMemory(t)
	p.run(t, exitDone, "apply", "-yes")
	made := p.secret(t)
	for _, flags := range [][]string{{"apply"}, {"apply", "-yes"}, {"apply", "-yes", "-json"}} {
		require.NoError(t, os.Remove(filepath.Join(p.dir, "client-secret")))
		stdout := p.run(t, exitDone, flags...)
		require.Contains(t, stdout, filepath.Join(p.dir, "client-secret"))
		require.NotContains(t, stdout, made)
		require.Equal(t, made, p.secret(t))
	}
	require.NotContains(t, p.run(t, exitDone, "apply"), "secret", "it is there")
}

// What could not be stored is not made.
func TestNoPlaceForTheSecret(t *testing.T) {
	t.Parallel()
	p := inMemory(t)
	p.change(t, "secret_file: client-secret", "secret_file: missing/client-secret")
	got := program(t, p.with("apply", "-yes")...)
	require.Equal(t, exitError, got.code)
	require.Contains(t, got.stderr, "client.secret_file: stat "+filepath.Join(p.dir, "missing"))
	require.NoFileExists(t, filepath.Join(p.dir, "memory"))
}

func TestClientWithoutSecret(t *testing.T) {
	t.Parallel()
	p := inMemory(t)
	p.change(t, "  secret_file: client-secret\n", "  auth: client-jwt\n")
	require.NotContains(t, p.run(t, exitDone, "apply", "-yes"), "secret of the client")
	require.NoFileExists(t, filepath.Join(p.dir, "client-secret"))
	got := program(t, p.with("rotate")...)
	require.Equal(t, exitError, got.code)
	require.Contains(t, got.stderr, "the spec has no client with a secret")
}

// Several runs at once: one at a time has the journal, the others say so and do nothing.
func TestRunsAtOnce(t *testing.T) {
	t.Parallel()
	p := inMemory(t)
	outcomes := make([]outcome, 4)
	var all sync.WaitGroup
	for i := range outcomes {
		all.Go(func() { outcomes[i] = program(t, p.with("apply", "-yes")...) })
	}
	all.Wait()
	done := 0
	for _, got := range outcomes {
		if got.code == exitDone {
			done++
			continue
		}
		require.Equal(t, exitError, got.code)
		require.Contains(t, got.stderr, "another run uses it")
		require.Empty(t, got.stdout)
	}
	require.NotZero(t, done)
	p.run(t, exitDone, "plan")
}

func TestAnotherRunIsToldOf(t *testing.T) {
	t.Parallel()
	p := inMemory(t)
	unlock, err := atomicfile.Lock(p.dir)
	require.NoError(t, err)
	got := program(t, p.with("plan")...)
	require.Equal(t, exitError, got.code)
	require.Contains(t, got.stderr, "another run uses it")
	unlock()
	p.run(t, exitPlanned, "plan")
}

// With -json, standard output is one JSON document or nothing, whatever happens.
func TestJSONOfFailures(t *testing.T) {
	t.Parallel()
	p := inMemory(t)
	p.run(t, exitDone, "apply", "-yes")
	p.change(t, "  require_group: /matrix-users\n", "  require_group: /other\n")
	for _, command := range []string{"plan", "apply", "verify", "export"} {
		got := program(t, p.with(command, "-yes", "-json")...)
		var value map[string]any
		require.NoError(t, json.Unmarshal([]byte(got.stdout), &value), command)
	}
	p.write(t, "spec.yaml", "realm: []\n")
	for _, command := range commands() {
		got := program(t, p.with(command, "-yes", "-json")...)
		require.Equal(t, exitError, got.code)
		require.Empty(t, got.stdout)
		require.Contains(t, got.stderr, "realm")
	}
}
