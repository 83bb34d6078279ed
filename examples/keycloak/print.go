package main

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/maskit-dev/maskit"
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
	var lines []string
	for _, c := range append(append(maskit.Changes{}, plan.Changes...), plan.Deletions...) {
		lines = append(lines, subject(c))
		for _, field := range c.Fields {
			lines = append(lines, fieldLines(field)...)
		}
	}
	lines = append(lines, problemLines(plan.Problems)...)
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

// fieldLines is a field on one line, or a list that is too long for that like a diff.
func fieldLines(field maskit.FieldChange) []string {
	const wide = 160
	before, ok := field.Before.([]string)
	after, okAfter := field.After.([]string)
	if line := "    " + field.String(); !ok && !okAfter || len(line) <= wide {
		return []string{line}
	}
	lines := []string{"    " + field.Path + ":"}
	for _, item := range before {
		lines = append(lines, "      - "+item)
	}
	for _, item := range after {
		lines = append(lines, "      + "+item)
	}
	return lines
}

func (j job) printResult(done applied) error {
	r := done.Result
	var lines []string
	if r.Failed != nil {
		lines = append(lines, "Failed: "+subject(*r.Failed))
	}
	for _, c := range r.Pending {
		lines = append(lines, "Not done: "+subject(c))
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

// subject is a change without its fields, which the plan has shown.
func subject(c maskit.Change) string {
	c.Fields = nil
	return c.String()
}

func problemLines(problems maskit.Problems) []string {
	lines := make([]string, len(problems))
	for i, p := range problems {
		lines[i] = p.String()
	}
	return lines
}

func (j job) printReport(report *keycloak.Report) error {
	lines := []string{"Issuer: " + report.Issuer}
	for _, name := range slices.Sorted(maps.Keys(report.Claims)) {
		if !slices.Contains(aboutTheToken(), name) {
			lines = append(lines, fmt.Sprintf("Claim %s: %v", name, report.Claims[name]))
		}
	}
	lines = append(lines, problemLines(report.Problems)...)
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
