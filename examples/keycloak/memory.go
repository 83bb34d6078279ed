package main

import (
	"bufio"
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	mathrand "math/rand/v2"
	"net/http"
	"net/http/httptest"
	"os"
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
// changed something stand in a file, and are carried out again at the next start. So that
// they make the same ids and secrets then, each has its own stream of random bytes.
type memory struct {
	server *keycloaktest.Server
	name   string

	mu     sync.Mutex
	file   *os.File // nil until there is something to remember
	random io.Reader
	now    func() time.Time
}

// write is a request that changed something. Its body may hold secrets.
type write struct {
	At     time.Time       `json:"at"`
	Seed   [32]byte        `json:"seed"`
	Method string          `json:"method"`
	Path   string          `json:"path"` // below /admin, with the query
	Body   json.RawMessage `json:"body,omitempty"`
}

// remember connects to the Keycloak in memory whose file has that name.
func remember(ctx context.Context, name string) (*keycloak.Provisioner, func() error, error) {
	m := &memory{name: name, random: rand.Reader, now: time.Now}
	password := maskit.NewSecret(rand.Text())
	m.server = keycloaktest.New(keycloaktest.Options{
		URL: memoryURL, AdminPassword: password, SecretRotation: true,
		Rand: readerFunc(func(p []byte) (int, error) { return m.random.Read(p) }),
		Now:  func() time.Time { return m.now() },
	})
	if err := m.recall(ctx); err != nil {
		return nil, nil, fmt.Errorf("-memory %s: %w\nRemove it to start afresh", name, err)
	}
	p, err := keycloak.New(keycloak.Config{
		AdminURL: memoryURL, HTTPClient: &http.Client{Transport: m}, Auth: keycloak.AdminPassword{User: "admin", Password: password},
	})
	return p, m.close, err
}

// readerFunc makes a reader of a function.
type readerFunc func([]byte) (int, error)

// Read implements [io.Reader].
func (f readerFunc) Read(p []byte) (int, error) { return f(p) }

// recall carries out what the file says.
func (m *memory) recall(ctx context.Context) error {
	data, err := os.ReadFile(m.name)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	lines := bufio.NewScanner(strings.NewReader(string(data)))
	lines.Buffer(nil, len(data)+1)
	for lines.Scan() {
		var w write
		if err := json.Unmarshal(lines.Bytes(), &w); err != nil {
			return err
		}
		leave := m.during(w)
		err := m.server.Admin(ctx, w.Method, w.Path, w.Body, nil)
		leave()
		if err != nil {
			return err
		}
	}
	return lines.Err()
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
		return m.serve(r, nil), nil
	}
	w := write{At: time.Now(), Method: r.Method, Path: path}
	_, _ = rand.Read(w.Seed[:]) // never fails
	if r.Body != nil {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			return nil, err
		}
		w.Body = body
	}
	leave := m.during(w)
	response := m.serve(r, w.Body)
	leave()
	if response.StatusCode/100 != 2 {
		return response, nil
	}
	return response, m.keep(w)
}

func (m *memory) serve(r *http.Request, body []byte) *http.Response {
	request := r.Clone(r.Context())
	switch {
	case body != nil:
		request.Body = io.NopCloser(strings.NewReader(string(body)))
	case r.Body == nil:
		request.Body = http.NoBody
	}
	recorder := httptest.NewRecorder()
	m.server.ServeHTTP(recorder, request)
	response := recorder.Result()
	response.Request = r
	return response
}

// keep appends a write to the file.
func (m *memory) keep(w write) (err error) {
	if m.file == nil {
		m.file, err = os.OpenFile(m.name, os.O_WRONLY|os.O_CREATE|os.O_APPEND, 0o600)
		if err != nil {
			return fmt.Errorf("-memory: %w", err)
		}
	}
	return json.NewEncoder(m.file).Encode(w)
}

func (m *memory) close() error {
	if m.file == nil {
		return nil
	}
	return m.file.Close()
}
