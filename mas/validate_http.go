package mas

import (
	"net/netip"
	"strings"
)

// http checks the section http: configuration reference of MAS 1.22, "http".
func (c *checker) http() {
	const at place = "http"
	h := c.config.HTTP
	if h == nil {
		c.warn(at, "http-missing", "is missing, so the public address is http://[::]:8080/", "set http.public_base and http.listeners")
		return
	}
	c.publicBase(at.key("public_base"), h.PublicBase)
	c.issuer(at.key("issuer"), h)
	c.trustedProxies(at.key("trusted_proxies"), h.TrustedProxies)
	c.listeners(at.key("listeners"), h.Listeners)
}

// publicBase checks the address from which MAS derives all of its URLs: MAS
// panics at start on a query, fragment or other scheme, and derives wrong endpoints from a
// path without final slash.
func (c *checker) publicBase(at place, raw string) {
	if raw == "" {
		c.required(at, "the address under which people reach MAS, such as https://account.example.com/")
		return
	}
	if u, ok := c.baseURL(at, raw); ok {
		c.slash(at, u)
		c.https(at, u)
	}
}

func (c *checker) issuer(at place, h *HTTP) {
	if h.Issuer == "" {
		return
	}
	u, ok := c.baseURL(at, h.Issuer)
	if !ok {
		return
	}
	c.https(at, u)
	if strings.TrimSuffix(h.Issuer, "/") != strings.TrimSuffix(h.PublicBase, "/") {
		c.warn(at, "issuer-differs", "differs from public_base, where discovery is served",
			"remove it, unless /.well-known/openid-configuration of the issuer leads to MAS")
	} else if u.Path != "" && u.Path != "/" && !strings.HasSuffix(u.Path, "/") {
		c.warn(at, "issuer-differs", "lacks the final / of public_base, and clients compare issuers byte for byte", "remove it")
	}
}

// trustedProxies checks the addresses whose X-Forwarded-For is believed.
func (c *checker) trustedProxies(at place, proxies []string) {
	if proxies == nil {
		c.warn(at, "trusted-proxies-default", "is missing, and the default covers only a quarter of 10.0.0.0/8: 10.64.0.0 and above are not trusted",
			"list the addresses of your proxies, or [] if clients connect to MAS directly")
	}
	for i, proxy := range proxies {
		prefix, ok := c.network(at.at(i), proxy)
		switch {
		case ok && prefix.Bits() == 0:
			c.warn(at.at(i), "trusted-proxies-all", "trusts every address, so X-Forwarded-For is never used", "list the addresses of your proxies")
		case proxy == "10.0.0.0/10":
			c.warn(at.at(i), "trusted-proxies-default", "covers only a quarter of 10.0.0.0/8: 10.64.0.0 and above are not trusted", "use 10.0.0.0/8, or the networks of your proxies")
		}
	}
}

// network checks an IP address or CIDR.
func (c *checker) network(at place, text string) (netip.Prefix, bool) {
	if addr, err := netip.ParseAddr(text); err == nil && addr.Zone() == "" {
		return netip.PrefixFrom(addr, addr.BitLen()), true
	}
	prefix, err := netip.ParsePrefix(text)
	if err != nil {
		c.fail(at, "network-invalid", "is neither an IP address nor a CIDR", "such as 10.0.0.0/8 or fd00::/8")
	}
	return prefix, err == nil
}
