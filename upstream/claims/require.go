package claims

import (
	"slices"
	"strings"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/internal/gate"
	"github.com/maskit-dev/maskit/internal/strictyaml"
	"github.com/maskit-dev/maskit/upstream/internal/check"
)

// Require says who may log in. A list takes anybody who has one of its names; of several
// lists, people need to pass each. A list that is nil is none; an empty one is a mistake.
//
// It holds at every login, since MAS renders the subject at every login, and refuses an
// empty one with the page "Subject is empty". It does not end sessions of people who
// lose a group. The claim has to come in the ID token, or in the userinfo answer if that
// is fetched; names are compared exactly.
type Require struct {
	// Groups are names of groups, as the provider sends them.
	Groups []string `yaml:"groups"`
	// Roles are names of roles.
	Roles []string `yaml:"roles"`
	// Domains are domains of organisations, in lower case, without the @.
	Domains []string `yaml:"domains"`
	// Tenants are ids of organisations.
	Tenants []string `yaml:"tenants"`
	// ACR are authentication context classes (OpenID Connect Core 1.0, section 2).
	ACR []string `yaml:"acr"`
}

// IsZero reports whether everybody may log in.
func (r Require) IsZero() bool {
	return len(r.Groups)+len(r.Roles)+len(r.Domains)+len(r.Tenants)+len(r.ACR) == 0
}

func (r Require) withDefaults(d Require) Require {
	or := func(a, b []string) []string {
		if a == nil { // an empty list is a mistake, which is reported
			a = b
		}
		return slices.Clone(a)
	}
	return Require{
		Groups: or(r.Groups, d.Groups), Roles: or(r.Roles, d.Roles), Domains: or(r.Domains, d.Domains),
		Tenants: or(r.Tenants, d.Tenants), ACR: or(r.ACR, d.ACR),
	}
}

// requirement is one list of Require, with where the provider has the names.
type requirement struct {
	key    string
	names  []string
	source Source
}

// lists are all of them, with where the provider has the names.
func (r Require) lists(s Sources) [5]requirement {
	return [...]requirement{
		{"groups", r.Groups, s.Groups},
		{"roles", r.Roles, s.Roles},
		{"domains", r.Domains, s.Domains},
		{"tenants", r.Tenants, s.Tenants},
		{"acr", r.ACR, s.ACR},
	}
}

// requirements are the lists that are not empty.
func (r Require) requirements(s Sources) []requirement {
	var out []requirement
	for _, one := range r.lists(s) {
		if len(one.names) > 0 {
			out = append(out, one)
		}
	}
	return out
}

// Scopes are those that the provider must be asked for so that it sends what is required.
func (r Require) Scopes(s Sources) []string {
	var scopes []string
	for _, one := range r.requirements(s) {
		if scope := s.scope(one.source); scope != "" && !slices.Contains(scopes, scope) {
			scopes = append(scopes, scope)
		}
	}
	return scopes
}

// scope is what a claim comes with. OpenID Connect has one for the claim email (Core 1.0,
// section 5.4).
func (s Sources) scope(source Source) string {
	if source.Scope == "" && !s.Unsigned && source.shape() == ShapeAddress && slices.Equal(source.Claim, []string{"email"}) {
		return "email"
	}
	return source.Scope
}

// conditions compiles the lists. One whose claim the provider does not send has been
// reported; it stays a gate, that nobody passes, for those who acknowledge the report.
func (r Rules) conditions(s Sources) []gate.Condition {
	var out []gate.Condition
	for _, one := range r.Require.requirements(s) {
		path := one.source.Claim
		if len(path) == 0 {
			path = []string{one.key}
		}
		c := gate.Condition{Claim: path, Shape: one.source.shape(), Names: one.names}
		switch c.Shape {
		case ShapeWords:
			c.Separator = one.source.separator()
		case ShapeAddress:
			c.Verified = r.Email.verifiedClaim()
		}
		out = append(out, c)
	}
	return out
}

func (s Source) shape() Shape {
	if s.Shape == "" {
		return ShapeList
	}
	return s.Shape
}

func (s Source) separator() string {
	if s.Separator == "" {
		return ";"
	}
	return s.Separator
}

func (r Rules) requireProblems(s Sources) maskit.Problems {
	var problems maskit.Problems
	for _, one := range r.Require.lists(s) {
		problems = append(problems, check.WhoMayLogIn("claims.require."+one.key, one.names)...)
	}
	for _, one := range r.Require.requirements(s) {
		path := "claims.require." + one.key
		problems = append(problems, textsProblems(path, one.names)...)
		problems = append(problems, r.sourceProblems(path, one, s)...)
		if one.key == "domains" {
			problems = append(problems, domainProblems(path, one.names)...)
		}
	}
	return problems
}

// sourceProblems reports a gate that would let nobody in, or the wrong people.
func (r Rules) sourceProblems(path string, one requirement, s Sources) maskit.Problems {
	switch {
	case len(one.source.Claim) == 0:
		hint := s.Instead
		if hint == "" {
			hint = "remove it, or put a provider between that sends it"
		}
		return maskit.Problems{{
			Path: path, Code: "gate-unavailable", Message: "needs a claim that the provider does not send, so nobody could log in",
			Hint: hint,
		}}
	case one.source.shape() == ShapeAddress && r.Email.Trust == TrustNever:
		return maskit.Problems{{
			Path: path, Code: "gate-untrusted", Message: "goes by the e-mail address, which claims.email.trust does not believe: anybody could write it",
			Hint: "require groups or roles, or trust the addresses if the provider vouches for them",
		}}
	case one.source.shape() == ShapeWords:
		return wordProblems(path, one)
	}
	return nil
}

// wordProblems reports names that no part of a text can be.
func wordProblems(path string, one requirement) maskit.Problems {
	var problems maskit.Problems
	for i, name := range one.names {
		if strings.Contains(name, one.source.separator()) {
			problems = append(problems, maskit.Problem{
				Path: strictyaml.ItemPath(path, i), Code: "name-impossible", Message: "holds what separates the names, so nobody has it",
				Hint: "one name per item",
			})
		}
	}
	return problems
}

func domainProblems(path string, names []string) maskit.Problems {
	var problems maskit.Problems
	for i, name := range names {
		if strings.ToLower(name) != name || strings.ContainsAny(name, "@/ ") {
			problems = append(problems, maskit.Problem{
				Path: strictyaml.ItemPath(path, i), Code: "domain-invalid", Message: "is not a domain in lower case",
				Hint: "such as example.com, without the @",
			})
		}
	}
	return problems
}

// textsProblems judges the items of a list of names.
func textsProblems(path string, texts []string) maskit.Problems {
	var problems maskit.Problems
	for i, text := range texts {
		at := strictyaml.ItemPath(path, i)
		problems = append(problems, check.Required(at, text, "remove the empty item")...)
		problems = append(problems, check.Text(at, text)...)
		if slices.Contains(texts[:i], text) {
			problems = append(problems, maskit.Problem{Path: at, Code: "duplicate", Message: "is listed twice", Hint: "remove one"})
		}
	}
	return problems
}
