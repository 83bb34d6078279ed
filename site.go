package maskit

import (
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"regexp"
	"strings"
)

// Site is the one place where the addresses of a deployment stand. Every URL
// that MAS, Synapse and an identity provider must agree on is derived from it.
//
// URLs are absolute, http or https, without user info, query and fragment, and
// end in "/" when they have a path.
type Site struct {
	// ServerName is the Matrix server name, the part after the colon of a user
	// id: "example.com". It is a name, not a URL, and never changes.
	ServerName string `yaml:"server_name" json:"server_name"`
	// AccountURL is where people reach MAS: "https://account.example.com/". It is
	// MAS's http.public_base and its issuer.
	AccountURL string `yaml:"account_url" json:"account_url"`
	// ClientAPIURL is where Matrix clients reach the homeserver: "https://matrix.example.com/".
	ClientAPIURL string `yaml:"client_api_url" json:"client_api_url"`
	// SynapseURL is Synapse as MAS reaches it: "http://synapse-main.matrix.svc.cluster.local:8008/".
	SynapseURL string `yaml:"synapse_url" json:"synapse_url"`
	// MASURL is MAS as Synapse reaches it: "http://mas.matrix-auth.svc.cluster.local:8080/".
	MASURL string `yaml:"mas_url" json:"mas_url"`
}

// Issuer is MAS's http.public_base and OpenID issuer, with its final slash.
func (s Site) Issuer() string { return withSlash(s.AccountURL) }

// CallbackURL is the redirect URI to register at the identity provider for the
// provider id: exactly this one, no wildcard.
func (s Site) CallbackURL(id ULID) string { return s.Issuer() + "upstream/callback/" + string(id) }

// BackchannelLogoutURL is where the identity provider posts logout tokens.
func (s Site) BackchannelLogoutURL(id ULID) string {
	return s.Issuer() + "upstream/backchannel-logout/" + string(id)
}

// JWKSURL is where MAS publishes its public keys, for identity providers that
// authenticate it by private_key_jwt.
func (s Site) JWKSURL() string { return s.Issuer() + "oauth2/keys.json" }

// DelegationEndpoint is the matrix_authentication_service.endpoint of homeserver.yaml.
func (s Site) DelegationEndpoint() string { return withSlash(s.MASURL) }

// IntrospectionURL is where Synapse asks MAS about access tokens.
func (s Site) IntrospectionURL() string { return s.DelegationEndpoint() + "oauth2/introspect" }

// Prefix is the path under which MAS must mount its resources, without the final
// slash; empty when MAS has a host of its own.
func (s Site) Prefix() string {
	u, err := url.Parse(s.AccountURL)
	if err != nil {
		return ""
	}
	return strings.TrimSuffix(u.Path, "/")
}

// Validate checks every address and reports all problems, with the YAML keys of
// the fields as paths.
func (s Site) Validate() Problems {
	problems := checkServerName(s.ServerName)
	for _, field := range []struct{ path, value string }{
		{"account_url", s.AccountURL},
		{"client_api_url", s.ClientAPIURL},
		{"synapse_url", s.SynapseURL},
		{"mas_url", s.MASURL},
	} {
		problems = append(problems, checkURL(field.path, field.value)...)
	}
	if problems.Err() != nil {
		return problems
	}
	for _, field := range []struct{ path, value string }{
		{"account_url", s.AccountURL},
		{"client_api_url", s.ClientAPIURL},
	} {
		problems = append(problems, checkPublic(field.path, field.value)...)
	}
	if prefix := s.Prefix(); prefix != "" && !strings.HasSuffix(s.DelegationEndpoint(), prefix+"/") {
		problems = append(problems, Problem{
			Path: "mas_url", Code: "prefix-mismatch", Severity: SeverityWarning,
			Message: fmt.Sprintf("MAS mounts everything under %s, which is missing here", prefix),
			Hint:    "append it, unless a proxy between Synapse and MAS adds it",
		})
	}
	return problems
}

func withSlash(u string) string {
	if u == "" || strings.HasSuffix(u, "/") {
		return u
	}
	return u + "/"
}

// checkServerName applies the grammar of the Matrix specification, appendix
// "Server name": a DNS name, IPv4 or bracketed IPv6 address, and an optional port.
func checkServerName(name string) Problems {
	bad := func(code, message, hint string) Problems {
		return Problems{{Path: "server_name", Code: code, Message: message, Hint: hint}}
	}
	if name == "" {
		return bad("required", "the Matrix server name is missing", "the part after the colon of a user id, such as example.com")
	}
	if strings.Contains(name, "://") {
		return bad("server-name-is-url", "is a URL, but must be a name", "write example.com, without scheme and path")
	}
	host := name
	if h, port, err := net.SplitHostPort(name); err == nil {
		host = h
		if !regexp.MustCompile(`^\d{1,5}$`).MatchString(port) {
			return bad("server-name-invalid", "the port is not a number", "")
		}
	}
	bare := strings.TrimSuffix(strings.TrimPrefix(host, "["), "]")
	if addr, err := netip.ParseAddr(bare); err == nil && (addr.Is4() || strings.HasPrefix(name, "[")) {
		return nil
	}
	if len(host) > 230 || !regexp.MustCompile(`^[A-Za-z0-9.-]+$`).MatchString(host) {
		return bad("server-name-invalid", "is not a DNS name, an IPv4 address or a bracketed IPv6 address, with an optional port", "see the Matrix specification, appendix Server name")
	}
	return nil
}

func checkURL(path, value string) Problems {
	bad := func(code, message, hint string) Problems {
		return Problems{{Path: path, Code: code, Message: message, Hint: hint}}
	}
	if value == "" {
		return bad("required", "is missing", "an absolute URL, such as https://account.example.com/")
	}
	u, err := url.Parse(value)
	switch {
	case err != nil, u.Opaque != "", u.Scheme == "", u.Hostname() == "":
		return bad("url-invalid", "is not an absolute URL", "such as https://account.example.com/")
	case u.Scheme != "http" && u.Scheme != "https":
		return bad("url-scheme", fmt.Sprintf("has the scheme %q", u.Scheme), "use https, or http inside the cluster")
	case u.User != nil:
		return bad("url-userinfo", "contains a user name or password", "remove it")
	case u.RawQuery != "" || u.ForceQuery || u.Fragment != "":
		return bad("url-query", "has a query or fragment", "remove it")
	case u.Path != "" && !strings.HasSuffix(u.Path, "/"):
		return bad("url-no-slash", "has a path that does not end in /", "append a /")
	case u.Path != "" && strings.Contains(u.Path, "//"):
		return bad("url-invalid", "has an empty path segment", "remove the doubled /")
	}
	return nil
}

// checkPublic warns about plain http for people: cookies, passwords and tokens
// would cross the network in the clear.
func checkPublic(path, value string) Problems {
	u, err := url.Parse(value)
	if err != nil || u.Scheme == "https" {
		return nil
	}
	host := u.Hostname()
	if addr, err := netip.ParseAddr(host); host == "localhost" || err == nil && addr.IsLoopback() {
		return nil
	}
	return Problems{{
		Path: path, Code: "url-not-https", Severity: SeverityWarning,
		Message: "is a plain http address that people use",
		Hint:    "use https",
	}}
}
