package migrate

import (
	"context"
	"net"
	"path/filepath"
	"slices"
	"sync"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgproto3"
	"github.com/stretchr/testify/require"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/internal/live"
)

// testPooler is the least of a PgBouncer: it answers the start of a session itself, with
// a process id of its own, and gives a client a connection of the server for a
// transaction, or for good.
type testPooler struct {
	dir string
	// transactions gives the connection back after each transaction.
	transactions bool
	// newest takes the connection that was given back last, as PgBouncer does unless told.
	newest bool
	// strict refuses settings of the start, as PgBouncer does.
	strict bool

	lock sync.Mutex
	free []net.Conn
	open func() (net.Conn, error)
}

func startPooler(t *testing.T, db live.DB, p *testPooler) *pgx.ConnConfig {
	t.Helper()
	p.dir = t.TempDir()
	config, err := pgx.ParseConfig(db.URI())
	require.NoError(t, err)
	p.open = func() (net.Conn, error) { return openServer(t.Context(), config) }
	listener, err := new(net.ListenConfig).Listen(t.Context(), "unix", filepath.Join(p.dir, ".s.PGSQL.5432"))
	require.NoError(t, err)
	t.Cleanup(func() { _ = listener.Close() })
	go func() {
		for {
			client, err := listener.Accept()
			if err != nil {
				return
			}
			go p.serve(client)
		}
	}()
	through := config.Copy()
	through.Host = p.dir
	return through
}

// openServer starts a session of the server.
func openServer(ctx context.Context, config *pgx.ConnConfig) (net.Conn, error) {
	conn, err := new(net.Dialer).DialContext(ctx, "unix", filepath.Join(config.Host, ".s.PGSQL.5432"))
	if err != nil {
		return nil, err
	}
	frontend := pgproto3.NewFrontend(conn, conn)
	frontend.Send(&pgproto3.StartupMessage{ProtocolVersion: pgproto3.ProtocolVersion30, Parameters: map[string]string{"user": config.User, "database": config.Database}})
	if err := frontend.Flush(); err != nil {
		return nil, err
	}
	for {
		message, err := frontend.Receive()
		if err != nil {
			return nil, err
		}
		if _, ready := message.(*pgproto3.ReadyForQuery); ready {
			return conn, nil
		}
	}
}

func (p *testPooler) serve(client net.Conn) {
	defer client.Close() //nolint:errcheck // a test
	backend := pgproto3.NewBackend(client, client)
	message, err := backend.ReceiveStartupMessage()
	start, ok := message.(*pgproto3.StartupMessage)
	if err != nil || !ok {
		return
	}
	if _, ok := start.Parameters["default_transaction_read_only"]; ok && p.strict {
		backend.Send(&pgproto3.ErrorResponse{Severity: "FATAL", Code: "08P01", Message: "unsupported startup parameter: default_transaction_read_only"})
		_ = backend.Flush()
		return
	}
	backend.Send(&pgproto3.AuthenticationOk{})
	backend.Send(&pgproto3.ParameterStatus{Name: "standard_conforming_strings", Value: "on"})
	backend.Send(&pgproto3.ParameterStatus{Name: "client_encoding", Value: "UTF8"})
	backend.Send(&pgproto3.BackendKeyData{ProcessID: 99, SecretKey: []byte{0, 0, 0, 1}})
	backend.Send(&pgproto3.ReadyForQuery{TxStatus: 'I'})
	if backend.Flush() == nil {
		p.relay(backend)
	}
}

// relay passes messages on until the client leaves.
func (p *testPooler) relay(backend *pgproto3.Backend) {
	var server net.Conn
	defer func() {
		if server != nil {
			_ = server.Close()
		}
	}()
	for {
		message, err := backend.Receive()
		if _, over := message.(*pgproto3.Terminate); over || err != nil {
			return
		}
		if server == nil {
			if server, err = p.take(); err != nil {
				return
			}
		}
		frontend := pgproto3.NewFrontend(server, server)
		frontend.Send(message)
		if frontend.Flush() != nil {
			return
		}
		switch message.(type) {
		case *pgproto3.Query, *pgproto3.Sync:
		default:
			continue
		}
		status, err := answer(frontend, backend)
		if err != nil {
			return
		}
		if p.transactions && status == 'I' {
			p.give(server)
			server = nil
		}
	}
}

// answer passes the answer of the server on, and returns the state of the transaction.
func answer(frontend *pgproto3.Frontend, backend *pgproto3.Backend) (byte, error) {
	for {
		message, err := frontend.Receive()
		if err != nil {
			return 0, err
		}
		backend.Send(message)
		if ready, ok := message.(*pgproto3.ReadyForQuery); ok {
			return ready.TxStatus, backend.Flush()
		}
	}
}

func (p *testPooler) take() (net.Conn, error) {
	p.lock.Lock()
	defer p.lock.Unlock()
	if len(p.free) == 0 {
		return p.open()
	}
	at := 0
	if p.newest {
		at = len(p.free) - 1
	}
	server := p.free[at]
	p.free = slices.Delete(p.free, at, at+1)
	return server, nil
}

func (p *testPooler) give(server net.Conn) {
	p.lock.Lock()
	defer p.lock.Unlock()
	p.free = append(p.free, server)
}

func TestLookForPooler(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		pooler *testPooler
		want   []string
	}{
		"none":                  {want: []string{}},
		"of sessions":           {pooler: &testPooler{}, want: []string{"warning mas database pooler"}},
		"of transactions":       {pooler: &testPooler{transactions: true}, want: []string{"error mas database pooler"}},
		"that takes the newest": {pooler: &testPooler{transactions: true, newest: true}, want: []string{"error mas database pooler"}},
		"that refuses a look":   {pooler: &testPooler{strict: true}, want: []string{"warning mas database pooler", "warning mas database pooler"}},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			db := live.Postgres(t)
			config, err := pgx.ParseConfig(db.URI())
			require.NoError(t, err)
			if tc.pooler != nil {
				config = startPooler(t, db, tc.pooler)
			}
			conn, findings := connect(t.Context(), config, masDatabase)
			require.NotNil(t, conn, findings)
			defer conn.Close(context.WithoutCancel(t.Context())) //nolint:errcheck // a test
			seen := surroundings{findings: findings}
			require.NoError(t, lookForPooler(t.Context(), conn, &seen, masDatabase))
			require.Equal(t, tc.want, append([]string{}, found(seen.findings)...))
		})
	}
}

func TestConnectUnreachable(t *testing.T) {
	t.Parallel()
	db := live.Postgres(t)
	cases := map[string]struct{ dsn, hint string }{
		"no such database": {"host=" + db.SocketDir + " user=" + db.User + " dbname=nowhere password=canary", "check the name of the database"},
		"no such role":     {"host=" + db.SocketDir + " user=nobody dbname=" + db.Name + " password=canary", "check user and password, and pg_hba.conf of the server"},
		"no server":        {"host=127.0.0.1 port=1 user=u dbname=d password=canary", "check host, port and TLS, and that the server takes connections from this machine"},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			config, err := parseDSN(maskit.NewSecret(tc.dsn))
			require.NoError(t, err)
			conn, findings := connect(t.Context(), config, synapseDatabase)
			require.Nil(t, conn)
			require.Equal(t, []string{"error synapse database database-unreachable"}, found(findings))
			require.Equal(t, tc.hint, findings[0].Hint)
			requireNoSecret(t, findings[0].String())
			require.NotContains(t, findings[0].Message, "\n")
		})
	}
}
