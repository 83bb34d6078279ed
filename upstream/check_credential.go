package upstream

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"fmt"
	"html"
	"maps"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/internal/httpx"
	"github.com/maskit-dev/maskit/mas"
	"github.com/maskit-dev/maskit/upstream/internal/clientauth"
)

// credentialProbe is a probe that authenticates.
type credentialProbe struct {
	*checkRun
	client clientauth.Client
}

// pushed posts the authorization request to the endpoint of RFC 9126. The provider keeps
// it for a minute or so, and nobody uses it.
func (c credentialProbe) pushed(ctx context.Context) {
	at := c.report.Endpoints.PushedAuthorization
	form := c.authorization()
	verdict, ok := c.ask(ctx, question{ProbePushed, at, form, false})
	if !ok {
		return
	}
	// With a token endpoint in the entry, PAR belongs to another server, maybe. And what MAS
	// 1.22 posts to the token endpoint names the client in the assertion alone, which Keycloak
	// 26.7 refuses there: a pushed request always has client_id beside it.
	asserts := c.client.Method == mas.AuthPrivateKeyJWT || c.client.Method == mas.AuthClientSecretJWT
	ours := c.entry.TokenEndpoint == "" && !asserts
	switch verdict {
	case VerdictAccepted:
		c.report.Redirect, c.requestSettled = verdict, c.entry.AuthorizationEndpoint == ""
		if ours {
			c.report.Credentials = c.control(ctx, question{ProbePushed, at, form, false})
		}
	case VerdictRedirectRefused, VerdictScopeRefused, VerdictPKCERefused, VerdictFlowRefused:
		c.report.Redirect, c.requestSettled = verdict, true
	case VerdictSecretWrong, VerdictSecretExpired, VerdictClientRefused, VerdictUnchecked:
		c.report.Credentials = verdict
	case VerdictClientUnknown:
		c.report.Credentials, c.requestSettled = verdict, true
	}
}

// token posts a code that is nobody's. A right secret makes the provider complain of
// the code, a wrong one of the client.
func (c credentialProbe) token(ctx context.Context) {
	form := url.Values{
		"grant_type": {"authorization_code"}, "code": {"maskit-check-" + rand.Text()}, "redirect_uri": {c.cfg.Env.CallbackURL()},
	}
	if c.usesPKCE() {
		form.Set("code_verifier", verifier())
	}
	q := question{ProbeToken, c.report.Endpoints.Token, form, c.entry.TokenEndpoint != ""}
	verdict, ok := c.ask(ctx, q)
	if !ok {
		return
	}
	c.report.Credentials = verdict
	if verdict == VerdictAccepted || verdict == VerdictInconclusive {
		c.report.Credentials = c.controlAfter(ctx, q, verdict)
	}
}

// question is a form for an endpoint. own says that the endpoint stands in the entry.
type question struct {
	probe Probe
	at    string
	form  url.Values
	own   bool
}

// ask sends a question with the credentials, and reports what the answer says. An
// inconclusive one is reported after the control.
func (c credentialProbe) ask(ctx context.Context, q question) (Verdict, bool) {
	if c.client.Method != mas.AuthNone && !c.maySend(q.at, q.own) {
		return "", false
	}
	proof, err := c.client.Prove(c.report.Endpoints.Token, time.Now())
	if err != nil {
		c.skip("token_endpoint_auth_method", "the credentials are", err.Error(), "")
		return "", false
	}
	a, ok := c.post(ctx, q, proof)
	if !ok {
		return "", false
	}
	verdict := c.judge(a)
	if verdict != VerdictInconclusive || !c.controls() {
		c.say(q.at, verdict, a, c.secrets(proof))
	}
	return verdict, true
}

// post sends a form. A redirect is not followed, though MAS does.
func (c credentialProbe) post(ctx context.Context, q question, proof clientauth.Proof) (ProbeAnswer, bool) {
	form := maps.Clone(q.form)
	for name, values := range proof.Form {
		form[name] = values
	}
	response := c.send(ctx, c.prober, httpx.Request{
		Method: http.MethodPost, URL: q.at, Basic: proof.Basic, Body: []byte(form.Encode()),
		Header: http.Header{"Content-Type": {"application/x-www-form-urlencoded"}, "Accept": {"application/json"}},
	})
	if response == nil {
		return ProbeAnswer{}, false
	}
	if target := redirectTarget(q.at, response); target != "" {
		c.warn(httpx.Redact(q.at), finding{
			"probe-redirected", "is redirected to " + hostPort(target) + ", and the credentials were not sent there", // the path may repeat them
			"write the final address into token_endpoint: MAS follows redirects, with the credentials",
		})
		return ProbeAnswer{}, false
	}
	a := readAnswer(q.probe, response)
	if a.Status == http.StatusNotFound && a.Error == "" && c.judge(a) == VerdictInconclusive {
		c.warn(httpx.Redact(q.at), finding{"probe-endpoint", fmt.Sprintf("answers %d: there seems to be no such endpoint", a.Status), "correct it at the provider, or write token_endpoint into the entry"})
		return ProbeAnswer{}, false
	}
	return a, true
}

// controls reports whether a wrong secret may be tried.
func (c credentialProbe) controls() bool {
	switch c.client.Method {
	case mas.AuthClientSecretBasic, mas.AuthClientSecretPost, mas.AuthClientSecretJWT:
		return c.cfg.ControlProbe
	}
	return false
}

// control is [credentialProbe.controlAfter] for an answer that accepts.
func (c credentialProbe) control(ctx context.Context, q question) Verdict {
	return c.controlAfter(ctx, q, VerdictAccepted)
}

// controlAfter asks the same with a wrong secret. If the provider refuses it, it has
// accepted the right one; if the answer is the same, nothing is known.
func (c credentialProbe) controlAfter(ctx context.Context, q question, verdict Verdict) Verdict {
	if !c.controls() {
		return verdict
	}
	wrong := c.client
	wrong.Secret = maskit.NewSecret("maskit-check-wrong-" + rand.Text() + rand.Text())
	proof, err := wrong.Prove(c.report.Endpoints.Token, time.Now())
	if err != nil {
		return verdict
	}
	a, ok := c.post(ctx, q, proof)
	if !ok {
		return verdict
	}
	switch c.judge(a) {
	case VerdictSecretWrong, VerdictClientRefused:
		return VerdictAccepted
	case verdict:
		c.say(q.at, VerdictUnchecked, a, c.secrets(proof))
		return VerdictUnchecked
	}
	c.say(q.at, VerdictInconclusive, a, c.secrets(proof))
	return VerdictInconclusive
}

// secrets are the texts of which no finding may quote a part.
func (c credentialProbe) secrets(proof clientauth.Proof) []string {
	secret := c.client.Secret.Reveal()
	list := []string{
		secret, url.QueryEscape(secret), url.PathEscape(secret), html.EscapeString(secret), proof.Basic.Reveal(), base64.StdEncoding.EncodeToString([]byte(proof.Basic.Reveal())),
		proof.Form.Get("client_secret"), proof.Form.Get("client_assertion"),
	}
	if _, encoded, ok := strings.Cut(proof.Basic.Reveal(), ":"); ok {
		list = append(list, encoded)
	}
	return list
}
