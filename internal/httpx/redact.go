package httpx

import (
	"context"
	"errors"
	"net"
	"net/http"
	"net/url"
)

// Redact returns the URL without user info, query and fragment, which may hold
// secrets. What is not an absolute URL is not shown at all.
func Redact(raw string) string {
	u, err := url.Parse(raw)
	if err != nil || u.Host == "" {
		return "(not a URL)"
	}
	u.User, u.RawQuery, u.ForceQuery, u.Fragment, u.RawFragment = nil, "", false, "", ""
	return u.String()
}

// cause strips what net/http wraps around an error: the URL with its query. When
// the call's own context ended, that is the cause.
func cause(ctx context.Context, err error) error {
	var u *url.Error
	if errors.As(err, &u) {
		err = u.Err
	}
	if ended := ctx.Err(); ended != nil && !errors.Is(err, ended) {
		return ended
	}
	var timeout net.Error
	if errors.As(err, &timeout) && timeout.Timeout() {
		return &timeoutError{err}
	}
	return err
}

// timeoutError says what a timeout is in words for people.
type timeoutError struct{ err error }

func (e *timeoutError) Error() string { return "no answer in time" }
func (e *timeoutError) Unwrap() error { return e.err }

// parsedLocation drops Location headers that are not URLs, because net/http would
// quote them in its error.
type parsedLocation struct{ next http.RoundTripper }

// RoundTrip implements [http.RoundTripper].
func (p parsedLocation) RoundTrip(r *http.Request) (*http.Response, error) {
	answer, err := p.next.RoundTrip(r)
	if err != nil {
		return nil, err
	}
	if _, err := url.Parse(answer.Header.Get("Location")); err != nil {
		answer.Header.Del("Location")
	}
	return answer, nil
}
