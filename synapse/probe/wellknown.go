package probe

import (
	"net/http"
	"net/netip"
	"slices"
	"strings"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/synapse/routes/wellknown"
)

// wellknown.ClientPath and wellknown.ServerPath, relative to an address that ends in "/".
const (
	pathWellKnownClient = ".well-known/matrix/client"
	pathWellKnownServer = ".well-known/matrix/server"
)

// wellKnownClient: do clients find the homeserver from the server name?
func (s *sight) wellKnownClient() verdict {
	a := s.get(named + pathWellKnownClient)
	switch {
	case !a.asked():
		return missing("Site.ServerName", "it is the part after the colon of a user id")
	case a.response == nil:
		return s.unlessEdgeDown(unreachable(HopWellKnown, a))
	case a.status() == http.StatusNotFound && sameHost(a.url, s.cfg.Site.ClientAPIURL):
		return fine("there is none, and none is needed: the server name is the host of the client API")
	}
	if v := moved(HopWellKnown, a); v != nil {
		return *v
	}
	return s.document(a, wellknown.CheckClient(served(a), s.knownSite()))
}

// wellKnownServer: do other homeservers find it?
func (s *sight) wellKnownServer() verdict {
	a := s.get(named + pathWellKnownServer)
	switch {
	case !a.asked():
		return missing("Site.ServerName", "it is the part after the colon of a user id")
	case hasPort(s.cfg.Site.ServerName):
		return fine("none is needed: the server name is an address or has a port, to which other homeservers connect")
	case a.response == nil && s.cause("well-known-client") != "":
		return explained(s.cause("well-known-client"))
	case a.response == nil:
		return unreachable(HopWellKnown, a)
	case moved(HopWellKnown, a) != nil:
		return *moved(HopWellKnown, a)
	case a.status() == http.StatusNotFound:
		return warned(HopWellKnown, "well-known-missing", "there is no document: other homeservers try SRV records and port 8448 of the server name",
			"serve it, unless this homeserver is found that way or does not federate")
	}
	return s.document(a, wellknown.CheckServer(served(a)))
}

// document makes one finding of what is wrong with a document. The first problem
// is the one that explains the others.
func (s *sight) document(a answer, problems maskit.Problems) verdict {
	if s.bad("issuer") || s.knownSite().AccountURL == "" { // the document may have it from there, or nobody knows it
		problems = slices.DeleteFunc(problems, func(p maskit.Problem) bool { return p.Code == "issuer-mismatch" || p.Code == "account-mismatch" })
	}
	if len(problems) == 0 {
		return fine("the document is right")
	}
	first := problems.Sorted()[0]
	for _, p := range problems {
		if p.Code == "well-known-missing" || p.Code == "well-known-status" || p.Code == "not-json" {
			first = p
		}
	}
	if a.response.URL != a.url {
		first.Message += ", at " + a.response.URL + " after a redirect"
	}
	v := failed(HopWellKnown, first.Code, first.Message, first.Hint)
	if first.Severity == maskit.SeverityWarning {
		v.status = StatusWarning
	}
	return v.at(a)
}

// knownSite is the site, with the issuer that was seen if none was given.
func (s *sight) knownSite() maskit.Site {
	site := s.cfg.Site
	if site.AccountURL == "" {
		site.AccountURL = s.masIssuer().issuer()
	}
	return site
}

// hasPort reports whether other homeservers connect to the server name as it stands
// (Matrix specification, server-server API, "Resolving server names", 1 and 2).
func hasPort(serverName string) bool {
	if _, err := netip.ParseAddr(strings.Trim(hostOf(serverName), "[]")); err == nil {
		return true
	}
	return hostOf(serverName) != serverName
}

func served(a answer) wellknown.Served {
	return wellknown.Served{URL: a.url, Status: a.status(), Header: a.response.Header, Body: a.response.Body}
}
