package probe

import (
	"fmt"
)

// mas: does the internal address lead to MAS?
func (s *sight) mas() verdict {
	a := s.get(masIn + pathDiscovery)
	if !a.asked() {
		return missing("Site.MASURL", "give it where MAS can be reached as Synapse does")
	}
	v := s.internalMAS(a)
	if state, _ := s.tokens(); v.status == StatusFailed && state == tokensUnknown {
		v.hop, v.hint = HopProbe, "Synapse reaches MAS, so that its endpoint is right: correct the address that the probe was given, or run the probe where Synapse runs"
	}
	return v
}

func (s *sight) internalMAS(a answer) verdict {
	switch {
	case a.issuer() != "" && a.from() == MAS:
		return fine("MAS answers")
	case a.response == nil || a.isGateway():
		return s.masUnreachable(a)
	case moved(HopSynapseMAS, a) != nil:
		return *moved(HopSynapseMAS, a)
	case plainToTLS(a):
		return failed(HopSynapseMAS, "http-https-mix", "the server expects TLS, and the address says http", "write https in matrix_authentication_service.endpoint")
	case a.isMASPage():
		return failed(HopSynapseMAS, "path-prefix", "MAS answers 404: it does not serve this path", "give MAS's listener the prefix of the address, or take it out of matrix_authentication_service.endpoint")
	}
	return failed(HopSynapseMAS, "not-mas", fmt.Sprintf("the address leads to %s, which answers %d", whom(a), a.status()),
		"correct matrix_authentication_service.endpoint: MAS's listener with the resources discovery and oauth")
}

func (s *sight) masUnreachable(a answer) verdict {
	if s.get(account+pathDiscovery).issuer() != "" {
		v := s.addressOfMAS(a)
		v.hint = "MAS is up: correct matrix_authentication_service.endpoint, or open the way from Synapse to MAS"
		return v
	}
	if s.accountGateway() {
		return failed(HopMAS, "mas-down", "MAS answers neither here nor to the edge", "start MAS, and look into its log")
	}
	return s.addressOfMAS(a)
}

func (s *sight) addressOfMAS(a answer) verdict {
	if a.response == nil {
		return unreachable(HopSynapseMAS, a)
	}
	return failed(HopSynapseMAS, "not-mas", fmt.Sprintf("a proxy answers %d in place of MAS", a.status()), "start MAS, or correct the proxy's address of it")
}

// accountGateway reports whether the edge says that it does not reach MAS.
func (s *sight) accountGateway() bool { return s.get(account + pathDiscovery).isGateway() }

// edgeMAS: does the edge send the account address to MAS?
func (s *sight) edgeMAS() verdict {
	a := s.get(account + pathDiscovery)
	switch {
	case !a.asked():
		return missing("Site.AccountURL", "it is the public address of MAS")
	case !s.good("account-edge"):
		return explained("account-edge")
	case a.from() == MAS && a.issuer() != "":
		return fine("MAS answers")
	case a.isGateway():
		return s.masGateway(a)
	case plainToTLS(a):
		return failed(HopEdgeMAS, "http-https-mix", "the edge speaks plain http to a port of TLS", "let the edge speak https to MAS, or give it the plain port")
	case a.isMASPage():
		return failed(HopEdgeMAS, "path-prefix", "MAS answers 404: the path that reaches it is not the one that it serves",
			"pass the path on as it came, and give MAS's listener the prefix of the address (http.listeners[].prefix)")
	case a.from() == Synapse:
		return failed(HopEdgeMAS, "not-mas", "Synapse answers under the account address", "send the account address to MAS")
	}
	return failed(HopEdgeMAS, "not-mas", fmt.Sprintf("somebody else answers %d, not MAS", a.status()), "send the account address to MAS, or correct it")
}

// masGateway tells a MAS that is down from an edge that looks for it in the wrong
// place: Synapse, or whoever stands where it does, may still reach it.
func (s *sight) masGateway(a answer) verdict {
	message := fmt.Sprintf("the edge answers %d: it does not reach MAS", a.status())
	state, _ := s.tokens()
	switch {
	case s.bad("mas"):
		return explained("mas")
	case s.good("mas"), state == tokensUnknown:
		return failed(HopEdgeMAS, "edge-upstream", message+", which is up", "correct host, port and scheme of MAS in the edge's configuration")
	case state == tokensFail:
		return failed(HopMAS, "mas-down", message+", nor does Synapse", "start MAS, and look into its log")
	}
	return failed(HopEdgeMAS, "mas-unreachable", message, "start MAS, or correct host, port and scheme of MAS in the edge's configuration")
}

// masIssuer is the answer that tells MAS's issuer: from the account address, else
// from inside, else as Synapse remembers it.
func (s *sight) masIssuer() answer {
	for _, key := range []string{account + pathDiscovery, masIn + pathDiscovery} {
		if a := s.get(key); a.issuer() != "" && a.from() == MAS {
			return a
		}
	}
	if state, a := s.relayed(); state == relays {
		return a
	}
	return answer{}
}
