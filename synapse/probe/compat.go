package probe

import (
	"fmt"
	"net/http"
	"strings"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/synapse/routes"
)

// request is a path of the client API, and how to ask for it without effect.
type request struct {
	method, path string
	change       []func(*question)
	// rare says that clients of today can do without it.
	rare bool
}

// key is where its answer is found.
func (r request) key() string { return edge + r.path }

// compatRequests ask for every path that the routing table sends to MAS. "api/v1" is
// left out: MAS does not know it either.
func compatRequests() []request {
	var requests []request
	for _, row := range compatRows() {
		for _, path := range row.Pattern.Paths() {
			path = strings.ReplaceAll(strings.TrimPrefix(path, "/"), "*", "maskit-probe")
			if strings.Contains(path, "/api/v1/") {
				continue
			}
			r := harmless(path)
			r.rare = strings.Contains(path, "/unstable/")
			requests = append(requests, r)
		}
	}
	return requests
}

// compatRows are the rows of the table for MAS's compatibility layer, which do
// not depend on the addresses of a site.
func compatRows() []routes.Row {
	example := routes.Options{Site: maskit.Site{
		ServerName: "example.com", AccountURL: "https://account.example.com/", ClientAPIURL: "https://matrix.example.com/",
		SynapseURL: "http://synapse:8008/", MASURL: "http://mas:8080/",
	}}
	table, _ := example.Table() // a test shows that it has no problems
	var rows []routes.Row
	for _, row := range table.Rows {
		if row.Host == routes.ClientAPI && row.To == routes.MAS {
			rows = append(rows, row)
		}
	}
	return rows
}

// harmless is the request that clients make, with a token that nobody has, or
// without what it needs: MAS refuses it, and nothing happens.
func harmless(path string) request {
	r := request{method: http.MethodGet, path: path}
	switch {
	case strings.HasSuffix(path, "/login"):
		r.change = []func(*question){fromBrowser}
	case strings.HasSuffix(path, "/logout"), strings.HasSuffix(path, "/logout/all"):
		r.method, r.change = http.MethodPost, []func(*question){withToken, withBody("application/json", "{}")}
	case strings.HasSuffix(path, "/refresh"):
		r.method, r.change = http.MethodPost, []func(*question){withBody("application/json", `{"refresh_token":"`+noToken()+`"}`)}
	}
	return r
}

// keptRequests ask for paths that must stay on Synapse: what clients need before
// they sign in, and what loose rules for login, logout and refresh catch too.
func keptRequests() []request {
	get := func(path string, change ...func(*question)) request {
		return request{method: http.MethodGet, path: path, change: change}
	}
	rarely := func(path string) request { return request{method: http.MethodGet, path: path, rare: true} }
	return []request{
		get(pathVersions, fromBrowser),
		get(pathMetadata),
		get(pathMetadataUnstable),
		get(pathWhoami, withToken),
		rarely("_matrix/client/v3/register"),
		rarely("_matrix/client/v1/login/get_token"),
		rarely("_matrix/client/v3/loginfoo"),
		rarely("_matrix/client/v3/user/@maskit:probe/account_data/login"),
		rarely("_matrix/client/v3/user/@maskit:probe/account_data/logout"),
		rarely("_matrix/client/v3/rooms/!maskit:probe/state/m.room.member/refresh"),
	}
}

// routes says who answered each of them, and the paths that should be closed.
func (s *sight) routes() []Route {
	var list []Route
	add := func(r request, want Responder) {
		a := s.get(r.key())
		list = append(list, Route{Method: r.method, Path: "/" + r.path, Want: want, Got: a.from(), Status: a.status()})
	}
	for _, r := range compatRequests() {
		add(r, MAS)
	}
	for _, r := range keptRequests() {
		add(r, Synapse)
	}
	for _, path := range append(guardedPaths(), pathServerVersion) {
		add(request{method: http.MethodGet, path: path}, Other)
	}
	return list
}

// stray are requests that went to the wrong place.
type stray struct {
	list  []request
	first answer
}

func (s *stray) add(r request, a answer) {
	if len(s.list) == 0 {
		s.first = a
	}
	s.list = append(s.list, r)
}

