package routes

import (
	"slices"
	"strings"

	"github.com/maskit-dev/maskit"
)

// share is what one backend gets of one host: the unit of objects that can stand
// in one namespace only, and of routers that know one backend only.
type share struct {
	// name is compat, synapse or account.
	name      string
	host      string
	to        Backend
	addPrefix string
	// rows are the rows of the table that say so, in order.
	rows []Row
	// denied are the rows before them that take something away from them.
	denied []Row
}

// shares splits the table. Of two shares that both cover a path, the first one is
// meant; its prefix is also the longer one.
func (t Table) shares() []share {
	var shares []share
	denied := map[Host][]Row{}
	for _, row := range t.Rows {
		if row.To == Denied {
			denied[row.Host] = append(denied[row.Host], row)
			continue
		}
		name := row.shareName()
		if len(shares) == 0 || shares[len(shares)-1].name != name {
			shares = append(shares, share{name: name, host: t.hostName(row.Host), to: row.To, addPrefix: row.AddPrefix})
		}
		last := &shares[len(shares)-1]
		last.rows = append(last.rows, row)
		for _, d := range denied[row.Host] {
			known := slices.ContainsFunc(last.denied, func(r Row) bool { return r.Pattern.String() == d.Pattern.String() })
			if !known && overlap(d.Pattern, row.Pattern) {
				last.denied = append(last.denied, d)
			}
		}
	}
	return shares
}

func (r Row) shareName() string {
	switch {
	case r.To == Synapse:
		return "synapse"
	case len(r.Pattern.Elements) > 0 && slices.Contains(r.Pattern.Elements[0], "_matrix"):
		return "compat"
	default:
		return "account"
	}
}

func (t Table) hostName(host Host) string {
	if host == Account {
		return t.AccountHost
	}
	return t.ClientAPIHost
}

// overlap reports whether some path can match both patterns.
func overlap(a, b Pattern) bool {
	if a.Kind == DotSegments || b.Kind == DotSegments {
		return true
	}
	return slices.ContainsFunc(a.Paths(), b.Match) || slices.ContainsFunc(b.Paths(), a.Match)
}

// prefixes are the shortest paths that, read as prefixes, cover the share: for the
// Matrix paths of MAS the twelve of {api/v1,r0,v3,unstable} × {login,logout,refresh}.
func (s share) prefixes() []string { return shortest(s.rows) }

// deniedRows are the paths within the share that shall get no answer. Dots are
// left out: what speaks of prefixes resolves them before it compares, or never.
func (s share) deniedRows() []Row {
	return slices.DeleteFunc(slices.Clone(s.denied), func(r Row) bool { return r.Pattern.Kind == DotSegments })
}

func (s share) deniedPrefixes() []string { return shortest(s.deniedRows()) }

func shortest(rows []Row) []string {
	var all []string
	for _, row := range rows {
		all = append(all, row.Pattern.Paths()...)
	}
	var out []string
	for _, path := range all {
		covered := slices.ContainsFunc(all, func(other string) bool { return path != other && below(other).Match(path) })
		if !covered && !slices.Contains(out, path) {
			out = append(out, path)
		}
	}
	return out
}

// undeniable reports, for a kind of object that cannot deny, what stays open.
func undeniable(kind string, shares []share) maskit.Problems {
	var open []string
	for _, s := range shares {
		for _, path := range s.deniedPrefixes() {
			open = append(open, s.host+path)
		}
	}
	if len(open) == 0 {
		return nil
	}
	return maskit.Problems{info("", "deny-inexpressible",
		kind+" cannot deny paths within a prefix, so that these reach MAS: "+strings.Join(open, " "),
		"mount the resources health, prometheus, connection-info and adminapi on no listener that serves people; MAS then answers 404")}
}

func info(path, code, message, hint string) maskit.Problem {
	p := problem(path, code, message, hint)
	p.Severity = maskit.SeverityInfo
	return p
}
