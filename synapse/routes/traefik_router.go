package routes

import "strings"

// traefikPriority is that of the last router. Traefik's own choice is the length of the
// rule, which is shorter, so that these win over a catch-all router for the same host.
const traefikPriority = 1000

// traefikRouter is a rule of Traefik for a share.
type traefikRouter struct {
	share
	rule     string
	priority int
}

// traefikRouters writes a rule for each share: the host, one of the paths, and none
// of those that are denied before. Traefik knows no router that denies; what no
// rule takes gets 404.
func (t Table) traefikRouters() []traefikRouter {
	shares := t.shares()
	routers := make([]traefikRouter, len(shares))
	for i, s := range shares {
		rule := "Host(`" + s.host + "`) && " + pathRegexps(s.rows)
		if len(s.denied) > 0 {
			rule += " && !" + pathRegexps(s.denied)
		}
		routers[i] = traefikRouter{share: s, rule: rule, priority: traefikPriority + len(shares) - 1 - i}
	}
	return routers
}

// pathRegexps matches the paths of any of the rows.
func pathRegexps(rows []Row) string {
	parts := make([]string, len(rows))
	for i, row := range rows {
		parts[i] = "PathRegexp(`" + row.Pattern.Regexp() + "`)"
	}
	return "(" + strings.Join(parts, " || ") + ")"
}

// comment says what the router takes and what not.
func (r traefikRouter) comment() string {
	return "router " + r.name + " on " + r.host + "\n" + describe(r.rows) + describe(r.denied)
}
