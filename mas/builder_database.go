package mas

import (
	"net/netip"
	"net/url"
	"strings"
)

// addDatabase asks for a checked TLS connection where the network is used, and
// sizes the pool.
func (b *Builder) addDatabase(c *Config) {
	if c.Database == nil {
		return
	}
	// MAS's default is libpq's "prefer": whoever sits between MAS and PostgreSQL can
	// switch encryption off.
	if c.Database.SSLMode == "" && overNetwork(c.Database) {
		c.Database.SSLMode = SSLVerifyFull
	}
	if size := b.capacity.PoolSize; size > 0 && c.Database.MaxConnections.IsZero() {
		c.Database.MaxConnections = Set(b.capacity.poolSize())
	}
}

// overNetwork reports whether the connection leaves the machine and nothing in it
// speaks of TLS. Where the environment decides, it decides about TLS too.
func overNetwork(d *Database) bool {
	if d.URI.IsZero() {
		return d.Socket == "" && d.Host != "" && !local(d.Host)
	}
	u, err := url.Parse(d.URI.Reveal())
	if err != nil {
		return false // reported by Validate
	}
	query := u.Query()
	if query.Has("sslmode") || query.Has("ssl-mode") || query.Has("host") || u.Host == "" {
		return false
	}
	return !local(u.Hostname())
}

func local(host string) bool {
	if host == "localhost" || strings.HasPrefix(host, "/") {
		return true
	}
	addr, err := netip.ParseAddr(host)
	return err == nil && addr.IsLoopback()
}
