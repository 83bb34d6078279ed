package keycloak

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/Nerzal/gocloak/v13"
	"github.com/go-resty/resty/v2"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/internal/httpx"
)

// wire is how one run talks to Keycloak.
type wire struct {
	cfg    Config
	tokens *tokens
	count  *counter
	policy *policy
	client *gocloak.GoCloak
	// renewed says that this run has got a token for the sake of newer rights.
	renewed bool
}

func (p *Provisioner) newWire() *wire {
	count := &counter{}
	w := &wire{cfg: p.cfg, tokens: p.tokens, count: count, policy: &policy{client: p.http, count: count}}
	w.client = gocloak.NewClient(p.cfg.AdminURL)
	rest := resty.NewWithClient(&http.Client{
		Transport:     w.policy,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	})
	rest.SetLogger(silent{}).SetDisableWarn(true)
	w.client.SetRestyClient(rest)
	return w
}

// silent keeps resty from writing to standard error.
type silent struct{}

// Errorf implements [resty.Logger].
func (silent) Errorf(string, ...any) {}

// Warnf implements [resty.Logger].
func (silent) Warnf(string, ...any) {}

// Debugf implements [resty.Logger].
func (silent) Debugf(string, ...any) {}

// login gets a token by gocloak, whose results cannot be trusted as they are: it takes
// an HTML page for an empty token, and makes one text of every error.
func (w *wire) login(ctx context.Context, realm string, options gocloak.TokenOptions) (token, error) {
	start := time.Now()
	w.policy.last, w.policy.err = nil, nil
	got, err := w.client.GetToken(ctx, url.PathEscape(realm), options)
	if w.policy.err != nil {
		return token{}, w.policy.err
	}
	if last := w.policy.last; last != nil {
		if err := (&answer{*last}).check(); err != nil {
			return token{}, err
		}
	}
	if err != nil {
		return token{}, errors.New("the answer cannot be read") // gocloak's text may quote it
	}
	return newToken(*got, start)
}

func tokenPath(realm string) string {
	return "/realms/" + url.PathEscape(realm) + "/protocol/openid-connect/token"
}

// loginForm gets a token by a plain form.
func (w *wire) loginForm(ctx context.Context, realm string, form url.Values) (token, error) {
	start := time.Now()
	answer, err := w.exchange(w.client.RestyClient().R().SetContext(ctx).SetFormDataFromValues(form), http.MethodPost, w.cfg.AdminURL+tokenPath(realm))
	if err != nil {
		return token{}, err
	}
	var got gocloak.JWT
	if err := answer.decode(&got); err != nil {
		return token{}, err
	}
	return newToken(got, start)
}

func newToken(answer gocloak.JWT, start time.Time) (token, error) {
	if answer.AccessToken == "" {
		return token{}, errors.New("the server gave no token: is this the address of Keycloak?")
	}
	t := token{access: maskit.NewSecret(answer.AccessToken), issued: start, life: time.Duration(answer.ExpiresIn) * time.Second}
	t.skew, t.skewKnown = measureSkew(t.access, start, time.Now())
	if answer.RefreshToken != "" {
		t.refresh = maskit.NewSecret(answer.RefreshToken)
	}
	return t, nil
}

// call sends a request to the admin API: path begins below the base URL. A token that
// was refused is replaced once, and one that lacks rights once in a run: the rights of a
// service account are those of when it logged in, so it has none in newer realms. Neither
// refusal did anything, so a write may be sent again.
func (w *wire) call(ctx context.Context, method, path string, in any) (*answer, error) {
	for attempt := 1; ; attempt++ {
		access, err := w.tokens.get(ctx, w)
		if err != nil {
			return nil, err
		}
		request := w.client.RestyClient().R().SetContext(ctx).SetAuthToken(access.Reveal())
		if in != nil {
			request.SetHeader("Content-Type", "application/json").SetBody(in)
		}
		got, err := w.exchange(request, method, w.cfg.AdminURL+path)
		switch {
		case errors.Is(err, maskit.ErrUnauthorized) && attempt == 1:
			w.tokens.refused(access)
		case !errors.Is(err, maskit.ErrForbidden) || !w.renew():
			return got, err
		}
	}
}

// renew has the next request get a new token, and reports whether it is worth a try.
func (w *wire) renew() bool {
	if w.renewed {
		return false
	}
	w.renewed = true
	w.tokens.renew()
	return true
}

// exchange sends a request and accepts a 2xx answer that is JSON or empty.
func (w *wire) exchange(request *resty.Request, method, address string) (*answer, error) {
	w.policy.last, w.policy.err = nil, nil
	raw, err := request.SetHeader("Accept", "application/json").Execute(method, address)
	if w.policy.err != nil {
		return nil, w.policy.err
	}
	if err != nil {
		return nil, fmt.Errorf("%s %s: %w", method, httpx.Redact(address), unwrapURL(err))
	}
	got := &answer{httpx.Response{Method: method, URL: httpx.Redact(address), Status: raw.StatusCode(), Header: raw.Header(), Body: raw.Body()}}
	return got, got.check()
}

// unwrapURL drops what net/http wraps around an error: the URL with its query.
func unwrapURL(err error) error {
	var u *url.Error
	if errors.As(err, &u) {
		return u.Err
	}
	return err
}

// answer is an answer of the admin API.
type answer struct{ httpx.Response }

func (a *answer) check() error {
	switch {
	case a.Status >= 300 && a.Status < 400:
		return fmt.Errorf("the server sends elsewhere, check AdminURL: %w", a.StatusError())
	case a.Status == http.StatusNotFound && a.isForeign():
		// It must not look as if Keycloak said that something does not exist.
		return fmt.Errorf("%s %s: 404 Not Found, in words that are not Keycloak's: is the admin API reachable at AdminURL?", a.Method, a.URL)
	case a.Status < 200 || a.Status > 299:
		return a.refusal()
	case a.isForeign():
		return fmt.Errorf("%s %s: the answer is not JSON: is this the address of Keycloak?", a.Method, a.URL)
	}
	return nil
}

// isForeign reports whether the answer has a body that is not JSON.
func (a *answer) isForeign() bool {
	mediaType, _, err := mime.ParseMediaType(a.Header.Get("Content-Type"))
	return len(bytes.TrimSpace(a.Body)) > 0 && (err != nil || mediaType != "application/json")
}

// refusal is the answer as an error, with the field that Keycloak names when it
// refuses a value.
func (a *answer) refusal() error {
	status := a.StatusError()
	var body struct {
		Field  string `json:"field"`
		Errors []struct {
			Field        string `json:"field"`
			ErrorMessage string `json:"errorMessage"`
		} `json:"errors"`
	}
	if json.Unmarshal(a.Body, &body) != nil {
		return status
	}
	if body.Field != "" {
		status.Message = httpx.Printable(body.Field+": "+status.Message, 300)
	}
	for _, e := range body.Errors {
		status.Message = httpx.Printable(strings.TrimPrefix(status.Message+"; "+e.Field+": "+e.ErrorMessage, "; "), 300)
	}
	return status
}

// decode reads the whole body into v, numbers as [json.Number].
func (a *answer) decode(v any) error {
	decoder := json.NewDecoder(bytes.NewReader(a.Body))
	decoder.UseNumber()
	err := decoder.Decode(v)
	if err == nil {
		if _, err = decoder.Token(); errors.Is(err, io.EOF) {
			return nil
		}
	}
	return fmt.Errorf("%s %s: the answer is not the expected JSON", a.Method, a.URL) // the decoder's error may quote it
}
