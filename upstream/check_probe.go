package upstream

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"unicode"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/internal/httpx"
)

// probe asks what the provider thinks of the client.
func (r *checkRun) probe(ctx context.Context) {
	if r.cfg.Env.Site.AccountURL == "" || r.cfg.Env.ID == "" {
		r.skip("id", "the client is", "the redirect URI is not known", "give CheckConfig.Env")
		return
	}
	r.credentials(ctx)
	if !r.cfg.WithoutAuthorizationProbe && !r.requestSettled {
		r.authorize(ctx)
	}
}

// credentials makes the probes that authenticate.
func (r *checkRun) credentials(ctx context.Context) {
	if r.cfg.WithoutCredentialProbe {
		r.skip("client_id", "the credentials are", "as was asked", "")
		return
	}
	if r.report.Endpoints.Token == "" {
		r.skip("token_endpoint", "the credentials are", "the address of the token endpoint is not known", "")
		return
	}
	client, ok := r.client()
	if !ok {
		return
	}
	c := credentialProbe{checkRun: r, client: client}
	if r.report.Endpoints.PushedAuthorization != "" {
		c.pushed(ctx)
	}
	if r.report.Credentials == "" || r.report.Credentials == VerdictInconclusive {
		c.token(ctx)
	}
}

// read makes an answer of a response.
func readAnswer(probe Probe, response *httpx.Response) ProbeAnswer {
	a := ProbeAnswer{Probe: probe, Status: response.Status, Body: string(response.Body[:min(len(response.Body), 64<<10)])}
	var members map[string]any
	if json.Unmarshal(response.Body, &members) == nil {
		a.Error, _ = members["error"].(string)
		a.Description, _ = members["error_description"].(string)
	}
	return a
}

// judge asks the vendor's classifier, then the table.
func (r *checkRun) judge(a ProbeAnswer) Verdict {
	if vendor, ok := r.cfg.Provider.(Classifier); ok {
		if verdict := vendor.Classify(a); verdict != "" {
			return verdict
		}
	}
	return classify(a)
}

// say reports a verdict. What the provider said is quoted, unless it holds one of the
// secrets.
func (r *checkRun) say(path string, verdict Verdict, a ProbeAnswer, secrets []string) {
	said := fmt.Sprintf("%d", a.Status)
	if a.Error != "" || a.Description != "" {
		said += " " + httpx.Printable(strings.TrimSpace(a.Error+" "+a.Description), 300)
	}
	for _, secret := range secrets {
		if repeats(a.Error+" "+a.Description, secret) {
			said = fmt.Sprintf("%d and repeats what must stay secret", a.Status)
		}
	}
	path = httpx.Redact(path)
	severity, f := r.verdictFinding(verdict)
	if f.code != "" {
		f.message += " (it answers " + said + ")"
		r.add(severity, path, f)
	}
}

// fewLetters are too many of a secret.
const fewLetters = 8

// repeats reports whether a text has a part of a secret, in whatever way it is escaped:
// letters and digits alone are compared.
func repeats(text, secret string) bool {
	if secret != "" && strings.Contains(text, secret) {
		return true
	}
	text, secret = lettersOf(text), lettersOf(secret)
	part := min(len(secret), fewLetters)
	for i := 0; part > 0 && i+part <= len(secret); i++ {
		if strings.Contains(text, secret[i:i+part]) {
			return true
		}
	}
	return false
}

func lettersOf(text string) string {
	return strings.Map(func(c rune) rune {
		if unicode.IsLetter(c) || unicode.IsDigit(c) {
			return unicode.ToLower(c)
		}
		return -1
	}, text)
}

// verdictFinding is what a verdict means for the operator; no code for nothing.
func (r *checkRun) verdictFinding(verdict Verdict) (maskit.Severity, finding) {
	callback := r.cfg.Env.CallbackURL()
	switch verdict {
	case VerdictSecretWrong:
		return maskit.SeverityError, finding{"probe-secret", "the provider knows the client, and its secret is another one", "copy the secret of " + r.entry.ClientID + " anew: the secret itself, not its id"}
	case VerdictSecretExpired:
		return maskit.SeverityError, finding{"probe-secret-expired", "the client secret has expired", "make a new one at the provider"}
	case VerdictClientUnknown:
		return maskit.SeverityError, finding{"probe-client-unknown", "the provider does not know the client", "correct client_id, or the tenant in the address"}
	case VerdictClientRefused:
		hint := "compare client_id, secret and token_endpoint_auth_method with the client at the provider"
		if r.entry.TokenEndpointAuthMethod == "client_secret_basic" {
			hint += "; client_secret_basic encodes special characters of a secret (RFC 6749, 2.3.1), and some providers do not decode them: try client_secret_post"
		}
		return maskit.SeverityError, finding{"probe-client", "the provider refuses the credentials", hint}
	case VerdictRedirectRefused:
		return maskit.SeverityError, finding{"probe-redirect-uri", "the provider refuses the redirect URI", "register exactly " + callback}
	case VerdictScopeRefused:
		return maskit.SeverityError, finding{"probe-scope", "the provider refuses the scopes", "allow " + r.entry.Scope + " for the client, or shorten scope"}
	case VerdictPKCERefused:
		return maskit.SeverityError, finding{"probe-pkce", "the provider wants PKCE otherwise", "set pkce_method to always; the client must take S256"}
	case VerdictFlowRefused:
		return maskit.SeverityError, finding{"probe-flow", "the client may not use the authorization code flow", "allow it for the client at the provider"}
	case VerdictRequestRefused:
		return maskit.SeverityError, finding{"probe-request", "the provider refuses the authorization request", "look into the log of the provider"}
	case VerdictUnchecked:
		return maskit.SeverityInfo, finding{"probe-secret-unchecked", "a secret that is wrong on purpose gives the same answer, so that nothing is known of the right one", "a public client has no secret; other providers look at the code first"}
	case VerdictInconclusive:
		return maskit.SeverityInfo, finding{"probe-inconclusive", "the answer does not tell whether the client is set up rightly", "sign in once to be sure"}
	}
	return maskit.SeverityInfo, finding{}
}
