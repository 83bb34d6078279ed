package probe

import (
	"net/http"
)

const everyProcess = "set matrix_authentication_service in the configuration of every Synapse process, and restart them all"

// relay is what Synapse's auth_metadata tells.
type relay int

const (
	relayUnknown relay = iota
	relays             // Synapse passes MAS's metadata on
	neverReached       // it delegates, and this process never reached MAS
	noRelay            // it does not delegate
)

// known reports whether Synapse is known to delegate.
func (r relay) known() bool { return r == relays || r == neverReached }

// allMetadata is what Synapse says of auth_metadata, as clients get it first, then
// as it is inside. Synapse 1.136 and 1.137 have only the unstable path.
func (s *sight) allMetadata() []answer {
	var list []answer
	for _, base := range []string{edge, synapseIn} {
		for _, path := range []string{pathMetadata, pathMetadataUnstable} {
			if a := s.get(base + path); a.from() == Synapse {
				list = append(list, a)
			}
		}
	}
	return list
}

// relayed is the best that can be said: one process may know more than another.
func (s *sight) relayed() (relay, answer) {
	for _, a := range s.allMetadata() {
		if a.issuer() != "" {
			return relays, a
		}
	}
	for _, a := range s.allMetadata() {
		if a.status() == http.StatusInternalServerError {
			return neverReached, a
		}
	}
	if a := s.undelegated(); a.asked() {
		return noRelay, a
	}
	return relayUnknown, answer{}
}

// undelegated is the answer of a process that knows no auth_metadata; zero if none is seen.
func (s *sight) undelegated() answer {
	for _, base := range []string{edge, synapseIn} {
		stable, unstable := s.get(base+pathMetadata), s.get(base+pathMetadataUnstable)
		if isUnrecognized(stable) && isUnrecognized(unstable) {
			return stable
		}
	}
	return answer{}
}

func (s *sight) delegated() relay {
	state, _ := s.relayed()
	return state
}

func isUnrecognized(a answer) bool {
	return a.from() == Synapse && a.status() == http.StatusNotFound
}

// delegation: does Synapse leave authentication to MAS?
func (s *sight) delegation() verdict {
	state, a := s.relayed()
	if old := s.undelegated(); state.known() && old.asked() {
		return failed(HopSynapseConfig, "not-delegated", "one Synapse process does not delegate authentication, another does: it knows no auth_metadata", everyProcess).at(old)
	}
	switch state {
	case relays:
		return fine("Synapse delegates, and relays the metadata of MAS").at(a)
	case neverReached:
		return fine("Synapse delegates, and this process never reached MAS").at(a)
	case noRelay:
		return failed(HopSynapseConfig, "not-delegated", "Synapse does not delegate authentication: it knows no auth_metadata", everyProcess).at(a)
	case relayUnknown:
	}
	if by := s.cause("client-edge", "edge-synapse", "synapse-routes"); by != "" {
		return explained(by)
	}
	if s.isLimited() {
		return explained("synapse-routes")
	}
	return failed(HopEdgeSynapse, "metadata-unreadable", "auth_metadata is neither MAS's document nor an answer of Synapse's", "look at what answers there")
}

// tokens is how Synapse fares with an unknown access token, which it must ask MAS about.
type tokens int

const (
	tokensUntold  tokens = iota
	tokensUnknown        // MAS said that it does not know it: all is well
	tokensFail           // MAS could not be asked
	tokensOwn            // Synapse asked nobody: it does not delegate
	tokensLost           // the token did not arrive
)

// tokens is how the first process that can be read fares, MAS's friend before all others.
func (s *sight) tokens() (tokens, answer) {
	for _, state := range []tokens{tokensUnknown, tokensFail, tokensOwn, tokensLost} {
		if a := s.tokensAre(state); a.asked() {
			return state, a
		}
	}
	return tokensUntold, s.get(edge + pathWhoami)
}

// tokensAre is the answer of a process that fares so; zero if none is seen. Inside
// comes first: there is no edge that could take the token away.
func (s *sight) tokensAre(state tokens) answer {
	for _, base := range []string{synapseIn, edge} {
		if a := s.get(base + pathWhoami); a.tokens() == state {
			return a
		}
	}
	return answer{}
}

