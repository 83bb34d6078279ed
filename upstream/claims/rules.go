package claims

import (
	"cmp"
	"slices"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/internal/gate"
	"github.com/maskit-dev/maskit/mas"
	"github.com/maskit-dev/maskit/upstream/internal/check"
)

// Rules says what becomes of the claims of a provider. The zero value is safe: people
// are told apart by the claim sub, may edit the suggested user name, never get the
// account of somebody else, and bring only verified addresses along.
type Rules struct {
	// Subject is the claim that identifies a person at the provider, for good: another
	// one orphans every link. Default: sub.
	Subject string `yaml:"subject"`
	// Require says who may log in. Default: everybody whom the provider lets in.
	Require Require `yaml:"require"`
	// Localpart makes the user name.
	Localpart Localpart `yaml:"localpart"`
	// DisplayName makes the display name.
	DisplayName DisplayName `yaml:"display_name"`
	// Email imports the address.
	Email Email `yaml:"email"`
	// AccountName is the claim that labels the link between the accounts, for
	// administrators. Default: preferred_username.
	AccountName string `yaml:"account_name"`
	// SkipConfirmation creates accounts without showing a page (MAS 1.8). It needs the
	// localpart action require, and neither e-mail nor display name on suggest. MAS then
	// checks no e-mail and address bans, and records no acceptance of terms of service.
	SkipConfirmation bool `yaml:"skip_confirmation"`
}

// WithDefaults returns a copy in which every field that is not set has the value
// of d. A module applies its own defaults by it, before Imports applies the general ones.
// What d says of switches is not taken, because nobody could switch them off again:
// SkipConfirmation stays as it is, and Localpart.BeforeAt, which is about the claim, comes
// with the claim of d only.
func (r Rules) WithDefaults(d Rules) Rules {
	return Rules{
		Subject:          cmp.Or(r.Subject, d.Subject),
		Require:          r.Require.withDefaults(d.Require),
		Localpart:        r.Localpart.withDefaults(d.Localpart),
		DisplayName:      r.DisplayName.withDefaults(d.DisplayName),
		Email:            r.Email.withDefaults(d.Email),
		AccountName:      cmp.Or(r.AccountName, d.AccountName),
		SkipConfirmation: r.SkipConfirmation,
	}
}

func generalDefaults() Rules {
	return Rules{
		Subject:     "sub",
		Localpart:   Localpart{Action: mas.ImportSuggest, Claim: "preferred_username", Policy: LocalpartStrict},
		DisplayName: DisplayName{Action: mas.ImportForce, Claims: []string{"name", "preferred_username"}},
		Email:       Email{Action: mas.ImportForce, Trust: TrustVerified, Claim: "email", VerifiedClaim: "email_verified"},
		AccountName: "preferred_username",
	}
}

// Imports compiles the rules into MAS's claims_imports and reports everything that
// is wrong with them. The sources say where the provider has what.
func (r Rules) Imports(s Sources) (mas.ClaimsImports, maskit.Problems) {
	r = r.WithDefaults(generalDefaults())
	subject := gate.Gate{Subject: r.subject(s), Conditions: r.conditions(s)}
	return mas.ClaimsImports{
		Subject:          mas.SubjectImport{Template: subject.Template()},
		SkipConfirmation: r.SkipConfirmation,
		Localpart:        r.Localpart.entry(r.Email, s),
		Displayname:      r.DisplayName.entry(s),
		Email:            r.Email.entry(),
		AccountName:      mas.AccountNameImport{Template: optional(claim(r.AccountName))},
	}, r.problems(s)
}

// subject writes the claim sub as MAS's own default does, so that it stays equal to that
// of a deployment which never set it. MAS has checked that an ID token has a sub. Of any
// other claim a null must not become the text "none", which would be one account for
// everybody; an empty subject refuses the login.
func (r Rules) subject(s Sources) expr {
	id := claim(r.Subject)
	switch {
	case s.SubjectScope != "":
		scope := claim(s.SubjectScope)
		return onlyIf(scope+" and "+id, scope+" ~ '.' ~ "+id)
	case r.Subject == "sub" && !s.Unsigned:
		return id
	}
	return id + " or ''"
}

func (r Rules) problems(s Sources) maskit.Problems {
	return slices.Concat(
		check.Text("claims.subject", r.Subject),
		r.subjectProblems(),
		s.problems(),
		r.requireProblems(s),
		r.Localpart.problems(r.Email, s),
		r.DisplayName.problems(),
		r.Email.problems(),
		check.Text("claims.account_name", r.AccountName),
		r.confirmationProblems(),
	)
}

// subjectProblems refuses claims that people can edit or that pass from one person
// to another: who has the value has the account.
func (r Rules) subjectProblems() maskit.Problems {
	switch {
	case isShared(r.Subject):
		return maskit.Problems{{
			Path: "claims.subject", Code: "subject-shared",
			Message: "is a claim that many people have alike: they would all get one account",
			Hint:    "use sub, or another id that is given out once",
		}}
	case isMutable(r.Subject):
		return maskit.Problems{{
			Path: "claims.subject", Code: "subject-mutable",
			Message: "is a claim that can change or pass to another person, who then gets the account",
			Hint:    "use sub, or another id that is given out once; acknowledge it only to keep the links of a running deployment",
		}}
	}
	return nil
}

func (r Rules) confirmationProblems() maskit.Problems {
	if !r.SkipConfirmation {
		return nil
	}
	var problems maskit.Problems
	for _, rule := range []struct {
		path, message, fix string
		broken             bool
	}{
		{"localpart", "people would have to choose a name", "require", r.Localpart.Action != mas.ImportRequire},
		{"display_name", "people would be asked about their display name", "force", r.DisplayName.Action != mas.ImportForce && r.DisplayName.Action != mas.ImportRequire},
		{"email", "people would be asked about their e-mail address", "force", r.Email.Action == mas.ImportSuggest},
	} {
		if rule.broken {
			problems = append(problems, maskit.Problem{
				Path: "claims." + rule.path + ".action", Code: "needs-action",
				Message: rule.message + ", but skip_confirmation leaves no page for it",
				Hint:    "set it to " + rule.fix + ", or remove claims.skip_confirmation",
			})
		}
	}
	return problems
}
