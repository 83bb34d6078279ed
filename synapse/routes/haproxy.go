package routes

import (
	"cmp"
	"net"
	"slices"
	"strings"

	"github.com/maskit-dev/maskit"
)

// HAProxy writes a frontend and its backends for HAProxy 2.6 or later, best as a file
// of its own beside the global and defaults sections. Names of servers are resolved when
// HAProxy starts: it does not start while one has no address, and must be reloaded when
// one moves. A Kubernetes Service keeps its address.
//
// HAProxy compares the path as it was sent. It refuses bytes above 127, control
// characters and # in it with 400, and so everything longer than its buffers (16k). It
// limits bodies that say how long they are; Synapse itself limits those in chunks.
func HAProxy(o Options) ([]byte, maskit.Problems) {
	problems := append(o.Validate(), o.checkCertificate()...)
	problems = append(problems, o.checkUpstreamNames()...)
	problems = append(problems, o.checkKeyNames()...)
	if problems.Err() != nil {
		return nil, problems
	}
	p := &page{indent: "    "}
	p.comment(about("Put it after the global and defaults sections of haproxy.cfg."))
	hosts := o.hosts()
	p.line("")
	p.block("frontend "+o.name(), "", func() { o.haproxyFrontend(p, hosts) })
	for _, pass := range o.passings(o.table().Rows) {
		p.line("")
		p.block("backend "+o.name()+"_"+pass.target, "", func() { haproxyBackend(p, pass) })
	}
	p.line("")
	p.block("backend "+o.name()+"_denied", "", func() {
		p.line("mode http")
		p.line("http-request return status 404")
	})
	return p.bytes(), problems
}

// checkKeyNames applies HAProxy's rule about where a key lies: in the file of the
// certificate, or in one called as it with ".key" appended (HAProxy 2.2 and later).
func (o Options) checkKeyNames() maskit.Problems {
	var problems maskit.Problems
	for path, c := range map[string]Certificate{"certificate": o.Listener.Certificate, "account_certificate": o.Listener.AccountCertificate} {
		if c.KeyFile != "" && c.KeyFile != c.File && c.KeyFile != c.File+".key" {
			problems = append(problems, problem("listener."+path+".key_file", "key-file-name",
				"is not where HAProxy looks for the key of the certificate", "call it "+c.File+".key, or put both in one file"))
		}
	}
	return problems.Sorted()
}

func (o Options) haproxyFrontend(p *page, hosts []publicHost) {
	p.line("mode http")
	o.haproxyBinds(p, hosts)
	p.comment("A sync waits for news; the head of a request does not.")
	p.line("timeout client %ds", waitSeconds)
	p.line("timeout http-request 30s")
	p.line("")
	if len(o.Listener.TrustedProxies) > 0 {
		p.comment("The client is the last address that a proxy in front names.")
		p.line("acl %s_in_front src %s", o.name(), strings.Join(o.networks(), " "))
		p.line("http-request set-src hdr_ip(X-Forwarded-For,-1) if %s_in_front", o.name())
	}
	p.comment("Overwritten, never appended to: MAS believes what it finds here.")
	p.line("http-request set-header X-Forwarded-For %%[src]")
	p.line("http-request set-header X-Forwarded-Proto %s", hosts[0].url.Scheme)
	for _, name := range droppedHeaders() {
		p.line("http-request del-header %s", name)
	}
	p.line("")
	var acls []string
	for _, host := range hosts {
		p.line("acl %s req.hdr(host),host_only -i %s", o.haproxyACL(host), host.name())
		acls = append(acls, o.haproxyACL(host))
	}
	p.line("http-request return status 421 unless %s", strings.Join(acls, " or "))
	p.line("http-request return status 405 unless { method %s }", strings.Join(methods(), " "))
	p.comment("At least max_upload_size of homeserver.yaml.")
	p.line("http-request return status 413 if { req.hdr_val(content-length) gt %d }", o.maxBody())
	for _, host := range hosts {
		p.line("http-request set-header Host %s if %s", host.url.Host, o.haproxyACL(host))
	}
	o.haproxyRules(p, hosts)
}

// haproxyBinds writes one socket per address family: on one for both, clients would
// be called ::ffff:192.0.2.1.
func (o Options) haproxyBinds(p *page, hosts []publicHost) {
	var addresses, certificates []string
	for _, host := range hosts {
		ip, port := o.listen(host)
		if ip.IsValid() {
			addresses = append(addresses, net.JoinHostPort(ip.String(), port))
		} else {
			addresses = append(addresses, ":"+port, ":::"+port+" v6only")
		}
		if host.tls() {
			certificates = append(certificates, " crt "+host.certificate.File)
		}
	}
	options := ""
	if len(certificates) > 0 {
		options = " ssl" + strings.Join(distinct(certificates), "") + " alpn h2,http/1.1"
	}
	for _, address := range distinct(addresses) {
		p.line("bind %s%s", address, options)
	}
}

// distinct drops what is there already.
func distinct(list []string) []string {
	var out []string
	for _, s := range list {
		if !slices.Contains(out, s) {
			out = append(out, s)
		}
	}
	return out
}

// haproxyRules writes who answers: the first use_backend whose condition holds.
func (o Options) haproxyRules(p *page, hosts []publicHost) {
	for _, host := range hosts {
		p.line("")
		p.comment("Who answers on " + host.name() + ": the first expression that matches.")
		for _, row := range host.rows {
			p.comment(row.because())
			p.line("use_backend %s_%s if %s { path -m reg '%s' }",
				o.name(), cmp.Or(row.target(), "denied"), o.haproxyACL(host), row.Pattern.Regexp())
		}
	}
	p.line("default_backend %s_denied", o.name())
}

func haproxyBackend(p *page, pass passing) {
	p.line("mode http")
	p.line("timeout connect 5s")
	p.line("timeout server %ds", waitSeconds)
	if pass.prefix != "" {
		p.comment("MAS mounts the Matrix paths below its own prefix.")
		p.line("http-request set-path %s%%[path]", pass.prefix)
	}
	line := "server " + pass.server.word + " " + pass.server.address()
	if pass.server.tls() {
		name := pass.server.certifiedName()
		line += " ssl verify required ca-file " + cmp.Or(pass.server.caFile, systemCAFile) + " sni str(" + name + ") verifyhost " + name
	}
	p.line("%s", line)
}

func (o Options) haproxyACL(host publicHost) string { return o.name() + "_" + host.word() }

// networks writes the trusted proxies as every proxy reads them.
func (o Options) networks() []string {
	list := make([]string, len(o.Listener.TrustedProxies))
	for i, network := range o.Listener.TrustedProxies {
		list[i] = network.Masked().String()
	}
	return list
}
