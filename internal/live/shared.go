package live

import (
	"os"
	"sync"
	"testing"

	"github.com/maskit-dev/maskit/internal/live/cache"
	"github.com/maskit-dev/maskit/internal/live/pool"
	"github.com/maskit-dev/maskit/internal/live/proc"
)

// shared is where this test process gets its shared servers from: the run that
// started it, else a pool of its own. Nothing closes the latter, because no hook
// runs after the last test; proc ends its servers with the process.
//
//nolint:gochecknoglobals // One per process is the point: servers are too heavy to start per test.
var shared = sync.OnceValues(func() (pool.Source, error) {
	guard()
	if socket := os.Getenv(pool.EnvSocket); socket != "" {
		return pool.Dial(socket), nil
	}
	dir, err := cache.Default()
	if err != nil {
		return nil, err
	}
	return pool.New(dir), nil
})

// guard ends this process when go test, which started it, has been killed: the
// children then end too.
//
//nolint:gochecknoglobals // One watcher per process.
var guard = sync.OnceFunc(func() { proc.OnOrphaned(func() { os.Exit(1) }) })

// sharedServer returns the address of the named server when it is ready.
func sharedServer(t testing.TB, name string) pool.Address {
	t.Helper()
	enter(t)
	source, err := shared()
	if err != nil {
		t.Fatal("live:", err)
	}
	address, err := source.Get(t.Context(), name)
	check(t, mandatory, err)
	return address
}

// cacheDir is where the installations are.
func cacheDir(t testing.TB) cache.Dir {
	t.Helper()
	dir, err := cache.Default()
	if err != nil {
		t.Fatal("live:", err)
	}
	return dir
}
