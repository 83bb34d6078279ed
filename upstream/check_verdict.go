package upstream

import (
	"slices"
	"strconv"
	"strings"
)

// Verdict is what the answer of a provider says of the client that the entry describes.
type Verdict string

// The verdicts. The zero value says nothing.
const (
	// VerdictAccepted means that nothing was refused.
	VerdictAccepted Verdict = "accepted"
	// VerdictInconclusive means that the answer does not tell.
	VerdictInconclusive Verdict = "inconclusive"
	// VerdictUnchecked means that the provider takes a wrong secret, too.
	VerdictUnchecked Verdict = "secret-unchecked"
	// VerdictSecretWrong means that the provider knows the client, with another secret.
	VerdictSecretWrong Verdict = "secret-wrong"
	// VerdictSecretExpired means that the secret was right once.
	VerdictSecretExpired Verdict = "secret-expired"
	// VerdictClientUnknown means that the provider does not know the client id.
	VerdictClientUnknown Verdict = "client-unknown"
	// VerdictClientRefused means that client id, secret or authentication method is
	// wrong, and that the provider does not say which.
	VerdictClientRefused Verdict = "client-refused"
	// VerdictRedirectRefused means that the redirect URI is not registered.
	VerdictRedirectRefused Verdict = "redirect-refused"
	// VerdictScopeRefused means that the client may not ask for the scopes.
	VerdictScopeRefused Verdict = "scope-refused"
	// VerdictPKCERefused means that the provider wants PKCE, or another one.
	VerdictPKCERefused Verdict = "pkce-refused"
	// VerdictFlowRefused means that the client may not use the authorization code flow.
	VerdictFlowRefused Verdict = "flow-refused"
	// VerdictRequestRefused means that the authorization request is refused for another reason.
	VerdictRequestRefused Verdict = "request-refused"
)

// Probe is a question that [Check] asks about the client.
type Probe string

// The probes.
const (
	// ProbePushed posts the authorization request (RFC 9126).
	ProbePushed Probe = "pushed"
	// ProbeAuthorize asks the authorization endpoint with prompt=none.
	ProbeAuthorize Probe = "authorize"
	// ProbeToken posts a code that is nobody's to the token endpoint.
	ProbeToken Probe = "token"
)

// ProbeAnswer is what came back.
type ProbeAnswer struct {
	Probe Probe
	// Status is the HTTP status.
	Status int
	// Error and Description are "error" and "error_description" of RFC 6749, from JSON, or
	// from the address or form by which the provider answers to the redirect URI.
	Error, Description string
	// Returned says that the authorization endpoint answered to the redirect URI.
	Returned bool
	// Body is the beginning of the answer, and the address to which it redirects.
	Body string
}

// Classifier is implemented by a [Provider] whose vendor answers in a way of its own.
//
// Classify is pure and safe for concurrent use. It returns the zero [Verdict] for
// answers of which it knows nothing; they are read as those of any provider.
type Classifier interface {
	Classify(answer ProbeAnswer) Verdict
}

// answerRule reads one kind of answer. What is zero matches everything.
type answerRule struct {
	probe    Probe
	statuses string // such as "4", for 400 to 499, or "401"
	returned bool
	errors   []string
	text     []string // one of them in the description or body, in lower case
	empty    bool     // no body at all
	verdict  Verdict
}

// classify reads an answer: the first rule that matches counts.
func classify(a ProbeAnswer) Verdict {
	for _, rule := range answerRules() {
		if rule.matches(a) {
			return rule.verdict
		}
	}
	return VerdictInconclusive
}

func (r answerRule) matches(a ProbeAnswer) bool {
	text := strings.ToLower(a.Description + "\n" + a.Body)
	switch {
	case r.probe != "" && r.probe != a.Probe:
	case !strings.HasPrefix(strconv.Itoa(a.Status), r.statuses):
	case r.returned && !a.Returned:
	case r.empty && strings.TrimSpace(a.Body) != "":
	case len(r.errors) > 0 && !slices.Contains(r.errors, a.Error):
	case len(r.text) > 0 && !slices.ContainsFunc(r.text, func(t string) bool { return strings.Contains(text, t) }):
	default:
		return true
	}
	return false
}

// answerRules are what is known of vendors, and then what RFC 6749 (4.1.2.1, 5.2), RFC 9126
// (2.3) and OpenID Connect Core 1.0 (3.1.2.6) say.
func answerRules() []answerRule {
	return slices.Concat(vendorRules(), tokenRules(), pushedRules(), authorizeRules())
}

