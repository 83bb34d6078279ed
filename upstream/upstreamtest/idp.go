package upstreamtest

import (
	"log/slog"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/maskit-dev/maskit/internal/localtls"
)

// IDP is an OpenID provider for tests: an HTTPS server on loopback with the code flow,
// PKCE, pushed requests, userinfo and back-channel logout. It is as strict as the
// specifications allow, so that a client which it serves is likely to be a good one.
// Make one by [NewIDP]; it may be used by several goroutines.
//
//	idp := upstreamtest.NewIDP(t, upstreamtest.ThinIDToken)
//	idp.PutUser(upstreamtest.User{Name: "alice", Claims: map[string]any{"email": "alice@example.com"}})
//	idp.PutClient(upstreamtest.ClientFor(entry, env)) // or a Client of your own
//	callback, err := idp.LogIn(ctx, authorizationURL, "alice") // what a browser would do
//
// It is no reference for security: a user's name is all that a login asks for.
type IDP struct {
	// URL is where the provider is, without a final slash: what an administrator who
	// read no documentation takes for the issuer.
	URL string
	// Issuer is the issuer that its tokens carry.
	Issuer string

	quirks    []Quirk
	origin    string
	authority localtls.Authority
	keys      signingKeys
	client    *http.Client

	mu       sync.Mutex // guards all below
	clients  map[string]Client
	users    map[string]User
	sessions map[string]*session      // by the value of the cookie
	codes    map[string]*grant        // by the code
	tokens   map[string]*grant        // by the access token
	pushed   map[string]pushedRequest // by the request URI
	requests []Request
}

// tenantID is the tenant of a provider with the quirk [IssuerPlaceholder].
const tenantID = "5f2a1c0e-8d4b-4c55-9e51-7f6f0a3b9d10"

// NewIDP starts a provider that ends with the test.
func NewIDP(t testing.TB, quirks ...Quirk) *IDP {
	t.Helper()
	for _, quirk := range quirks {
		if !slices.Contains(Quirks(), quirk) {
			t.Fatalf("upstreamtest: there is no quirk %q", quirk)
		}
	}
	p, err := newIDP(quirks)
	if err != nil {
		t.Fatal("upstreamtest: start a provider:", err)
	}
	server := httptest.NewUnstartedServer(p)
	server.TLS = p.authority.ServerConfig()
	server.Config.ErrorLog = slog.NewLogLogger(slog.DiscardHandler, slog.LevelError) // of clients that do not trust the certificate
	server.StartTLS()
	t.Cleanup(server.Close)
	p.locate(server.URL)
	return p
}

func newIDP(quirks []Quirk) (*IDP, error) {
	authority, err := localtls.New(time.Now())
	if err != nil {
		return nil, err
	}
	p := &IDP{
		quirks: quirks, authority: authority, client: authority.Client(),
		clients: map[string]Client{}, users: map[string]User{}, sessions: map[string]*session{},
		codes: map[string]*grant{}, tokens: map[string]*grant{}, pushed: map[string]pushedRequest{},
	}
	p.keys, err = newSigningKeys(p)
	return p, err
}

// locate sets the addresses.
func (p *IDP) locate(origin string) {
	p.origin, p.URL, p.Issuer = origin, origin, origin
	if p.has(IssuerPlaceholder) {
		p.URL, p.Issuer = origin+"/common/v2.0", origin+"/"+tenantID+"/v2.0"
	}
	if p.has(IssuerSlash) {
		p.Issuer += "/"
	}
}

func (p *IDP) has(quirk Quirk) bool { return slices.Contains(p.quirks, quirk) }

// HTTPClient returns a client that trusts the provider's certificate. It keeps no cookies.
func (p *IDP) HTTPClient() *http.Client { return p.client }

// CertificatePEM is the certificate of the authority that the provider's own is from, for
// programs that read theirs from a file.
func (p *IDP) CertificatePEM() []byte { return p.authority.RootPEM() }

// PutUser adds a person, or replaces the one of the same name.
func (p *IDP) PutUser(u User) {
	p.mu.Lock()
	defer p.mu.Unlock()
	u.Claims, u.CallbackParameters = maps.Clone(u.Claims), maps.Clone(u.CallbackParameters)
	p.users[u.Name] = u
}

// PutClient adds a client, or replaces the one of the same id.
func (p *IDP) PutClient(c Client) {
	p.mu.Lock()
	defer p.mu.Unlock()
	c.RedirectURIs, c.PublicKeys = slices.Clone(c.RedirectURIs), slices.Clone(c.PublicKeys)
	p.clients[c.ID] = c
}

// Requests returns all requests received so far, in the order of their answers.
func (p *IDP) Requests() []Request {
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.Clone(p.requests)
}

// Unserved returns the requests that hit nothing: 404 and 405. A test whose subject
// should know its way ends by requiring that it is empty.
func (p *IDP) Unserved() []Request {
	return slices.DeleteFunc(p.Requests(), func(r Request) bool {
		return r.Status != http.StatusNotFound && r.Status != http.StatusMethodNotAllowed
	})
}
