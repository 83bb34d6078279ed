package keycloak

import (
	"cmp"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/maskit-dev/maskit/internal/httpx"
)

// Config says where Keycloak is, and how to reach it.
type Config struct {
	// AdminURL is where the admin API is, with the base path of the server if it has
	// one (older servers: /auth), without /admin and /realms. Required.
	AdminURL string
	// IssuerURL is the address in Keycloak's hostname setting, which makes the issuer,
	// if AdminURL is another one inside the cluster. Default: AdminURL.
	IssuerURL string
	// Auth is how to log in. Required.
	Auth Auth
	// HTTPClient sends the requests: set its Transport for a private CA or a proxy.
	// Its redirect policy and cookie jar are not used. Default: one without a proxy.
	HTTPClient *http.Client
	// Timeout bounds one attempt of a request. Default: 30 seconds, since creating a
	// realm and telling clients of a logout take their time.
	Timeout time.Duration
	// Logger receives one debug line for each request, without bodies, headers and
	// query strings. Default: silent.
	Logger *slog.Logger
}

// Provisioner brings a realm to a [Spec]. It may be used by several goroutines at
// once. Make one by [New].
type Provisioner struct {
	cfg    Config
	http   *httpx.Client
	tokens *tokens
	realms turn // held while a realm representation is read, changed and written
}

// New makes a Provisioner. It sends nothing.
func New(cfg Config) (*Provisioner, error) {
	cfg, err := cfg.withDefaults()
	if err != nil {
		return nil, fmt.Errorf("keycloak: new provisioner: %w", err)
	}
	return &Provisioner{
		cfg: cfg,
		http: httpx.New(httpx.Config{
			HTTPClient: cfg.HTTPClient, AttemptTimeout: cfg.Timeout, MaxBody: maxAnswer, MaxErrorBody: maxErrorBody, Logger: cfg.Logger,
		}),
		tokens: &tokens{auth: cfg.Auth, logins: newTurn()}, realms: newTurn(),
	}, nil
}

func (c Config) withDefaults() (Config, error) {
	c.AdminURL = strings.TrimRight(c.AdminURL, "/")
	c.IssuerURL = strings.TrimRight(cmp.Or(c.IssuerURL, c.AdminURL), "/")
	c.Timeout = cmp.Or(c.Timeout, 30*time.Second)
	if err := checkBase(c.AdminURL); err != nil {
		return c, fmt.Errorf("AdminURL: %w", err)
	}
	if err := checkBase(c.IssuerURL); err != nil {
		return c, fmt.Errorf("IssuerURL: %w", err)
	}
	if c.Auth == nil {
		return c, errors.New("Auth: say how to log in")
	}
	if err := c.Auth.check(); err != nil {
		return c, fmt.Errorf("Auth: %w", err)
	}
	return c, nil
}

func checkBase(base string) error {
	u, err := url.Parse(base)
	switch {
	case base == "":
		return errors.New("is missing")
	case err != nil, u.Host == "", u.Scheme != "http" && u.Scheme != "https":
		return errors.New("is not an absolute http or https URL")
	case u.User != nil, strings.ContainsAny(base, "?#"):
		return errors.New("has a user name, query or fragment: remove it")
	case strings.Contains(u.Path+"/", "/admin/"), strings.Contains(u.Path+"/", "/realms/"):
		return errors.New("is the address of the server: remove /admin and /realms")
	}
	return nil
}

// issuer is the issuer of a realm as Keycloak writes it: the name of the realm as
// one path segment, in which the apostrophe stays as it is (seen in 26.7).
func (c Config) issuer(realm string) string {
	return c.IssuerURL + "/realms/" + strings.ReplaceAll(url.PathEscape(realm), "%27", "'")
}
