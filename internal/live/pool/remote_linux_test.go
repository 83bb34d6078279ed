package pool_test

import (
	"context"
	"errors"
	"net"
	"net/http"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/maskit-dev/maskit/internal/live/install"
	"github.com/maskit-dev/maskit/internal/live/pool"
)

// scripted answers by name.
type scripted struct{}

func (scripted) Get(_ context.Context, name string) (pool.Address, error) {
	switch name {
	case "keycloak/26.7.0":
		return pool.Address{URL: "http://127.0.0.1:1", User: "admin", Password: "p", Log: "/log"}, nil
	case "absent":
		return pool.Address{}, &install.MissingError{Part: "Absent 1.0", How: "run it"}
	default:
		return pool.Address{}, errors.New("it crashed:\nlast line")
	}
}

func TestClient(t *testing.T) {
	t.Parallel()
	var skips []pool.Skip
	client := pool.Dial(serve(t, pool.Handler(scripted{}, func(s pool.Skip) { skips = append(skips, s) })))

	address, err := client.Get(t.Context(), "keycloak/26.7.0")
	require.NoError(t, err)
	require.Equal(t, pool.Address{URL: "http://127.0.0.1:1", User: "admin", Password: "p", Log: "/log"}, address)

	_, err = client.Get(t.Context(), "absent")
	var missing *install.MissingError
	require.ErrorAs(t, err, &missing)
	require.Equal(t, install.MissingError{Part: "Absent 1.0", How: "run it"}, *missing)

	_, err = client.Get(t.Context(), "broken")
	require.EqualError(t, err, "it crashed:\nlast line")
	require.NotErrorAs(t, err, &missing)

	skip := pool.Skip{Test: "TestX", Part: "Absent 1.0", How: "run it"}
	require.NoError(t, client.ReportSkip(t.Context(), skip))
	require.Equal(t, []pool.Skip{skip}, skips)
}

func TestClientWithoutRun(t *testing.T) {
	t.Parallel()
	_, err := pool.Dial(filepath.Join(t.TempDir(), "gone")).Get(t.Context(), pool.Postgres)
	require.ErrorContains(t, err, "pool: ask the run that owns the servers (MASKIT_LIVE_RUN)")
}

// serve listens on a Unix socket.
func serve(t *testing.T, handler http.Handler) string {
	t.Helper()
	socket := filepath.Join(t.TempDir(), "sock")
	var config net.ListenConfig
	listener, err := config.Listen(t.Context(), "unix", socket)
	require.NoError(t, err)
	server := &http.Server{Handler: handler, ReadHeaderTimeout: time.Second}
	go func() { _ = server.Serve(listener) }()
	t.Cleanup(func() { require.NoError(t, server.Close()) })
	return socket
}
