package keycloaktest

import (
	"context"
	"net/http"
	"time"
)

// Cut is when a connection breaks.
type Cut int

// The moments at which a connection can break.
const (
	// CutNever leaves it whole. The zero value.
	CutNever Cut = iota
	// CutBefore breaks it before anything was done.
	CutBefore
	// CutAfter breaks it when everything is done and nothing is answered.
	CutAfter
)

// Fault makes requests fail. Without Status, HTML and Cut it only delays.
type Fault struct {
	// Match says which requests it is for. Default: all.
	Match func(Request) bool
	// Nth is which of them fails, counted from 1. 0 lets every one fail.
	Nth int
	// Delay is how long to wait first; the request's context ends it.
	Delay time.Duration
	// Status is answered, with an error in Keycloak's words.
	Status int
	// HTML answers 200 with a page, as proxies do that want somebody to log in.
	HTML bool
	// Carried lets the request be carried out before Status or HTML is answered.
	Carried bool
	// Cut breaks the connection instead of answering.
	Cut Cut
}

// armed is a fault with its count.
type armed struct {
	Fault
	seen int
}

// Inject adds faults. The first one that is due for a request strikes.
func (s *Server) Inject(faults ...Fault) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, f := range faults {
		s.faults = append(s.faults, &armed{Fault: f})
	}
}

// Heal removes all faults.
func (s *Server) Heal() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.faults = nil
}

// due returns the fault that strikes at a request; nil if none does. All faults count.
func (s *Server) due(r Request) *armed {
	s.mu.Lock()
	defer s.mu.Unlock()
	var strikes *armed
	for _, f := range s.faults {
		if f.Match != nil && !f.Match(r) {
			continue
		}
		f.seen++
		if strikes == nil && (f.Nth == 0 || f.Nth == f.seen) {
			strikes = f
		}
	}
	return strikes
}

func (f *armed) wait(ctx context.Context) {
	if f == nil || f.Delay <= 0 {
		return
	}
	timer := time.NewTimer(f.Delay)
	defer timer.Stop()
	select {
	case <-ctx.Done():
	case <-timer.C:
	}
}

// breaks reports whether something else than the answer comes.
func (f *armed) breaks() bool {
	return f != nil && (f.Status != 0 || f.HTML || f.Cut != CutNever)
}

// lets reports whether the request is carried out nevertheless.
func (f *armed) lets() bool { return !f.breaks() || f.Carried || f.Cut == CutAfter }

func (f *armed) answer() answer {
	switch {
	case f.Cut != CutNever:
		return answer{}
	case f.HTML:
		return htmlAnswer(http.StatusOK, "Log in", "<p>Please log in.</p>\n")
	}
	return refuse(f.Status, "HTTP "+http.StatusText(f.Status))
}

func cutConnection(w http.ResponseWriter) {
	connection, _, err := http.NewResponseController(w).Hijack()
	if err != nil {
		panic(http.ErrAbortHandler) // HTTP/2 cannot be hijacked; this is how net/http ends a stream
	}
	_ = connection.Close()
}
