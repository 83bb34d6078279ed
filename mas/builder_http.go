package mas

import (
	"net/netip"
	"slices"

	"github.com/maskit-dev/maskit"
)

// The ports of the default listeners.
const (
	// PortPublic serves people, Matrix clients and Synapse.
	PortPublic = 8080
	// PortInternal serves probes and metrics.
	PortInternal = 8081
	// PortAdmin serves the admin API.
	PortAdmin = 8082
)

// addHTTP sets the public address, which comes from the site, and the defaults of
// the rest. No issuer is written: it then equals the public address by construction.
func (b *Builder) addHTTP(c *Config) {
	if c.HTTP == nil {
		c.HTTP = &HTTP{}
	}
	c.HTTP.PublicBase = b.site.Issuer()
	if c.HTTP.Listeners == nil {
		c.HTTP.Listeners = b.listeners(c.Telemetry)
	}
	// MAS's own default has 10.0.0.0/10 for 10.0.0.0/8, so everyone behind a proxy in
	// 10.64.0.0-10.255.255.255 would share that proxy's rate limit (MAS 1.22).
	if c.HTTP.TrustedProxies == nil {
		c.HTTP.TrustedProxies = []string{
			"127.0.0.0/8", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "::1/128", "fc00::/7",
		}
	}
}

// listeners returns the three default listeners. MAS's own default serves health on
// localhost only, where no probe from outside the container reaches it.
func (b *Builder) listeners(t *Telemetry) []Listener {
	internal := []ResourceName{ResourceHealth}
	if t == nil || t.Metrics == nil || slices.Contains([]MetricsExporter{"", MetricsPrometheus}, t.Metrics.Exporter) {
		internal = append(internal, ResourcePrometheus)
	}
	public := listener("public", b.listen, PortPublic,
		// Synapse uses discovery and oauth here; the account pages need human, graphql
		// and assets on one listener.
		ResourceDiscovery, ResourceHuman, ResourceOAuth, ResourceCompat, ResourceGraphQL, ResourceAssets)
	public.Prefix = b.site.Prefix()
	return []Listener{
		public,
		listener("internal", b.listen, PortInternal, internal...),
		// Personal and admin tokens bypass the policy for people, so the admin API has a
		// port that can be closed on its own. Its callers get their tokens from the
		// public listener.
		listener("admin", b.listen, PortAdmin, ResourceAdminAPI),
	}
}

func listener(name string, addr netip.Addr, port uint16, resources ...ResourceName) Listener {
	l := Listener{Name: name, Binds: []Bind{{Address: netip.AddrPortFrom(addr, port).String()}}}
	for _, resource := range resources {
		l.Resources = append(l.Resources, Resource{Name: resource})
	}
	return l
}

// missing reports the intents that have no default.
func (b *Builder) missing() maskit.Problems {
	var problems maskit.Problems
	if b.identity.EncryptionKey.IsZero() && b.identity.SharedSecret.IsZero() && len(b.identity.SigningKeys) == 0 {
		problems = append(problems, maskit.Problem{
			Path: "identity", Code: "required", Message: "there are no keys and no shared secret",
			Hint: "make them once with NewIdentity and store them, or adopt those of a running MAS with IdentityFrom",
		})
	}
	if b.asked.Database == nil {
		problems = append(problems, maskit.Problem{
			Path: "database", Code: "required", Message: "nothing says where PostgreSQL is",
			Hint: "give host, username, password and database, or uri",
		})
	}
	return append(problems, b.checkListen()...)
}

func (b *Builder) checkListen() maskit.Problems {
	message := ""
	switch {
	case !b.listen.IsValid():
		message = "the address to listen on is not set"
	case b.listen.Zone() != "":
		message = "the address to listen on has a zone, which MAS does not take"
	default:
		return nil
	}
	return maskit.Problems{{
		Path: "http.listeners", Code: "listen-address-invalid", Message: message,
		Hint: "leave it out for 0.0.0.0, or give netip.IPv6Unspecified()",
	}}
}
