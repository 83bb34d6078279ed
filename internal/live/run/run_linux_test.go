package main

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/maskit-dev/maskit/internal/live/cache"
	"github.com/maskit-dev/maskit/internal/live/mode"
	"github.com/maskit-dev/maskit/internal/live/pool"
)

func TestRunPassesTheSocketAndTheStatus(t *testing.T) {
	t.Setenv(cache.EnvDir, t.TempDir())
	t.Setenv(mode.EnvLive, "off")
	status, err := run(t.Context(), "postgres", []string{"sh", "-c", `test -S "$MASKIT_LIVE_RUN" && exit 7`})
	require.NoError(t, err)
	require.Equal(t, 7, status)
}

func TestRunRefuses(t *testing.T) {
	t.Setenv(cache.EnvDir, t.TempDir())
	tests := map[string]struct {
		live, start string
		command     []string
		want        string
	}{
		"no command":      {want: "no command given"},
		"unknown mode":    {live: "yes", command: []string{"true"}, want: "MASKIT_LIVE=yes"},
		"unknown server":  {start: "postgres,mysql", command: []string{"true"}, want: `no server is called "mysql"`},
		"unknown command": {command: []string{"no-such-program"}, want: "executable file not found"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Setenv(mode.EnvLive, test.live)
			status, err := run(t.Context(), test.start, test.command)
			require.ErrorContains(t, err, test.want)
			require.Equal(t, exitOwn, status)
		})
	}
}

func TestServerNames(t *testing.T) {
	names, err := serverNames("postgres,keycloak")
	require.NoError(t, err)
	require.Equal(t, []string{"postgres", "keycloak/26.7.0"}, names)
	names, err = serverNames("")
	require.NoError(t, err)
	require.Empty(t, names)
}

func TestSkipReport(t *testing.T) {
	t.Parallel()
	var skips skipLog
	var out strings.Builder
	skips.report(&out)
	require.Empty(t, out.String())

	skips.add(pool.Skip{Test: "TestB", Part: "mas-cli", How: "set MASKIT_MAS_CLI"})
	skips.add(pool.Skip{Test: "TestA", Part: "Keycloak 26.7.0", How: "run `make prepare`"})
	skips.add(pool.Skip{Test: "TestC", Part: "mas-cli", How: "set MASKIT_MAS_CLI"})
	skips.report(&out)
	require.Equal(t, "live: skipped 1 test(s) without Keycloak 26.7.0: run `make prepare`\n"+
		"live: skipped 2 test(s) without mas-cli: set MASKIT_MAS_CLI\n", out.String())
}