func (a answer) tokens() tokens {
	if a.from() != Synapse {
		return tokensUntold
	}
	switch refusal := a.refusal(); {
	case a.status() == http.StatusServiceUnavailable:
		return tokensFail
	case refusal.Code == "M_MISSING_TOKEN":
		return tokensLost
	case refusal.Code == "M_UNKNOWN_TOKEN" && refusal.Text == "Invalid access token passed.":
		return tokensOwn
	case refusal.Code == "M_UNKNOWN_TOKEN":
		return tokensUnknown
	}
	return tokensUntold
}

// introspection: can every Synapse process that is seen ask MAS about tokens?
func (s *sight) introspection() verdict {
	state, a := s.tokens()
	if state == tokensUnknown {
		if v := s.lonely(); v != nil {
			return *v
		}
		return fine("Synapse asks MAS about tokens").at(a)
	}
	if a := s.tokensAre(tokensOwn); a.asked() {
		return s.asksNobody().at(a)
	}
	switch state {
	case tokensFail:
		return s.noIntrospection().at(a)
	case tokensLost:
		return s.tokenLost(a)
	case tokensUntold, tokensUnknown, tokensOwn:
	}
	if by := s.cause("client-edge", "edge-synapse", "synapse-routes"); by != "" {
		return explained(by).at(a)
	}
	if s.isLimited() {
		return explained("synapse-routes").at(a)
	}
	return failed(HopEdgeSynapse, "whoami-odd", "an unknown token is answered neither as Synapse with MAS nor as Synapse alone does", "look at what answers there").at(a)
}

// lonely finds a process that cannot do what another one can; nil if there is none.
func (s *sight) lonely() *verdict {
	const hint = "give every Synapse process the same matrix_authentication_service and its secret, and restart them all"
	var v verdict
	if a := s.tokensAre(tokensFail); a.asked() {
		v = failed(HopSynapseMAS, "processes-differ", "one Synapse process cannot ask MAS about tokens, another can", hint).at(a)
	} else if a := s.tokensAre(tokensOwn); a.asked() {
		v = s.asksNobody().at(a)
	} else if a := s.tokensAre(tokensLost); a.asked() {
		v = s.tokenLost(a)
	} else {
		return nil
	}
	if s.done["metadata"].code == "processes-differ" {
		v = explained("metadata").at(v.on)
	}
	return &v
}

// asksNobody is the verdict on a process that does not delegate.
func (s *sight) asksNobody() verdict {
	if s.bad("delegation") {
		return explained("delegation")
	}
	if s.done["synapse-secret"].code == "mas-api-off" {
		return explained("synapse-secret")
	}
	return failed(HopSynapseConfig, "not-delegated", "one Synapse process does not delegate authentication, another does: it asks nobody about a token",
		everyProcess)
}

// tokenLost is the verdict on a way that takes the token away.
func (s *sight) tokenLost(a answer) verdict {
	switch {
	case s.get(edge+pathWhoami).tokens() == tokensLost:
		return explained("authorization").at(a)
	case s.bad("synapse-secret"):
		return explained("synapse-secret").at(a)
	}
	return failed(HopMASSynapse, "authorization-stripped", lostHeader, "let the proxy between MAS and Synapse pass it").at(a)
}

// noIntrospection finds out why Synapse answers 503.
func (s *sight) noIntrospection() verdict {
	if by := s.firstBad("mas", "synapse-secret", "mas-secret"); by != "" {
		return explained(by)
	}
	if code := s.done["edge-mas"].code; code == "mas-down" || code == "mas-unreachable" {
		return explained("edge-mas")
	}
	if s.delegated() == neverReached {
		return failed(HopSynapseMAS, "endpoint-wrong", "Synapse never reached MAS: its matrix_authentication_service.endpoint does not lead there",
			"correct the endpoint"+s.endpoint()+", add its host to NO_PROXY if Synapse has a proxy in its environment, and restart every Synapse process")
	}
	if s.good("mas-secret") && s.good("synapse-secret") {
		return failed(HopSynapseMAS, "introspection-fails", "Synapse cannot ask MAS about tokens, though MAS is up and both hold the secret",
			"look for a hop between them that removes the Authorization header or does not speak force_http2, and restart Synapse if the secret was changed")
	}
	return failed(HopSynapseMAS, "introspection-fails", "Synapse cannot ask MAS about tokens: MAS refuses its secret, or cannot be reached",
		"compare matrix_authentication_service with matrix.secret of MAS; with the secret and both internal addresses the probe tells which it is")
}

// endpoint is the address to write, if it is known.
func (s *sight) endpoint() string {
	if s.cfg.Site.MASURL == "" {
		return ""
	}
	return " to " + s.cfg.Site.DelegationEndpoint()
}
