package probe

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"strings"
	"syscall"
)

// unreachable says why there was no answer at all.
func unreachable(hop Hop, a answer) verdict {
	host := hostPort(a.url)
	var (
		dns         *net.DNSError
		certificate *tls.CertificateVerificationError
		name        x509.HostnameError
		authority   x509.UnknownAuthorityError
		record      tls.RecordHeaderError
		timeout     net.Error
	)
	switch err := a.err; {
	case errors.As(err, &dns) && !dns.IsNotFound:
		return failed(HopDNS, "resolver", fmt.Sprintf("the resolver gives no answer for %s", hostname(a.url)), "look at the DNS resolver of the machine on which the probe runs")
	case errors.As(err, &dns):
		return failed(HopDNS, "dns", fmt.Sprintf("the name %s cannot be resolved", hostname(a.url)), "add the DNS record, or correct the address")
	case errors.Is(err, http.ErrSchemeMismatch), errors.As(err, &record):
		return failed(hop, "http-https-mix", host+" speaks plain http, and the address says https", "let the server speak TLS on this port, or write http in the address")
	case errors.As(err, &authority):
		return failed(hop, "certificate-authority", fmt.Sprintf("the TLS certificate of %s is of an authority that is not known here", host),
			"let the server send its whole chain, up to an authority that clients trust; make a private authority known where the probe runs too (on Linux by SSL_CERT_FILE)")
	case errors.As(err, &certificate), errors.As(err, &name):
		return failed(hop, "certificate", fmt.Sprintf("the TLS certificate of %s is not accepted: %v", host, innermost(err)), "install a certificate for this name that is valid now")
	case errors.Is(err, syscall.ECONNREFUSED):
		return failed(hop, "refused", "nobody listens on "+host, "start the server, or correct host and port of the address")
	case errors.Is(err, context.DeadlineExceeded), errors.As(err, &timeout) && timeout.Timeout():
		return failed(hop, "timeout", host+" does not answer in time", "look for a firewall or network policy on the way, and whether the server hangs")
	default:
		return failed(hop, "no-answer", fmt.Sprintf("%s gives no answer: %v", host, innermost(err)), "look at the server and at what stands before it")
	}
}

// innermost is the last error of a chain.
func innermost(err error) error {
	for {
		next := errors.Unwrap(err)
		if next == nil {
			return err
		}
		err = next
	}
}

// moved says where an answer redirects to; nil if it does not.
func moved(hop Hop, a answer) *verdict {
	if a.status() < 300 || a.status() > 399 || a.response.Header.Get("Location") == "" {
		return nil
	}
	from, err := url.Parse(a.url)
	if err != nil {
		return nil
	}
	to, err := from.Parse(a.response.Header.Get("Location"))
	if err != nil {
		return nil
	}
	to.RawQuery, to.Fragment, to.User = "", "", nil
	v := failed(hop, "redirect", fmt.Sprintf("%s redirects to %s", from, to), "write the final address everywhere: clients do not follow redirects of the API")
	switch {
	case from.Scheme == "https" && to.Scheme == "http":
		v = failed(hop, "http-https-mix", fmt.Sprintf("%s redirects to %s: from https to http", from, to),
			"remove this redirect: the server behind it must learn from X-Forwarded-Proto that it is reached by https")
	case from.Scheme != to.Scheme && from.Hostname() == to.Hostname():
		v = failed(hop, "http-https-mix", fmt.Sprintf("%s redirects to %s", from, to.Scheme), "write "+to.Scheme+" in the address everywhere")
	}
	return &v
}

// plainToTLS reports whether a server says that it got plain http where it
// expects TLS. These are the words of nginx, and of Go's server, which Caddy and Traefik are.
func plainToTLS(a answer) bool {
	return a.status() == http.StatusBadRequest &&
		(a.hasText("The plain HTTP request was sent to HTTPS port") || a.hasText("Client sent an HTTP request to an HTTPS server"))
}

// hostPort is the host of a URL with its port, also the one that goes without saying.
func hostPort(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return "the server"
	}
	port := u.Port()
	if port == "" {
		port = map[string]string{"https": "443", "http": "80"}[u.Scheme]
	}
	return net.JoinHostPort(u.Hostname(), port)
}

func hostname(address string) string {
	host, _, err := net.SplitHostPort(hostPort(address))
	if err != nil {
		return address
	}
	return host
}

// sameHost reports whether two addresses are one and the same server.
func sameHost(a, b string) bool { return strings.EqualFold(hostPort(a), hostPort(b)) }
