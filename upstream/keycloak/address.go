package keycloak

import (
	"cmp"
	"net/url"
	"strings"

	"github.com/maskit-dev/maskit/mas"
	"github.com/maskit-dev/maskit/upstream/oidc"
)

// issuer is the issuer of the realm as Keycloak writes it: the name of the realm as one
// path segment, percent-encoded, no final slash.
func (c Config) issuer() string { return realmURL(cmp.Or(c.PublicURL, c.BaseURL), c.Realm) }

// realmURL escapes the name as Keycloak does (seen in 26.7), which leaves the
// apostrophe as it is.
func realmURL(base, realm string) string {
	segment := strings.ReplaceAll(url.PathEscape(realm), "%27", "'")
	return strings.TrimRight(base, "/") + "/realms/" + segment
}

// discovery is the strict mode, unless the issuer is plain http and that is accepted.
func (c Config) discovery() mas.DiscoveryMode {
	if u, err := url.Parse(c.issuer()); err == nil && u.Scheme == "http" && c.InsecureHTTP {
		return mas.DiscoveryInsecure
	}
	return mas.DiscoveryOIDC
}

// endpoints has those that MAS itself calls, if they are to be called at another
// address than the metadata says.
func (c Config) endpoints() oidc.Endpoints {
	if c.PublicURL == "" {
		return oidc.Endpoints{}
	}
	protocol := realmURL(c.BaseURL, c.Realm) + "/protocol/openid-connect/"
	return oidc.Endpoints{Token: protocol + "token", JWKS: protocol + "certs"}
}
