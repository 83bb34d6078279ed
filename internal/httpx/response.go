package httpx

import (
	"crypto/tls"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/maskit-dev/maskit"
)

// ErrTruncated means that a body is longer than the client was told to read.
var ErrTruncated = errors.New("the answer is too long")

// Response is an answer, read whole.
type Response struct {
	// Method and URL of the request that was answered, after redirects; the URL
	// without user info, query and fragment.
	Method, URL string
	// Status is the HTTP status code.
	Status int
	// Header holds the headers.
	Header http.Header
	// Body is the body, or its beginning if Truncated.
	Body []byte
	// Truncated says that the body is longer than Config.MaxBody or MaxErrorBody.
	Truncated bool
	// TLS describes the connection; nil without TLS.
	TLS *tls.ConnectionState
	// Attempts is how often the request was sent.
	Attempts int
	// Duration is how long the last attempt took.
	Duration time.Duration
}

// JSON decodes the body into v.
func (r *Response) JSON(v any) error {
	err := ErrTruncated
	if !r.Truncated {
		if json.Unmarshal(r.Body, v) == nil {
			return nil
		}
		err = errors.New("the answer is not the expected JSON") // the decoder's error may quote it
	}
	return fmt.Errorf("httpx: %s %s: %w", r.Method, r.URL, err)
}

// Expect returns nil if the status is one of those given, else the answer as an error.
func (r *Response) Expect(statuses ...int) error {
	if slices.Contains(statuses, r.Status) {
		return nil
	}
	return r.StatusError()
}

// StatusError is the answer as an error. Code and Message are taken from the JSON
// forms of Matrix, OAuth 2.0 (RFC 6749, 5.2), Keycloak and MAS's admin API.
func (r *Response) StatusError() *maskit.StatusError {
	e := &maskit.StatusError{Method: r.Method, URL: r.URL, Status: r.Status, RetryAfter: retryAfter(r.Header, time.Now())}
	var body struct {
		ErrCode      string `json:"errcode"`
		Error        string `json:"error"`
		Description  string `json:"error_description"`
		ErrorMessage string `json:"errorMessage"`
		Errors       []struct {
			Title string `json:"title"`
		} `json:"errors"`
	}
	if r.Truncated || json.Unmarshal(r.Body, &body) != nil {
		return e
	}
	switch {
	case body.ErrCode != "":
		e.Code, e.Message = body.ErrCode, body.Error
	case body.Description != "":
		e.Code, e.Message = body.Error, body.Description
	case body.Error != "":
		e.Code, e.Message = body.Error, body.ErrorMessage
	case body.ErrorMessage != "":
		e.Message = body.ErrorMessage
	case len(body.Errors) > 0:
		e.Message = body.Errors[0].Title
	}
	e.Code, e.Message = Printable(e.Code, 64), Printable(e.Message, 300)
	return e
}

// Printable makes foreign text safe to show: on one line, without control
// characters, and at most so many bytes long.
func Printable(text string, limit int) string {
	text = strings.ToValidUTF8(text, "\uFFFD")
	text = strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r):
			return ' '
		case !unicode.IsPrint(r):
			return -1
		}
		return r
	}, text)
	if len(text) <= limit {
		return text
	}
	cut := limit
	for cut > 0 && !utf8.RuneStart(text[cut]) {
		cut--
	}
	return text[:cut] + "…"
}
