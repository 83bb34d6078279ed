package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/maskit-dev/maskit/internal/golden"
)

func TestWholeCycleInMemory(t *testing.T) {
	t.Parallel()
	p := inMemory(t)
	p.cycle(t, func() {
		p.change(t, "  mappers:\n", "  full_scope: true\n  mappers:\n")
		p.run(t, exitDone, "apply", "-yes")
		p.write(t, "spec.yaml", string(sample))
	})
	secret := p.secret(t)
	p.show(t, "rotate.txt", p.run(t, exitDone, "rotate"))
	require.NotEqual(t, secret, p.secret(t))
	p.show(t, "nothing.txt", p.run(t, exitDone, "plan"))
	p.exports(t)
}

// The four commands of the package comment, with the sample that is built in.
func TestSampleNeedsNoFlags(t *testing.T) {
	t.Chdir(t.TempDir())
	for _, step := range []struct {
		command string
		code    int
	}{{"plan", exitPlanned}, {"apply", exitDone}, {"plan", exitDone}, {"verify", exitDone}} {
		got := program(t, step.command, "-yes")
		require.Equal(t, step.code, got.code, got.stdout+got.stderr)
		require.Equal(t, "Without -url: a Keycloak in memory, which remembers in keycloak-memory.jsonl.\n", got.stderr)
	}
	info, err := os.Stat("keycloak-memory.jsonl")
	require.NoError(t, err)
	require.Equal(t, os.FileMode(0o600), info.Mode())
}

func TestApplyAsks(t *testing.T) {
	t.Parallel()
	p := inMemory(t)
	for _, answer := range []string{"", "n\n", "no\n", "\n", "Yeah\n"} {
		got := answering(t, answer, p.with("apply")...)
		require.Equal(t, exitPlanned, got.code, "%q", answer)
		require.Contains(t, got.stderr, "Apply this plan? [y/N] ")
		require.Contains(t, got.stdout, "Nothing was applied.")
	}
	require.NoFileExists(t, filepath.Join(p.dir, "memory"))
	require.Equal(t, exitDone, answering(t, "y\n", p.with("apply")...).code)
	p.run(t, exitDone, "plan")
}

func TestDeletionsNeedAFlag(t *testing.T) {
	t.Parallel()
	p := inMemory(t)
	p.run(t, exitDone, "apply", "-yes")
	p.change(t, "    - name: department\n      attribute: department\n", "")
	p.change(t, "  mappers:\n", "  exact_mappers: true\n  mappers:\n")
	p.show(t, "deletion.txt", p.run(t, exitPlanned, "plan"))
	p.show(t, "skipped.txt", p.run(t, exitPlanned, "apply", "-yes"))
	p.run(t, exitDone, "apply", "-yes", "-delete")
	p.run(t, exitDone, "plan")
}

func TestJSON(t *testing.T) {
	t.Parallel()
	p := inMemory(t)
	decode := func(code int, args ...string) map[string]any {
		stdout := p.run(t, code, append(args, "-json")...)
		var value map[string]any
		require.NoError(t, json.Unmarshal([]byte(stdout), &value), stdout)
		if _, err := os.Stat(filepath.Join(p.dir, "client-secret")); err == nil {
			require.NotContains(t, stdout, p.secret(t))
		}
		return value
	}
	require.Len(t, decode(exitPlanned, "plan")["changes"], 19)
	asked := decode(exitPlanned, "apply")
	require.Nil(t, asked["result"], "nobody was asked, and nothing done")
	done := decode(exitDone, "apply", "-yes")
	require.Len(t, done["result"].(map[string]any)["done"], 19)
	require.Equal(t, "[redacted]", done["result"].(map[string]any)["client_secret"])
	require.Equal(t, filepath.Join(p.dir, "client-secret"), done["secret_file"])
	require.Empty(t, decode(exitDone, "plan")["changes"])
	require.Equal(t, "claims-check", decode(exitDone, "verify")["claims"].(map[string]any)["preferred_username"])
	require.Equal(t, "[redacted]", decode(exitDone, "rotate")["secret"])
	require.Equal(t, "matrix-authentication-service", decode(exitDone, "export")["client"].(map[string]any)["id"])
}

// A rotation in which MAS did not take up the new secret goes on where it stopped.
func TestRotationGoesOn(t *testing.T) {
	t.Parallel()
	p := inMemory(t)
	p.run(t, exitDone, "apply", "-yes")
	old := p.secret(t)
	got := program(t, p.with("rotate", "-reload", "false")...)
	require.Equal(t, exitError, got.code)
	require.Contains(t, got.stderr, "-reload: exit status 1\nRun rotate again to continue")
	made := p.secret(t)
	require.NotEqual(t, old, made)
	p.run(t, exitDone, "rotate", "-reload", "true")
	require.Equal(t, made, p.secret(t))
	require.NoFileExists(t, filepath.Join(p.dir, "client-secret.next"))
	p.run(t, exitDone, "plan")
}

// A file that is no memory is told from one.
func TestMemoryThatCannotBeRead(t *testing.T) {
	t.Parallel()
	for name, text := range map[string]string{
		"no JSON":          "no memory\n",
		"another server's": `{"method":"DELETE","path":"/realms/example/clients/0","seed":[]}` + "\n",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := inMemory(t)
			p.write(t, "memory", text)
			got := program(t, p.with("plan")...)
			require.Equal(t, exitError, got.code)
			require.Contains(t, got.stderr, "Remove it to start afresh")
		})
	}
}

func TestMistakes(t *testing.T) {
	t.Parallel()
	account := []string{"-url", "http://127.0.0.1:1", "-user", "admin", "-password-file", "spec.yaml"}
	var text strings.Builder
	for _, args := range [][]string{
		{},
		{"destroy"},
		{"plan", "apply"},
		{"plan", "-user", "admin"},
		{"plan", "-url", ""},
		{"-url=", "apply", "-yes"},
		{"plan", "-realm", "example"},
		{"plan", "-reload", "true"},
		{"verify", "-delete"},
		{"plan", "-url", "http://127.0.0.1:1"},
		{"plan", "-url", "http://127.0.0.1:1", "-user", "admin"},
		{"plan", "-url", "http://127.0.0.1:1", "-client-id", "c"},
		append([]string{"plan", "-client-id", "c", "-client-secret-file", "f"}, account...),
		append([]string{"rotate", "-yes"}, account...),
		append([]string{"rotate", "-json"}, account...),
		append([]string{"plan", "-ca", "spec.yaml"}, account...),
		{"plan", "-spec", "testdata/missing.yaml"},
		{"plan", "-spec", "testdata/mistakes.yaml"},
	} {
		got := program(t, args...)
		require.Equal(t, exitError, got.code)
		require.Empty(t, got.stdout)
		said, _, _ := strings.Cut(got.stderr, "Usage:")
		text.WriteString("$ keycloak " + strings.Join(args, " ") + "\n" + said)
	}
	golden.Require(t, "testdata/mistakes.txt", text.String())
	require.Equal(t, exitDone, program(t, "-h").code)
}
