package upstream

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/net/html"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/internal/httpx"
)

// authorize sends the authorization request without a user. With prompt=none a provider
// that takes the request answers that somebody would have to log in (OpenID Connect
// Core 1.0, section 3.1.2.6); one that does not know the client or its redirect URI
// shows a page instead.
func (r *checkRun) authorize(ctx context.Context) {
	at := r.report.Endpoints.Authorization
	if at == "" {
		r.skip("authorization_endpoint", "the redirect URI is", "the address of the authorization endpoint is not known", "")
		return
	}
	query := r.authorization()
	query.Set("prompt", "none")
	response := r.send(ctx, r.prober, httpx.Request{Method: http.MethodGet, URL: withQuery(at, query), Header: http.Header{"Accept": {"text/html"}}})
	if response == nil {
		return
	}
	a := r.readAuthorization(at, response)
	verdict := r.judge(a)
	r.report.Redirect = verdict
	switch {
	case verdict == VerdictInconclusive && !a.Returned && a.Status >= 400 && a.Status < 500:
		r.warn(httpx.Redact(at), finding{
			"probe-refused", "answers the authorization request with " + strconv.Itoa(a.Status) + " and a page of its own: client id or redirect URI are refused, or it does not know prompt=none",
			"register exactly " + r.cfg.Env.CallbackURL() + " for the client " + r.entry.ClientID + ", and sign in once to be sure",
		})
	case verdict == VerdictClientUnknown && r.report.Credentials == VerdictClientUnknown: // said already
	case verdict == VerdictClientUnknown && r.report.Credentials == VerdictClientRefused: // and this is why
		r.report.Credentials = verdict
		r.report.Problems = slices.DeleteFunc(r.report.Problems, func(p maskit.Problem) bool { return p.Code == "probe-client" })
		r.say(at, verdict, a, nil)
	default:
		r.say(at, verdict, a, nil)
	}
}

// readAuthorization reads what the authorization endpoint answers: to the redirect
// URI, in its query or by a form that posts itself, or with a page.
func (r *checkRun) readAuthorization(at string, response *httpx.Response) ProbeAnswer {
	a := readAnswer(ProbeAuthorize, response)
	if target := redirectTarget(at, response); target != "" {
		a.Body = target
		u, err := url.Parse(target)
		if err == nil && r.isCallback(target) {
			query := u.Query()
			if fragment, err := url.ParseQuery(u.Fragment); err == nil && query.Get("error") == "" && fragment.Get("error") != "" {
				query = fragment
			}
			a.Returned, a.Error, a.Description = true, query.Get("error"), query.Get("error_description")
		}
		return a
	}
	if action, fields := postedForm(a.Body); r.isCallback(action) {
		a.Returned, a.Error, a.Description = true, fields["error"], fields["error_description"]
	}
	return a
}

// isCallback reports whether an address is the redirect URI, whatever its query.
func (r *checkRun) isCallback(address string) bool {
	base, _, _ := strings.Cut(address, "#")
	base, _, _ = strings.Cut(base, "?")
	return base != "" && base == r.cfg.Env.CallbackURL()
}

// postedForm is the form of a page: where it goes, and its fields (OAuth 2.0 Form Post
// Response Mode).
func postedForm(page string) (action string, fields map[string]string) {
	fields = map[string]string{}
	tokens := html.NewTokenizer(strings.NewReader(page))
	for {
		switch tokens.Next() {
		case html.ErrorToken:
			return action, fields
		case html.StartTagToken, html.SelfClosingTagToken:
			token := tokens.Token()
			switch attributes := attributesOf(token); token.Data {
			case "form":
				action = attributes["action"]
			case "input":
				fields[attributes["name"]] = attributes["value"]
			}
		}
	}
}

func attributesOf(token html.Token) map[string]string {
	attributes := map[string]string{}
	for _, a := range token.Attr {
		attributes[a.Key] = a.Val
	}
	return attributes
}
