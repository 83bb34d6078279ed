package check

import (
	"net/url"
	"strings"

	"github.com/maskit-dev/maskit"
)

// Host reports what is not the bare name of a host, in lower case and perhaps with a port,
// as vendors name a tenant: no scheme, no path. It accepts the empty string.
func Host(path, value string) maskit.Problems {
	if value == "" {
		return nil
	}
	if problems := Text(path, value); problems != nil {
		return problems
	}
	u, err := url.Parse("https://" + value)
	switch {
	case strings.ContainsAny(value, "/?#@\\ "):
		return problem(path, "host-invalid", "is not the bare name of a host", "without https:// and without a path, such as sso.example.com")
	case err != nil, u.Host != value, strings.Trim(u.Hostname(), "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-_:") != "", u.Hostname() == "":
		return problem(path, "host-invalid", "is not the name of a host", "such as sso.example.com; other scripts in their xn-- form")
	case strings.ToLower(value) != value, u.Port() == "443":
		return problem(path, "host-spelling", "is not spelled as the issuer has it, and MAS compares byte for byte", "write it in lower case, and leave :443 out")
	}
	return nil
}

// Server reports what is not the https address of a server that the issuer is made of: no
// query, spelled as servers spell themselves. It accepts the empty string.
func Server(path, value string) maskit.Problems {
	if value == "" {
		return nil
	}
	if problems := URL(path, value); problems != nil {
		return problems
	}
	u, err := url.Parse(value)
	switch {
	case err != nil, strings.ContainsAny(value, "?#"):
		return problem(path, "url-query", "has a query", "remove everything from the ? on")
	case u.Scheme != "https":
		return problem(path, "url-not-https", "is plain http, with which MAS refuses every login", "use https")
	case strings.HasSuffix(u.Path, "/.well-known/openid-configuration"):
		return problem(path, "issuer-is-metadata", "is the address of the metadata", "remove /.well-known/openid-configuration")
	case u.Port() == "443", strings.ToLower(u.Host) != u.Host, !strings.HasPrefix(value, "https:"):
		return problem(path, "url-spelling", "is not spelled as the issuer has it, and MAS compares byte for byte", "write scheme and host in lower case, and leave :443 out")
	}
	return nil
}
