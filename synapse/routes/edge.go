package routes

import (
	"cmp"
	"net"
	"net/netip"
	"net/url"
	"strings"

	"github.com/maskit-dev/maskit"
)

// publicHost is one of the hosts that a proxy serves.
type publicHost struct {
	kind        Host
	url         *url.URL
	certificate Certificate
	rows        []Row
}

// hosts returns what the proxy serves: one host, or two.
func (o Options) hosts() []publicHost {
	t := o.table()
	rows := map[Host][]Row{}
	for _, row := range t.Rows {
		rows[row.Host] = append(rows[row.Host], row)
	}
	client := publicHost{ClientAPI, parsed(o.Site.ClientAPIURL), o.Listener.Certificate, rows[ClientAPI]}
	if t.OneHost() {
		return []publicHost{client}
	}
	certificate := o.Listener.AccountCertificate
	if certificate.File == "" {
		certificate = o.Listener.Certificate
	}
	return []publicHost{client, {Account, parsed(o.Site.AccountURL), certificate, rows[Account]}}
}

// word is the host's kind as a part of names.
func (h publicHost) word() string {
	if h.kind == Account {
		return "account"
	}
	return "client_api"
}

// name is the host without port as it stands in a Host header.
func (h publicHost) name() string {
	name := h.url.Hostname()
	if strings.Contains(name, ":") {
		return "[" + name + "]"
	}
	return name
}

// tls reports whether the proxy ends the TLS of the host with a certificate from a file.
func (h publicHost) tls() bool { return h.certificate.File != "" }

// key is the file with the private key.
func (c Certificate) key() string { return cmp.Or(c.KeyFile, c.File) }

// listen returns where the proxy listens for the host; the address is zero for all.
func (o Options) listen(h publicHost) (ip netip.Addr, port string) {
	if o.Listener.Address != "" {
		ip, port, _ = splitAddress(o.Listener.Address)
		return ip, port
	}
	switch {
	case h.url.Scheme == "https" && o.behindTLS():
		return ip, "80"
	case h.url.Port() != "":
		return ip, h.url.Port()
	default:
		return ip, defaultPort(h.url.Scheme)
	}
}

func defaultPort(scheme string) string {
	if scheme == "https" {
		return "443"
	}
	return "80"
}

// behindTLS reports whether the proxies in front end the TLS.
func (o Options) behindTLS() bool {
	return parsed(o.Site.ClientAPIURL).Scheme == "https" && o.Listener.Certificate.File == "" && len(o.Listener.TrustedProxies) > 0
}

// checkCertificate refuses an https host without a certificate, for proxies that get none by themselves.
func (o Options) checkCertificate() maskit.Problems {
	if parsed(o.Site.ClientAPIURL).Scheme != "https" || o.Listener.Certificate.File != "" || o.behindTLS() {
		return nil
	}
	return maskit.Problems{problem("listener.certificate.file", "required",
		"there is no certificate for https, and no trusted proxy in front that could end the TLS",
		"name the file, or the proxies in front")}
}

// checkUpstreamNames refuses https servers without a name: nginx and HAProxy look
// for names in certificates, not for addresses.
func (o Options) checkUpstreamNames() maskit.Problems {
	var problems maskit.Problems
	for _, to := range []server{o.mas(), o.synapse()} {
		if _, err := netip.ParseAddr(to.url.Hostname()); to.tls() && err == nil {
			problems = append(problems, problem(to.path, "tls-without-name",
				"is https at an IP address, which this proxy cannot find in a certificate", "use a host name"))
		}
	}
	return problems
}

// server is a server behind the proxy.
type server struct {
	word   string // part of names
	path   string // of the problem if its address is wrong
	url    *url.URL
	caFile string
}

func (o Options) mas() server {
	return server{"mas", o.masPath(), parsed(o.masURL()), o.MAS.CAFile}
}

func (o Options) synapse() server {
	return server{"synapse", o.synapsePath(), parsed(o.synapseURL()), o.Synapse.CAFile}
}

// tls reports whether the server speaks https.
func (s server) tls() bool { return s.url.Scheme == "https" }

// certifiedName is the name that its certificate must have.
func (s server) certifiedName() string { return strings.TrimSuffix(s.url.Hostname(), ".") }

// address is host:port.
func (s server) address() string {
	return net.JoinHostPort(s.url.Hostname(), cmp.Or(s.url.Port(), defaultPort(s.url.Scheme)))
}

// systemCAFile is where Debian, Ubuntu, Alpine and Arch keep the certificate authorities.
const systemCAFile = "/etc/ssl/certs/ca-certificates.crt"

// target names what a row passes requests to: a server, or a server with a prefix
// added; empty if it is denied.
func (r Row) target() string {
	switch {
	case r.To == Denied:
		return ""
	case r.AddPrefix != "":
		return strings.ToLower(r.To.String()) + "_prefixed"
	default:
		return strings.ToLower(r.To.String())
	}
}

// passing is one way of passing requests on that the rows of a host need.
type passing struct {
	target string
	server server
	prefix string // put before the path
}

// passings lists them, each once, in the order of the rows.
func (o Options) passings(rows []Row) []passing {
	var list []passing
	seen := map[string]bool{"": true}
	for _, row := range rows {
		target := row.target()
		if seen[target] {
			continue
		}
		seen[target] = true
		to := o.mas()
		if row.To == Synapse {
			to = o.synapse()
		}
		list = append(list, passing{target, to, row.AddPrefix})
	}
	return list
}

// droppedHeaders say who asks, or where, and come from whoever likes to say so.
// X-Forwarded-For and X-Forwarded-Proto are overwritten instead. Upgrade asks for a
// tunnel through which the proxy would judge no further request; neither MAS nor
// Synapse has a use for one.
func droppedHeaders() []string {
	return []string{"Forwarded", "X-Real-IP", "X-Forwarded-Host", "X-Forwarded-Port", "Upgrade"}
}

// waitSeconds is how long a server may think about an answer: long polls take half
// a minute, first syncs of large accounts some minutes.
const waitSeconds = 600
