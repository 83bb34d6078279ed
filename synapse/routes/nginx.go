package routes

import (
	"cmp"
	"net"
	"strings"

	"github.com/maskit-dev/maskit"
)

// NGINX writes upstream, map and server blocks for the http block of nginx 1.18 or
// later, best as a file that it includes. Names of upstreams are resolved when nginx
// starts: it does not start while one has no address, and must be reloaded when one
// moves. A Kubernetes Service keeps its address.
//
// nginx chooses locations by the decoded and cleaned path, and passes the original
// on. So the locations here are chosen by a map over $request_uri, the original.
// What it cannot read (%00, a broken escape, a control character) nginx refuses with 400,
// a target of more than 8k with 414, before any rule. Paths that begin with /@ and
// Options.Name are its own on every host. nginx 1.25.1 and later call the
// http2 parameter deprecated, and still take it.
func NGINX(o Options) ([]byte, maskit.Problems) {
	problems := append(o.Validate(), o.checkCertificate()...)
	problems = append(problems, o.checkUpstreamNames()...)
	if problems.Err() != nil {
		return nil, problems
	}
	p := &page{indent: "    "}
	p.comment(about("Include it in the http block of nginx.conf."))
	p.line("")
	o.nginxUpstreams(p)
	for _, host := range o.hosts() {
		p.line("")
		o.nginxMap(p, host)
		p.line("")
		o.nginxServer(p, host)
	}
	return p.bytes(), problems
}

func (o Options) nginxUpstreams(p *page) {
	for i, to := range []server{o.synapse(), o.mas()} {
		if i > 0 {
			p.line("")
		}
		p.block("upstream "+o.name()+"_"+to.word+" {", "}", func() {
			p.line("server %s;", to.address())
			p.line("keepalive 32;")
		})
	}
}

// nginxMap writes who answers.
func (o Options) nginxMap(p *page, host publicHost) {
	p.comment("Who answers on " + host.name() + ": the first expression that matches.")
	p.block("map $request_uri $"+o.name()+"_"+host.word()+" {", "}", func() {
		p.line(`default "";`)
		for _, row := range host.rows {
			p.comment(row.because())
			p.line(`"~%s" "%s";`, row.Pattern.targetRegexp(), row.target())
		}
	})
}

func (o Options) nginxServer(p *page, host publicHost) {
	p.block("server {", "}", func() {
		o.nginxListen(p, host)
		p.line("")
		p.comment("Requests for other hosts come here if no other server block wants them.")
		p.block("if ($host != "+host.name()+") {", "}", func() { p.line("return 421;") })
		p.line("")
		p.block("location / {", "}", func() { o.nginxDecide(p, host) })
		for _, pass := range o.passings(host.rows) {
			p.line("")
			p.block("location = "+o.nginxLocation(pass)+" {", "}", func() { o.nginxPass(p, host, pass) })
		}
	})
}

func (o Options) nginxListen(p *page, host publicHost) {
	ip, port := o.listen(host)
	suffix := ";"
	if host.tls() {
		suffix = " ssl http2;"
	}
	if ip.IsValid() {
		p.line("listen %s%s", net.JoinHostPort(ip.String(), port), suffix)
	} else {
		p.line("listen %s%s", port, suffix)
		p.line("listen [::]:%s%s", port, suffix)
	}
	p.line("server_name %s;", host.name())
	if host.tls() {
		p.line("ssl_certificate %s;", host.certificate.File)
		p.line("ssl_certificate_key %s;", host.certificate.key())
		p.line("ssl_protocols TLSv1.2 TLSv1.3;")
	}
	p.line("")
	p.comment("At least max_upload_size of homeserver.yaml.")
	p.line("client_max_body_size %d;", o.maxBody())
	if len(o.Listener.TrustedProxies) == 0 {
		return
	}
	p.comment("The client is the last address that a proxy in front names.")
	for _, network := range o.Listener.TrustedProxies {
		p.line("set_real_ip_from %s;", network.Masked())
	}
	p.line("real_ip_header X-Forwarded-For;")
	p.line("real_ip_recursive off;")
}

// nginxDecide sends a request to the internal location of who answers. A rewrite
// does not change $request_uri.
func (o Options) nginxDecide(p *page, host publicHost) {
	p.block("if ($request_method !~ ^("+strings.Join(methods(), "|")+")$) {", "}", func() { p.line("return 405;") })
	for _, pass := range o.passings(host.rows) {
		p.block("if ("+o.nginxVariable(host)+" = "+pass.target+") {", "}", func() {
			p.line("rewrite ^ %s last;", o.nginxLocation(pass))
		})
	}
	p.line("return 404;")
}

func (o Options) nginxVariable(host publicHost) string { return "$" + o.name() + "_" + host.word() }

func (o Options) nginxLocation(pass passing) string { return "/@" + o.name() + "/" + pass.target }

func (o Options) nginxPass(p *page, host publicHost, pass passing) {
	p.line("internal;")
	p.comment("The target as it was sent.")
	p.line("proxy_pass %s://%s_%s%s$request_uri;", pass.server.url.Scheme, o.name(), pass.server.word, pass.prefix)
	if pass.server.tls() {
		p.line("proxy_ssl_server_name on;")
		p.line("proxy_ssl_name %s;", pass.server.certifiedName())
		p.line("proxy_ssl_verify on;")
		p.line("proxy_ssl_verify_depth 4;")
		p.line("proxy_ssl_trusted_certificate %s;", cmp.Or(pass.server.caFile, systemCAFile))
	}
	p.line("proxy_http_version 1.1;")
	p.line(`proxy_set_header Connection "";`)
	p.line("proxy_set_header Host %s;", host.url.Host)
	p.comment("Overwritten, never appended to: MAS believes what it finds here.")
	p.line("proxy_set_header X-Forwarded-For $remote_addr;")
	p.line("proxy_set_header X-Forwarded-Proto %s;", host.url.Scheme)
	for _, name := range droppedHeaders() {
		p.line(`proxy_set_header %s "";`, name)
	}
	p.comment("MAS redirects to its own public address.")
	p.line("proxy_redirect off;")
	p.comment("MAS keeps what people are about to do in cookies, which outgrow the usual 4k.")
	p.line("proxy_buffer_size 16k;")
	p.line("proxy_buffers 8 16k;")
	p.comment("A sync waits for news, and the first one of a large account for the database.")
	p.line("proxy_read_timeout %ds;", waitSeconds)
	p.line("proxy_send_timeout %ds;", waitSeconds)
}
