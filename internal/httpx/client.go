// Package httpx is the one way in which maskit talks HTTP: bounded in time and
// size, patient with what passes, and silent about secrets.
//
//	client := httpx.New(httpx.Config{})
//	response, err := client.Do(ctx, httpx.Request{Method: http.MethodGet, URL: "https://account.example.com/health"})
//
// Every answer of a server is a [Response], whatever its status;
// [Response.Expect] turns an unwelcome status into a [maskit.StatusError].
//
// # Errors
//
// An error of [Client.Do] means that no complete answer came. It wraps the cause
// ([context.DeadlineExceeded], [*net.DNSError], …) and names the method and the
// URL without user info, query and fragment. Headers and bodies of requests never
// show in errors and logs.
//
// # What it does not do
//
// It reads no environment: a proxy is used where the injected client has one. It
// follows no redirect unless a request asks for it, keeps no cookies, and holds
// no credentials.
package httpx

import (
	"bytes"
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/maskit-dev/maskit"
)

// Config says how a [Client] works. The zero value is usable.
type Config struct {
	// HTTPClient sends the requests. It is copied; its redirect policy and cookie
	// jar are not used. Default: one without a proxy, as is its Transport if nil.
	HTTPClient *http.Client
	// AttemptTimeout bounds one attempt from dialling to the last byte of the
	// body. Default: 10 seconds. The whole call is bounded by its context alone.
	AttemptTimeout time.Duration
	// Retry says when a request is sent again.
	Retry Retry
	// MaxBody is how many bytes of a response body are read, after decompression. Default: 1 MiB.
	MaxBody int64
	// MaxErrorBody is MaxBody for responses whose status is 400 or more. Default: MaxBody.
	MaxErrorBody int64
	// Logger receives one debug line for each attempt. Default: silent.
	Logger *slog.Logger
}

// Client sends requests by one policy. It may be used by several goroutines at
// once. Make one by [New].
type Client struct{ cfg Config }

// New makes a client. It sends nothing.
func New(cfg Config) *Client {
	return &Client{cfg: cfg.withDefaults()}
}

func (c Config) withDefaults() Config {
	client := http.Client{}
	if c.HTTPClient != nil {
		client = *c.HTTPClient
	}
	if client.Transport == nil {
		client.Transport = newTransport()
	}
	client.Transport, client.Jar = parsedLocation{client.Transport}, nil
	c.HTTPClient = &client
	if c.AttemptTimeout <= 0 {
		c.AttemptTimeout = 10 * time.Second
	}
	if c.MaxBody <= 0 {
		c.MaxBody = 1 << 20
	}
	if c.MaxErrorBody <= 0 {
		c.MaxErrorBody = c.MaxBody
	}
	if c.Logger == nil {
		c.Logger = slog.New(slog.DiscardHandler)
	}
	c.Retry = c.Retry.withDefaults()
	return c
}

// newTransport does without the environment's proxy, and closes what is idle soon:
// nobody closes a Client.
func newTransport() *http.Transport {
	return &http.Transport{
		ForceAttemptHTTP2:      true,
		MaxIdleConnsPerHost:    4,
		IdleConnTimeout:        10 * time.Second,
		TLSHandshakeTimeout:    10 * time.Second,
		MaxResponseHeaderBytes: 64 << 10,
	}
}

// Request is what to send.
type Request struct {
	// Method is GET, POST and so on. Required.
	Method string
	// URL is absolute, http or https, without user info. Required.
	URL string
	// Header is sent as it is, but for Authorization, which goes in Bearer or Basic.
	Header http.Header
	// Bearer, if set, is sent as "Authorization: Bearer …".
	Bearer maskit.Secret
	// Basic, if set, is "user:password", and is sent as "Authorization: Basic …" in
	// base64. It cannot be combined with Bearer.
	Basic maskit.Secret
	// Body is sent anew with each attempt.
	Body []byte
	// Repeatable says that a POST or PATCH may be sent again after an attempt whose
	// fate is not known. The other methods are idempotent (RFC 9110, 9.2.2).
	Repeatable bool
	// Redirects is how many redirects a GET follows, never from https to http. It cannot
	// be combined with Bearer or Basic: the secret is for the named server only.
	Redirects int
	// Sent is called at the beginning of each attempt, for those who count; optional.
	Sent func()
}

