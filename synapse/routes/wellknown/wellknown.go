// Package wellknown writes and checks the two documents by which clients and
// servers find a homeserver from its server name.
//
//	client, problems := wellknown.Client(site, wellknown.ClientOptions{})
//	if err := problems.Err(); err != nil {
//		return err
//	}
//	// serve client at https://{server name}/.well-known/matrix/client
//
// Both belong on the host of the server name (example.com), which is often not
// the host of the homeserver (matrix.example.com), under [ClientPath] and
// [ServerPath]. Whoever serves them must send the headers of [Header]: without
// Access-Control-Allow-Origin no client in a browser can read the first one. It
// must be sent once: a proxy that adds it to the answer of a server that sends it
// too makes browsers refuse both.
//
// # Errors
//
// Everything that is wrong is returned at once as [maskit.Problems] with stable
// codes. [Client] and [Server] return no document beside an error. The checks
// judge what a server answered, and fail for no other reason.
//
// # What it does not do
//
// It sends no request: [CheckClient] and [CheckServer] take what the caller
// received. It writes no key that the caller did not ask for, and answers no
// OPTIONS request.
package wellknown

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/maskit-dev/maskit"
)

// Where the documents are served, on the host of the server name (Matrix
// specification, client-server API "Server discovery" and server-server API
// "Resolving server names").
const (
	ClientPath = "/.well-known/matrix/client"
	ServerPath = "/.well-known/matrix/server"
)

// The keys of the documents.
const (
	keyHomeserver     = "m.homeserver"
	keyIdentityServer = "m.identity_server"
	keyAuthentication = "org.matrix.msc2965.authentication"
	keyServer         = "m.server"
	keyBaseURL        = "base_url"
)

// Header returns the headers that both documents are served with. It is a new
// value on each call.
func Header() http.Header {
	return http.Header{
		"Access-Control-Allow-Origin": {"*"},
		"Content-Type":                {"application/json"},
	}
}

// ClientOptions are what the client document holds beside the address of the
// homeserver. The zero value adds nothing.
type ClientOptions struct {
	// IncludeMSC2965 adds org.matrix.msc2965.authentication: the issuer and the
	// account page of MAS. Clients of today ask the homeserver instead
	// (/_matrix/client/v1/auth_metadata); only old ones, such as Element Android
	// before 1.6.50 and Element iOS before 1.11.34, read it here. Synapse adds it
	// to the document that it serves itself.
	IncludeMSC2965 bool `yaml:"include_msc2965" json:"include_msc2965"`
	// IdentityServer is the base URL of m.identity_server; empty leaves the key out.
	IdentityServer string `yaml:"identity_server" json:"identity_server"`
	// Extra are more keys with any value that JSON can hold, such as
	// "org.matrix.msc4143.rtc_foci". They cannot replace the keys of this package.
	Extra map[string]any `yaml:"extra" json:"extra"`
}

// Client returns the document of [ClientPath]: indented JSON with sorted keys
// and a final newline. Of the site it needs ClientAPIURL, and AccountURL for
// IncludeMSC2965. Base URLs are written without a final slash, as in the Matrix
// specification: some clients append "/_matrix/…" to them as they stand.
func Client(site maskit.Site, options ClientOptions) ([]byte, maskit.Problems) {
	problems := siteProblems(site, "client_api_url")
	document := map[string]any{keyHomeserver: base(site.ClientAPIURL)}
	if options.IncludeMSC2965 {
		problems = append(problems, siteProblems(site, "account_url")...)
		document[keyAuthentication] = map[string]string{"issuer": site.Issuer(), "account": site.Issuer() + "account/"}
	}
	if options.IdentityServer != "" {
		if !isBaseURL(options.IdentityServer) {
			problems = append(problems, maskit.Problem{
				Path: "identity_server", Code: "url-invalid", Message: "is not an absolute http or https URL",
				Hint: "such as https://vector.im",
			})
		}
		document[keyIdentityServer] = base(options.IdentityServer)
	}
	problems = append(problems, addExtra(document, options.Extra)...)
	return write(document, problems)
}

// ServerOptions are what the server document says. The zero value is the host
// of the client API.
type ServerOptions struct {
	// Address is where other servers reach the homeserver: "host:port". Default:
	// the host of ClientAPIURL with its port, or 443.
	Address string `yaml:"address" json:"address"`
}

// Server returns the document of [ServerPath]. Of the site it needs
// ClientAPIURL, unless the options hold an Address. The port is always written:
// without one other servers look for SRV records and then try 8448.
func Server(site maskit.Site, options ServerOptions) ([]byte, maskit.Problems) {
	var problems maskit.Problems
	address := options.Address
	if address == "" {
		problems = siteProblems(site, "client_api_url")
		address = hostPort(site.ClientAPIURL)
	} else if message := checkAddress(address); message != "" {
		problems = append(problems, maskit.Problem{
			Path: "address", Code: "address-invalid", Message: message, Hint: "such as matrix.example.com:443",
		})
	}
	return write(map[string]any{keyServer: address}, problems)
}

// siteProblems returns what Site.Validate says about one field.
func siteProblems(site maskit.Site, path string) maskit.Problems {
	return slices.DeleteFunc(site.Validate(), func(p maskit.Problem) bool { return p.Path != path })
}

func base(address string) map[string]string {
	return map[string]string{keyBaseURL: strings.TrimSuffix(address, "/")}
}

func addExtra(document, extra map[string]any) maskit.Problems {
	var problems maskit.Problems
	for key, value := range extra {
		path := fmt.Sprintf("extra[%q]", key)
		if slices.Contains([]string{keyHomeserver, keyIdentityServer, keyAuthentication}, key) {
			problems = append(problems, maskit.Problem{
				Path: path, Code: "key-owned", Message: "is written from the site and the options",
				Hint: "remove it here",
			})
			continue
		}
		if _, err := json.Marshal(value); err != nil {
			problems = append(problems, maskit.Problem{
				Path: path, Code: "not-json", Message: "is a value that JSON cannot hold",
				Hint: "use texts, numbers, booleans, lists, and mappings with text keys",
			})
			continue
		}
		document[key] = value
	}
	return problems.Sorted()
}

func write(document map[string]any, problems maskit.Problems) ([]byte, maskit.Problems) {
	if problems.Err() != nil {
		return nil, problems
	}
	var out bytes.Buffer
	encoder := json.NewEncoder(&out)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	_ = encoder.Encode(document) // every value was marshalled before
	return out.Bytes(), problems
}

// isBaseURL reports whether value is an absolute http(s) URL without user info,
// query and fragment.
func isBaseURL(value string) bool {
	u, err := url.Parse(value)
	return err == nil && (u.Scheme == "http" || u.Scheme == "https") && u.Hostname() != "" &&
		u.User == nil && !strings.ContainsAny(value, "?#")
}

// hostPort returns the host and port of a URL; the port that other servers use
// is that of https, whatever the scheme.
func hostPort(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	if u.Port() != "" {
		return u.Host
	}
	return net.JoinHostPort(u.Hostname(), "443")
}