func vendorRules() []answerRule {
	return []answerRule{
		// Microsoft Entra ID, "Microsoft Entra authentication and authorization error codes".
		{text: []string{"aadsts7000215"}, verdict: VerdictSecretWrong},
		{text: []string{"aadsts7000222"}, verdict: VerdictSecretExpired},
		{text: []string{"aadsts700016", "aadsts90002"}, verdict: VerdictClientUnknown},
		{text: []string{"aadsts50011"}, verdict: VerdictRedirectRefused},
		{text: []string{"aadsts9002313"}, verdict: VerdictInconclusive}, // maybe before the secret was looked at
		// GitHub answers errors with 200 ("Troubleshooting OAuth app access token request errors").
		{probe: ProbeToken, errors: []string{"bad_verification_code"}, verdict: VerdictAccepted},
		{probe: ProbeToken, errors: []string{"incorrect_client_credentials"}, verdict: VerdictClientRefused},
		{errors: []string{"redirect_uri_mismatch"}, verdict: VerdictRedirectRefused},
		// Rauthy.
		{probe: ProbeToken, statuses: "401", text: []string{"invalid 'client_secret'"}, verdict: VerdictSecretWrong},
		{probe: ProbeToken, statuses: "4", text: []string{"auth_code could not be found", "'auth_code' could not be found"}, verdict: VerdictAccepted},
		// Kanidm.
		{probe: ProbeToken, statuses: "401", empty: true, verdict: VerdictClientRefused},
		// Keycloak 26.7: the client is known, the secret is another one.
		{probe: ProbeToken, statuses: "401", errors: []string{"unauthorized_client"}, verdict: VerdictSecretWrong},
		// Auth0.
		{probe: ProbeToken, statuses: "401", errors: []string{"access_denied"}, verdict: VerdictClientRefused},
	}
}

func tokenRules() []answerRule {
	return []answerRule{
		{probe: ProbeToken, statuses: "4", errors: []string{"invalid_client"}, verdict: VerdictClientRefused},
		{probe: ProbeToken, statuses: "4", errors: []string{"invalid_grant"}, verdict: VerdictAccepted},
		{probe: ProbeToken, statuses: "4", errors: []string{"unauthorized_client", "unsupported_grant_type"}, verdict: VerdictFlowRefused},
	}
}

// pushedRules decide on the status where Keycloak 26.7 says invalid_request of everything.
func pushedRules() []answerRule {
	return []answerRule{
		{probe: ProbePushed, statuses: "201", verdict: VerdictAccepted},
		{probe: ProbePushed, statuses: "4", errors: []string{"unauthorized_client", "unsupported_response_type"}, verdict: VerdictFlowRefused},
		{probe: ProbePushed, statuses: "401", verdict: VerdictClientRefused},
		{probe: ProbePushed, statuses: "4", errors: []string{"invalid_client"}, verdict: VerdictClientRefused},
		{probe: ProbePushed, statuses: "4", errors: []string{"invalid_redirect_uri"}, verdict: VerdictRedirectRefused},
		{probe: ProbePushed, statuses: "4", errors: []string{"invalid_scope"}, verdict: VerdictScopeRefused},
		{probe: ProbePushed, statuses: "400", errors: []string{"invalid_request"}, text: []string{"redirect_uri", "redirect uri"}, verdict: VerdictRedirectRefused},
		{probe: ProbePushed, statuses: "400", errors: []string{"invalid_request"}, text: []string{"invalid scope"}, verdict: VerdictScopeRefused},
		{probe: ProbePushed, statuses: "400", errors: []string{"invalid_request"}, text: []string{"code_challenge", "pkce"}, verdict: VerdictPKCERefused},
	}
}

func authorizeRules() []answerRule {
	page := func(statuses string, verdict Verdict, text ...string) answerRule {
		return answerRule{probe: ProbeAuthorize, statuses: statuses, text: text, verdict: verdict}
	}
	returned := func(verdict Verdict, text []string, errors ...string) answerRule {
		return answerRule{probe: ProbeAuthorize, returned: true, errors: errors, text: text, verdict: verdict}
	}
	return []answerRule{
		returned(VerdictAccepted, nil, "", "login_required", "interaction_required", "consent_required", "account_selection_required", "access_denied"),
		returned(VerdictScopeRefused, nil, "invalid_scope"),
		returned(VerdictFlowRefused, nil, "unsupported_response_type", "unauthorized_client"),
		returned(VerdictPKCERefused, []string{"code_challenge", "code challenge", "pkce"}, "invalid_request"),
		returned(VerdictInconclusive, []string{"prompt"}, "invalid_request"), // prompt is ours, not MAS's
		returned(VerdictRequestRefused, nil, "invalid_request"),
		returned(VerdictInconclusive, nil),
		// Keycloak, Google, Auth0, Okta, Hydra: pages of their own.
		page("4", VerdictRedirectRefused, "invalid parameter: redirect_uri", "redirect_uri_mismatch", "callback url mismatch",
			"'redirect_uri' parameter must be", "'redirect_uri' parameter does not match"),
		page("4", VerdictClientUnknown, "client not found", "error 401: invalid_client"),
		page("30", VerdictClientUnknown, "error=invalid_client"),
		page("30", VerdictRedirectRefused, "error=redirect_uri_mismatch"),
	}
}
