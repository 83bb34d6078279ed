package main

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/maskit-dev/maskit/examples/internal/plantext"
	"github.com/maskit-dev/maskit/keycloak"
)

func (j job) print(lines ...string) error {
	_, err := fmt.Fprintln(j.out, strings.Join(lines, "\n"))
	return err
}

func (j job) printJSON(value any) error {
	encoder := json.NewEncoder(j.out)
	encoder.SetIndent("", "  ")
	encoder.SetEscapeHTML(false)
	return encoder.Encode(value)
}

// printPlan shows each field on a line of its own.
func (j job) printPlan(plan *keycloak.Plan) error {
	lines := plantext.Lines(plan)
	if plan.Empty() {
		lines = append(lines, fmt.Sprintf("Realm %s: nothing to do (%s, 0 writes).", plan.Realm, count(plan.Requests, "request")))
	} else {
		lines = append(lines, fmt.Sprintf("Realm %s: %s, %s. Looked at %s in %s.", plan.Realm,
			count(len(plan.Changes), "change"), count(len(plan.Deletions), "deletion"), count(len(plan.Objects), "object"), count(plan.Requests, "request")))
	}
	if len(plan.Deletions) > 0 && !plan.Delete {
		lines = append(lines, "Deletions are applied with -delete only.")
	}
	return j.print(lines...)
}

func (j job) printResult(done applied) error {
	r := done.Result
	var lines []string
	if r.Failed != nil {
		lines = append(lines, "Failed: "+plantext.Subject(*r.Failed))
	}
	for _, c := range r.Pending {
		lines = append(lines, "Not done: "+plantext.Subject(c))
	}
	for _, c := range r.Skipped {
		lines = append(lines, "Not deleted: "+c.Subject)
	}
	if done.SecretFile != "" {
		lines = append(lines, secretLine(done.SecretFile))
	}
	lines = append(lines, fmt.Sprintf("Applied %s in %s, %s of them.", count(len(r.Done), "change"), count(r.Requests, "request"), count(r.Writes, "write")))
	return j.print(lines...)
}

func secretLine(file string) string {
	return "The secret of the client is in " + file + ": give it to MAS."
}

func (j job) printReport(report *keycloak.Report) error {
	lines := []string{"Issuer: " + report.Issuer}
	for _, name := range slices.Sorted(maps.Keys(report.Claims)) {
		if !slices.Contains(aboutTheToken(), name) {
			lines = append(lines, fmt.Sprintf("Claim %s: %v", name, report.Claims[name]))
		}
	}
	for _, p := range report.Problems {
		lines = append(lines, p.String())
	}
	verdict := "is as the spec says, and gives MAS what it needs"
	if report.Problems.Err() != nil {
		verdict = "is not as it should be"
	}
	return j.print(append(lines, fmt.Sprintf("Realm %s %s (%s).", report.Realm, verdict, count(report.Requests, "request")))...)
}

// aboutTheToken are claims that say nothing of the user.
func aboutTheToken() []string {
	return []string{"acr", "at_hash", "aud", "auth_time", "azp", "exp", "iat", "iss", "jti", "nbf", "sid", "typ"}
}

// count is a number with its noun.
func count(n int, noun string) string {
	if n != 1 {
		noun += "s"
	}
	return fmt.Sprintf("%d %s", n, noun)
}
