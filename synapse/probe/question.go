package probe

import (
	"crypto/rand"
	"net/http"
	"net/url"
	"strings"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/internal/httpx"
)

// The paths that are asked, relative to an address that ends in "/".
const (
	pathVersions         = "_matrix/client/versions"
	pathMetadata         = "_matrix/client/v1/auth_metadata"
	pathMetadataUnstable = "_matrix/client/unstable/org.matrix.msc2965/auth_metadata"
	pathWhoami           = "_matrix/client/v3/account/whoami"
	pathLogin            = "_matrix/client/v3/login"
	pathLogout           = "_matrix/client/v3/logout"
	pathFederation       = "_matrix/federation/v1/version"
	pathServerVersion    = "_synapse/admin/v1/server_version"
	pathMASAPI           = "_synapse/mas/is_localpart_available"
	pathDiscovery        = ".well-known/openid-configuration"
	pathIntrospect       = "oauth2/introspect"
)

// The addresses that are asked; the first part of a question's key.
const (
	edge      = "edge "
	synapseIn = "synapse "
	account   = "account "
	masIn     = "mas "
	named     = "named "
)

// noToken is sent where a token is expected. It has the form of none that Synapse or
// MAS ever issued, so that it is no one's, and is another one each time: Synapse
// remembers for two minutes what MAS said of a token.
func noToken() string { return "maskit_probe_" + rand.Text() }

// question is a request and the key under which its answer is found.
type question struct {
	key string
	httpx.Request
}

// asker collects the questions for one address.
type asker struct {
	name, base string
	list       []question
}

func (a *asker) add(method, path string, change ...func(*question)) {
	q := question{key: a.name + path, Request: httpx.Request{Method: method, URL: slashed(a.base) + path, Header: http.Header{"User-Agent": {"maskit-probe"}}}}
	for _, c := range change {
		c(&q)
	}
	a.list = append(a.list, q)
}

func (a *asker) get(path string, change ...func(*question)) { a.add(http.MethodGet, path, change...) }

// fromBrowser makes a server show its CORS headers.
func fromBrowser(q *question) { q.Header.Set("Origin", "https://app.element.io") }

func withToken(q *question) { q.Bearer = maskit.NewSecret(noToken()) }

func withSecret(secret maskit.Secret) func(*question) {
	return func(q *question) { q.Bearer = secret }
}

// withBody sends a body that changes nothing, so that it may be sent twice.
func withBody(kind, body string) func(*question) {
	return func(q *question) {
		q.Header.Set("Content-Type", kind)
		q.Body, q.Repeatable = []byte(body), true
	}
}

// questions are the requests for each address that is known. The first one of
// each tells whether anybody is there.
func questions(cfg Config) [][]question {
	var all [][]question
	for _, list := range [][]question{
		edgeQuestions(cfg), accountQuestions(cfg), synapseQuestions(cfg), masQuestions(cfg), nameQuestions(cfg),
	} {
		if len(list) > 0 {
			all = append(all, list)
		}
	}
	return all
}

func edgeQuestions(cfg Config) []question {
	a := asker{name: edge, base: cfg.Site.ClientAPIURL}
	for _, r := range append(keptRequests(), compatRequests()...) {
		a.add(r.method, r.path, r.change...)
	}
	for _, path := range append(guardedPaths(), pathServerVersion, pathFederation) {
		a.get(path)
	}
	a.add(http.MethodOptions, pathLogin, preflight)
	return a.list
}

// preflight is what a browser asks before it posts JSON (Fetch standard, "CORS-preflight fetch").
func preflight(q *question) {
	fromBrowser(q)
	q.key += " preflight"
	q.Header.Set("Access-Control-Request-Method", http.MethodPost)
	q.Header.Set("Access-Control-Request-Headers", "content-type")
}

func accountQuestions(cfg Config) []question {
	if cfg.Site.AccountURL == "" {
		return nil
	}
	a := asker{name: account, base: cfg.Site.AccountURL}
	a.get(pathDiscovery, fromBrowser)
	return a.list
}

func synapseQuestions(cfg Config) []question {
	if cfg.Site.SynapseURL == "" {
		return nil
	}
	a := asker{name: synapseIn, base: cfg.Site.SynapseURL}
	a.get(pathVersions)
	a.get(pathMetadata)
	a.get(pathMetadataUnstable)
	a.get(pathWhoami, withToken)
	a.get(pathFederation)
	a.get(pathServerVersion)
	if !cfg.Secret.IsZero() {
		a.get(pathMASAPI, withSecret(cfg.Secret))
	}
	return a.list
}

func masQuestions(cfg Config) []question {
	if cfg.Site.MASURL == "" {
		return nil
	}
	a := asker{name: masIn, base: cfg.Site.MASURL}
	a.get(pathDiscovery)
	if !cfg.Secret.IsZero() {
		form := url.Values{"token": {noToken()}, "token_type_hint": {"access_token"}}
		a.add(http.MethodPost, pathIntrospect, withSecret(cfg.Secret), withBody("application/x-www-form-urlencoded", form.Encode()))
	}
	return a.list
}

// nameQuestions are those for the host of the server name. The documents may be
// moved by redirects, which clients and servers follow.
func nameQuestions(cfg Config) []question {
	if cfg.Site.ServerName == "" {
		return nil
	}
	a := asker{name: named, base: "https://" + hostOf(cfg.Site.ServerName)}
	follow := func(q *question) { q.Redirects = 5 }
	a.get(pathWellKnownClient, fromBrowser, follow)
	a.get(pathWellKnownServer, follow)
	return a.list
}

// hostOf is a server name without its port (Matrix specification, client-server
// API, "Well-known URI").
func hostOf(serverName string) string {
	u, err := url.Parse("//" + serverName)
	if err != nil {
		return serverName
	}
	return strings.TrimSuffix(u.Host, ":"+u.Port())
}

func slashed(base string) string {
	if strings.HasSuffix(base, "/") {
		return base
	}
	return base + "/"
}
