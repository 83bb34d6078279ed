package ports

import (
	"net"
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestFree(t *testing.T) {
	t.Parallel()
	port, err := Free(t.Context())
	require.NoError(t, err)
	require.GreaterOrEqual(t, port, lowest)
	require.Less(t, port, highest)
	var config net.ListenConfig
	listener, err := config.Listen(t.Context(), "tcp", net.JoinHostPort("127.0.0.1", strconv.Itoa(port)))
	require.NoError(t, err)
	defer func() { require.NoError(t, listener.Close()) }()
	require.Error(t, check(t.Context(), port), "a port in use passes for free")
}
