package upstream

import (
	"fmt"
	"slices"
	"strings"

	"github.com/maskit-dev/maskit/internal/gate"
	"github.com/maskit-dev/maskit/internal/jinja"
	"github.com/maskit-dev/maskit/mas"
)

// end is how the login ends.
func (x *explaining) end(outcome Outcome, status int, format string, args ...any) {
	if x.blind {
		return
	}
	x.result.Outcome, x.result.Status = outcome, status
	x.result.Reason = fmt.Sprintf(format, args...)
}

// checkSubject reports whether the login ends with the subject.
func (x *explaining) checkSubject() bool {
	subject := &x.result.Subject
	subject.Use = UseStored
	switch {
	case x.blind:
		return true
	case subject.Error != "":
		subject.Use = UseFailed
		x.end(OutcomeSubjectFailed, 400, "the subject cannot be rendered: %s", subject.Error)
	case subject.Value == "":
		subject.Use = UseFailed
		x.result.DeniedBy = x.deniedBy()
		x.end(OutcomeDenied, 400, "the subject is empty%s", x.denial())
	default:
		if x.result.AccountName.Value != "" {
			x.result.AccountName.Use = UseStored
		}
		return false
	}
	return true
}

// deniedBy tries the conditions of the gate one by one.
func (x *explaining) deniedBy() []Requirement {
	g, ok := gate.Parse(x.entry.ClaimsImports.Subject.Template)
	if !ok {
		return nil
	}
	var denied []Requirement
	for _, c := range g.Conditions {
		one := gate.Gate{Subject: "'x'", Conditions: []gate.Condition{c}}
		t, err := jinja.Compile(one.Template())
		if err != nil {
			continue
		}
		if out, err := t.Render(x.vars); err != nil || out.Text == "" {
			denied = append(denied, Requirement{Claim: c.Claim, Names: c.Names})
		}
	}
	return denied
}

// denial says what the person lacks.
func (x *explaining) denial() string {
	parts := make([]string, 0, len(x.result.DeniedBy))
	for _, r := range x.result.DeniedBy {
		parts = append(parts, fmt.Sprintf("%s has none of %s", claimPath(r.Claim), strings.Join(r.Names, ", ")))
	}
	reasons := ""
	if len(parts) > 0 {
		reasons = ": the gate refuses, because " + strings.Join(parts, ", and ")
	}
	if absent := describeAbsent(x.result.Subject.Absent, x.sources()); absent != "" {
		reasons += "; " + absent
	}
	return reasons
}

func claimPath(claim []string) string { return "user." + strings.Join(claim, ".") }

// sources names where claims come from.
func (x *explaining) sources() string {
	if x.entry.FetchUserinfo {
		return "the ID token or userinfo"
	}
	return "the ID token"
}

func describeAbsent(absent []AbsentClaim, sources string) string {
	parts := make([]string, 0, len(absent))
	for _, a := range absent {
		if a.Null {
			parts = append(parts, a.Path+" is null")
		} else {
			parts = append(parts, a.Path+" is not in "+sources)
		}
	}
	return strings.Join(parts, ", ")
}

// because is what an empty field is due to.
func (x *explaining) because(f Field) string {
	if f.Error != "" {
		return "fails to render: " + f.Error
	}
	if absent := describeAbsent(f.Absent, x.sources()); absent != "" {
		return "is empty: " + absent
	}
	return "is empty"
}

func (x *explaining) linked(subject string) *Account {
	for i, account := range x.explainer.Accounts {
		if slices.Contains(account.Subjects, subject) {
			return &x.explainer.Accounts[i]
		}
	}
	return nil
}

// returns is a login of somebody who is linked.
func (x *explaining) returns(account Account) {
	x.result.AccountName.Use = UseNone // the link keeps its label
	if account.Inactive {
		x.end(OutcomeAccountInactive, 200, "the account %s is locked or deactivated", account.Localpart)
		return
	}
	x.result.User = account.Localpart
	x.end(OutcomeLoggedIn, 0, "the subject is linked to %s: nothing is imported", account.Localpart)
}

// register is a login of somebody new.
func (x *explaining) register() {
	if x.blind || x.lacksRequired() || x.takesName() {
		return
	}
	imports := x.entry.ClaimsImports
	x.result.Form = !imports.SkipConfirmation || imports.Localpart.Action != mas.ImportRequire
	x.use(&x.result.DisplayName)
	x.use(&x.result.Email)
	x.result.RegistrationToken = x.entry.RegistrationTokenRequired
	if x.checkEmail(); x.result.Outcome != OutcomeUnknown {
		return
	}
	if x.result.DisplayName.Use == UseNone {
		x.result.DisplayNameStep, x.result.DisplayName.Use = true, UseAsked
	}
	if x.result.Localpart.Use == UseForced {
		x.result.User = x.result.Localpart.Value
	}
	x.end(OutcomeRegistered, 0, "a new account is created")
}

// lacksRequired reports a required claim that there is not, in the order in which MAS
// renders them.
func (x *explaining) lacksRequired() bool {
	for _, f := range []struct {
		name  string
		field *Field
	}{{"displayname", &x.result.DisplayName}, {"email", &x.result.Email}, {"localpart", &x.result.Localpart}} {
		if f.field.Action == mas.ImportRequire && (f.field.Error != "" || f.field.Value == "") {
			f.field.Use = UseFailed
			x.end(OutcomeClaimRequired, 500, "the %s is required, but %s", f.name, x.because(*f.field))
			return true
		}
	}
	return false
}

// use says what becomes of a claim other than the name.
func (x *explaining) use(f *Field) {
	switch {
	case f.Error != "" || f.Value == "":
		if f.Action != mas.ImportIgnore {
			f.Note = x.because(*f)
		}
	case f.Action == mas.ImportSuggest:
		f.Use = UsePrefilled
	case f.Action == mas.ImportForce, f.Action == mas.ImportRequire:
		f.Use = UseForced
	}
}

func (x *explaining) checkEmail() {
	email := &x.result.Email
	if email.Use == UseNone {
		return
	}
	if before, after, ok := strings.Cut(email.Value, "@"); !ok || before == "" || after == "" || strings.ContainsAny(email.Value, " \t\r\n") {
		x.warn("claims_imports.email.template", "email-invalid", "what it renders is no address, but is stored as a verified one: Synapse then refuses every update of the user",
			"render nothing unless the claim is an address")
	}
	for _, account := range x.explainer.Accounts {
		inUse := slices.ContainsFunc(account.Emails, func(other string) bool { return sameLetters(other, email.Value) })
		switch {
		case !inUse:
		case email.Use == UsePrefilled:
			email.Note = "the account " + account.Localpart + " has it: only who leaves it out can sign up"
		default:
			email.Use = UseFailed
			x.end(OutcomeEmailInUse, 200, "the account %s has the e-mail address", account.Localpart)
		}
	}
}
