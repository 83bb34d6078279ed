package routes

import (
	"strconv"
	"strings"

	"github.com/maskit-dev/maskit"
)

// Caddy writes site blocks for a Caddyfile of Caddy 2.6 or later, best as a file
// that it imports. Without a certificate and without TrustedProxies, Caddy gets
// certificates for https hosts by itself.
//
// Caddy's path matchers decode and clean the path, while the original is passed
// on. So the matchers here are over the original. Characters that a path must not
// have, Caddy passes on escaped (< becomes %3C); broken escapes and control
// characters it refuses with 400.
func Caddy(o Options) ([]byte, maskit.Problems) {
	problems := o.Validate()
	if problems.Err() != nil {
		return nil, problems
	}
	p := &page{indent: "\t"}
	p.comment(about("Import it into the Caddyfile."))
	for _, host := range o.hosts() {
		p.line("")
		o.caddySnippets(p, host)
		p.block(o.caddyAddress(host)+" {", "}", func() { o.caddySite(p, host) })
	}
	return p.bytes(), problems
}

// caddySnippets write how to pass requests on, for the rules to import.
func (o Options) caddySnippets(p *page, host publicHost) {
	for _, pass := range o.passings(host.rows) {
		p.block("("+o.caddySnippet(host, pass.target)+") {", "}", func() { caddyPass(p, host, pass) })
		p.line("")
	}
}

func (o Options) caddySnippet(host publicHost, target string) string {
	return o.name() + "_" + host.word() + "_" + target
}

func (o Options) caddyAddress(host publicHost) string {
	scheme := host.url.Scheme
	if o.behindTLS() {
		scheme = "http"
	}
	_, port := o.listen(host)
	if port == defaultPort(scheme) {
		return scheme + "://" + host.name()
	}
	return scheme + "://" + host.name() + ":" + port
}

func (o Options) caddySite(p *page, host publicHost) {
	if ip, _ := o.listen(host); ip.IsValid() {
		p.line("bind %s", ip)
	}
	if host.tls() {
		p.line("tls %s %s", host.certificate.File, host.certificate.key())
	}
	p.comment("At least max_upload_size of homeserver.yaml.")
	p.block("request_body {", "}", func() { p.line("max_size %d", o.maxBody()) })
	p.line("")
	p.block("route {", "}", func() { o.caddyRules(p, host) })
}

// caddyRules write who answers, in a route block.
func (o Options) caddyRules(p *page, host publicHost) {
	o.caddyClient(p)
	p.line("@other_method not method %s", strings.Join(methods(), " "))
	p.line("respond @other_method 405")
	p.line("")
	p.comment("Who answers: the first expression that matches.")
	for i, row := range host.rows {
		p.comment(row.because())
		matcher, answer := "@rule"+strconv.Itoa(i+1), "respond 404"
		if row.To != Denied {
			answer = "import " + o.caddySnippet(host, row.target())
		}
		p.line("%s vars_regexp {http.request.uri} `%s`", matcher, row.Pattern.targetRegexp())
		p.block("handle "+matcher+" {", "}", func() { p.line("%s", answer) })
	}
}

// caddyClient finds out who asks.
func (o Options) caddyClient(p *page) {
	p.line("vars client {http.request.remote.host}")
	if len(o.Listener.TrustedProxies) == 0 {
		return
	}
	p.comment("The client is the last address that a proxy in front names.")
	p.block("@in_front {", "}", func() {
		p.line("remote_ip %s", strings.Join(o.networks(), " "))
		p.line("vars_regexp named {http.request.header.X-Forwarded-For} `(?:^|[, ])([0-9A-Fa-f.:]+)[ ]*$`")
	})
	p.line("vars @in_front client {re.named.1}")
}

func caddyPass(p *page, host publicHost, pass passing) {
	if pass.prefix != "" {
		p.comment("MAS mounts the Matrix paths below its own prefix.")
		p.line("uri path_regexp ^/ %s/", pass.prefix)
	}
	p.block("reverse_proxy "+pass.server.url.Scheme+"://"+pass.server.address()+" {", "}", func() {
		p.line("header_up Host %s", host.url.Host)
		p.comment("Overwritten, never appended to: MAS believes what it finds here.")
		p.line("header_up X-Forwarded-For {vars.client}")
		p.line("header_up X-Forwarded-Proto %s", host.url.Scheme)
		for _, name := range droppedHeaders() {
			p.line("header_up -%s", name)
		}
		if pass.server.tls() {
			caddyTLS(p, pass.server)
		}
	})
}

func caddyTLS(p *page, to server) {
	p.block("transport http {", "}", func() {
		p.line("tls_server_name %s", to.certifiedName())
		if to.caFile != "" {
			p.line("tls_trusted_ca_certs %s", to.caFile)
		}
	})
}
