package pool_test

import (
	"context"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/maskit-dev/maskit/internal/live/cache"
	"github.com/maskit-dev/maskit/internal/live/install"
	"github.com/maskit-dev/maskit/internal/live/mode"
	"github.com/maskit-dev/maskit/internal/live/pool"
)

func TestPoolStartsPostgresOnceAndClosesIt(t *testing.T) {
	t.Parallel()
	needPostgres(t)
	servers := pool.New(cache.Dir(t.TempDir()))
	defer servers.Close()
	addresses := make([]pool.Address, 3)
	var all sync.WaitGroup
	for i := range addresses {
		all.Go(func() {
			address, err := servers.Get(t.Context(), pool.Postgres)
			if err != nil {
				t.Error(err)
			}
			addresses[i] = address
		})
	}
	all.Wait()
	require.NotEmpty(t, addresses[0].Dir)
	require.Equal(t, addresses[0], addresses[1])
	require.Equal(t, addresses[0], addresses[2])
	require.FileExists(t, addresses[0].Log)
	socket, err := os.Stat(filepath.Join(addresses[0].Dir, ".s.PGSQL.5432"))
	require.NoError(t, err)
	require.Equal(t, os.ModeSocket, socket.Mode().Type())

	servers.Close()
	require.NoDirExists(t, addresses[0].Dir)
	_, err = servers.Get(t.Context(), pool.Postgres)
	require.EqualError(t, err, "pool: closed")
}

func TestPoolStartOutlivesTheFirstCaller(t *testing.T) {
	t.Parallel()
	needPostgres(t)
	servers := pool.New(cache.Dir(t.TempDir()))
	defer servers.Close()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := servers.Get(ctx, pool.Postgres)
	require.ErrorIs(t, err, context.Canceled)
	address, err := servers.Get(t.Context(), pool.Postgres)
	require.NoError(t, err)
	require.DirExists(t, address.Dir)
}

func TestPoolCloseGivesUpAStart(t *testing.T) {
	t.Parallel()
	needPostgres(t)
	servers := pool.New(cache.Dir(t.TempDir()))
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := servers.Get(ctx, pool.Postgres)
	require.ErrorIs(t, err, context.Canceled)
	closed := make(chan struct{})
	go func() { servers.Close(); close(closed) }()
	select {
	case <-closed:
	case <-time.After(20 * time.Second):
		t.Fatal("Close waits for a start that nobody wants any more")
	}
}

func TestPoolMissingPart(t *testing.T) {
	t.Parallel()
	_, err := pool.New(cache.Dir(t.TempDir())).Get(t.Context(), pool.Keycloak("26.7.0"))
	var missing *install.MissingError
	require.ErrorAs(t, err, &missing)
	require.Equal(t, "Keycloak 26.7.0", missing.Part)
}

func TestPoolUnknownServer(t *testing.T) {
	t.Parallel()
	_, err := pool.New(cache.Dir(t.TempDir())).Get(t.Context(), "mysql")
	require.EqualError(t, err, `pool: no server is called "mysql"`)
}

func needPostgres(t *testing.T) {
	t.Helper()
	live, err := mode.FromEnv()
	require.NoError(t, err)
	if _, err := install.FindPostgres(); err != nil || live == mode.Off {
		if live == mode.Require {
			t.Fatal(err)
		}
		t.Skip("skipped: ", err)
	}
}
