package oidc

import (
	"slices"
	"strings"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/upstream"
)

// Preset is what the module of a vendor makes of its settings: the generic provider that
// they stand for. Its Entry is that of the module:
//
//	func (c Config) Entry(env upstream.Env) (upstream.Entry, maskit.Problems) {
//		return oidc.Preset{
//			Config:      c.oidc(),
//			Problems:    c.problems(),
//			Derived:     []string{"issuer"},
//			Acknowledge: c.Acknowledge,
//		}.Entry(env)
//	}
type Preset struct {
	// Config is the generic provider. Its Sources are taken as they are: a claim that
	// they do not name is one that the vendor does not send. Its Acknowledge is not read.
	Config Config
	// Problems are those of the vendor's own settings, under their own keys.
	Problems maskit.Problems
	// Derived are keys of Config that the module makes of its own settings, such as issuer.
	// Problems there are left out if Problems has an error, which is their cause.
	Derived []string
	// Acknowledge are those of the module's configuration.
	Acknowledge []maskit.Ack
}

// Entry returns the entry and the problems of both, those of the vendor first.
func (p Preset) Entry(env upstream.Env) (upstream.Entry, maskit.Problems) {
	entry, generic := p.Config.build(env)
	if p.Problems.Err() != nil {
		generic = slices.DeleteFunc(generic, func(g maskit.Problem) bool { return p.derives(g.Path) })
	}
	return entry, slices.Concat(p.Problems, p.underScopes(generic)).Accept(p.Acknowledge...)
}

// underScopes moves the problem that there are no claims to the key that the caller can
// mend: whether userinfo is fetched is the module's choice. Where the module says itself what
// the scopes lack, it leaves out what follows from that.
func (p Preset) underScopes(generic maskit.Problems) maskit.Problems {
	said := covered("scopes", p.Problems.Only(maskit.SeverityError))
	var out maskit.Problems
	for _, g := range generic {
		noClaims := g.Path == "fetch_userinfo" && g.Code == "no-claims"
		noSubject := g.Path == "claims.subject" && g.Code == "required"
		if said && (noClaims || noSubject) {
			continue
		}
		if noClaims {
			g.Path, g.Code = "scopes", "scope-no-openid"
			g.Message, g.Hint = "lacks openid, without which there are no claims", "add openid"
		}
		out = append(out, g)
	}
	return out
}

func (p Preset) derives(path string) bool {
	return slices.ContainsFunc(p.Derived, func(key string) bool {
		rest, below := strings.CutPrefix(path, key)
		return below && (rest == "" || rest[0] == '.' || rest[0] == '[')
	})
}
