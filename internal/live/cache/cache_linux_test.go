package cache_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/maskit-dev/maskit/internal/live/cache"
)

func TestDefault(t *testing.T) {
	t.Run("variable", func(t *testing.T) {
		t.Setenv(cache.EnvDir, "/var/cache/maskit/")
		dir, err := cache.Default()
		require.NoError(t, err)
		require.Equal(t, cache.Dir("/var/cache/maskit"), dir)
	})
	t.Run("relative variable", func(t *testing.T) {
		t.Setenv(cache.EnvDir, "cache")
		_, err := cache.Default()
		require.EqualError(t, err, `cache: MASKIT_CACHE must be an absolute path, not "cache"`)
	})
	t.Run("user cache", func(t *testing.T) {
		base := t.TempDir()
		t.Setenv(cache.EnvDir, "")
		t.Setenv("XDG_CACHE_HOME", base)
		dir, err := cache.Default()
		require.NoError(t, err)
		require.Equal(t, cache.Dir(filepath.Join(base, "maskit")), dir)
	})
}

func TestInstallOnce(t *testing.T) {
	t.Parallel()
	dir := cache.Dir(t.TempDir())
	entry := cache.Entry{Name: "tool/1.0", Recipe: "tool 1.0"}
	_, found := dir.Find(entry)
	require.False(t, found)

	var fills atomic.Int32
	var all sync.WaitGroup
	for range 4 {
		all.Go(func() {
			path, err := dir.Install(t.Context(), entry, func(_ context.Context, dir string) error {
				fills.Add(1)
				return write(dir, "first")
			})
			if err != nil || path != dir.Path(entry) {
				t.Errorf("install: %q, %v", path, err)
			}
		})
	}
	all.Wait()
	require.EqualValues(t, 1, fills.Load())
	require.Equal(t, "first", content(t, dir, entry))
}

func TestInstallReplacesAnotherRecipe(t *testing.T) {
	t.Parallel()
	dir := cache.Dir(t.TempDir())
	for _, recipe := range []string{"one", "two"} {
		entry := cache.Entry{Name: "tool", Recipe: recipe}
		_, found := dir.Find(entry)
		require.False(t, found)
		_, err := dir.Install(t.Context(), entry, func(_ context.Context, dir string) error { return write(dir, recipe) })
		require.NoError(t, err)
		require.Equal(t, recipe, content(t, dir, entry))
	}
}

func TestInstallFailureLeavesNothingAndCanBeRepeated(t *testing.T) {
	t.Parallel()
	dir := cache.Dir(t.TempDir())
	entry := cache.Entry{Name: "tool", Recipe: "tool"}
	broken := errors.New("no network")
	_, err := dir.Install(t.Context(), entry, func(_ context.Context, dir string) error {
		return errors.Join(write(dir, "half"), os.WriteFile(filepath.Join(dir, "partial"), nil, 0o600), broken)
	})
	require.ErrorIs(t, err, broken)
	_, found := dir.Find(entry)
	require.False(t, found)
	require.NoDirExists(t, dir.Path(entry))

	_, err = dir.Install(t.Context(), entry, func(_ context.Context, dir string) error { return write(dir, "whole") })
	require.NoError(t, err)
	require.Equal(t, "whole", content(t, dir, entry))
	require.NoFileExists(t, filepath.Join(dir.Path(entry), "partial"))
}

func TestInstallGivesUpWithItsContext(t *testing.T) {
	t.Parallel()
	dir := cache.Dir(t.TempDir())
	entry := cache.Entry{Name: "tool", Recipe: "tool"}
	_, err := dir.Install(t.Context(), entry, func(ctx context.Context, path string) error {
		// The lock is held here, so a second install can only wait.
		ctx, cancel := context.WithCancel(ctx)
		cancel()
		_, err := dir.Install(ctx, entry, func(context.Context, string) error { return nil })
		require.ErrorIs(t, err, context.Canceled)
		return write(path, "x")
	})
	require.NoError(t, err)
}

func write(dir, text string) error {
	return os.WriteFile(filepath.Join(dir, "content"), []byte(text), 0o600)
}

func content(t *testing.T, dir cache.Dir, entry cache.Entry) string {
	t.Helper()
	path, found := dir.Find(entry)
	require.True(t, found)
	data, err := os.ReadFile(filepath.Join(path, "content"))
	require.NoError(t, err)
	return string(data)
}
