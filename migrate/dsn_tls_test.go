package migrate

import (
	"context"
	"crypto/tls"
	"net"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgproto3"
	"github.com/stretchr/testify/require"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/internal/localtls"
	"github.com/maskit-dev/maskit/mas"
)

// startTLS listens for sessions over TLS, and lets everybody in.
func startTLS(t *testing.T, authority localtls.Authority) uint16 {
	t.Helper()
	listener, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	require.NoError(t, err)
	t.Cleanup(func() { _ = listener.Close() })
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			go admit(conn, authority.ServerConfig())
		}
	}()
	return uint16(listener.Addr().(*net.TCPAddr).Port)
}

func admit(conn net.Conn, config *tls.Config) {
	defer conn.Close() //nolint:errcheck // a test
	backend := pgproto3.NewBackend(conn, conn)
	if message, err := backend.ReceiveStartupMessage(); err != nil {
		return
	} else if _, ok := message.(*pgproto3.SSLRequest); ok {
		if _, err := conn.Write([]byte("S")); err != nil {
			return
		}
		secured := tls.Server(conn, config)
		backend = pgproto3.NewBackend(secured, secured)
		if _, err := backend.ReceiveStartupMessage(); err != nil {
			return
		}
	}
	backend.Send(&pgproto3.AuthenticationOk{})
	backend.Send(&pgproto3.ReadyForQuery{TxStatus: 'I'})
	if backend.Flush() == nil {
		_, _ = backend.Receive()
	}
}

// The modes of MAS against a server with TLS: the authority is asked where sqlx asks it.
func TestMASConnectionOverTLS(t *testing.T) {
	t.Parallel()
	authority, other := newAuthority(t), newAuthority(t)
	port := startTLS(t, authority)
	right, wrong := mas.TextValue{Inline: string(authority.RootPEM())}, mas.TextValue{Inline: string(other.RootPEM())}
	cases := map[string]struct {
		mode      mas.SSLMode
		host      string
		ca        mas.TextValue
		connected bool
		encrypted bool
	}{
		"full":                         {mode: mas.SSLVerifyFull, host: "127.0.0.1", ca: right, connected: true, encrypted: true},
		"full, another authority":      {mode: mas.SSLVerifyFull, host: "127.0.0.1", ca: wrong},
		"full, no authority":           {mode: mas.SSLVerifyFull, host: "127.0.0.1"},
		"full, another name":           {mode: mas.SSLVerifyFull, host: "127.0.0.2", ca: right},
		"authority, another name":      {mode: mas.SSLVerifyCA, host: "localhost", ca: right, connected: true, encrypted: true},
		"authority, another authority": {mode: mas.SSLVerifyCA, host: "127.0.0.1", ca: wrong},
		"require does not ask":         {mode: mas.SSLRequire, host: "127.0.0.1", ca: wrong, connected: true, encrypted: true},
		"prefer":                       {mode: mas.SSLPrefer, host: "127.0.0.1", connected: true, encrypted: true},
		"by default":                   {host: "127.0.0.1", connected: true, encrypted: true},
		"allow never asks":             {mode: mas.SSLAllow, host: "127.0.0.1", connected: true},
		"disable":                      {mode: mas.SSLDisable, host: "127.0.0.1", connected: true},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			db := &mas.Database{Host: tc.host, Port: port, Username: "mas", Name: "mas", SSLMode: tc.mode, SSLCA: tc.ca}
			config, err := masConnection(db, maskit.Secret{})
			require.NoError(t, err)
			config.LookupFunc = func(context.Context, string) ([]string, error) { return []string{"127.0.0.1"}, nil }
			conn, err := pgx.ConnectConfig(t.Context(), config.Copy())
			if !tc.connected {
				require.ErrorContains(t, err, "certificate")
				return
			}
			require.NoError(t, err)
			_, encrypted := conn.PgConn().Conn().(*tls.Conn)
			require.Equal(t, tc.encrypted, encrypted)
			_ = conn.Close(t.Context())
		})
	}
}
