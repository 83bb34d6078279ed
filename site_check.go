package maskit

import (
	"cmp"
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"path"
	"regexp"
	"strconv"
	"strings"
)

// maxServerName is the longest server name that leaves room for a user id of 255
// bytes in any form (Matrix specification, appendix "Server name").
const maxServerName = 230

// checkServerName applies the grammar of the Matrix specification, appendix
// "Server name": a DNS name, IPv4 or bracketed IPv6 address, and an optional port.
func checkServerName(name string) Problems {
	bad := func(code, message, hint string) Problems {
		return Problems{{Path: "server_name", Code: code, Message: message, Hint: hint}}
	}
	switch {
	case name == "":
		return bad("required", "the Matrix server name is missing", "the part after the colon of a user id, such as example.com")
	case strings.Contains(name, "://"):
		return bad("server-name-is-url", "is a URL, but must be a name", "write example.com, without scheme and path")
	case len(name) > maxServerName:
		return bad("server-name-invalid", fmt.Sprintf("is longer than %d characters", maxServerName), "")
	}
	m := regexp.MustCompile(`^(?:\[([0-9A-Fa-f:.]+)\]|([A-Za-z0-9.-]+))(?::\d{1,5})?$`).FindStringSubmatch(name)
	if m == nil || m[1] != "" && !isIPv6(m[1]) {
		return bad("server-name-invalid", "is not a DNS name, an IPv4 address or a bracketed IPv6 address, with an optional port", "see the Matrix specification, appendix Server name")
	}
	if why := hostProblem(m[2]); why != "" {
		return bad("server-name-invalid", why, "write the name or the address as others know it")
	}
	return nil
}

// hostProblem says why a name leads nowhere, or elsewhere than it seems; "" if it does not.
// A host whose last part is a number is an IPv4 address to the URL standard
// (url.spec.whatwg.org, "ends in a number checker"), by which 127.1 and 0177.0.0.1 are
// 127.0.0.1 to some programs and names to others.
func hostProblem(host string) string {
	if strings.HasPrefix(host, ".") || strings.Contains(host, "..") {
		return "has an empty part between two dots"
	}
	labels := strings.Split(strings.TrimSuffix(host, "."), ".")
	last := strings.ToLower(labels[len(labels)-1])
	digits, isHex := strings.CutPrefix(last, "0x")
	isNumber := isHex && strings.Trim(digits, "0123456789abcdef") == "" || last != "" && strings.Trim(last, "0123456789") == ""
	if _, err := netip.ParseAddr(host); isNumber && err != nil {
		return "ends in a number and is not an IPv4 address of four decimal numbers"
	}
	return ""
}

func isIPv6(host string) bool {
	addr, err := netip.ParseAddr(host)
	return err == nil && addr.Is6()
}

// checkURL checks an address; example is one of its kind.
func checkURL(path, value, example string) Problems {
	bad := func(code, message, hint string) Problems {
		return Problems{{Path: path, Code: code, Message: message, Hint: hint}}
	}
	if value == "" {
		return bad("required", "is missing", "an absolute URL, such as "+example)
	}
	u, err := url.Parse(value)
	switch {
	case err != nil, u.Opaque != "", u.Scheme == "", u.Hostname() == "", !isPort(u.Port()):
		return bad("url-invalid", "is not an absolute URL", "such as "+example)
	case u.Scheme != "http" && u.Scheme != "https":
		return bad("url-scheme", fmt.Sprintf("has the scheme %q", u.Scheme), "use https, or http inside the cluster")
	case u.User != nil:
		return bad("url-userinfo", "contains a user name or password", "remove it")
	case strings.ContainsAny(value, "?#"):
		return bad("url-query", "has a query or fragment", "remove it")
	case !regexp.MustCompile(`^[A-Za-z0-9._~:/[\]-]+$`).MatchString(value):
		return bad("url-invalid", "has characters other than letters, digits and . _ ~ -", "write an international domain name as xn--…, and a path in plain words")
	case !strings.HasPrefix(u.Host, "[") && hostProblem(u.Hostname()) != "":
		return bad("url-invalid", "has a host that "+hostProblem(u.Hostname()), "write the name or the address as others know it")
	case isUnspecified(u.Hostname()):
		return bad("url-invalid", "has an address that servers listen on, and that nobody can connect to", "write the name or the address as others know it")
	case u.Path != "" && !strings.HasSuffix(u.Path, "/"):
		return bad("url-no-slash", "has a path that does not end in /", "append a /")
	case strings.Contains(u.Path, "//"):
		return bad("url-invalid", "has an empty path segment", "remove the doubled /")
	}
	if canonical := canonicalURL(u); canonical != value {
		return bad("url-not-canonical", "is not written as MAS publishes it, and clients and identity providers compare it letter by letter", "write "+canonical)
	}
	return nil
}

// isUnspecified reports whether a host is 0.0.0.0 or ::.
func isUnspecified(host string) bool {
	addr, err := netip.ParseAddr(host)
	return err == nil && addr.IsUnspecified()
}

func isPort(port string) bool {
	n, err := strconv.Atoi(cmp.Or(port, "1"))
	return err == nil && n > 0 && n <= 65535
}

// canonicalURL writes u as the URL standard serialises it (url.spec.whatwg.org,
// "URL serializing"), which MAS does with every URL that it reads. An empty path
// stays empty.
func canonicalURL(u *url.URL) string {
	host := strings.ToLower(u.Hostname())
	if addr, err := netip.ParseAddr(host); err == nil && addr.Is6() {
		host = addr.String()
	}
	port := strings.TrimLeft(u.Port(), "0")
	if u.Scheme == "https" && port == "443" || u.Scheme == "http" && port == "80" {
		port = ""
	}
	authority := strings.TrimSuffix(net.JoinHostPort(host, port), ":")
	p := u.Path
	if p != "" {
		p = strings.TrimSuffix(path.Clean(p), "/") + "/"
	}
	return u.Scheme + "://" + authority + p
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
