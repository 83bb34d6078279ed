package mapping

import (
	"slices"
	"strings"

	"github.com/maskit-dev/maskit/internal/claimexpr"
)

// PlainClaim is the claim that the template prints as it is; false if it does more.
func (t Template) PlainClaim() ([]string, bool) {
	if len(t) != 1 || len(t[0].Claim) == 0 || len(t[0].Filters) > 0 {
		return nil, false
	}
	return t[0].Claim, true
}

// Lowered is the template with all that it prints in lower case.
func (t Template) Lowered() Template {
	lowered := slices.Clone(t)
	for i, p := range lowered {
		lowered[i].Text = strings.ToLower(p.Text)
		if len(p.Claim) > 0 {
			lowered[i].Filters = append(slices.Clone(p.Filters), lower)
		}
	}
	return lowered
}

// IsLossy reports whether it gives one text for claims that differ in more than case.
func (t Template) IsLossy() bool {
	return slices.ContainsFunc(t, func(p Piece) bool { return slices.Contains(p.Filters, local) })
}

// Expr is the expression that renders the same in MAS: nothing for a claim that is not
// there or null, and no white space at its ends.
func (t Template) Expr() claimexpr.Expr {
	if len(t) == 1 && len(t[0].Claim) > 0 {
		return t[0].expr()
	}
	parts := make([]string, len(t))
	for i, p := range t {
		parts[i] = string(p.operand())
	}
	return claimexpr.Expr("(" + strings.Join(parts, " ~ ") + ") | trim")
}

func (p Piece) operand() claimexpr.Expr {
	if len(p.Claim) == 0 {
		return claimexpr.Literal(p.Text)
	}
	return "(" + p.expr() + ")"
}

func (p Piece) expr() claimexpr.Expr {
	e := claimexpr.Claim(p.Claim...) + " or ''"
	for _, filter := range p.Filters {
		if filter == local {
			filter = "split('@') | first"
		}
		e = "(" + e + ") | " + claimexpr.Expr(filter)
	}
	return e
}
