package mastest

import (
	"crypto"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/maskit-dev/maskit"
)

// Config describes the MAS to imitate.
type Config struct {
	// SharedSecret is matrix.secret of the MAS configuration, by which the
	// homeserver authenticates. Required, not empty.
	SharedSecret maskit.Secret
	// Issuer is http.public_base: "https://account.example.com/". A missing final
	// slash is added. Default: the address that each request was sent to, which
	// suits an httptest server.
	//
	// As on MAS, a path in it appears in the addresses that MAS announces, and
	// mounts nothing: wrap the server by [http.StripPrefix] for that.
	Issuer string
	// Keys are the public keys of the key set, RSA, P-256 or P-384, the last of
	// an algorithm being the one that signs. Default: one RSA key whose private
	// half nobody has.
	Keys []crypto.PublicKey
	// PasswordLogin is passwords.enabled. Default: off, as in a deployment with
	// single sign-on; MAS's own default is on.
	PasswordLogin bool
	// PasswordRegistration is account.password_registration_enabled. Default: off, as in MAS.
	PasswordRegistration bool
	// NoDeviceCode is the opposite of oauth.device_code_grant_enabled. Default:
	// the grant is on, as in MAS.
	NoDeviceCode bool
	// Now is the clock. Default: [time.Now].
	Now func() time.Time
	// Rand makes tokens and identifiers. Default: [rand.Reader].
	Rand io.Reader
}

// Server is a MAS in memory. It is an [http.Handler] and may be used by several
// goroutines at once. Make one by [New].
type Server struct {
	cfg  Config
	keys keySet

	mu       sync.Mutex // guards all below, and Config.Rand
	users    map[string]User
	tokens   map[string]Token // by the token's value
	requests []Request
}

// New makes a server without users and tokens. It does not listen anywhere.
func New(cfg Config) (*Server, error) {
	cfg = cfg.withDefaults()
	if cfg.SharedSecret.Reveal() == "" {
		return nil, errors.New("mastest: new server: Config.SharedSecret is missing or empty")
	}
	if err := checkIssuer(cfg.Issuer); err != nil {
		return nil, fmt.Errorf("mastest: new server: Config.Issuer: %w", err)
	}
	keys, err := newKeySet(cfg.Keys)
	if err != nil {
		return nil, fmt.Errorf("mastest: new server: %w", err)
	}
	return &Server{cfg: cfg, keys: keys, users: map[string]User{}, tokens: map[string]Token{}}, nil
}

func (c Config) withDefaults() Config {
	if c.Now == nil {
		c.Now = time.Now
	}
	if c.Rand == nil {
		c.Rand = rand.Reader
	}
	if c.Issuer != "" && !strings.HasSuffix(c.Issuer, "/") {
		c.Issuer += "/"
	}
	return c
}

func checkIssuer(issuer string) error {
	if issuer == "" {
		return nil
	}
	u, err := url.Parse(issuer)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return errors.New("is not an absolute http or https URL")
	}
	if u.User != nil || u.RawQuery != "" || u.ForceQuery || u.Fragment != "" {
		return errors.New("has a user name, query or fragment, which MAS refuses")
	}
	return nil
}

// ServeHTTP answers as MAS does and records the request.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	c, err := readCall(r)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	a := s.route(c.Path).serve(c)
	s.record(c.Request, a.status)
	a.write(w)
}

// base is what all announced addresses start with.
func (s *Server) base(c call) string {
	if s.cfg.Issuer != "" {
		return s.cfg.Issuer
	}
	return c.origin + "/"
}
