package upstreamtest

import (
	"context"
	"errors"
	"fmt"
	"html"
	"io"
	"net/http"
	"net/url"
	"strings"
)

// ErrRefused is wrapped by the error of [IDP.LogIn] when the provider shows a page
// instead of sending the browser back.
var ErrRefused = errors.New("the provider refused the request")

// LogIn does what a browser without cookies and a person do: it opens the address of an
// authorization request, enters the name, and returns where it is sent then. An error
// that the provider reports to the client is no error here: the address has it.
func (p *IDP) LogIn(ctx context.Context, authorizationURL, user string) (*url.URL, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, authorizationURL, http.NoBody)
	if err != nil {
		return nil, fmt.Errorf("upstreamtest: log in: %w", err)
	}
	target, body, err := p.browse(request)
	if target != nil || err != nil {
		return target, err
	}
	_, rest, found := strings.Cut(body, `<form id="login" method="post" action="`)
	if !found {
		return nil, fmt.Errorf("upstreamtest: log in: %w: %s", ErrRefused, title(body))
	}
	action, _, _ := strings.Cut(rest, `"`)
	request, err = http.NewRequestWithContext(ctx, http.MethodPost, p.origin+html.UnescapeString(action), strings.NewReader(url.Values{"username": {user}}.Encode()))
	if err != nil {
		return nil, fmt.Errorf("upstreamtest: log in: %w", err)
	}
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	target, body, err = p.browse(request)
	if target == nil && err == nil {
		return nil, fmt.Errorf("upstreamtest: log in as %s: %w: %s", user, ErrRefused, title(body))
	}
	return target, err
}

// browse returns where a request leads, or the page that answers it.
func (p *IDP) browse(request *http.Request) (target *url.URL, body string, err error) {
	client := *p.client
	client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	response, err := client.Do(request)
	if err != nil {
		return nil, "", fmt.Errorf("upstreamtest: log in: %w", err)
	}
	defer func() { _ = response.Body.Close() }()
	if response.StatusCode/100 == 3 {
		target, err = response.Location()
		return target, "", err
	}
	raw, err := io.ReadAll(io.LimitReader(response.Body, maxForm))
	return nil, string(raw), err
}

func title(body string) string {
	_, rest, _ := strings.Cut(body, "<title>")
	text, _, _ := strings.Cut(rest, "</title>")
	return html.UnescapeString(text)
}
