package main

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestUsage(t *testing.T) {
	t.Parallel()
	both := []string{"-synapse-config", "homeserver.yaml", "-mas-config", "mas.yaml"}
	tests := map[string]struct {
		args []string
		want []string
	}{
		"nothing":                    {nil, []string{"no command: want one of check, rehearse, run, verify, rollback, resume", "-synapse-config is required", "-mas-config is required"}},
		"unknown command":            {append(both, "migrate"), []string{`unknown command "migrate"`}},
		"two commands":               {append(both, "check", "run"), []string{`unexpected argument "run"`}},
		"unknown engine":             {append(both, "check", "-engine", "x"), []string{`-engine "x": want native or official`}},
		"accept without a number":    {append(both, "check", "-accept", "case-twins=x"), []string{"want code=max"}},
		"accept nothing":             {append(both, "check", "-accept", "=3"), []string{"want the code of a finding"}},
		"skip what cannot":           {append(both, "check", "-skip", "case-twins"), []string{"is none of orphan-rows, foreign-users"}},
		"rollback's flags elsewhere": {append(both, "check", "-copy-back"), []string{"are for rollback"}},
		"live elsewhere":             {append(both, "run", "-live", "3"), []string{"-live is for verify"}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var stdout, stderr bytes.Buffer
			require.Equal(t, exitUsage, run(t.Context(), test.args, &stdout, &stderr))
			for _, want := range test.want {
				require.Contains(t, stderr.String(), want)
			}
			require.Empty(t, stdout.String())
		})
	}
}

func TestBadInputIsReportedAtOnce(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	mas := filepath.Join(dir, "mas.yaml")
	require.NoError(t, os.WriteFile(mas, []byte("databas: {}\nmatrix: {secret: hunter2, homeservr: x}\n"), 0o600))
	var stdout, stderr bytes.Buffer
	code := run(t.Context(), []string{
		"-synapse-config", filepath.Join(dir, "none.yaml"), "-mas-config", mas, "-mas-dsn-file", filepath.Join(dir, "none"), "check",
	}, &stdout, &stderr)
	require.Equal(t, exitFailed, code)
	for _, want := range []string{"databas", "homeservr", "-synapse-config", "none.yaml", "-mas-dsn-file"} {
		require.Contains(t, stderr.String(), want)
	}
	require.NotContains(t, stderr.String(), "hunter2")
	require.Empty(t, stdout.String())
}
