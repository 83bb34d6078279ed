package claims

import (
	"cmp"
	"slices"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/internal/claimexpr"
	"github.com/maskit-dev/maskit/mas"
	"github.com/maskit-dev/maskit/upstream/internal/check"
)

// LocalpartPolicy says what happens to characters that a Matrix user name may not
// have: anything but a-z, 0-9 and . _ = / + - (MAS's registration policy).
type LocalpartPolicy string

// The policies. Both write the value in lower case.
const (
	// LocalpartStrict gives no name at all if there is such a character.
	LocalpartStrict LocalpartPolicy = "strict"
	// LocalpartSanitize drops such characters and leading underscores, and puts a u
	// before a name of digits only. Different people can get the same name.
	LocalpartSanitize LocalpartPolicy = "sanitize"
)

// Localpart says how the Matrix user name is made. It cannot be changed afterwards.
type Localpart struct {
	// Action says how the name is used. With require a login that gives no name fails
	// with an error page; with suggest people can choose another. Default: suggest, if
	// the provider's module states no other.
	Action mas.ImportAction `yaml:"action"`
	// Claim is where the name comes from. Default: preferred_username.
	Claim string `yaml:"claim"`
	// BeforeAt takes only what stands before the first @ of the claim. People of
	// different domains can get the same name.
	BeforeAt bool `yaml:"before_at"`
	// FromEmail takes what stands before the @ of the e-mail address, of those that
	// claims.email trusts. It takes the place of Claim.
	FromEmail bool `yaml:"from_email"`
	// Domains gives a name only to values that end in an @ and one of these domains, in
	// lower case, and takes what stands before it. With more than one, people can get the
	// same name. Default: any value.
	Domains []string `yaml:"domains"`
	// MembersOnly gives no name to guests of the organisation, at providers that tell them
	// apart. It is no gate: guests log in, too, if the action lets them choose a name.
	MembersOnly bool `yaml:"members_only"`
	// Prefix comes before every name, such as "ext-". Default: none.
	Prefix string `yaml:"prefix"`
	// Policy says what happens to illegal characters. Default: strict.
	Policy LocalpartPolicy `yaml:"policy"`
	// OnConflict says what happens when a new login gives a name that a Matrix user
	// has. Default: fail. Anything else hands that account to whoever has the name at
	// the provider, and must be acknowledged: it is safe only if the provider is the
	// one authority for names, people cannot edit them or register themselves, and no
	// name is ever given to a second person.
	OnConflict mas.OnConflict `yaml:"on_conflict"`
}

func (l Localpart) withDefaults(d Localpart) Localpart {
	l.Action = cmp.Or(l.Action, d.Action)
	if l.Claim == "" && !l.FromEmail {
		l.Claim, l.BeforeAt, l.FromEmail = d.Claim, l.BeforeAt || d.BeforeAt, d.FromEmail
	}
	if len(l.Domains) == 0 {
		l.Domains = d.Domains
	}
	l.Domains = slices.Clone(l.Domains)
	l.Prefix = cmp.Or(l.Prefix, d.Prefix)
	l.Policy = cmp.Or(l.Policy, d.Policy)
	l.OnConflict = cmp.Or(l.OnConflict, d.OnConflict)
	return l
}

func (l Localpart) template(email Email, s Sources) string {
	e := l.value(email)
	if l.MembersOnly && s.Member.Claim != "" {
		e = onlyIf(isMember(s.Member), e)
	}
	if l.Policy == LocalpartSanitize {
		return sanitized(e, l.Prefix)
	}
	return strict(e, l.Prefix)
}

// value is what the policy is applied to.
func (l Localpart) value(email Email) expr {
	e := claim(cmp.Or(l.Claim, email.Claim))
	switch {
	case len(l.Domains) > 0:
		e = beforeDomain(e, l.Domains)
	case l.BeforeAt || l.FromEmail:
		e = beforeAt(e)
	}
	if verified := email.verifiedClaim(); l.FromEmail && verified != "" {
		e = onlyIf(claim(verified)+claimexpr.IsTrue, e)
	}
	return e
}

func (l Localpart) entry(email Email, s Sources) mas.LocalpartImport {
	if l.Action == mas.ImportIgnore {
		return mas.LocalpartImport{Action: l.Action}
	}
	return mas.LocalpartImport{Action: l.Action, Template: l.template(email, s), OnConflict: l.OnConflict}
}

// lossy reports whether two people whom the provider tells apart can get one name.
func (l Localpart) lossy(s Sources) bool {
	short := (l.BeforeAt || l.FromEmail) && len(l.Domains) != 1 || len(l.Domains) > 1
	return short || s.NamesChange || l.Policy == LocalpartSanitize || isShared(l.Claim) || isPersonal(l.Claim)
}

func (l Localpart) problems(email Email, s Sources) maskit.Problems {
	const path = "claims.localpart."
	problems := check.OneOf(path+"action", l.Action, mas.ImportIgnore, mas.ImportSuggest, mas.ImportForce, mas.ImportRequire)
	problems = append(problems, check.Text(path+"claim", l.Claim)...)
	problems = append(problems, check.OneOf(path+"policy", l.Policy, LocalpartStrict, LocalpartSanitize)...)
	problems = append(problems, l.valueProblems(email, s)...)
	problems = append(problems, l.prefixProblems()...)
	return append(problems, l.conflictProblems(s)...)
}

// conflictProblems guards existing accounts. MAS compares names, never e-mail
// addresses, so whoever can have a name at the provider gets its account.
func (l Localpart) conflictProblems(s Sources) maskit.Problems {
	const path = "claims.localpart.on_conflict"
	unknown := check.OneOf(path, l.OnConflict, mas.ConflictFail, mas.ConflictAdd, mas.ConflictReplace, mas.ConflictSet)
	switch {
	case unknown != nil:
		return unknown
	case l.OnConflict == "" || l.OnConflict == mas.ConflictFail:
		return nil
	case l.Action != mas.ImportForce && l.Action != mas.ImportRequire:
		return maskit.Problems{{
			Path: path, Code: "needs-action",
			Message: "linking to existing accounts works only with names that people cannot edit",
			Hint:    "set claims.localpart.action to require",
		}}
	case l.lossy(s):
		return maskit.Problems{{
			Path: path, Code: "account-takeover",
			Message: "different people can get the same name, and the later one gets the account of the earlier",
			Hint:    "use a claim that no two people share and the policy strict without before_at, or set on_conflict to fail; acknowledge it only if no two people can have such names",
		}}
	}
	return maskit.Problems{{
		Path: path, Code: "links-by-name",
		Message: "whoever has a name at the provider gets the existing Matrix account of that name",
		Hint:    "acknowledge it if the provider is the one authority for names, and people can neither edit them, nor register themselves, nor get the name of a former user",
	}}
}
