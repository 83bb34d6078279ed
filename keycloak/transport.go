package keycloak

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync/atomic"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/internal/httpx"
)

const (
	// maxAnswer bounds an answer. The largest ones are a realm and its user profile.
	maxAnswer = 8 << 20
	// maxErrorBody bounds the body of an answer that is an error.
	maxErrorBody = 64 << 10
)

// policy carries what resty sends by the one HTTP policy of maskit: time limits,
// repetition of idempotent requests only, bounded bodies, no secrets in logs. It
// counts, and keeps what gocloak would flatten: the last answer, or the error.
type policy struct {
	client *httpx.Client
	count  *counter
	last   *httpx.Response
	err    error
}

// RoundTrip implements [http.RoundTripper].
func (p *policy) RoundTrip(request *http.Request) (*http.Response, error) {
	p.last, p.err = nil, nil
	response, err := p.send(request)
	if err != nil {
		p.err = err
	}
	return response, err
}

func (p *policy) send(request *http.Request) (*http.Response, error) {
	body, err := readBody(request)
	if err != nil {
		return nil, err
	}
	header := request.Header.Clone()
	bearer := maskit.Secret{}
	if token, ok := strings.CutPrefix(header.Get("Authorization"), "Bearer "); ok {
		bearer = maskit.NewSecret(token)
	}
	header.Del("Authorization")
	answer, err := p.client.Do(request.Context(), httpx.Request{
		Method: request.Method, URL: request.URL.String(), Header: header, Bearer: bearer, Body: body,
		Sent: func() { p.count.add(request) },
	})
	if err != nil {
		return nil, inWords(request, err)
	}
	p.last = answer
	if answer.Truncated && answer.Status < http.StatusBadRequest { // the start of an error is enough
		return nil, httpx.ErrTruncated
	}
	return &http.Response{
		Status: http.StatusText(answer.Status), StatusCode: answer.Status, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header: answer.Header, Body: io.NopCloser(bytes.NewReader(answer.Body)), ContentLength: int64(len(answer.Body)), Request: request,
	}, nil
}

// inWords names the request rather than the package that sent it.
func inWords(request *http.Request, err error) error {
	cause := errors.Unwrap(err)
	if cause == nil {
		return err
	}
	return fmt.Errorf("%s %s: %w", request.Method, httpx.Redact(request.URL.String()), cause)
}

func readBody(request *http.Request) ([]byte, error) {
	if request.Body == nil {
		return nil, nil
	}
	defer request.Body.Close() //nolint:errcheck // only read
	return io.ReadAll(request.Body)
}

// counter counts what one run sends, repetitions included.
type counter struct{ requests, writes atomic.Int64 }

func (c *counter) add(request *http.Request) {
	c.requests.Add(1)
	if request.Method != http.MethodGet && strings.Contains(request.URL.Path, "/admin/realms") {
		c.writes.Add(1)
	}
}
