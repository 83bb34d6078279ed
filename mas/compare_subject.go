package mas

import (
	"cmp"
	"net/url"
	"strings"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/internal/claimexpr"
	subjectgate "github.com/maskit-dev/maskit/internal/gate"
)

// subjectKey is where a provider has its subject template.
const subjectKey = "upstream_oauth2.providers.claims_imports.subject.template"

// defaultSubject is the subject template that MAS 1.22 uses where none is given.
const defaultSubject = "{{ user.sub }}"

func subjectTemplate(p UpstreamProvider) string {
	return cmp.Or(p.ClaimsImports.Subject.Template, defaultSubject)
}

// templateText is the subject template that a value stands for, which is masked if it
// looks like an address.
func templateText(shown any) string {
	switch text := shown.(type) {
	case string:
		return cmp.Or(text, defaultSubject)
	case maskit.Secret:
		return text.Reveal()
	}
	return defaultSubject
}

// sameSubject takes two templates apart. It reports whether both tell people apart by the
// same expression, and then who may log in under one and not under the other.
func sameSubject(old, next string) (change subjectgate.Change, same bool) {
	if old == next {
		return subjectgate.Change{}, true
	}
	before, canonical := subjectgate.Parse(plainOutput(old))
	after, alsoCanonical := subjectgate.Parse(plainOutput(next))
	if !canonical || !alsoCanonical {
		return subjectgate.Change{}, false
	}
	change = subjectgate.Diff(before, after)
	switch after.Subject {
	case before.Subject:
		return change, true
	case before.Subject + " or ''":
		change.Denied = append(change.Denied, "those for whom the claim is missing or null")
		return change, true
	}
	return subjectgate.Change{}, false
}

// isGated reports whether the template is a gate that this SDK wrote.
func isGated(template string) bool {
	g, canonical := subjectgate.Parse(template)
	return canonical && len(g.Conditions) > 0
}

// plainOutput writes a template that prints one claim as package claims does, however it
// was written by hand: {{user['sub']}} is {{ user.sub }}. A final line break is not
// rendered (minijinja).
func plainOutput(template string) string {
	inner, begins := strings.CutPrefix(template, "{{")
	inner, ends := strings.CutSuffix(strings.TrimSuffix(strings.TrimSuffix(inner, "\n"), "\r"), "}}")
	inner = strings.TrimSuffix(strings.TrimPrefix(inner, "-"), "-")
	path, rest, isClaim := claimexpr.CutClaim(strings.Trim(inner, " \t\r\n"))
	if !begins || !ends || !isClaim || rest != "" {
		return template
	}
	return "{{ " + string(claimexpr.Claim(path...)) + " }}"
}

// subjectEffect says what another subject template does; other is what it does if people
// are told apart by something else.
func subjectEffect(old, next string, other effect) effect {
	change, same := sameSubject(old, next)
	switch {
	case !same:
		return other
	case len(change.Denied) > 0:
		return effect{RolloutSync, ImpactLogins, change.String() + "; links and sessions stay"}
	case len(change.Admitted) > 0:
		return effect{rollout: RolloutSync, text: change.String() + "; links stay"}
	}
	return effect{rollout: RolloutSync, text: "it says the same in another way"}
}

// compareSubjects refuses another subject, and says of another gate whom it affects.
func compareSubjects(old UpstreamProvider, next storedProvider) maskit.Problems {
	before, after := subjectTemplate(old), subjectTemplate(next.UpstreamProvider)
	path := next.path + ".claims_imports.subject.template"
	change, same := sameSubject(before, after)
	switch {
	case !same:
		return maskit.Problems{{
			Path: path, Code: "subject-template-changed",
			Message: "links go by the subject: unless the template renders the same for everyone, their links are orphaned",
			Hint:    "keep the template: a gate is told apart from the subject if both were written by claims.Require; accept the finding only if the provider has no links yet, or if everybody keeps their subject",
		}}
	case isGated(before) && !isGated(after):
		return maskit.Problems{{
			Path: path, Code: "gate-removed", Severity: maskit.SeverityWarning,
			Message: "there is no gate any more; " + change.String(),
			Hint:    "keep it, unless the provider itself turns others away, as a login flow of Keycloak does",
		}}
	case change.String() != "":
		return maskit.Problems{{
			Path: path, Code: "gate-changed", Severity: maskit.SeverityInfo,
			Message: "another gate before the same subject: " + change.String(),
			Hint:    "links stay; sessions of people who are turned away live on until they are ended",
		}}
	}
	return nil
}

// compareClientIDs judges another client. Some vendors give each client subjects of its own.
func compareClientIDs(old UpstreamProvider, next storedProvider) maskit.Problems {
	if old.ClientID == next.ClientID {
		return nil
	}
	p := maskit.Problem{
		Path: next.path + ".client_id", Code: "provider-client-changed", Severity: maskit.SeverityWarning,
		Message: "providers with pairwise subjects, such as Entra ID, give each client other ones, which orphans the links",
		Hint:    "make sure that the provider uses public subjects",
	}
	if isPairwise(old) && strings.Contains(subjectTemplate(old), "user.sub") {
		p.Severity = maskit.SeverityError
		p.Message = "this provider gives each client subjects of its own: the links of all users are orphaned"
		p.Hint = "keep the client, or accept the finding if it has no links yet"
	}
	return maskit.Problems{p}
}

// isPairwise reports whether the claim sub is known to be one of the client: Entra ID
// (reference of ID token claims) and Facebook (app-scoped ids). Apple's is one of the team.
func isPairwise(p UpstreamProvider) bool {
	u, err := url.Parse(cmp.Or(p.Issuer, p.AuthorizationEndpoint))
	if err != nil {
		return false
	}
	switch u.Hostname() {
	case "login.microsoftonline.com", "login.microsoftonline.us", "login.partner.microsoftonline.cn", "www.facebook.com":
		return true
	}
	return strings.HasSuffix(u.Hostname(), ".ciamlogin.com")
}
