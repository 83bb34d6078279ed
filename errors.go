package maskit

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// Sentinel errors, for [errors.Is].
var (
	// ErrInvalid is matched by the error of [Problems.Err].
	ErrInvalid = errors.New("invalid input")
	// ErrNotFound means that the named object does not exist. HTTP 404 and 410 match it.
	ErrNotFound = errors.New("not found")
	// ErrConflict means that the object exists or was changed by someone else. HTTP 409 and 412 match it.
	ErrConflict = errors.New("conflict")
	// ErrDrift means that the remote state is not the one that a plan was made from. It matches ErrConflict.
	ErrDrift = fmt.Errorf("state changed since the plan was made: %w", ErrConflict)
	// ErrUnauthorized means that the credentials were not accepted. HTTP 401 matches it.
	ErrUnauthorized = errors.New("unauthorized")
	// ErrForbidden means that the credentials were accepted but do not suffice. HTTP 403 matches it.
	ErrForbidden = errors.New("forbidden")
	// ErrUnsupported means that this version of the remote system cannot do what was asked.
	ErrUnsupported = errors.New("unsupported")
)

// StatusError is the answer of a server that refused a request. It holds no
// request body, no header and no query string, so it is safe to log.
type StatusError struct {
	// Method and URL of the request. Error shows the URL without user info, query and
	// fragment, which may be secrets; keep it without them.
	Method, URL string
	// Status is the HTTP status code.
	Status int
	// Code is the server's own error code, such as "invalid_client" or "M_FORBIDDEN"; empty if it gave none.
	Code string
	// Message is the server's own error text, cut to a sensible length.
	Message string
	// RetryAfter is how long the server asked to wait; zero if it did not say.
	RetryAfter time.Duration
}

// Error implements error.
func (e *StatusError) Error() string {
	text := fmt.Sprintf("%s %s: %d %s", e.Method, bareURL(e.URL), e.Status, http.StatusText(e.Status))
	if e.Code != "" {
		text += ": " + e.Code
	}
	if e.Message != "" {
		text += ": " + e.Message
	}
	return text
}

// bareURL drops what a URL can hold of secrets, also of one that cannot be parsed.
func bareURL(text string) string {
	if end := strings.IndexAny(text, "?#"); end >= 0 {
		text = text[:end]
	}
	scheme, rest, found := strings.Cut(text, "://")
	if !found {
		return text
	}
	end := len(rest)
	if slash := strings.IndexByte(rest, '/'); slash >= 0 {
		end = slash
	}
	if _, err := url.Parse(text); err != nil { // such as a password with a slash
		end = len(rest)
	}
	return scheme + "://" + rest[strings.LastIndexByte(rest[:end], '@')+1:]
}

// Is maps the status to the sentinel errors of this package.
func (e *StatusError) Is(target error) bool {
	switch target {
	case ErrUnauthorized:
		return e.Status == http.StatusUnauthorized
	case ErrForbidden:
		return e.Status == http.StatusForbidden
	case ErrNotFound:
		return e.Status == http.StatusNotFound || e.Status == http.StatusGone
	case ErrConflict:
		return e.Status == http.StatusConflict || e.Status == http.StatusPreconditionFailed
	}
	return false
}

// Temporary reports whether the same request may succeed later: 408, 425, 429
// and the gateway errors 502, 503 and 504.
func (e *StatusError) Temporary() bool {
	switch e.Status {
	case http.StatusRequestTimeout, http.StatusTooEarly, http.StatusTooManyRequests,
		http.StatusBadGateway, http.StatusServiceUnavailable, http.StatusGatewayTimeout:
		return true
	}
	return false
}
