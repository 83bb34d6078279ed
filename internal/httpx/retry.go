package httpx

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"math/rand/v2"
	"net"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// Retry says when and after which pause a request is sent again: after a
// connection that failed or broke off, and after 429, 502, 503 and 504. Only
// requests that may be repeated are, and none whose context ends before the pause.
type Retry struct {
	// Attempts is how often a request is sent at most. Default: 4; 1 switches retries off.
	Attempts int
	// First is the pause after the first attempt; it doubles with each further
	// one. Default: 250 ms.
	First time.Duration
	// Longest caps every pause. A server that asks for more by Retry-After is not
	// asked again. Default: 20 seconds.
	Longest time.Duration
	// Jitter returns a number from 0 up to 1; a pause is shortened by up to half
	// with it, so that clients do not come back all at once. It must be safe for
	// concurrent use. Default: a pseudo-random one.
	Jitter func() float64
	// Wait pauses, or returns the context's error. Default: a timer.
	Wait func(context.Context, time.Duration) error
}

func (r Retry) withDefaults() Retry {
	if r.Attempts <= 0 {
		r.Attempts = 4
	}
	if r.First <= 0 {
		r.First = 250 * time.Millisecond
	}
	if r.Longest <= 0 {
		r.Longest = 20 * time.Second
	}
	if r.Jitter == nil {
		r.Jitter = rand.Float64
	}
	if r.Wait == nil {
		r.Wait = Wait
	}
	return r
}

// Wait waits, or returns the error of the context if that ends before.
func Wait(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		return nil
	}
}

// pause waits, unless the context ends before that.
func (r Retry) pause(ctx context.Context, d time.Duration) error {
	if deadline, ok := ctx.Deadline(); ok && time.Until(deadline) <= d {
		return context.DeadlineExceeded
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	return r.Wait(ctx, d)
}

// outcome is how an attempt ended.
type outcome struct {
	request  Request
	response *Response
	err      error
	attempt  int
}

// after says whether to send the request again, and after which pause.
func (r Retry) after(o outcome) (time.Duration, bool) {
	if o.attempt >= r.Attempts || !o.passing() || !o.repeatable() {
		return 0, false
	}
	if o.response != nil {
		if asked := retryAfter(o.response.Header, time.Now()); asked > 0 {
			return asked, asked <= r.Longest
		}
	}
	pause := min(r.First<<min(o.attempt-1, 16), r.Longest)
	return pause - time.Duration(r.Jitter()*float64(pause)/2), true
}

// repeatable reports whether a second attempt can do no harm. A request that was
// turned away by 429 was not carried out, and one that found nobody to talk to neither.
func (o outcome) repeatable() bool {
	switch o.request.Method {
	case http.MethodGet, http.MethodHead, http.MethodOptions, http.MethodPut, http.MethodDelete, http.MethodTrace:
		return true
	}
	if o.request.Repeatable {
		return true
	}
	if o.response != nil {
		return o.response.Status == http.StatusTooManyRequests
	}
	var op *net.OpError
	return errors.As(o.err, &op) && op.Op == "dial"
}

// passing reports whether the cause may go away by itself.
func (o outcome) passing() bool {
	if o.err == nil {
		switch o.response.Status {
		case http.StatusTooManyRequests, http.StatusBadGateway, http.StatusServiceUnavailable, http.StatusGatewayTimeout:
			return true
		}
		return false
	}
	var dns *net.DNSError
	if errors.As(o.err, &dns) {
		return !dns.IsNotFound
	}
	return !isTLS(o.err) && !errors.Is(o.err, context.Canceled)
}

// isTLS reports whether both sides talked, and could not agree.
func isTLS(err error) bool {
	var (
		record      tls.RecordHeaderError
		alert       tls.AlertError
		certificate *tls.CertificateVerificationError
		authority   x509.UnknownAuthorityError
		name        x509.HostnameError
		invalid     x509.CertificateInvalidError
	)
	return errors.As(err, &record) || errors.As(err, &alert) || errors.As(err, &certificate) ||
		errors.As(err, &authority) || errors.As(err, &name) || errors.As(err, &invalid) ||
		errors.Is(err, http.ErrSchemeMismatch)
}

// retryAfter reads a Retry-After header, in seconds or as a date (RFC 9110,
// 10.2.3); 0 if there is none.
func retryAfter(header http.Header, now time.Time) time.Duration {
	text := strings.TrimSpace(header.Get("Retry-After"))
	if seconds, err := strconv.ParseInt(text, 10, 32); err == nil {
		return max(0, time.Duration(seconds)*time.Second)
	}
	if at, err := http.ParseTime(text); err == nil {
		return max(0, at.Sub(now))
	}
	return 0
}
