package claims

import (
	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/internal/gate"
	"github.com/maskit-dev/maskit/upstream/internal/check"
)

// Sources says where a provider has what the rules speak of. It is a fact about the
// provider, not a wish: the module of a vendor states it.
type Sources struct {
	// Groups, Roles, Tenants and ACR are the claims that [Require] compares. One that is
	// not set is a claim that the provider does not send, and requiring it is an error.
	Groups Source `yaml:"groups"`
	// Roles are those of the application.
	Roles Source `yaml:"roles"`
	// Domains is the claim with the domain of the organisation, such as hd at Google; or,
	// by the shape address, an e-mail address.
	Domains Source `yaml:"domains"`
	// Tenants is the organisation, by its id.
	Tenants Source `yaml:"tenants"`
	// ACR is how people have signed in.
	ACR Source `yaml:"acr"`
	// Member is a claim that tells members from guests, with the values of members, for
	// [Localpart.MembersOnly].
	Member Member `yaml:"member"`
	// NameFromCallback is the parameter of the callback in which Apple sends the name, as
	// JSON, at the first login only. It comes before [DisplayName.Claims].
	NameFromCallback string `yaml:"name_from_callback"`
	// SubjectScope is a claim that comes before the subject, with a dot between, where the
	// provider's ids are unique within it only, such as the tenant.
	SubjectScope string `yaml:"subject_scope"`
	// Unsigned says that there is no ID token: nobody has checked that there is a sub.
	Unsigned bool `yaml:"-"`
	// NamesChange says that user names of the provider can be edited, or pass from one person
	// to another: linking by name then hands accounts to strangers.
	NamesChange bool `yaml:"-"`
	// Instead is what to do when something is required that the provider does not send,
	// as a hint for people.
	Instead string `yaml:"-"`
}

// Source is a claim that holds names.
type Source struct {
	// Claim is the name of the claim, and the keys inside it where it is nested, such as
	// realm_access, roles.
	Claim []string `yaml:"claim"`
	// Shape is how it holds names. Default: list.
	Shape Shape `yaml:"shape"`
	// Separator parts the names of the shape words. Default: a semicolon.
	Separator string `yaml:"separator"`
	// Scope is what MAS has to ask for so that the provider sends it: modules add it to
	// the scopes when the claim is required. Default: none.
	Scope string `yaml:"scope"`
}

// Shape is how a claim holds names.
type Shape = gate.Shape

// The shapes of claims.
const (
	// ShapeList is a list of texts.
	ShapeList = gate.List
	// ShapePaths is a list of texts that are paths, such as /staff/board: requiring /staff
	// takes those of every path below it too.
	ShapePaths = gate.Paths
	// ShapeKeys is a mapping whose keys are the names.
	ShapeKeys = gate.Keys
	// ShapeText is one text, the name itself.
	ShapeText = gate.Text
	// ShapeWords is one text with several names.
	ShapeWords = gate.Words
	// ShapeAddress is an e-mail address, believed as [Email.Trust] says.
	ShapeAddress = gate.Address
)

// Member is a claim that has one of some values for those who belong to the organisation.
type Member struct {
	Claim  string   `yaml:"claim"`
	Values []string `yaml:"values"`
}

// From is the source at a claim, and at keys inside it.
func From(shape Shape, claim ...string) Source { return Source{Claim: claim, Shape: shape} }

// StandardSources are those that most OpenID Connect providers have: lists groups and roles,
// the text acr, and the domain of the e-mail address.
func StandardSources() Sources {
	return Sources{
		Groups:  From(ShapeList, "groups"),
		Roles:   From(ShapeList, "roles"),
		Domains: From(ShapeAddress, "email"),
		ACR:     From(ShapeText, "acr"),
	}
}

// IsZero reports whether nothing is stated.
func (s Sources) IsZero() bool {
	for _, source := range []Source{s.Groups, s.Roles, s.Domains, s.Tenants, s.ACR} {
		if len(source.Claim) > 0 || source.Shape != "" {
			return false
		}
	}
	return s.Member.Claim == "" && s.NameFromCallback == "" && s.SubjectScope == ""
}

func (s Sources) problems() maskit.Problems {
	const path = "claim_sources."
	var problems maskit.Problems
	for _, named := range []struct {
		name   string
		source Source
	}{{"groups", s.Groups}, {"roles", s.Roles}, {"domains", s.Domains}, {"tenants", s.Tenants}, {"acr", s.ACR}} {
		for _, p := range named.source.problems() {
			p.Path = path + named.name + "." + p.Path
			problems = append(problems, p)
		}
	}
	problems = append(problems, check.Text(path+"member.claim", s.Member.Claim)...)
	problems = append(problems, textsProblems(path+"member.values", s.Member.Values)...)
	problems = append(problems, check.Text(path+"name_from_callback", s.NameFromCallback)...)
	return append(problems, check.Text(path+"subject_scope", s.SubjectScope)...)
}

// problems are those of one source, with paths below its key.
func (s Source) problems() maskit.Problems {
	problems := textsProblems("claim", s.Claim)
	problems = append(problems, check.OneOf("shape", s.Shape, ShapeList, ShapePaths, ShapeKeys, ShapeText, ShapeWords, ShapeAddress)...)
	if len(s.Claim) == 0 && (s.Shape != "" || s.Separator != "") {
		problems = append(problems, check.Required("claim", "", "the name of the claim")...)
	}
	return append(problems, check.Control("separator", s.Separator)...)
}

// Named is a list in the claim of that name, and no source at all if the name is empty: for
// vendors whose administrators choose the name.
func Named(claim string) Source {
	if claim == "" {
		return Source{}
	}
	return From(ShapeList, claim)
}
