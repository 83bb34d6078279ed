package upstream

import (
	"fmt"
	"strings"
)

// String shows the explanation to people, over several lines.
func (e Explanation) String() string {
	var b strings.Builder
	outcome := string(e.Outcome)
	if e.Outcome == OutcomeUnknown {
		outcome = "cannot be predicted"
	}
	fmt.Fprintf(&b, "outcome:      %s", outcome)
	if e.Status != 0 {
		fmt.Fprintf(&b, " (HTTP %d)", e.Status)
	}
	if e.Reason != "" {
		fmt.Fprintf(&b, ": %s", e.Reason)
	}
	b.WriteByte('\n')
	for _, line := range []struct {
		name  string
		field Field
	}{
		{"subject", e.Subject}, {"localpart", e.Localpart}, {"displayname", e.DisplayName}, {"email", e.Email}, {"account name", e.AccountName},
	} {
		if text := line.field.describe(); text != "" {
			fmt.Fprintf(&b, "%-13s %s\n", line.name+":", text)
		}
	}
	for _, step := range []struct {
		shown bool
		text  string
	}{
		{e.Form, "a page to confirm the account"},
		{e.DisplayNameStep, "a step that asks for a display name"},
		{e.RegistrationToken, "a step that asks for a registration token"},
	} {
		if step.shown {
			fmt.Fprintf(&b, "%-13s %s\n", "shown:", step.text)
		}
	}
	return b.String()
}

// describe is one line, empty if the claim plays no part.
func (f Field) describe() string {
	var parts []string
	if f.Value != "" {
		parts = append(parts, fmt.Sprintf("%q", f.Value))
	}
	if f.Use != UseNone {
		parts = append(parts, string(f.Use))
	}
	if f.Note != "" {
		parts = append(parts, f.Note)
	}
	return strings.Join(parts, ", ")
}
