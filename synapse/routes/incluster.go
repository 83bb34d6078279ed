package routes

import (
	"cmp"
	"net"
	"net/url"
	"strings"

	"github.com/maskit-dev/maskit"
)

// Router is the proxy that an [InCluster] configuration is for.
type Router int

const (
	// RouterNGINX is nginx 1.18 or later. The zero value.
	RouterNGINX Router = iota
	// RouterHAProxy is HAProxy 2.6 or later.
	RouterHAProxy
	// RouterCaddy is Caddy 2.6 or later.
	RouterCaddy
)

// String returns "nginx", "haproxy" or "caddy".
func (r Router) String() string {
	switch r {
	case RouterHAProxy:
		return "haproxy"
	case RouterCaddy:
		return "caddy"
	default:
		return "nginx"
	}
}

// DefaultInClusterAddress is where an in-cluster router listens: Synapse's usual port.
const DefaultInClusterAddress = ":8008"

// InClusterOptions are what [InCluster] needs. Of [Options] the site, the upstreams,
// MaxBodyBytes, Name and Listener.Address (default [DefaultInClusterAddress]) count.
type InClusterOptions struct {
	Options
	// Proxy is the one that reads the configuration.
	Proxy Router
}

// Validate reports all problems at once.
func (o InClusterOptions) Validate() maskit.Problems {
	problems := o.Options.Validate()
	if o.Proxy < RouterNGINX || o.Proxy > RouterCaddy {
		problems = append(problems, problem("proxy", "unknown-proxy", "is none that is known", "nginx, haproxy or caddy"))
	}
	if o.Proxy != RouterCaddy {
		problems = append(problems, o.checkUpstreamNames()...)
	}
	if len(o.Listener.TrustedProxies) > 0 {
		p := problem("listener.trusted_proxies", "no-meaning", "is not used: the caller is always the peer", "leave it out; the edge goes to Synapse itself")
		p.Severity = maskit.SeverityWarning
		problems = append(problems, p)
	}
	return problems
}

// Table returns who answers which request inside the cluster. Both hosts are the
// same there, and nothing is denied but methods that nobody serves.
func (o InClusterOptions) Table() (Table, maskit.Problems) {
	problems := o.Validate()
	if problems.Err() != nil {
		return Table{}, problems
	}
	return o.inside(), problems
}

func (o InClusterOptions) inside() Table {
	host := hostname(o.synapseURL())
	return Table{
		Methods: methods(), ClientAPIHost: host, AccountHost: host,
		Rows: append(o.compatRows(), Row{
			Pattern: Pattern{Kind: Prefix}, To: Synapse,
			Reason: "everything else is Synapse's, /_synapse/mas and /_synapse/admin too",
		}),
	}
}

// InCluster writes the configuration of a path router that stands before Synapse
// inside the cluster. Bridges, bots and other programs that talk to Synapse by its
// internal address, and so go round the edge, find login, logout and refresh there
// as well. It answers to every host name, speaks no TLS, takes all paths, and its
// address can be matrix.endpoint of MAS too.
//
// Give it a Service of its own and point the callers there. It must reach Synapse
// by another address (Options.Synapse): if it takes over the name of Synapse's
// Service, it would call itself. Do not send the edge through it: it
// overwrites X-Forwarded-For with its own caller. Nothing but the cluster
// may reach it: it has no guard before /_synapse/admin.
//
// It decides as [InClusterOptions.Table] says, on the request target as it was
// sent. It denies no path, and refuses what [NGINX], [HAProxy] and [Caddy] refuse.
func InCluster(o InClusterOptions) ([]byte, maskit.Problems) {
	problems := o.Validate()
	if problems.Err() != nil {
		return nil, problems
	}
	o.Name = cmp.Or(o.Name, "maskitinside") // beside an edge in the same proxy
	o.Listener = Listener{Address: cmp.Or(o.Listener.Address, DefaultInClusterAddress)}
	p := &page{indent: "    "}
	write := o.insideNGINX
	switch o.Proxy {
	case RouterHAProxy:
		write = o.insideHAProxy
	case RouterCaddy:
		p.indent, write = "\t", o.insideCaddy
	}
	p.comment("Written by maskit: sends login, logout and refresh to MAS and the rest to Synapse,\n" +
		"for callers inside the cluster. Keep it away from the world.")
	p.line("")
	write(p)
	return p.bytes(), problems
}

// anyHost is the host that was asked for, as the proxy calls it.
func (o InClusterOptions) anyHost(variable string) publicHost {
	return publicHost{url: &url.URL{Scheme: "http", Host: variable}, rows: o.inside().Rows}
}

func (o InClusterOptions) insideNGINX(p *page) {
	host := o.anyHost("$http_host")
	for _, to := range []server{o.synapse(), o.mas()} {
		p.block("upstream "+o.name()+"_"+to.word+" {", "}", func() {
			p.line("server %s;", to.address())
			p.line("keepalive 32;")
		})
		p.line("")
	}
	o.nginxMap(p, host)
	p.line("")
	p.block("server {", "}", func() {
		ip, port := o.listen(host)
		if ip.IsValid() {
			p.line("listen %s default_server;", net.JoinHostPort(ip.String(), port))
		} else {
			p.line("listen %s default_server;", port)
			p.line("listen [::]:%s default_server;", port)
		}
		p.comment("At least max_upload_size of homeserver.yaml.")
		p.line("client_max_body_size %d;", o.maxBody())
		p.line("")
		p.block("location / {", "}", func() { o.nginxDecide(p, host) })
		for _, pass := range o.passings(host.rows) {
			p.line("")
			p.block("location = "+o.nginxLocation(pass)+" {", "}", func() { o.nginxPass(p, host, pass) })
		}
	})
}

func (o InClusterOptions) insideHAProxy(p *page) {
	host := o.anyHost("")
	p.block("frontend "+o.name(), "", func() {
		p.line("mode http")
		o.haproxyBinds(p, []publicHost{host})
		p.line("timeout client %ds", waitSeconds)
		p.line("timeout http-request 30s")
		p.comment("Overwritten, never appended to: MAS believes what it finds here.")
		p.line("http-request set-header X-Forwarded-For %%[src]")
		p.line("http-request set-header X-Forwarded-Proto http")
		for _, name := range droppedHeaders() {
			p.line("http-request del-header %s", name)
		}
		p.line("http-request return status 405 unless { method %s }", strings.Join(methods(), " "))
		p.comment("At least max_upload_size of homeserver.yaml.")
		p.line("http-request return status 413 if { req.hdr_val(content-length) gt %d }", o.maxBody())
		for _, row := range host.rows {
			p.comment(row.because())
			p.line("use_backend %s_%s if { path -m reg '%s' }", o.name(), row.target(), row.Pattern.Regexp())
		}
	})
	for _, pass := range o.passings(host.rows) {
		p.line("")
		p.block("backend "+o.name()+"_"+pass.target, "", func() { haproxyBackend(p, pass) })
	}
}

func (o InClusterOptions) insideCaddy(p *page) {
	host := o.anyHost("{http.request.hostport}")
	for _, pass := range o.passings(host.rows) {
		p.block("("+o.caddySnippet(host, pass.target)+") {", "}", func() { caddyPass(p, host, pass) })
		p.line("")
	}
	_, port := o.listen(host)
	p.block("http://:"+port+" {", "}", func() { o.caddySite(p, host) })
}
