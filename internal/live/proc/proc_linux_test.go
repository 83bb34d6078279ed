package proc_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/maskit-dev/maskit/internal/live/proc"
)

const (
	envOwner = "MASKIT_TEST_OWNER"
	// family forks a grandchild, tells both process ids in a file and waits. The
	// child ignores SIGTERM where it is told to.
	family = `echo $$ >"$1/child"; sleep 600 & echo $! >"$1/grandchild"; echo started; wait`
)

// TestMain is also the program that owns a child and is killed by
// TestChildrenDieWithKilledOwner.
func TestMain(m *testing.M) {
	dir := os.Getenv(envOwner)
	if dir == "" {
		os.Exit(m.Run())
	}
	if _, err := proc.Start(spec(dir, family)); err != nil {
		panic(err)
	}
	select {}
}

func spec(dir, script string) proc.Spec {
	return proc.Spec{
		Name: "family", Path: "/bin/sh", Args: []string{"-c", script, "sh", dir},
		Log: filepath.Join(dir, "log"), Scratch: filepath.Join(dir, "scratch"), Grace: 200 * time.Millisecond,
	}
}

func TestChildrenDieWithKilledOwner(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	require.NoError(t, os.Mkdir(filepath.Join(dir, "scratch"), 0o700))
	self, err := os.Executable()
	require.NoError(t, err)
	owner := exec.CommandContext(t.Context(), self)
	owner.Env = append(os.Environ(), envOwner+"="+dir)
	require.NoError(t, owner.Start())
	child, grandchild := pid(t, dir, "child"), pid(t, dir, "grandchild")
	require.True(t, alive(child))
	require.True(t, alive(grandchild))

	require.NoError(t, owner.Process.Kill())
	require.Error(t, owner.Wait())
	eventually(t, func() bool { return !alive(child) && !alive(grandchild) }, "the family outlives its owner")
	eventually(t, func() bool { return missing(filepath.Join(dir, "scratch")) }, "the scratch directory outlives its owner")
}

func TestStop(t *testing.T) {
	t.Parallel()
	tests := map[string]string{
		"in good order":        family,
		"deaf to SIGTERM":      `trap "" TERM; ` + family,
		"child already ended":  `echo $$ >"$1/child"; sleep 600 & echo $! >"$1/grandchild"; exit 0`,
		"grandchild deaf only": `echo $$ >"$1/child"; (trap "" TERM; sleep 600 & echo $! >"$1/grandchild"; wait) & wait`,
	}
	for name, script := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			process, err := proc.Start(spec(dir, script))
			require.NoError(t, err)
			child, grandchild := pid(t, dir, "child"), pid(t, dir, "grandchild")
			require.Equal(t, process.Pid(), child)
			process.Stop()
			process.Stop()
			require.False(t, alive(child))
			eventually(t, func() bool { return !alive(grandchild) }, "the grandchild survives Stop")
		})
	}
}

func TestErrShowsHowItEndedAndTheLog(t *testing.T) {
	t.Parallel()
	process, err := proc.Start(spec(t.TempDir(), `echo first; echo last >&2; exec sleep 600`))
	require.NoError(t, err)
	require.NoError(t, process.Err(), "it still runs")
	eventually(t, func() bool { return process.Tail(1) == "last" }, "the log misses its last line")
	process.Kill()
	require.EqualError(t, process.Err(), "proc: family ended (signal: killed); the end of its log:\nfirst\nlast")
	require.Equal(t, -1, process.ExitCode())
}

func TestRun(t *testing.T) {
	t.Parallel()
	require.NoError(t, proc.Run(t.Context(), spec(t.TempDir(), "exit 0")))
	require.EqualError(t, proc.Run(t.Context(), spec(t.TempDir(), "echo why; exit 3")),
		"proc: family ended (exit status 3); the end of its log:\nwhy")

	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	require.ErrorIs(t, proc.Run(ctx, spec(t.TempDir(), "sleep 600")), context.DeadlineExceeded)

	absent := spec(t.TempDir(), "")
	absent.Path = "/no/such/program"
	require.ErrorIs(t, proc.Run(t.Context(), absent), os.ErrNotExist)
}

func TestAwait(t *testing.T) {
	t.Parallel()
	notYet := errors.New("connection refused")
	never := func(context.Context) error { return notYet }

	t.Run("ready at the third try", func(t *testing.T) {
		t.Parallel()
		process := start(t, "exec sleep 600")
		tries := 0
		require.NoError(t, process.Await(t.Context(), func(context.Context) error {
			if tries++; tries < 3 {
				return notYet
			}
			return nil
		}))
		require.Equal(t, 3, tries)
	})
	t.Run("ended early", func(t *testing.T) {
		t.Parallel()
		require.ErrorContains(t, start(t, "echo bad config; exit 1").Await(t.Context(), never), "bad config")
	})
	t.Run("never ready", func(t *testing.T) {
		t.Parallel()
		ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
		defer cancel()
		require.ErrorIs(t, start(t, "exec sleep 600").Await(ctx, never), notYet)
	})
}

func TestEnvironment(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	s := spec(dir, `echo "$ONE $TWO ${HOME-none}"`)
	s.Environ, s.Env = []string{"ONE=1"}, []string{"TWO=2"}
	require.NoError(t, proc.Run(t.Context(), s))
	log, err := os.ReadFile(filepath.Join(dir, "log"))
	require.NoError(t, err)
	require.Equal(t, "1 2 none\n", string(log))
}

func start(t *testing.T, script string) *proc.Process {
	t.Helper()
	process, err := proc.Start(spec(t.TempDir(), script))
	require.NoError(t, err)
	t.Cleanup(process.Kill)
	return process
}

// pid waits for the file that holds a process id.
func pid(t *testing.T, dir, name string) int {
	t.Helper()
	var id int
	eventually(t, func() bool {
		data, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			return false
		}
		id, err = strconv.Atoi(strings.TrimSpace(string(data)))
		return err == nil
	}, "no process id in "+name)
	return id
}

// alive reports whether the process runs; a zombie does not.
func alive(pid int) bool {
	if syscall.Kill(pid, 0) != nil {
		return false
	}
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	return err == nil && !strings.Contains(string(stat), ") Z ")
}

func missing(path string) bool {
	_, err := os.Stat(path)
	return errors.Is(err, os.ErrNotExist)
}

func eventually(t *testing.T, condition func() bool, message string) {
	t.Helper()
	require.Eventually(t, condition, 15*time.Second, 20*time.Millisecond, message)
}
