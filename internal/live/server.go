package live

import (
	"context"
	"path/filepath"
	"testing"
	"time"

	"github.com/maskit-dev/maskit/internal/live/ports"
	"github.com/maskit-dev/maskit/internal/live/proc"
)

// bootLimit is how long a server of one test may take to answer.
const bootLimit = 2 * time.Minute

// Server is a running server that belongs to one test.
type Server struct {
	// URL is its base URL, without a final slash.
	URL     string
	process *proc.Process
}

// Stop ends the server in good order and waits. The end of the test does the
// same; a test calls it to see what happens then.
func (s *Server) Stop() { s.process.Stop() }

// Kill ends the server as a crash would and waits.
func (s *Server) Kill() { s.process.Kill() }

// Log is all that the server wrote so far.
func (s *Server) Log() string { return s.process.Log() }

// startServer starts a child of the test and waits until its health address answers 200.
func startServer(t testing.TB, spec proc.Spec, url, health string) *Server {
	t.Helper()
	return startWhenReady(t, spec, url, proc.HTTPReady(health))
}

// startWhenReady starts a child of the test and waits until ready succeeds.
func startWhenReady(t testing.TB, spec proc.Spec, url string, ready func(context.Context) error) *Server {
	t.Helper()
	process := tryStart(t, spec)
	ctx, cancel := context.WithTimeout(t.Context(), bootLimit)
	defer cancel()
	if err := process.Await(ctx, ready); err != nil {
		t.Fatal("live:", err)
	}
	return &Server{URL: url, process: process}
}

// tryStart starts a child that ends with the test. When the test has failed,
// the end of its log is shown.
func tryStart(t testing.TB, spec proc.Spec) *proc.Process {
	t.Helper()
	guard()
	spec.Log = filepath.Join(t.TempDir(), spec.Name+".log")
	process, err := proc.Start(spec)
	if err != nil {
		t.Fatal("live:", err)
	}
	t.Cleanup(func() {
		process.Stop()
		if t.Failed() {
			t.Logf("live: the end of the log of %s:\n%s", spec.Name, process.Tail(60))
		}
	})
	return process
}

// FreePort returns a TCP port of 127.0.0.1 that nobody listens on, for servers
// whose configuration names their port.
func FreePort(t testing.TB) int {
	t.Helper()
	port, err := ports.Free(t.Context())
	if err != nil {
		t.Fatal("live:", err)
	}
	return port
}
