package mascli_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/mas/mascli"
)

func TestLocalGivesFilesAndNothingElse(t *testing.T) {
	t.Parallel()
	runner := local(t, "echo", "")
	runner.Env = append(runner.Env, "MAS_DATABASE_URI=x", "PGHOST=x", "RUST_LOG=off", "SSL_CERT_FILE=/ca.pem")
	runner.Share = t.TempDir()
	var stdout, stderr []string
	result, err := runner.Run(t.Context(), mascli.Command{
		Args:   []string{"config", "check"},
		Files:  map[string]maskit.Secret{"config.yaml": maskit.NewSecret("name: value"), "secrets/overlay.yaml": maskit.NewSecret("a: b")},
		Env:    map[string]maskit.Secret{"PGPASSWORD": maskit.NewSecret("a-password")},
		Stdout: func(line string) { stdout = append(stdout, line) },
		Stderr: func(line string) { stderr = append(stderr, line) },
	})
	require.NoError(t, err)
	require.Equal(t, mascli.Result{}, result)
	require.Equal(t, "args [config check]", stdout[0])
	kind, dir, _ := strings.Cut(strings.TrimPrefix(stdout[1], "dir "), " ")
	require.Equal(t, "drwx------", kind)
	require.Equal(t, []string{"file .env -rw-------", "file config.yaml -rw-------", "file secrets/overlay.yaml -rw-------"}, stdout[2:5])
	require.Contains(t, stdout[5], "file share L")
	require.Equal(t, []string{
		"env HOME=" + dir, "env PGPASSWORD=[redacted]", "env RUST_LOG=info", "env SSL_CERT_FILE=/ca.pem", "env STUB=echo", "env STUB_ARG=", "", "name: value", "a: b",
	}, stderr[:9])
	require.NoDirExists(t, dir)
}

func TestLocalExitCodes(t *testing.T) {
	t.Parallel()
	for _, code := range []int{0, 1, 2, 10, 11, 101} {
		result, err := local(t, "exit", strconv.Itoa(code)).Run(t.Context(), mascli.Command{})
		require.NoError(t, err)
		require.Equal(t, code, result.Code)
	}
	for _, signal := range []syscall.Signal{syscall.SIGKILL, syscall.SIGTERM} {
		result, err := local(t, "signal", strconv.Itoa(int(signal))).Run(t.Context(), mascli.Command{})
		require.NoError(t, err)
		require.Equal(t, 128+int(signal), result.Code)
	}
}

func TestLocalKillsTheWholeGroup(t *testing.T) {
	t.Parallel()
	runner := local(t, "hang", "")
	ctx, cancel := context.WithCancelCause(t.Context())
	reason := errors.New("the operator has gone home")
	var pids []int
	begun := time.Now()
	_, err := runner.Run(ctx, mascli.Command{
		Files: map[string]maskit.Secret{"config.yaml": maskit.NewSecret("secret: in-a-file")},
		Env:   map[string]maskit.Secret{"PGPASSWORD": maskit.NewSecret("in-the-environment")},
		Args:  []string{"syn2mas", "migrate"},
		Stderr: func(line string) {
			var mascli, child int
			_, _ = fmt.Sscan(line, &mascli, &child)
			pids = append(pids, mascli, child)
			args, _ := os.ReadFile(fmt.Sprintf("/proc/%d/cmdline", mascli))
			require.Equal(t, "syn2mas\x00migrate\x00", string(args[strings.IndexByte(string(args), 0)+1:]))
			environ, _ := os.Stat(fmt.Sprintf("/proc/%d/environ", mascli))
			require.Equal(t, os.FileMode(0o400), environ.Mode().Perm(), "nobody else can read the environment")
			cancel(reason)
		},
	})
	require.ErrorIs(t, err, reason)
	require.Less(t, time.Since(begun), time.Minute)
	require.Len(t, pids, 2)
	for _, pid := range pids {
		require.Eventually(t, func() bool { return gone(pid) }, 10*time.Second, 10*time.Millisecond)
	}
	left, err := os.ReadDir(runner.Dir)
	require.NoError(t, err)
	require.Empty(t, left, "the files with secrets are removed")
}

// gone also takes a process that nobody has waited for.
func gone(pid int) bool {
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	return err != nil || strings.Contains(string(stat), ") Z ")
}

func TestLocalBoundsWhatItKeeps(t *testing.T) {
	t.Parallel()
	var lines []string
	result, err := local(t, "huge", "").Run(t.Context(), mascli.Command{Stderr: func(line string) { lines = append(lines, line) }})
	require.NoError(t, err)
	require.Equal(t, 1, result.Code)
	require.Equal(t, []string{"[a line of 67108864 bytes was left out]", "last line without an end"}, lines)
}

func TestLocalRefuses(t *testing.T) {
	t.Parallel()
	_, err := mascli.Local{}.Run(t.Context(), mascli.Command{})
	require.EqualError(t, err, "mascli: run mas-cli: Local.Binary is required")
	_, err = mascli.Local{Binary: "/nowhere/mas-cli"}.Run(t.Context(), mascli.Command{})
	require.ErrorIs(t, err, os.ErrNotExist)
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	_, err = local(t, "exit", "0").Run(ended, mascli.Command{})
	require.ErrorIs(t, err, context.Canceled)
	for _, name := range []string{"", ".", "..", "../x", "/x", "a/../x", ".env", "a/.env", `a\b`, "share", "a//b", "a\x00"} {
		err := mascli.Command{Files: map[string]maskit.Secret{name: {}}}.Validate()
		require.ErrorContains(t, err, "file name", name)
	}
	require.Error(t, mascli.Command{Env: map[string]maskit.Secret{"A=B": {}}}.Validate())
	require.NoError(t, mascli.Command{Files: map[string]maskit.Secret{"a/b.yaml": {}}, Env: map[string]maskit.Secret{"A": {}}}.Validate())
}
