package routes_test

import (
	"bufio"
	"crypto/tls"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/textproto"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// sight is what a backend saw of a request, without any library between.
type sight struct {
	Method, Target string
	Header         http.Header
}

// stub is a backend that answers every request with its name, and remembers what it saw.
type stub struct {
	name, address string
	mutex         sync.Mutex
	sights        []sight
}

func startStub(t testing.TB, name string) *stub {
	t.Helper()
	return serveStub(t, name, func(listener net.Listener) net.Listener { return listener })
}

// serveStub lets wrap put TLS around.
func serveStub(t testing.TB, name string, wrap func(net.Listener) net.Listener) *stub {
	t.Helper()
	var config net.ListenConfig
	listener, err := config.Listen(t.Context(), "tcp", "127.0.0.1:0")
	require.NoError(t, err)
	t.Cleanup(func() { _ = listener.Close() })
	s := &stub{name: name, address: listener.Addr().String()}
	go s.serve(wrap(listener))
	return s
}

func (s *stub) serve(listener net.Listener) {
	for {
		conn, err := listener.Accept()
		if err != nil {
			return
		}
		go func() {
			defer func() { _ = conn.Close() }()
			reader := textproto.NewReader(bufio.NewReader(conn))
			for s.answer(conn, reader) == nil {
			}
		}()
	}
}

func (s *stub) answer(conn net.Conn, reader *textproto.Reader) error {
	line, err := reader.ReadLineBytes()
	if err != nil {
		return err
	}
	header, err := reader.ReadMIMEHeader()
	if err != nil {
		return err
	}
	method, rest, _ := strings.Cut(string(line), " ")
	target, _, _ := strings.Cut(rest, " HTTP/")
	var length int64
	_, _ = fmt.Sscan(header.Get("Content-Length"), &length)
	if _, err := io.CopyN(io.Discard, reader.R, length); err != nil {
		return err
	}
	_, err = fmt.Fprintf(conn, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nAccess-Control-Allow-Origin: *\r\nX-Answered-By: %s\r\nX-Sight: %d\r\n\r\n",
		s.name, s.remember(sight{method, target, http.Header(header)}))
	return err
}

func (s *stub) remember(saw sight) int {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	s.sights = append(s.sights, saw)
	return len(s.sights) - 1
}

func (s *stub) recall(i int) sight {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	return s.sights[i]
}

// answer is what came back through the proxy.
type answer struct {
	By     string // MAS or Synapse; denied if the proxy answered itself or hung up
	Status int
	Header http.Header
	Saw    sight
}

// ask sends a request as it is written, and reads the answer.
func (e edge) ask(t testing.TB, head string) answer {
	t.Helper()
	conn := e.dial(t)
	defer func() { _ = conn.Close() }()
	require.NoError(t, conn.SetDeadline(time.Now().Add(20*time.Second)))
	_, _ = io.WriteString(conn, head) // a proxy may hang up before it has read all
	method, _, _ := strings.Cut(head, " ")
	response, err := http.ReadResponse(bufio.NewReader(conn), &http.Request{Method: method})
	if err != nil {
		return answer{By: "denied"}
	}
	defer func() { _ = response.Body.Close() }()
	got := answer{By: "denied", Status: response.StatusCode, Header: response.Header}
	for _, backend := range []*stub{e.mas, e.synapse} {
		if response.Header.Get("X-Answered-By") != backend.name {
			continue
		}
		i, err := strconv.Atoi(response.Header.Get("X-Sight"))
		require.NoError(t, err)
		got.By, got.Saw = backend.name, backend.recall(i)
	}
	return got
}

func (e edge) dial(t testing.TB) net.Conn {
	t.Helper()
	dialer := net.Dialer{Timeout: 5 * time.Second}
	conn, err := dialer.DialContext(t.Context(), "tcp", e.address)
	require.NoError(t, err)
	if e.roots == nil {
		return conn
	}
	secure := tls.Client(conn, &tls.Config{RootCAs: e.roots, ServerName: "matrix.localhost", MinVersion: tls.VersionTLS12})
	require.NoError(t, secure.HandshakeContext(t.Context()))
	return secure
}
