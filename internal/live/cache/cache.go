// Package cache keeps what the live tests install (virtual environments,
// server distributions, tools) outside the repository, so that a second run
// starts warm. Entries appear atomically and two runs may install at once.
package cache

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// EnvDir names the environment variable that moves the cache. Its value must
// be an absolute path: go test runs each package in a directory of its own.
const EnvDir = "MASKIT_CACHE"

const stampName = ".maskit-stamp"

// Dir is the root of the cache.
type Dir string

// Default is the directory that MASKIT_CACHE names, else maskit inside the
// user's cache directory ($XDG_CACHE_HOME or ~/.cache on Linux). It may not
// exist yet.
func Default() (Dir, error) {
	if dir := os.Getenv(EnvDir); dir != "" {
		if !filepath.IsAbs(dir) {
			return "", fmt.Errorf("cache: %s must be an absolute path, not %q", EnvDir, dir)
		}
		return Dir(filepath.Clean(dir)), nil
	}
	base, err := os.UserCacheDir()
	if err != nil {
		return "", fmt.Errorf("cache: find the user's cache directory (set %s instead): %w", EnvDir, err)
	}
	return Dir(filepath.Join(base, "maskit")), nil
}

// Entry is one installed thing.
type Entry struct {
	// Name is its path below the cache, such as "keycloak/26.7.0".
	Name string
	// Recipe says how it was made: versions, pins, build flags. An entry made
	// by another recipe counts as absent and is replaced.
	Recipe string
}

// Path is where the entry lives, whether or not it is installed.
func (d Dir) Path(e Entry) string { return filepath.Join(string(d), filepath.FromSlash(e.Name)) }

// Find returns the path of a completely installed entry.
func (d Dir) Find(e Entry) (string, bool) {
	path := d.Path(e)
	stamp, err := os.ReadFile(filepath.Join(path, stampName))
	if err != nil || strings.TrimSpace(string(stamp)) != e.Recipe {
		return "", false
	}
	return path, true
}

// Install returns the path of the entry and makes it first if it is absent:
// fill writes into a fresh directory, which then takes its final name in one
// rename. What fill writes must therefore not depend on the directory's name.
// A concurrent Install of the same entry waits and finds the work done.
func (d Dir) Install(ctx context.Context, e Entry, fill func(ctx context.Context, dir string) error) (string, error) {
	path := d.Path(e)
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return "", fmt.Errorf("cache: make the directory of %s: %w", e.Name, err)
	}
	unlock, err := lock(ctx, path+".lock")
	if err != nil {
		return "", fmt.Errorf("cache: lock %s: %w", e.Name, err)
	}
	defer unlock()
	if found, ok := d.Find(e); ok {
		return found, nil
	}
	if err := replace(ctx, path, e.Recipe, fill); err != nil {
		return "", fmt.Errorf("cache: install %s: %w", e.Name, err)
	}
	return path, nil
}

// replace fills a sibling of path and moves it there. The caller holds the lock,
// so whatever an earlier, killed run left behind may go.
func replace(ctx context.Context, path, recipe string, fill func(context.Context, string) error) error {
	fresh := path + ".new"
	if err := os.RemoveAll(fresh); err != nil {
		return err
	}
	if err := os.Mkdir(fresh, 0o755); err != nil {
		return err
	}
	if err := fill(ctx, fresh); err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(fresh, stampName), []byte(recipe+"\n"), 0o644); err != nil {
		return err
	}
	if err := os.RemoveAll(path); err != nil {
		return err
	}
	return os.Rename(fresh, path)
}
