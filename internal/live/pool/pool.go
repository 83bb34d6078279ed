// Package pool starts the servers that many tests share, each at most once and
// only when somebody asks for it. A run of many test processes has one Pool in
// internal/live/run, reached over a Unix socket through a Client; a bare go
// test has one per process.
package pool

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"sync"
	"time"

	"github.com/maskit-dev/maskit/internal/live/cache"
	"github.com/maskit-dev/maskit/internal/live/proc"
)

// Postgres is the name of the shared PostgreSQL cluster.
const Postgres = "postgres"

// Keycloak is the name of the shared server of that version.
func Keycloak(version string) string { return keycloakPrefix + version }

const keycloakPrefix = "keycloak/"

// startLimit covers a Keycloak on two busy cores with room to spare.
const startLimit = 5 * time.Minute

// Address tells how to reach a server. Which fields are set depends on it.
type Address struct {
	// URL is the base URL, without a final slash.
	URL string `json:"url,omitempty"`
	// Dir holds the Unix socket.
	Dir string `json:"dir,omitempty"`
	// User and Password are the administrator's, minted for this run.
	User     string `json:"user,omitempty"`
	Password string `json:"password,omitempty"`
	// Log is the file that the server writes.
	Log string `json:"log,omitempty"`
	// Authority is the directory of a certificate authority that the server trusts, see
	// [AuthorityCertificate].
	Authority string `json:"authority,omitempty"`
}

// Source hands out shared servers. An error that wraps *install.MissingError
// means that the server is not installed on this machine.
type Source interface {
	Get(ctx context.Context, name string) (Address, error)
}

// Pool owns servers. Close ends them.
type Pool struct {
	cache cache.Dir

	mu     sync.Mutex
	slots  map[string]*slot
	closed bool
}

// slot is one server; its result is read after done is closed.
type slot struct {
	cancel  context.CancelFunc
	done    chan struct{}
	server  *server
	err     error
	address Address
}

// server is a started child and the directory that goes with it.
type server struct {
	process *proc.Process
	dir     string
	address Address
}

func (s *server) stop() {
	s.process.Stop()
	_ = os.RemoveAll(s.dir)
}

var errClosed = errors.New("pool: closed")

// New returns a pool that has started nothing yet.
func New(dir cache.Dir) *Pool { return &Pool{cache: dir, slots: map[string]*slot{}} }

// Get returns the address of the server, starting it if need be, and waits
// until it is ready. A failed start is not tried again.
func (p *Pool) Get(ctx context.Context, name string) (Address, error) {
	s, err := p.slot(ctx, name)
	if err != nil {
		return Address{}, err
	}
	select {
	case <-s.done:
		return s.address, s.err
	case <-ctx.Done():
		return Address{}, fmt.Errorf("pool: wait for %s: %w", name, ctx.Err())
	}
}

// slot begins the start on the first call. The start outlives the caller that
// happened to be first: others wait for it.
func (p *Pool) slot(ctx context.Context, name string) (*slot, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.closed {
		return nil, errClosed
	}
	if s, ok := p.slots[name]; ok {
		return s, nil
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), startLimit)
	s := &slot{cancel: cancel, done: make(chan struct{})}
	p.slots[name] = s
	go func() {
		defer close(s.done)
		defer cancel()
		if s.server, s.err = p.start(ctx, name); s.err == nil {
			s.address = s.server.address
		}
	}()
	return s, nil
}

func (p *Pool) start(ctx context.Context, name string) (*server, error) {
	if name == Postgres {
		return startPostgres(ctx)
	}
	if version, ok := strings.CutPrefix(name, keycloakPrefix); ok {
		return startKeycloak(ctx, p.cache, version)
	}
	return nil, fmt.Errorf("pool: no server is called %q", name)
}

// Close ends all servers and waits. A start under way is given up.
func (p *Pool) Close() {
	p.mu.Lock()
	p.closed = true
	slots := p.slots
	p.slots = nil
	p.mu.Unlock()
	var all sync.WaitGroup
	for _, s := range slots {
		all.Go(func() {
			s.cancel()
			<-s.done
			if s.server != nil {
				s.server.stop()
			}
		})
	}
	all.Wait()
}
