package atomicfile

import (
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/maskit-dev/maskit"
)

// killed is what a hook panics with to end the run at once, as kill -9 does:
// nothing is cleaned up.
type killed struct{}

// interrupt runs f and stops it at step n, by err or, when err is nil, as if
// the process were killed. It reports whether there was a step n.
func interrupt(n int, err error, f func(hook func(step, name string) error) error) (reached bool, result error) {
	hook := func(string, string) error {
		if n--; n >= 0 {
			return nil
		}
		reached = true
		if err == nil {
			panic(killed{})
		}
		return err
	}
	defer func() {
		if r := recover(); r != nil && r != any(killed{}) {
			panic(r)
		}
	}()
	result = f(hook)
	return reached, result
}

func tree(t *testing.T, dir string) map[string]string {
	t.Helper()
	got := map[string]string{}
	require.NoError(t, filepath.WalkDir(dir, func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := os.ReadFile(path)
		name, _ := filepath.Rel(dir, path)
		got[filepath.ToSlash(name)] = string(data)
		return err
	}))
	return got
}

func leftovers(files map[string]string) []string {
	var names []string
	for name := range files {
		if strings.HasSuffix(name, ".tmp") {
			names = append(names, name)
		}
	}
	return names
}

func oldFiles() []File {
	return []File{{Name: "a", Data: []byte("old a")}, {Name: "sub/b", Data: []byte("old b")}, {Name: "gone", Data: []byte("old gone")}}
}

func newFiles() []File {
	return []File{{Name: "a", Data: []byte("new a")}, {Name: "sub/b", Data: []byte("new b")}, {Name: "deep/er/c", Data: []byte("new c")}}
}

func writeAt(dir string, files []File, hook func(step, name string) error) error {
	root, err := openDir(dir)
	if err != nil {
		return err
	}
	return errors.Join(writer{root: root, hook: hook}.write(files), root.Close())
}

func TestWriteAllStoppedAtEveryStep(t *testing.T) {
	t.Parallel()
	for name, cause := range map[string]error{"disk full": syscall.ENOSPC, "killed": nil} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			steps := 0
			for {
				dir := t.TempDir()
				require.NoError(t, WriteAll(dir, oldFiles()))
				reached, err := interrupt(steps, cause, func(hook func(string, string) error) error {
					return writeAt(dir, newFiles(), hook)
				})
				if !reached {
					require.NoError(t, err)
					break
				}
				files := tree(t, dir)
				require.Contains(t, []string{"old a", "new a"}, files["a"])
				require.Contains(t, []string{"old b", "new b"}, files["sub/b"])
				require.Contains(t, []string{"", "new c"}, files["deep/er/c"])
				if cause != nil {
					require.ErrorIs(t, err, cause)
					require.Empty(t, leftovers(files))
				}

				require.NoError(t, WriteAll(dir, newFiles()), "the same call mends it")
				files = tree(t, dir)
				require.Equal(t, map[string]string{"a": "new a", "sub/b": "new b", "deep/er/c": "new c", "gone": "old gone"}, files)
				steps++
			}
			require.Greater(t, steps, 12)
		})
	}
}

func TestFailureBeforeTheFirstRenameChangesNothing(t *testing.T) {
	t.Parallel()
	for _, step := range []string{"mkdir", "create", "write", "sync"} {
		for _, file := range newFiles() {
			dir := t.TempDir()
			require.NoError(t, WriteAll(dir, oldFiles()))
			before := tree(t, dir)
			err := writeAt(dir, newFiles(), func(s, name string) error {
				if s == step && (s == "mkdir" || name == file.Name) {
					return syscall.ENOSPC
				}
				return nil
			})
			require.ErrorIs(t, err, syscall.ENOSPC)
			require.Equal(t, before, tree(t, dir), "%s %s", step, file.Name)
		}
	}
}

func TestErrorBetweenRenamesSaysHowManyFilesAreNew(t *testing.T) {
	t.Parallel()
	err := writeAt(t.TempDir(), newFiles(), func(step, name string) error {
		if step == "rename" && name == "sub/b" {
			return syscall.EIO
		}
		return nil
	})
	require.EqualError(t, err, "after 1 of 3 files: "+syscall.EIO.Error())
}

func TestBundleStoppedAtEveryStepIsMendedByTheNextRun(t *testing.T) {
	t.Parallel()
	other := []File{{Name: "a", Data: []byte("third a")}, {Name: "sub/b", Data: []byte("third b")}}
	for name, wanted := range map[string][]File{"same input": newFiles(), "other input": other} {
		for _, cause := range []error{syscall.ENOSPC, nil} {
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				steps := 0
				for {
					bundle := Bundle{Dir: t.TempDir(), Prune: true}
					apply(t, bundle, oldFiles())
					plan, err := bundle.Plan(newFiles())
					require.NoError(t, err)
					reached, _ := interrupt(steps, cause, plan.run)
					if !reached {
						break
					}

					apply(t, bundle, wanted)
					want := map[string]string{}
					for _, f := range wanted {
						want[f.Name] = string(f.Data)
					}
					got := tree(t, bundle.Dir)
					require.NotContains(t, got[ManifestName], "previous")
					delete(got, ManifestName)
					require.Equal(t, want, got, "step %d", steps)
					steps++
				}
				require.Greater(t, steps, 15)
			})
		}
	}
}

// apply plans and applies, and fails on any problem.
func apply(t *testing.T, b Bundle, files []File) {
	t.Helper()
	plan, err := b.Plan(files)
	require.NoError(t, err)
	require.Empty(t, plan.Problems)
	require.NoError(t, plan.Apply())
}

// While one process writes, another one changes nothing.
func TestABusyDirectoryIsLeftAlone(t *testing.T) {
	t.Parallel()
	if runtime.GOOS == "windows" {
		t.Skip("the system has no lock on directories")
	}
	b := Bundle{Dir: t.TempDir()}
	first, err := b.Plan(oldFiles())
	require.NoError(t, err)
	second, err := b.Plan(newFiles())
	require.NoError(t, err)
	tried := false
	require.NoError(t, first.run(func(string, string) error {
		if !tried {
			tried = true
			require.ErrorIs(t, second.Apply(), ErrBusy)
		}
		return nil
	}))
	require.True(t, tried)
	require.ErrorIs(t, second.Apply(), maskit.ErrDrift, "the directory is not the one of the plan any more")
	third, err := b.Plan(oldFiles())
	require.NoError(t, err)
	require.True(t, third.Changes.Empty(), "the lock is gone")
	require.NoError(t, third.Apply())
}
