package main

import (
	"bufio"
	"bytes"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/internal/golden"
)

// outcome is what a run printed and returned.
type outcome struct {
	code           int
	stdout, stderr string
}

func program(t *testing.T, args ...string) outcome {
	t.Helper()
	return answering(t, "", args...)
}

// answering is a run of which the questions are answered.
func answering(t *testing.T, answers string, args ...string) outcome {
	t.Helper()
	var stdout, stderr bytes.Buffer
	code := run(t.Context(), args, terminal{bufio.NewReader(strings.NewReader(answers)), &stdout, &stderr})
	return outcome{code, stdout.String(), stderr.String()}
}

// place is a directory with a spec, and the flags that lead there and to a server.
type place struct {
	dir   string
	flags []string
	// hide names what differs from run to run.
	hide *strings.Replacer
}

// inMemory is the sample, and a Keycloak in memory.
func inMemory(t *testing.T) place {
	t.Helper()
	p := place{dir: t.TempDir()}
	p.flags = []string{"-spec", filepath.Join(p.dir, "spec.yaml"), "-memory", filepath.Join(p.dir, "memory")}
	p.hide = strings.NewReplacer(memoryURL, "http://keycloak", p.dir, "DIR")
	p.write(t, "spec.yaml", string(sample))
	return p
}

func (p place) write(t *testing.T, name, text string) {
	t.Helper()
	require.NoError(t, os.WriteFile(filepath.Join(p.dir, name), []byte(text), 0o600))
}

// change replaces text of the spec.
func (p place) change(t *testing.T, before, after string) {
	t.Helper()
	spec, err := os.ReadFile(filepath.Join(p.dir, "spec.yaml"))
	require.NoError(t, err)
	require.Contains(t, string(spec), before)
	p.write(t, "spec.yaml", strings.Replace(string(spec), before, after, 1))
}

// run demands an exit code, and returns what was printed.
func (p place) run(t *testing.T, code int, args ...string) string {
	t.Helper()
	got := program(t, p.with(args...)...)
	require.Equal(t, code, got.code, got.stdout+got.stderr)
	return got.stdout
}

func (p place) with(args ...string) []string { return append(append([]string{}, p.flags...), args...) }

// secret is the secret of the client, which nobody else may read.
func (p place) secret(t *testing.T) string {
	t.Helper()
	file := filepath.Join(p.dir, "client-secret")
	info, err := os.Stat(file)
	require.NoError(t, err)
	require.Equal(t, os.FileMode(0o600), info.Mode())
	secret, err := maskit.SecretFromFile(file)
	require.NoError(t, err)
	return secret.Reveal()
}

// show demands that what was printed is what the golden file says.
func (p place) show(t *testing.T, name, printed string) {
	t.Helper()
	golden.Require(t, filepath.Join("testdata", name), masked(p.hide.Replace(printed)))
}

// masked is a text without what differs from run to run.
func masked(text string) string {
	text = regexp.MustCompile(`[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f-]{22}`).ReplaceAllString(text, "UUID")
	return regexp.MustCompile(`[0-9]+ requests`).ReplaceAllString(text, "N requests")
}

// cycle goes from an empty server to one that was changed by hand and mended; it prints
// the same everywhere.
func (p place) cycle(t *testing.T, byHand func()) {
	t.Helper()
	p.show(t, "plan.txt", p.run(t, exitPlanned, "plan"))
	stdout := p.run(t, exitDone, "apply", "-yes")
	require.Regexp(t, `Applied 19 changes in \d+ requests, \d+ writes of them\.`, stdout)
	require.NotContains(t, stdout, p.secret(t))

	stdout = p.run(t, exitDone, "plan")
	p.show(t, "nothing.txt", stdout)
	requests, err := strconv.Atoi(regexp.MustCompile(`([0-9]+) requests`).FindStringSubmatch(stdout)[1])
	require.NoError(t, err)
	require.LessOrEqual(t, requests, 25)
	p.show(t, "nothing.txt", p.run(t, exitDone, "apply", "-yes"))
	p.show(t, "verify.txt", p.run(t, exitDone, "verify"))

	byHand()
	p.show(t, "drift.txt", p.run(t, exitPlanned, "plan"))
	require.Contains(t, p.run(t, exitError, "verify"), "fullScopeAllowed: true → false")
	p.run(t, exitDone, "apply", "-yes")
	p.show(t, "nothing.txt", p.run(t, exitDone, "plan"))
}

// exports demands that what is exported plans no change.
func (p place) exports(t *testing.T) {
	t.Helper()
	exported := p.run(t, exitDone, "export")
	require.NotContains(t, exported, p.secret(t))
	p.write(t, "spec.yaml", exported)
	require.Contains(t, p.run(t, exitDone, "plan"), "nothing to do")
}