// String names a few of them.
func (s *stray) String() string {
	const shown = 3
	var names []string
	for _, r := range s.list[:min(len(s.list), shown)] {
		names = append(names, r.method+" /"+r.path)
	}
	text := strings.Join(names, ", ")
	if more := len(s.list) - shown; more > 0 {
		text += fmt.Sprintf(" and %d more", more)
	}
	return text
}

// compatRoutes: does the edge send login, logout and refresh to MAS?
func (s *sight) compatRoutes() verdict {
	if by := s.cause("client-edge"); by != "" {
		return explained(by)
	}
	if by := s.cause("delegation"); by != "" && !s.delegated().known() {
		return explained(by)
	}
	elsewhere, rare, changed, cut := s.sortCompat()
	switch {
	case len(elsewhere.list) > 0 && elsewhere.first.status() == http.StatusTooManyRequests:
		return s.limited(elsewhere)
	case len(elsewhere.list)+len(cut.list) > 0 && s.cause("edge-synapse") != "":
		return explained(s.cause("edge-synapse")) // they may have gone the same wrong way
	case len(elsewhere.list) > 0:
		return failed(HopEdgeMAS, "compat-route-missing", fmt.Sprintf("%s answers what MAS should: %s", whom(elsewhere.first), elsewhere),
			"send these paths to MAS: package synapse/routes writes the rules").at(elsewhere.first)
	case len(changed.list) > 0 && s.done["edge-mas"].code == "path-prefix":
		return explained("edge-mas").at(changed.first)
	case len(changed.list) > 0:
		return failed(HopEdgeMAS, "path-prefix", fmt.Sprintf("MAS answers 404: the path that reaches it is not the one that it serves: %s", changed),
			"pass the path on as it came, and put MAS's prefix before it if it has one (http.listeners[].prefix)").at(changed.first)
	case len(cut.list) > 0:
		return s.compatCut(cut)
	case len(rare.list) > 0:
		return warned(HopEdgeMAS, "compat-route-missing", fmt.Sprintf("%s answers what MAS should: %s", whom(rare.first), rare),
			"send these paths to MAS too; no client of today calls them").at(rare.first)
	}
	return fine("MAS answers login, logout and refresh")
}

// sortCompat tells those that went elsewhere, those that reached MAS under another
// path, and those that the edge could not pass on.
func (s *sight) sortCompat() (elsewhere, rare, changed, cut *stray) {
	elsewhere, rare, changed, cut = &stray{}, &stray{}, &stray{}, &stray{}
	for _, r := range compatRequests() {
		a := s.get(r.key())
		switch {
		case a.isMASPage():
			changed.add(r, a)
		case a.from() == MAS:
		case a.from() == Nobody, a.isGateway(), plainToTLS(a):
			cut.add(r, a)
		case r.rare:
			rare.add(r, a)
		default:
			elsewhere.add(r, a)
		}
	}
	return elsewhere, rare, changed, cut
}

// limited is the verdict when the edge had enough of the questions.
func (s *sight) limited(requests *stray) verdict {
	if s.isLimited() {
		return explained("synapse-routes").at(requests.first)
	}
	return warned(HopClientEdge, "rate-limited", fmt.Sprintf("somebody limits the rate and answers 429: %s", requests),
		"run the probe from an address that is not limited, or again after a while").at(requests.first)
}

func (s *sight) isLimited() bool { return s.done["synapse-routes"].code == "rate-limited" }

func (s *sight) compatCut(cut *stray) verdict {
	if by := s.firstBad("mas", "edge-mas"); by != "" {
		return explained(by).at(cut.first)
	}
	if by := s.done["introspection"]; by.code != "" && s.cfg.Site.AccountURL == "" && s.cfg.Site.MASURL == "" {
		return explained("introspection").at(cut.first)
	}
	if cut.first.isGateway() {
		return failed(HopEdgeMAS, "edge-upstream", fmt.Sprintf("the edge answers %d: it does not reach MAS for %s", cut.first.status(), cut),
			"correct host, port and scheme of MAS in the edge's rules for these paths"+orLimited(cut.first)).at(cut.first)
	}
	if plainToTLS(cut.first) {
		return failed(HopEdgeMAS, "http-https-mix", "the edge speaks plain http to a port of TLS for "+cut.String(), "let the edge speak https to MAS, or give it the plain port").at(cut.first)
	}
	v := unreachable(HopClientEdge, cut.first)
	v.detail += ": " + cut.String()
	return v.at(cut.first)
}

