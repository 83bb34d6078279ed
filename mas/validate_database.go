package mas

import (
	"encoding/pem"
	"net/netip"
	"net/url"
	"strings"

	"github.com/maskit-dev/maskit"
)

// minConnections is the smallest pool that works: the job listener of a server that
// also runs the worker keeps one connection for itself.
const minConnections = 2

// database checks the section database: configuration reference of MAS 1.22, "database".
func (c *checker) database() {
	const at place = "database"
	d := c.config.Database
	if d == nil {
		return
	}
	c.databaseTarget(at, d)
	c.databaseTLS(at, d)
	c.pool(at, d)
}

func (c *checker) databaseTarget(at place, d *Database) {
	if d.Host != "" && d.Socket != "" {
		c.warn(at.key("socket"), "both-set", "stands beside host, and only one of them is used", "keep one of the two")
	}
	if !isDatabaseHost(d.Host) {
		c.fail(at.key("host"), "host-invalid", "is neither a host name nor an address", "write the name alone: user, password, port and database have keys of their own")
	}
	if d.URI.IsZero() {
		return
	}
	for _, part := range []struct {
		key string
		set bool
	}{
		{"host", d.Host != ""},
		{"port", d.Port != 0},
		{"socket", d.Socket != ""},
		{"username", d.Username != ""},
		{"password", !d.Password.Inline.IsZero()},
		{"password_file", d.Password.File != ""},
		{"database", d.Name != ""},
	} {
		if part.set {
			c.fail(at.key(part.key), "both-set", "stands beside uri", "put it into uri, or drop uri")
		}
	}
	c.databaseURI(at.key("uri"), d.URI)
}

// isDatabaseHost reports whether MAS can look the name up, or open it: the directory of a
// socket may stand here. What else people put here may hold a password.
func isDatabaseHost(host string) bool {
	if host == "" || strings.HasPrefix(host, "/") {
		return true
	}
	if _, err := netip.ParseAddr(host); err == nil {
		return true
	}
	return !strings.ContainsFunc(host, func(r rune) bool {
		return (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') && (r < '0' || r > '9') && !strings.ContainsRune("-_.", r)
	})
}

// databaseURI checks the form of the URI, and that it is one of PostgreSQL: MAS
// does not look at the scheme.
func (c *checker) databaseURI(at place, uri maskit.Secret) {
	if !c.present(at, uri) {
		return
	}
	const encode = "percent-encode special characters in user name and password, such as @ / # ? %"
	text, _ := cutSocketHost(uri.Reveal())
	u, err := url.Parse(text) // the error quotes the URI, password included
	switch {
	case err != nil:
		c.fail(at, "uri-invalid", "is not a URI", encode)
		return
	case u.Scheme != "postgres" && u.Scheme != "postgresql":
		c.fail(at, "uri-scheme", "is not a postgresql:// URI, and MAS runs on PostgreSQL only", "such as postgresql://mas:password@postgres:5432/mas")
	case u.Fragment != "":
		c.fail(at, "uri-invalid", "holds a #, which ends the URI", encode)
	}
	if _, err := parseDatabaseURI(uri); err != nil {
		c.fail(at, "uri-invalid", "cannot be used: "+err.Error(), "correct the parameter, or remove it")
	}
}

func (c *checker) databaseTLS(at place, d *Database) {
	c.certificates(at.key("ssl_ca"))
	c.certificates(at.key("ssl_certificate"))
	switch {
	case d.SSLCertificate.IsZero() && !d.SSLKey.IsZero():
		c.required(at.key("ssl_certificate"), "set it beside ssl_key, or drop both")
	case !d.SSLCertificate.IsZero() && d.SSLKey.IsZero():
		c.required(at.key("ssl_key"), "set it beside ssl_certificate, or drop both")
	}
	if key, ok := c.value(at.key("ssl_key")); ok {
		if block, _ := pem.Decode([]byte(key.value.Reveal())); block == nil || !strings.HasSuffix(block.Type, "PRIVATE KEY") {
			c.fail(key.at, "key-not-a-key", "holds no PEM private key", "use the key of ssl_certificate")
		}
	}
}

func (c *checker) pool(at place, d *Database) {
	size := d.MaxConnections.Or(10)
	if size < minConnections {
		c.fail(at.key("max_connections"), "pool-too-small", "leaves no connection for requests: the job listener holds one", "set it to 2 or more, 10 is the default")
	}
	if d.MinConnections > size {
		c.fail(at.key("min_connections"), "limit-order", "is greater than max_connections", "lower it")
	}
	if d.ConnectTimeout.Valid && d.ConnectTimeout.V == 0 {
		c.fail(at.key("connect_timeout"), "out-of-range", "is 0, so that no connection is ever ready in time", "remove it for the default of 30 seconds")
	}
}
