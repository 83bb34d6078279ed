package httpx

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
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
	if isQuoting(err) {
		return errNotHTTP
	}
	var timeout net.Error
	if errors.As(err, &timeout) && timeout.Timeout() {
		return &timeoutError{err}
	}
	return err
}

// errNotHTTP stands for an answer that cannot be read.
var errNotHTTP = errors.New("the answer is not valid HTTP")

// isQuoting reports whether an error of net/http quotes what the server sent in place of
// HTTP, which may be a secret of the request.
func isQuoting(err error) bool {
	return strings.HasPrefix(err.Error(), "net/http: HTTP/1.x transport connection broken") &&
		!errors.As(err, new(*net.OpError)) && !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF)
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
