package keycloaktest

import (
	"cmp"
	"context"
	"io"
	"net/http"
	"sync"
	"time"
)

// Server is a Keycloak in memory. It is an [http.Handler] and may be used by several
// goroutines at once. Make one by [New].
type Server struct {
	options Options
	routes  *router

	mu     sync.Mutex // guards all below, and Options.Rand
	realms map[string]*realm
	// logins are the sessions behind access tokens, by the token.
	logins   map[string]*grant
	requests []Request
	faults   []*armed
	// broken is the first failure of Options.Rand.
	broken error
}

// New makes a Keycloak that has the realm master and its administrator. It does not
// listen anywhere: [net/http/httptest.NewServer] does. There is nothing to close.
func New(options Options) *Server {
	s := &Server{options: options.withDefaults(), realms: map[string]*realm{}, logins: map[string]*grant{}}
	s.routes = newRouter(s.table())
	s.makeMaster()
	return s
}

// ServeHTTP answers as Keycloak does, unless a fault is due, and records the request.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	a, whole, err := s.handle(r)
	switch {
	case err != nil:
		http.Error(w, err.Error(), http.StatusBadRequest)
	case whole:
		a.write(w)
	default:
		cutConnection(w)
	}
}

// RoundTrip implements [http.RoundTripper]: a client that has the server as its transport
// needs no network. A connection that is cut is [io.ErrUnexpectedEOF].
func (s *Server) RoundTrip(r *http.Request) (*http.Response, error) {
	inside := r.Clone(r.Context())
	inside.Host = cmp.Or(r.Host, r.URL.Host)
	if inside.Body == nil {
		inside.Body = http.NoBody
	}
	a, whole, err := s.handle(inside)
	_ = inside.Body.Close()
	switch {
	case err != nil:
		return nil, err
	case r.Context().Err() != nil:
		return nil, r.Context().Err()
	case !whole:
		return nil, io.ErrUnexpectedEOF
	}
	return a.response(r), nil
}

// handle answers a request; false if the connection breaks instead.
func (s *Server) handle(r *http.Request) (answer, bool, error) {
	c, err := s.receive(r)
	if err != nil {
		return answer{}, false, err
	}
	fault := s.due(c.request)
	fault.wait(r.Context())
	var a answer
	if fault.lets() {
		a = s.serve(r.Context(), c)
	}
	if fault.breaks() {
		a = fault.answer()
	}
	s.record(c.request, a.status, a.unknown)
	return a, fault == nil || fault.Cut == CutNever, nil
}

// serve answers one request. What goes out to others does so without the lock, since
// they may call back.
func (s *Server) serve(ctx context.Context, c *call) answer {
	s.fetchKeys(ctx, c)
	a := s.dispatch(c)
	for _, notice := range a.notices {
		s.deliver(ctx, notice)
	}
	return a
}

func (s *Server) dispatch(c *call) answer {
	s.mu.Lock()
	defer s.mu.Unlock()
	a := s.routes.dispatch(c)
	if s.broken != nil {
		return refuse(http.StatusInternalServerError, errNoRandom.Error())
	}
	return a
}

func (s *Server) now() time.Time { return s.options.Now() }

// millis is a time as Keycloak's JSON has it.
func (s *Server) millis() int64 { return s.now().UnixMilli() }
