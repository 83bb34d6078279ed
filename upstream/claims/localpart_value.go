package claims

import (
	"strings"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/mas"
)

// valueProblems judges where the name comes from.
func (l Localpart) valueProblems(email Email, s Sources) maskit.Problems {
	const path = "claims.localpart."
	problems := textsProblems(path+"domains", l.Domains)
	problems = append(problems, domainProblems(path+"domains", l.Domains)...)
	for _, rule := range []struct {
		broken  bool
		problem maskit.Problem
	}{
		{l.FromEmail && l.Claim != "", maskit.Problem{
			Path: path + "claim", Code: "both-set", Message: "is set while the name comes from the e-mail address",
			Hint: "keep one of claim and from_email",
		}},
		{l.FromEmail && email.Trust == TrustNever && l.Action != mas.ImportIgnore, maskit.Problem{
			Path: path + "from_email", Code: "email-never-trusted", Message: "takes the name from an address while none is trusted",
			Hint: "remove it, or set claims.email.trust",
		}},
		{l.MembersOnly && s.Member.Claim == "", maskit.Problem{
			Path: path + "members_only", Code: "members-unknown", Message: "needs a claim that tells members from guests, which the provider does not send",
			Hint: "remove it",
		}},
	} {
		if rule.broken {
			problems = append(problems, rule.problem)
		}
	}
	return problems
}

// maxPrefix leaves room for the name itself.
const maxPrefix = 64

// prefixProblems allows what a user name may begin with. Synapse reserves the underscore.
func (l Localpart) prefixProblems() maskit.Problems {
	illegal := func(r rune) bool { return !strings.ContainsRune("abcdefghijklmnopqrstuvwxyz0123456789._=/+-", r) }
	if !strings.ContainsFunc(l.Prefix, illegal) && !strings.HasPrefix(l.Prefix, "_") && len(l.Prefix) <= maxPrefix {
		return nil
	}
	return maskit.Problems{{
		Path: "claims.localpart.prefix", Code: "prefix-invalid", Message: "is nothing that a user name can begin with",
		Hint: "at most 64 of a-z, 0-9 and . _ = / + -, the first no underscore",
	}}
}
