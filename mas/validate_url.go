package mas

import (
	"net/netip"
	"net/url"
	"strings"
)

// webURL checks an absolute http or https URL with a host.
func (c *checker) webURL(at place, raw string) (*url.URL, bool) {
	u, err := url.Parse(raw)
	switch {
	case err != nil, u.Scheme == "", u.Opaque != "", strings.TrimSpace(raw) != raw:
		c.fail(at, "url-invalid", "is not an absolute URL", "such as https://account.example.com/")
		return nil, false
	case u.Scheme != "http" && u.Scheme != "https":
		c.fail(at, "url-scheme", "is neither http nor https", "use https")
		return nil, false
	case u.Hostname() == "":
		c.fail(at, "url-invalid", "has no host", "such as https://account.example.com/")
		return nil, false
	}
	return u, true
}

// baseURL checks a URL that others are derived from: nothing but scheme, host and path.
func (c *checker) baseURL(at place, raw string) (*url.URL, bool) {
	u, ok := c.webURL(at, raw)
	if !ok {
		return nil, false
	}
	if u.User != nil {
		c.fail(at, "url-userinfo", "contains a user name or password", "remove it")
		return nil, false
	}
	if u.RawQuery != "" || u.ForceQuery || strings.Contains(raw, "#") {
		c.fail(at, "url-query", "has a query or fragment", "remove it")
		return nil, false
	}
	return u, true
}

// slash reports a path that does not end in "/": relative URLs would replace its last segment.
func (c *checker) slash(at place, u *url.URL) {
	if u.Path != "" && !strings.HasSuffix(u.Path, "/") {
		c.fail(at, "url-no-slash", "has a path that does not end in /", "append a /")
	}
}

// https warns about plain http, unless it stays on this machine.
func (c *checker) https(at place, u *url.URL) {
	if u.Scheme == "http" && !isLoopback(u.Hostname()) {
		c.warn(at, "url-not-https", "is a plain http address", "use https")
	}
}

func isLoopback(host string) bool {
	addr, err := netip.ParseAddr(host)
	return host == "localhost" || strings.HasSuffix(host, ".localhost") || err == nil && addr.IsLoopback()
}
