package routes

import (
	"cmp"
	"net/netip"
	"net/url"

	"github.com/maskit-dev/maskit"
)

// DefaultMaxBodyBytes is Synapse's default max_upload_size: 50M (Synapse 1.163).
const DefaultMaxBodyBytes = 50 << 20

// DefaultName is the default of Options.Name.
const DefaultName = "maskit"

// Options describe the public edge of a homeserver that delegates authentication
// to MAS. Only Site is required; every zero value is the closed or usual choice.
type Options struct {
	// Site gives the public hosts by ClientAPIURL and AccountURL: two hosts, or one, on
	// which MAS usually stands below a path (Site.Prefix). Link to that with its final slash:
	// MAS answers 404 without. SynapseURL and MASURL are where the proxy passes requests
	// on, unless Synapse and MAS say otherwise. ServerName may be left out.
	Site maskit.Site
	// MAS is MAS as the proxy reaches it: the listener that serves people and the Matrix
	// paths. The path of its URL is the prefix under which MAS mounts its resources
	// and must be Site.Prefix.
	MAS Upstream
	// Synapse is a listener of Synapse with the resources client, federation and
	// media, or the router in front of its workers, as the proxy reaches it.
	Synapse Upstream
	// Listener is where a proxy on a machine of its own listens. Kubernetes objects have no use for it.
	Listener Listener
	// SynapsePaths are further paths that Synapse shall serve to the world, each with
	// everything below it, such as "/_synapse/jitsi".
	SynapsePaths []string
	// SynapseWellKnown lets Synapse answer /.well-known/matrix/ on the client API host. It
	// does so if public_baseurl is set. If false, the paths are denied there.
	SynapseWellKnown bool
	// PublicSynapseMAS opens /_synapse/mas to the world. Needed only if MAS reaches
	// Synapse through this proxy; whoever knows the shared secret then owns every
	// account from anywhere.
	PublicSynapseMAS bool
	// PublicSynapseAdmin opens /_synapse/admin, Synapse's admin API, to the world.
	PublicSynapseAdmin bool
	// PublicMASAdmin opens /api, the admin API of MAS, on the account host. MAS must serve
	// adminapi on the listener that MAS names.
	PublicMASAdmin bool
	// MaxBodyBytes is the largest request body in bytes that the proxy passes on; at
	// least max_upload_size of homeserver.yaml. Zero means DefaultMaxBodyBytes.
	MaxBodyBytes int64
	// Name begins the names of what a configuration defines (upstreams, backends,
	// variables), so that several can stand in one proxy. Lower-case letters and digits,
	// at most 20. Empty means DefaultName.
	Name string
}

// Upstream is a server behind the proxy.
type Upstream struct {
	// URL is its address, http or https; empty takes it from Options.Site.
	URL string
	// CAFile is a file on the proxy with the certificate authorities that vouch for it if
	// it speaks https, PEM. Empty means those of the system: Caddy's own choice, and
	// /etc/ssl/certs/ca-certificates.crt for nginx and HAProxy.
	CAFile string
}

// Listener is where a proxy takes requests.
type Listener struct {
	// Address is IP:port or :port for both hosts. Empty means all addresses and the ports of
	// the public URLs, or port 80 if they are https and the TLS ends before this proxy.
	// On a machine without IPv6, name an address: 0.0.0.0:443.
	Address string
	// Certificate is for both hosts, or for the client API host alone. Without one,
	// nginx and HAProxy listen without TLS, which an https host allows only behind
	// TrustedProxies; Caddy gets certificates by ACME, unless there are TrustedProxies.
	Certificate Certificate
	// AccountCertificate is for the account host. The zero value means Certificate.
	AccountCertificate Certificate
	// TrustedProxies are the addresses of the one layer of proxies directly in front.
	// The client's address is then the last one in the X-Forwarded-For that they
	// send. From everyone else, and if there are none, X-Forwarded-For is dropped and
	// the peer is the client.
	TrustedProxies []netip.Prefix
}

// Certificate names the files of a TLS certificate, as the proxy sees them.
type Certificate struct {
	// File is the certificate with its chain, PEM. It may hold the key too.
	File string
	// KeyFile is the private key, PEM. Empty means that File holds it. HAProxy
	// demands that it is called as File with ".key" appended.
	KeyFile string
}

// Table returns who answers which request. There is none if the options have errors.
func (o Options) Table() (Table, maskit.Problems) {
	problems := o.Validate()
	if problems.Err() != nil {
		return Table{}, problems
	}
	return o.table(), problems
}

func (o Options) masURL() string     { return cmp.Or(o.MAS.URL, o.Site.MASURL) }
func (o Options) synapseURL() string { return cmp.Or(o.Synapse.URL, o.Site.SynapseURL) }
func (o Options) name() string       { return cmp.Or(o.Name, DefaultName) }
func (o Options) maxBody() int64     { return cmp.Or(o.MaxBodyBytes, DefaultMaxBodyBytes) }

// parsed is a URL that Validate accepted.
func parsed(address string) *url.URL {
	u, err := url.Parse(address)
	if err != nil {
		return &url.URL{}
	}
	return u
}
