package keycloaktest

import (
	"cmp"
	"crypto/rand"
	"crypto/rsa"
	"errors"
	"io"
	"net/http"
	"strings"
	"time"

	"github.com/maskit-dev/maskit"
)

// Version is a release of Keycloak that a [Server] behaves as.
type Version int

// The releases that the behaviour was compared with, and what sets them apart here.
const (
	// V267 is Keycloak 26.7.0. The zero value.
	V267 Version = iota
	// V260 is Keycloak 26.0.8: a realm does not show maxSecondaryAuthFailures, there is no
	// condition by client scope, a user's logout tells each client of one session only, and
	// some refusals have another status or text.
	V260
)

// Options describe the Keycloak to imitate. The zero value will do.
type Options struct {
	// Version is the release to behave as. Default: V267.
	Version Version
	// URL is the address in Keycloak's hostname setting, from which issuers are made:
	// "https://sso.example.com", or with a path that the server is mounted at. Default: the
	// address that each request was sent to.
	URL string
	// AdminUser and AdminPassword are the first administrator of the realm master.
	// Default: "admin", and the password "admin".
	AdminUser     string
	AdminPassword maskit.Secret
	// SecretRotation is the feature client-secret-rotation, by which a client may have two
	// secrets for a while. Default: off, as in Keycloak before 26.8.
	SecretRotation bool
	// SigningKey signs the tokens of all realms. Default: a key of its own for each realm,
	// made when it is needed first.
	SigningKey *rsa.PrivateKey
	// Now is the clock. Default: [time.Now].
	Now func() time.Time
	// Rand makes ids, secrets and codes. Default: [rand.Reader].
	Rand io.Reader
	// HTTPClient fetches the keys of clients and delivers logout tokens. Redirects are
	// never followed. Default: one that gives up after five seconds.
	HTTPClient *http.Client
	// CheckLDAP answers the admin API's test of an LDAP connection; action is
	// testConnection or testAuthentication. Default: everything answers.
	CheckLDAP func(action, url string) error
}

func (o Options) withDefaults() Options {
	o.URL = strings.TrimRight(o.URL, "/")
	o.AdminUser = cmp.Or(o.AdminUser, "admin")
	if o.AdminPassword.IsZero() {
		o.AdminPassword = maskit.NewSecret("admin")
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Rand == nil {
		o.Rand = rand.Reader
	}
	client := http.Client{Timeout: 5 * time.Second}
	if o.HTTPClient != nil {
		client = *o.HTTPClient
	}
	client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	o.HTTPClient = &client
	if o.CheckLDAP == nil {
		o.CheckLDAP = func(string, string) error { return nil }
	}
	return o
}

// errNoRandom ends what cannot go on without random bytes.
var errNoRandom = errors.New("keycloaktest: Options.Rand gave no bytes")
