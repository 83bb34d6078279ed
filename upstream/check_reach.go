package upstream

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/maskit-dev/maskit/internal/httpx"
)

// unreachable says why there was no answer at all.
func unreachable(host string, err error) finding {
	var (
		dns         *net.DNSError
		certificate *tls.CertificateVerificationError
		invalid     x509.CertificateInvalidError
		name        x509.HostnameError
		authority   x509.UnknownAuthorityError
		record      tls.RecordHeaderError
		remote      *net.OpError
	)
	switch {
	case errors.As(err, &dns):
		return finding{"net-dns", fmt.Sprintf("the name of %s cannot be resolved", host), "correct the address, or add the DNS record"}
	case errors.Is(err, http.ErrSchemeMismatch), errors.As(err, &record):
		return finding{"net-tls", host + " speaks plain http, and the address says https", "let the server speak TLS on this port"}
	case errors.As(err, &authority):
		return finding{
			"net-tls", fmt.Sprintf("the certificate of %s is of an authority that is not known here", host),
			"let the server send its whole chain; a private authority must be in the trust store of MAS's container too",
		}
	case errors.As(err, &invalid) && invalid.Reason == x509.Expired:
		return finding{"net-tls", fmt.Sprintf("the certificate of %s has expired or is not valid yet", host), "renew it, or set the clock"}
	case errors.As(err, &name):
		return finding{"net-tls", fmt.Sprintf("the certificate of %s is for another name", host), "install a certificate for this name, or correct the address"}
	case errors.As(err, &certificate), errors.As(err, &remote) && remote.Op == "remote error", strings.HasPrefix(innermost(err).Error(), "tls: "):
		return finding{"net-tls", fmt.Sprintf("TLS with %s fails: %s", host, httpx.Printable(innermost(err).Error(), 200)), "MAS needs TLS 1.2 or newer and a valid certificate"}
	case errors.Is(err, syscall.ECONNREFUSED):
		return finding{"net-refused", "nobody listens on " + host, "start the provider, or correct host and port"}
	case errors.Is(err, context.DeadlineExceeded), errors.Is(err, context.Canceled):
		return finding{"net-timeout", host + " does not answer in time", "look for a firewall or network policy on the way, and whether the server hangs"}
	}
	return finding{"net-no-answer", fmt.Sprintf("%s gives no complete answer: %s", host, httpx.Printable(innermost(err).Error(), 200)), "look at the server and at what stands before it"}
}

// stays reports whether the next request to the same host would fail likewise.
func (f finding) stays() bool {
	return f.code == "net-dns" || f.code == "net-refused" || f.code == "net-tls"
}

func innermost(err error) error {
	for next := err; next != nil; next = errors.Unwrap(next) {
		err = next
	}
	return err
}

// soon is how long before its end a certificate should have been renewed.
const soon = 14 * 24 * time.Hour

// judgeTLS judges a connection that was made.
func (r *checkRun) judgeTLS(response *httpx.Response) {
	state := response.TLS
	if state == nil || len(state.PeerCertificates) == 0 {
		return
	}
	if left := time.Until(state.PeerCertificates[0].NotAfter); left < soon && left > 0 {
		r.warn(response.URL, finding{
			"net-tls-expiry", fmt.Sprintf("the certificate ends on %s", state.PeerCertificates[0].NotAfter.UTC().Format(time.DateOnly)),
			"renew it before that: MAS cannot sign anybody in afterwards",
		})
	}
	if len(state.VerifiedChains) == 0 {
		r.unverified = true
		r.warn(response.URL, finding{
			"net-tls-unverified", "the certificate was not verified, because the given HTTPClient does not", "MAS verifies it: check with a client that does",
		})
		return
	}
	if r.ownRoots() {
		r.note(response.URL, finding{
			"net-tls-private", "the certificate was verified by authorities that this check was given",
			"they must be in the trust store of MAS's container too",
		})
	}
}

// ownRoots reports whether the injected client trusts other authorities than the machine.
func (r *checkRun) ownRoots() bool {
	if r.cfg.HTTPClient == nil {
		return false
	}
	transport, ok := r.cfg.HTTPClient.Transport.(*http.Transport)
	return ok && transport.TLSClientConfig != nil && transport.TLSClientConfig.RootCAs != nil
}

// The clocks of MAS and provider: MAS allows five minutes for "iat".
const (
	skewNoticed = time.Minute
	skewAllowed = 5 * time.Minute
)

// judgeClock compares the clock of the server with the one here.
func (r *checkRun) judgeClock(response *httpx.Response) {
	at, err := http.ParseTime(response.Header.Get("Date"))
	if err != nil {
		return
	}
	if age, err := strconv.Atoi(response.Header.Get("Age")); err == nil {
		at = at.Add(time.Duration(age) * time.Second) // a cache keeps the date of the answer (RFC 9111, section 4.2.3)
	}
	skew := time.Since(at).Round(time.Second)
	if skew.Abs() <= skewNoticed {
		return
	}
	message := fmt.Sprintf("its clock differs by %s from the one here", skew.Abs())
	if skew.Abs() > skewAllowed {
		message += ", and MAS refuses ID tokens that differ by more than five minutes"
	}
	r.warn(response.URL, finding{"clock", message, "let both machines, and that of MAS, keep time by NTP"})
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

// isHTTPS reports whether an address is one of https.
func isHTTPS(address string) bool {
	u, err := url.Parse(strings.TrimSpace(address))
	return err == nil && strings.EqualFold(u.Scheme, "https")
}
