package wellknown

import (
	"encoding/json"
	"fmt"
	"mime"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strconv"
	"strings"

	"github.com/maskit-dev/maskit"
)

// Served is what a server answered to a GET of [ClientPath] or [ServerPath],
// redirects followed.
type Served struct {
	// URL is what was asked for; the problems carry it as their path.
	URL string
	// Status is the HTTP status of the last answer.
	Status int
	// Header are the headers of the last answer.
	Header http.Header
	// Body is the whole body. Limit it while reading: a document is a few hundred bytes.
	Body []byte
}

func (s Served) problem(code, message, hint string) maskit.Problem {
	return maskit.Problem{Path: s.URL, Code: code, Message: message, Hint: hint}
}

// CheckClient says what is wrong with the client document that a server answered
// with, for the site. It compares the homeserver's address, and the MSC2965
// issuer if the document has one. Keys that the package does not know are fine.
//
// Codes: well-known-missing, well-known-status, cors-missing, cors-doubled, cors-narrow,
// content-type (a warning), not-json, homeserver-missing, homeserver-mismatch,
// http-https-mix (the right host by the other scheme), identity-server-invalid,
// issuer-mismatch, account-mismatch (a warning).
func CheckClient(served Served, site maskit.Site) maskit.Problems {
	document, problems := served.document()
	problems = append(problems, served.checkCORS()...)
	if document == nil {
		return problems
	}
	problems = append(problems, served.checkHomeserver(document, site)...)
	if raw, ok := document[keyIdentityServer]; ok && !isBaseURL(field(raw, keyBaseURL)) {
		problems = append(problems, served.problem("identity-server-invalid",
			keyIdentityServer+" has no base_url that is a URL; clients then discard the whole document", "correct it or remove the key"))
	}
	if raw, ok := document[keyAuthentication]; ok {
		problems = append(problems, served.checkAuthentication(raw, site)...)
	}
	return problems
}

// CheckServer says what is wrong with the server document that a server answered
// with. Where a homeserver federates is its own choice, so that the address is
// not compared with the site.
//
// Codes: well-known-missing, well-known-status, content-type (a warning),
// not-json, server-missing, server-invalid, server-without-port (a warning).
func CheckServer(served Served) maskit.Problems {
	document, problems := served.document()
	if document == nil {
		return problems
	}
	var address string
	if err := json.Unmarshal(document[keyServer], &address); err != nil || address == "" {
		return append(problems, served.problem("server-missing", "m.server is missing or no text", `write "m.server": "matrix.example.com:443"`))
	}
	if message := checkAddress(address); message != "" {
		problem := served.problem("server-invalid", "m.server "+message, `write "m.server": "matrix.example.com:443"`)
		if checkAddress(address+":443") == "" {
			problem.Code, problem.Severity = "server-without-port", maskit.SeverityWarning
		}
		problems = append(problems, problem)
	}
	return problems
}

// document returns the keys of the served document as they stand: the decoding
// of structs would take M.HOMESERVER for m.homeserver. It is nil if there is none.
func (s Served) document() (map[string]json.RawMessage, maskit.Problems) {
	switch {
	case s.Status == http.StatusNotFound:
		return nil, maskit.Problems{s.problem("well-known-missing", "there is no document (404)",
			"serve it on the host of the server name, not only on that of the homeserver")}
	case s.Status != http.StatusOK:
		return nil, maskit.Problems{s.problem("well-known-status", fmt.Sprintf("the status is %d instead of 200", s.Status),
			"serve the document to everybody, without login")}
	}
	var document map[string]json.RawMessage
	if err := json.Unmarshal(s.Body, &document); err != nil || document == nil {
		return nil, maskit.Problems{s.problem("not-json", "the body is no JSON object",
			"serve the document itself: a web page for unknown paths may have answered")}
	}
	var problems maskit.Problems
	if kind, _, err := mime.ParseMediaType(s.Header.Get("Content-Type")); err != nil || kind != "application/json" {
		problem := s.problem("content-type", "the Content-Type is not application/json", "set it in the web server")
		problem.Severity = maskit.SeverityWarning
		problems = append(problems, problem)
	}
	return document, problems
}

