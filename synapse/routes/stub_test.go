package routes_test

import (
	"bufio"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/textproto"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// sight is what a backend saw of a request, without any library between.
type sight struct {
	Method, Target string
	Header         http.Header
}

// stub is a backend that answers every request with its name and what it saw.
type stub struct{ address string }

func startStub(t testing.TB, name string) stub {
	t.Helper()
	var config net.ListenConfig
	listener, err := config.Listen(t.Context(), "tcp", "127.0.0.1:0")
	require.NoError(t, err)
	t.Cleanup(func() { _ = listener.Close() })
	go serveStub(listener, name)
	return stub{listener.Addr().String()}
}

func serveStub(listener net.Listener, name string) {
	for {
		conn, err := listener.Accept()
		if err != nil {
			return
		}
		go func() {
			defer conn.Close()
			reader := textproto.NewReader(bufio.NewReader(conn))
			for answerAsStub(conn, reader, name) == nil {
			}
		}()
	}
}

func answerAsStub(conn net.Conn, reader *textproto.Reader, name string) error {
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
	saw, err := json.Marshal(sight{method, base64.StdEncoding.EncodeToString([]byte(target)), http.Header(header)})
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(conn, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nAccess-Control-Allow-Origin: *\r\nX-Answered-By: %s\r\nX-Saw: %s\r\n\r\n",
		name, base64.StdEncoding.EncodeToString(saw))
	return err
}

// answer is what came back through the proxy.
type answer struct {
	By     string // MAS or Synapse; denied if the proxy answered itself or hung up
	Status int
	Header http.Header
	Saw    sight
}

// ask sends a request as it is written, and reads the answer.
func ask(t testing.TB, address, head string) answer {
	t.Helper()
	dialer := net.Dialer{Timeout: 5 * time.Second}
	conn, err := dialer.DialContext(t.Context(), "tcp", address)
	require.NoError(t, err)
	defer conn.Close()
	require.NoError(t, conn.SetDeadline(time.Now().Add(20*time.Second)))
	_, _ = io.WriteString(conn, head) // a proxy may hang up before it has read all
	method, _, _ := strings.Cut(head, " ")
	response, err := http.ReadResponse(bufio.NewReader(conn), &http.Request{Method: method})
	if err != nil {
		return answer{By: "denied"}
	}
	defer response.Body.Close()
	got := answer{By: "denied", Status: response.StatusCode, Header: response.Header}
	if by := response.Header.Get("X-Answered-By"); by != "" {
		got.By = by
		saw, err := base64.StdEncoding.DecodeString(response.Header.Get("X-Saw"))
		require.NoError(t, err)
		require.NoError(t, json.Unmarshal(saw, &got.Saw))
		target, err := base64.StdEncoding.DecodeString(got.Saw.Target)
		require.NoError(t, err)
		got.Saw.Target = string(target)
	}
	return got
}
