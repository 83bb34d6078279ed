package mas

import (
	"net/netip"

	"github.com/maskit-dev/maskit"
)

// Builder turns intents into a complete [Config] with safe defaults. Each method
// states one intent and returns the builder; [Builder.Build] judges all of them
// together. What the site and the identity determine has no method: addresses, the
// issuer, the homeserver, keys and secrets are derived.
//
// Without further intents the configuration has no registration, no passwords,
// three listeners (public, internal, admin), the private networks as trusted
// proxies, and metrics. Where a default differs from that of MAS it is written out,
// so the result reads the same under every version of MAS.
//
// A method called again replaces what it said before; Upstream and Clients append.
// Values are copied at Build, never written to. A Builder reads no clock, no
// environment and no randomness: equal intents give equal configurations. It is not
// safe for concurrent use.
type Builder struct {
	site     maskit.Site
	identity Identity
	version  maskit.Version
	listen   netip.Addr
	capacity Capacity
	accepted []maskit.Ack
	// asked holds what the intents have said; its nil sections were not spoken of.
	asked Config
}

// NewBuilder starts a configuration for a site, with what was made once for it.
func NewBuilder(site maskit.Site, identity Identity) *Builder {
	return &Builder{site: site, identity: identity, listen: netip.IPv4Unspecified()}
}

// Version names the MAS that will read the configuration. A version that is too
// old for Synapse's delegation is an error. Default: the newest one tested.
func (b *Builder) Version(v maskit.Version) *Builder { b.version = v; return b }

// Database says where PostgreSQL is. Required; an empty one leaves it to the libpq
// environment variables.
//
// Without SSLMode a connection over the network uses verify-full, where MAS would
// fall back to an unencrypted one: give SSLCA for a private authority, or name the
// weaker mode. A unix socket, a loopback address and a URI with an sslmode of its
// own are left alone.
func (b *Builder) Database(d Database) *Builder { b.asked.Database = &d; return b }

// Upstream appends identity providers. The login page shows them in that order.
func (b *Builder) Upstream(providers ...UpstreamProvider) *Builder {
	if len(providers) == 0 {
		return b // MAS refuses an empty section
	}
	if b.asked.UpstreamOAuth2 == nil {
		b.asked.UpstreamOAuth2 = &UpstreamOAuth2{}
	}
	b.asked.UpstreamOAuth2.Providers = append(b.asked.UpstreamOAuth2.Providers, providers...)
	return b
}

// Passwords lets people log in by a password of MAS. Without this intent, or with
// Enabled false, they cannot, and the account page does not offer to change one.
func (b *Builder) Passwords(p Passwords) *Builder { b.asked.Passwords = &p; return b }

// Account says what people may do with their accounts.
func (b *Builder) Account(a Account) *Builder { b.asked.Account = &a; return b }

// Email says how MAS sends mail. Default: not at all.
func (b *Builder) Email(e Email) *Builder { b.asked.Email = &e; return b }

// Captcha guards registration by password. Default: none.
func (b *Builder) Captcha(c Captcha) *Builder { b.asked.Captcha = &c; return b }

// Clients appends OAuth 2.0 clients known from the start. Synapse needs none.
func (b *Builder) Clients(clients ...Client) *Builder {
	b.asked.Clients = append(b.asked.Clients, clients...)
	return b
}

// Policy selects and feeds the policy engine. Default: MAS's own, without data.
func (b *Builder) Policy(p Policy) *Builder { b.asked.Policy = &p; return b }

// RateLimits are the limits of the whole deployment. Each replica counts for
// itself, so they are divided by [Capacity.Servers]; a limit that is not given
// starts from MAS's default, so that replicas do not multiply it.
func (b *Builder) RateLimits(r RateLimiting) *Builder { b.asked.RateLimiting = &r; return b }

// Capacity says how many processes share the limits and the database. Default:
// one server, and pools of MAS's size (10).
func (b *Builder) Capacity(c Capacity) *Builder { b.capacity = c; return b }

// Branding names the service and links its policies.
func (b *Builder) Branding(brand Branding) *Builder { b.asked.Branding = &brand; return b }

// Telemetry exports traces, metrics and errors. Default: metrics for Prometheus on
// the internal listener; it stays so unless Metrics.Exporter says otherwise.
func (b *Builder) Telemetry(t Telemetry) *Builder { b.asked.Telemetry = &t; return b }

// Templates says where templates and translations lie. Default: those of the image.
func (b *Builder) Templates(t Templates) *Builder { b.asked.Templates = &t; return b }

// OAuth switches the device code grant.
func (b *Builder) OAuth(o OAuth) *Builder { b.asked.OAuth = &o; return b }

// Experimental sets token lifetimes and session limits.
func (b *Builder) Experimental(e Experimental) *Builder { b.asked.Experimental = &e; return b }

// Listen sets the address that the three default listeners bind. Default: 0.0.0.0,
// because [::] fails to start where IPv6 is switched off. Use
// netip.IPv6Unspecified() on IPv6-only and dual-stack networks. An address with a zone
// is refused: MAS takes none by name.
func (b *Builder) Listen(addr netip.Addr) *Builder { b.listen = addr; return b }

// Acknowledge accepts problems of the result by code and path, such as a
// deliberate listener that shows its health in public. It does not make MAS take
// what MAS refuses.
func (b *Builder) Acknowledge(acks ...maskit.Ack) *Builder {
	b.accepted = append(b.accepted, acks...)
	return b
}

// Listeners replaces the default listeners altogether; called without any there are
// none, which Build refuses.
func (b *Builder) Listeners(listeners ...Listener) *Builder {
	b.http().Listeners = append([]Listener{}, listeners...)
	return b
}

// TrustedProxies are CIDRs or addresses of the proxies in front of MAS, whose
// X-Forwarded-For is believed; called without any, nobody's is. Default: loopback
// and the private networks.
func (b *Builder) TrustedProxies(networks ...string) *Builder {
	b.http().TrustedProxies = append([]string{}, networks...)
	return b
}

func (b *Builder) http() *HTTP {
	if b.asked.HTTP == nil {
		b.asked.HTTP = &HTTP{}
	}
	return b.asked.HTTP
}
