package main

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	mathrand "math/rand/v2"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/keycloak"
	"github.com/maskit-dev/maskit/keycloak/keycloaktest"
)

// memoryURL is where the Keycloak in memory seems to be.
const memoryURL = "http://keycloak.test"

// memory is a Keycloak that ends with the program, and remembers: the requests that
// changed something stand in a journal, and are carried out again at the next start. So
// that they make the same ids and secrets then, each has its own moment and its own stream
// of random bytes.
type memory struct {
	server  *keycloaktest.Server
	journal *journal

	mu     sync.Mutex
	random io.Reader
	now    func() time.Time
}

// remember connects to the Keycloak in memory whose journal has that name.
func remember(ctx context.Context, name string) (*keycloak.Provisioner, func() error, error) {
	m := &memory{random: rand.Reader, now: time.Now}
	password := maskit.NewSecret(rand.Text())
	m.server = keycloaktest.New(keycloaktest.Options{
		URL: memoryURL, AdminPassword: password, SecretRotation: true,
		Rand: readerFunc(func(p []byte) (int, error) { return m.random.Read(p) }),
		Now:  func() time.Time { return m.now() },
	})
	var err error
	if m.journal, err = openJournal(name); err != nil {
		return nil, nil, fmt.Errorf("-memory %s: %w", name, err)
	}
	if err := m.recall(ctx); err != nil {
		return nil, nil, errors.Join(fmt.Errorf("-memory %s: %w\nRemove it to start afresh", name, err), m.journal.close())
	}
	p, err := keycloak.New(keycloak.Config{
		AdminURL: memoryURL, HTTPClient: &http.Client{Transport: m}, Auth: keycloak.AdminPassword{User: "admin", Password: password},
	})
	return p, m.journal.close, err
}

// readerFunc makes a reader of a function.
type readerFunc func([]byte) (int, error)

// Read implements [io.Reader].
func (f readerFunc) Read(p []byte) (int, error) { return f(p) }

// recall carries out what the journal says.
func (m *memory) recall(ctx context.Context) error {
	writes, err := m.journal.read()
	if err != nil {
		return err
	}
	for i, w := range writes {
		leave := m.during(w)
		err := m.server.Admin(ctx, w.Method, w.Path, w.Body, nil)
		leave()
		if err != nil {
			return fmt.Errorf("line %d: %w", i+1, err)
		}
	}
	return nil
}

// during sets the clock and the random bytes to those of a write, until leave is called.
func (m *memory) during(w write) (leave func()) {
	m.random = mathrand.NewChaCha8(w.Seed)
	m.now = func() time.Time { return w.At }
	return func() { m.random, m.now = rand.Reader, time.Now }
}

// RoundTrip implements [http.RoundTripper]: nothing is sent anywhere.
func (m *memory) RoundTrip(r *http.Request) (*http.Response, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	path, admin := strings.CutPrefix(r.URL.RequestURI(), "/admin")
	if !admin || r.Method == http.MethodGet {
		return m.server.RoundTrip(r)
	}
	w := write{At: time.Now(), Method: r.Method, Path: path}
	_, _ = rand.Read(w.Seed[:]) // never fails
	if r.Body != nil {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			return nil, err
		}
		w.Body = body
		r = r.Clone(r.Context())
		r.Body = io.NopCloser(bytes.NewReader(body))
	}
	leave := m.during(w)
	response, err := m.server.RoundTrip(r)
	leave()
	if err != nil || response.StatusCode/100 != 2 {
		return response, err
	}
	if err := m.journal.append(w); err != nil {
		return nil, fmt.Errorf("-memory: %w", err)
	}
	return response, nil
}