// synapseRoutes: does the edge leave to Synapse what is Synapse's?
func (s *sight) synapseRoutes() verdict {
	if by := s.cause("client-edge", "edge-synapse"); by != "" {
		return explained(by)
	}
	var taken, blocked, denied stray
	for _, r := range keptRequests() {
		switch a := s.get(r.key()); a.from() {
		case Synapse:
		case MAS:
			taken.add(r, a)
		default:
			if s.isNeeded(r) || a.response == nil || a.isGateway() || a.status() == http.StatusTooManyRequests {
				blocked.add(r, a)
			} else {
				denied.add(r, a)
			}
		}
	}
	switch {
	case len(taken.list) > 0:
		return failed(HopEdgeSynapse, "route-overmatch", "MAS answers what Synapse should: "+taken.String(),
			"send to MAS only login, login/sso/redirect, logout, logout/all and refresh, anchored at both ends: package synapse/routes writes the rules").at(taken.first)
	case len(blocked.list) > 0:
		return s.blocked(&blocked)
	case len(denied.list) > 0:
		return warned(HopEdgeSynapse, "route-blocked", fmt.Sprintf("%s answers %d in place of Synapse: %s", whom(denied.first), denied.first.status(), denied.String()),
			"send everything else below /_matrix/ to Synapse, unless this is denied on purpose").at(denied.first)
	}
	return fine("Synapse answers what is Synapse's")
}

// blocked is the verdict on requests that did not get to Synapse, though others did.
func (s *sight) blocked(requests *stray) verdict {
	a := requests.first
	switch {
	case a.status() == http.StatusTooManyRequests:
		return s.limited(requests)
	case a.response == nil:
		v := unreachable(HopClientEdge, a)
		v.detail += ": " + requests.String()
		return v.at(a)
	case a.isGateway():
		return failed(HopEdgeSynapse, "edge-upstream", fmt.Sprintf("the edge answers %d: it does not reach Synapse for %s", a.status(), requests),
			"start the worker that these paths belong to, or correct its host and port in the edge's rules"+orLimited(a)).at(a)
	}
	return failed(HopEdgeSynapse, "route-blocked", fmt.Sprintf("%s answers %d in place of Synapse: %s", whom(a), a.status(), requests),
		"send everything else below /_matrix/ to Synapse").at(a)
}

// orLimited adds what 503 of nginx can mean too (ngx_http_limit_req_module, "limit_req_status").
func orLimited(a answer) string {
	if a.status() == http.StatusServiceUnavailable {
		return "; nginx answers 503 also when it limits the rate"
	}
	return ""
}

// isNeeded reports whether clients cannot do without a path. The unstable auth_metadata
// is needed where there is no other.
func (s *sight) isNeeded(r request) bool {
	return !r.rare && (r.path != pathMetadataUnstable || s.get(edge+pathMetadata).issuer() == "")
}

// authorization: does the edge pass the Authorization header on?
func (s *sight) authorization() verdict {
	const hint = "let the edge pass the Authorization header on"
	whoami, logout := s.get(edge+pathWhoami), s.get(edge+pathLogout)
	switch {
	case whoami.from() == Synapse && whoami.refusal().Code == "M_MISSING_TOKEN":
		return failed(HopEdgeSynapse, "authorization-stripped", lostHeader, hint)
	case logout.from() == MAS && logout.refusal().Code == "M_MISSING_TOKEN":
		return failed(HopEdgeMAS, "authorization-stripped", lostHeader, hint).at(logout)
	case whoami.from() == Synapse || logout.from() == MAS:
		return fine("access tokens arrive")
	}
	if by := s.cause("client-edge", "edge-synapse", "synapse-routes"); by != "" {
		return explained(by)
	}
	return explained("introspection")
}