// Do sends the request, again if the policy says so, and returns the last answer.
func (c *Client) Do(ctx context.Context, r Request) (*Response, error) {
	if err := r.check(); err != nil {
		return nil, fmt.Errorf("httpx: %s %s: %w", r.Method, Redact(r.URL), err)
	}
	for attempt := 1; ; attempt++ {
		if r.Sent != nil {
			r.Sent()
		}
		response, err := c.attempt(ctx, r)
		wait, again := c.cfg.Retry.after(outcome{request: r, response: response, err: err, attempt: attempt})
		if !again || c.cfg.Retry.pause(ctx, wait) != nil {
			if err != nil {
				return nil, fmt.Errorf("httpx: %s %s: %w", r.Method, Redact(r.URL), cause(ctx, err))
			}
			response.Attempts = attempt
			return response, nil
		}
	}
}

func (r Request) check() error {
	u, err := url.Parse(r.URL)
	switch {
	case err != nil, u.Host == "", u.Scheme != "http" && u.Scheme != "https":
		return errors.New("not an absolute http or https URL")
	case u.User != nil:
		return errors.New("the URL holds a user name or password")
	case slices.ContainsFunc(slices.Collect(maps.Keys(r.Header)), isAuthorization):
		return errors.New("the Authorization header goes into Bearer")
	case !r.Bearer.IsZero() && !r.Basic.IsZero():
		return errors.New("both Bearer and Basic are set")
	case r.Redirects > 0 && (r.Method != http.MethodGet || !r.Bearer.IsZero() || !r.Basic.IsZero()):
		return errors.New("redirects are followed by GET without credentials only")
	}
	return nil
}

// isAuthorization recognises the header in any spelling: a map may hold "authorization".
func isAuthorization(name string) bool { return strings.EqualFold(name, "Authorization") }

// attempt sends the request once and reads the answer whole, within the limits.
func (c *Client) attempt(ctx context.Context, r Request) (*Response, error) {
	start := time.Now()
	ctx, cancel := context.WithTimeout(ctx, c.cfg.AttemptTimeout)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, r.Method, r.URL, bytes.NewReader(r.Body))
	if err != nil {
		return nil, err
	}
	for name, values := range r.Header {
		request.Header[name] = values
	}
	if !r.Bearer.IsZero() {
		request.Header.Set("Authorization", "Bearer "+r.Bearer.Reveal())
	}
	if !r.Basic.IsZero() {
		request.Header.Set("Authorization", "Basic "+base64.StdEncoding.EncodeToString([]byte(r.Basic.Reveal())))
	}
	response, err := c.read(c.client(r), request)
	log := c.cfg.Logger.With("method", r.Method, "url", Redact(r.URL), "duration", time.Since(start))
	if err != nil {
		log.DebugContext(ctx, "http request failed", "error", cause(ctx, err))
		return nil, err
	}
	log.DebugContext(ctx, "http request", "status", response.Status)
	response.Method, response.Duration = r.Method, time.Since(start)
	return response, nil
}

func (c *Client) read(client *http.Client, request *http.Request) (*Response, error) {
	answer, err := client.Do(request)
	if err != nil {
		return nil, err
	}
	defer answer.Body.Close() //nolint:errcheck // only read
	limit := c.cfg.MaxBody
	if answer.StatusCode >= http.StatusBadRequest {
		limit = c.cfg.MaxErrorBody
	}
	body, err := io.ReadAll(io.LimitReader(answer.Body, limit+1))
	if err == nil {
		err = request.Context().Err() // net/http may deliver what came while it hung up
	}
	if err != nil {
		return nil, fmt.Errorf("read the answer: %w", err)
	}
	truncated := int64(len(body)) > limit
	if truncated {
		body = body[:limit]
	}
	return &Response{
		URL: Redact(answer.Request.URL.String()), Status: answer.StatusCode, Header: answer.Header, Body: body, Truncated: truncated, TLS: answer.TLS,
	}, nil
}

// client is the injected client with the redirect policy of the request.
func (c *Client) client(r Request) *http.Client {
	client := *c.cfg.HTTPClient
	client.CheckRedirect = func(next *http.Request, via []*http.Request) error {
		if len(via) > r.Redirects || via[len(via)-1].URL.Scheme == "https" && next.URL.Scheme != "https" {
			return http.ErrUseLastResponse
		}
		return nil
	}
	return &client
}
