package probe

import (
	"fmt"
	"net/http"
)

// clientEdge: does anybody answer under the client API's address?
func (s *sight) clientEdge() verdict {
	a := s.get(edge + pathVersions)
	return s.reached(a)
}

// accountEdge: does anybody answer under the account address?
func (s *sight) accountEdge() verdict {
	a := s.get(account + pathDiscovery)
	if !a.asked() {
		return missing("Site.AccountURL", "it is the public address of MAS")
	}
	return s.unlessEdgeDown(s.reached(a))
}

// unlessEdgeDown drops a failure that the client API's address had too: the edge is down as a whole.
func (s *sight) unlessEdgeDown(v verdict) verdict {
	switch first := s.done["client-edge"]; {
	case v.status != StatusFailed, v.code != first.code:
		return v
	case v.code == "refused", v.code == "timeout", v.code == "no-answer", v.code == "resolver", v.code == "certificate-authority", v.detail == first.detail:
		return explained("client-edge")
	}
	return v
}

func (s *sight) reached(a answer) verdict {
	if a.response == nil {
		return unreachable(HopClientEdge, a)
	}
	if v := moved(HopClientEdge, a); v != nil {
		return *v
	}
	if plainToTLS(a) && a.from() == Other {
		return failed(HopClientEdge, "http-https-mix", "the server expects TLS, and the address says http", "write https in the address")
	}
	return fine(fmt.Sprintf("answers with %d", a.status()))
}

// synapse: does the internal address lead to Synapse?
func (s *sight) synapse() verdict {
	a := s.get(synapseIn + pathVersions)
	if !a.asked() {
		return missing("Site.SynapseURL", "give it where Synapse can be reached as MAS does")
	}
	switch {
	case a.response == nil:
		v := unreachable(HopMASSynapse, a)
		v.hint += "; if this is Synapse's address inside, run the probe where MAS runs"
		return v
	case a.from() == Synapse && a.status() == http.StatusOK:
		return fine("Synapse answers")
	case a.isGateway():
		return failed(HopSynapse, "synapse-down", fmt.Sprintf("a proxy answers %d in place of Synapse", a.status()), "start Synapse, or correct the proxy's address of it")
	case moved(HopMASSynapse, a) != nil:
		return *moved(HopMASSynapse, a)
	case plainToTLS(a):
		return failed(HopMASSynapse, "http-https-mix", "the server expects TLS, and the address says http", "write https in MAS's matrix.endpoint")
	}
	return failed(HopMASSynapse, "not-synapse", fmt.Sprintf("the address leads to %s, which answers %d", whom(a), a.status()),
		"correct MAS's matrix.endpoint: the address of a Synapse process with a client listener")
}

// edgeSynapse: does the edge send the client API to Synapse?
func (s *sight) edgeSynapse() verdict {
	if s.bad("client-edge") {
		return explained("client-edge")
	}
	a := s.get(edge + pathVersions)
	switch {
	case a.from() == Synapse && a.status() == http.StatusOK:
		return fine("Synapse answers")
	case a.isGateway() && s.bad("synapse"):
		return explained("synapse")
	case a.isGateway():
		return s.edgeGateway(a)
	case plainToTLS(a):
		return failed(HopEdgeSynapse, "http-https-mix", "the edge speaks plain http to a port of TLS", "let the edge speak https to Synapse, or give it the plain port")
	case a.from() == Synapse:
		return failed(HopEdgeSynapse, "path-prefix", fmt.Sprintf("Synapse answers %d: the edge changes the path", a.status()), "pass the path on as it came")
	case a.from() == MAS:
		return failed(HopEdgeSynapse, "route-overmatch", "MAS answers what Synapse should", "send to MAS only login, logout and refresh of the client API")
	}
	hint := "send /_matrix of this host to Synapse, or correct the address of the client API"
	if a.status() == http.StatusForbidden || a.status() == http.StatusUnauthorized {
		hint += "; a firewall or a login page before it must let the client API through"
	}
	return failed(HopEdgeSynapse, "not-synapse", fmt.Sprintf("somebody else answers %d, not Synapse", a.status()), hint)
}

func (s *sight) edgeGateway(a answer) verdict {
	message := fmt.Sprintf("the edge answers %d: it does not reach Synapse", a.status())
	if s.good("synapse") {
		return failed(HopEdgeSynapse, "edge-upstream", message+", which is up", "correct host, port and scheme of Synapse in the edge's configuration")
	}
	return failed(HopEdgeSynapse, "edge-upstream", message, "start Synapse, or correct host, port and scheme of Synapse in the edge's configuration")
}

// whom names who answered, for people.
func whom(a answer) string {
	if a.from() == Other {
		return "somebody else"
	}
	return string(a.from())
}
