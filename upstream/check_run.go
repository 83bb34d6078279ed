package upstream

import (
	"cmp"
	"context"
	"net/http"
	"net/url"
	"slices"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/internal/httpx"
	"github.com/maskit-dev/maskit/mas"
	"github.com/maskit-dev/maskit/upstream/internal/discovery"
)

// checkRun is one call of [Check].
type checkRun struct {
	entry  Entry
	cfg    CheckConfig
	reader *httpx.Client // for documents
	prober *httpx.Client // for what is sent once
	report CheckReport

	metadata discovery.Metadata
	// read says that there is metadata to judge, or that none is needed.
	read bool
	// trusted says that the metadata is that of the issuer.
	trusted bool
	// judged are hosts whose connection was judged, and the clocks with them.
	judged map[string]bool
	// down are hosts to which there is no connection.
	down map[string]bool
	// unverified says that a certificate was taken without a look.
	unverified bool
	// requestSettled says that the provider has judged the authorization request.
	requestSettled bool
}

func newCheckRun(entry Entry, cfg CheckConfig) *checkRun {
	if entry.IDTokenSignedResponseAlg == "" {
		entry.IDTokenSignedResponseAlg = mas.AlgRS256
	}
	if entry.Scope == "" {
		entry.Scope = "openid"
	}
	if entry.DiscoveryMode == "" {
		entry.DiscoveryMode = mas.DiscoveryOIDC
	}
	if entry.PKCEMethod == "" {
		entry.PKCEMethod = mas.PKCEAuto
	}
	if entry.ID != "" {
		cfg.Env.ID = entry.ID
	}
	return &checkRun{
		entry: entry, cfg: cfg, reader: cfg.newClient(2), prober: cfg.newClient(1), judged: map[string]bool{}, down: map[string]bool{},
	}
}

// all makes all checks, in the order in which they build on each other.
func (r *checkRun) all(ctx context.Context) {
	r.report.Problems = Validate(r.entry, r.cfg.Env)
	r.discover(ctx)
	r.endpoints()
	if r.read && r.entry.DiscoveryMode != mas.DiscoveryDisabled {
		r.judgeMetadata()
	}
	r.judgeRelogin()
	r.keys(ctx)
	r.userinfo(ctx)
	r.probe(ctx)
}

// endpoints are those of the entry, and of the metadata where it has none.
func (r *checkRun) endpoints() {
	pick := func(own, field string) string { return withoutUser(cmp.Or(own, r.metadata.Text(field))) }
	r.report.Endpoints = CheckEndpoints{
		Authorization:       pick(r.entry.AuthorizationEndpoint, "authorization_endpoint"),
		Token:               pick(r.entry.TokenEndpoint, "token_endpoint"),
		JWKS:                pick(r.entry.JWKSURI, "jwks_uri"),
		Userinfo:            pick(r.entry.UserinfoEndpoint, "userinfo_endpoint"),
		PushedAuthorization: pick("", "pushed_authorization_request_endpoint"),
	}
}

// withoutUser drops user name and password, which neither a report nor a request should
// have.
func withoutUser(address string) string {
	u, err := url.Parse(address)
	if err != nil || u.User == nil {
		return address
	}
	u.User = nil
	return u.String()
}

// finding is a problem in the making.
type finding struct{ code, message, hint string }

func (r *checkRun) add(severity maskit.Severity, path string, f finding) {
	r.report.Problems = append(r.report.Problems, maskit.Problem{
		Path: httpx.Printable(path, 300), Code: f.code, Message: f.message, Hint: f.hint, Severity: severity,
	})
}

func (r *checkRun) fail(path string, f finding) { r.add(maskit.SeverityError, path, f) }
func (r *checkRun) warn(path string, f finding) { r.add(maskit.SeverityWarning, path, f) }
func (r *checkRun) note(path string, f finding) { r.add(maskit.SeverityInfo, path, f) }

// skip says what was not looked at, and why.
func (r *checkRun) skip(path, what, because, hint string) {
	r.add(maskit.SeveritySkip, path, finding{"not-checked", what + " not checked: " + because, hint})
}

// send sends a request and judges the connection. Without an answer it returns nil.
func (r *checkRun) send(ctx context.Context, client *httpx.Client, request httpx.Request) *httpx.Response {
	if request.Header == nil {
		request.Header = http.Header{}
	}
	request.Header.Set("User-Agent", "maskit-check")
	host := hostPort(request.URL)
	if r.down[host] {
		r.skip(httpx.Redact(request.URL), "this address is", "there is no connection to "+host, "")
		return nil
	}
	if !slices.Contains(r.report.Hosts, host) {
		r.report.Hosts = append(r.report.Hosts, host)
	}
	r.report.Requests++
	response, err := client.Do(ctx, request)
	if err != nil {
		f := unreachable(host, err)
		r.down[host] = f.stays()
		r.fail(httpx.Redact(request.URL), f)
		return nil
	}
	r.report.Requests += response.Attempts - 1
	if !r.judged[host] {
		r.judged[host] = true
		r.judgeTLS(response)
		r.judgeClock(response)
	}
	return response
}

// mostRedirects is how many redirects MAS follows.
const mostRedirects = 10

// document reads a document as MAS does, which follows redirects. It returns the
// last answer and its full address; nil without one.
func (r *checkRun) document(ctx context.Context, address string) (*httpx.Response, string) {
	from := address
	for range mostRedirects + 1 {
		response := r.send(ctx, r.reader, httpx.Request{Method: http.MethodGet, URL: address, Header: http.Header{"Accept": {"application/json"}}})
		if response == nil {
			return nil, address
		}
		next := redirectTarget(address, response)
		if next == "" {
			if address != from {
				r.warn(from, finding{
					"redirect", "is redirected to " + httpx.Redact(address) + ", which MAS follows at every login",
					"write the final address, so that no redirect can send MAS elsewhere",
				})
			}
			return response, address
		}
		address = next
	}
	r.fail(from, finding{"redirect-loop", "is redirected for ever, and MAS gives up after ten redirects", "mend the redirects at the provider"})
	return nil, address
}

// redirectTarget is where an answer sends a client; empty if it does not.
func redirectTarget(from string, response *httpx.Response) string {
	switch response.Status {
	case http.StatusMovedPermanently, http.StatusFound, http.StatusSeeOther, http.StatusTemporaryRedirect, http.StatusPermanentRedirect:
	default:
		return ""
	}
	location := response.Header.Get("Location")
	base, err := url.Parse(from)
	if err != nil || location == "" {
		return ""
	}
	target, err := base.Parse(location)
	if err != nil || target.Host == "" || target.Scheme != "http" && target.Scheme != "https" {
		return ""
	}
	target.User = nil
	return target.String()
}