// checkCORS looks for exactly one Access-Control-Allow-Origin. Browsers refuse
// an answer with two, even if both are "*".
func (s Served) checkCORS() maskit.Problems {
	values := s.Header.Values("Access-Control-Allow-Origin")
	joined := strings.Join(values, ",")
	switch {
	case len(values) == 0:
		return maskit.Problems{s.problem("cors-missing", "the header Access-Control-Allow-Origin is missing; clients in browsers cannot read the document",
			"send Access-Control-Allow-Origin: *")}
	case strings.Contains(joined, ","):
		return maskit.Problems{s.problem("cors-doubled", "the header Access-Control-Allow-Origin stands there more than once; browsers refuse that",
			"set it in one place: either the web server or the proxy before it")}
	case joined != "*":
		return maskit.Problems{s.problem("cors-narrow", "the header Access-Control-Allow-Origin does not admit every client",
			"send Access-Control-Allow-Origin: *")}
	}
	return nil
}

func (s Served) checkHomeserver(document map[string]json.RawMessage, site maskit.Site) maskit.Problems {
	found := field(document[keyHomeserver], keyBaseURL)
	switch {
	case found == "":
		return maskit.Problems{s.problem("homeserver-missing", "m.homeserver.base_url is missing or no text",
			fmt.Sprintf("write %q", strings.TrimSuffix(site.ClientAPIURL, "/")))}
	case sameAddress(found, site.ClientAPIURL):
		return nil
	}
	problem := s.problem("homeserver-mismatch", fmt.Sprintf("m.homeserver.base_url is %.200q, the site says %q", found, site.ClientAPIURL),
		"correct the one that is wrong")
	if got, want, ok := parsed(found, site.ClientAPIURL); ok && strings.EqualFold(got.Hostname(), want.Hostname()) && got.Scheme != want.Scheme {
		problem.Code = "http-https-mix"
	}
	return maskit.Problems{problem}
}

func (s Served) checkAuthentication(raw json.RawMessage, site maskit.Site) maskit.Problems {
	issuer, account := field(raw, "issuer"), field(raw, "account")
	if issuer != site.Issuer() {
		hint := fmt.Sprintf("write %q, or remove %s: clients of today do not need it", site.Issuer(), keyAuthentication)
		message := fmt.Sprintf("the issuer is %.200q instead of %q", issuer, site.Issuer())
		if strings.TrimSuffix(issuer, "/") == strings.TrimSuffix(site.Issuer(), "/") {
			message += "; the final slash counts"
		}
		return maskit.Problems{s.problem("issuer-mismatch", message, hint)}
	}
	if account != "" && !strings.HasPrefix(account, site.Issuer()) {
		problem := s.problem("account-mismatch", fmt.Sprintf("the account page %.200q is not one of MAS", account),
			fmt.Sprintf("write %q", site.Issuer()+"account/"))
		problem.Severity = maskit.SeverityWarning
		return maskit.Problems{problem}
	}
	return nil
}

// sameAddress reports whether two base URLs lead to the same place. The final slash,
// the port that the scheme implies, and the case of the host do not count.
func sameAddress(a, b string) bool {
	x, y, ok := parsed(a, b)
	return ok && x.Scheme == y.Scheme && strings.EqualFold(x.Hostname(), y.Hostname()) && port(x) == port(y) &&
		strings.TrimSuffix(x.Path, "/") == strings.TrimSuffix(y.Path, "/") && x.RawQuery == y.RawQuery && x.User.String() == y.User.String()
}

func parsed(a, b string) (x, y *url.URL, ok bool) {
	x, errX := url.Parse(a)
	y, errY := url.Parse(b)
	return x, y, errX == nil && errY == nil
}

func port(u *url.URL) string {
	switch {
	case u.Port() != "":
		return u.Port()
	case u.Scheme == "http":
		return "80"
	}
	return "443"
}

// field returns a text of a JSON object; empty if there is none.
func field(raw json.RawMessage, key string) string {
	var object map[string]json.RawMessage
	var text string
	if json.Unmarshal(raw, &object) != nil || json.Unmarshal(object[key], &text) != nil {
		return ""
	}
	return text
}

// checkAddress says what is wrong with a host:port; empty if nothing is.
func checkAddress(address string) string {
	if strings.Contains(address, "://") {
		return "is a URL, but must be host:port"
	}
	host, port, err := net.SplitHostPort(address)
	if err != nil {
		return "is not host:port"
	}
	if n, err := strconv.ParseUint(port, 10, 16); err != nil || n == 0 {
		return "has a port that is none"
	}
	if strings.Contains(host, ":") {
		if addr, err := netip.ParseAddr(host); err != nil || addr.Zone() != "" {
			return "has a host that is no IPv6 address"
		}
		return ""
	}
	if host == "" || len(host) > 230 || strings.Trim(host, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-") != "" {
		return "has a host that is no DNS name"
	}
	return ""
}
