package probe

import (
	"net/http"
)

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

// relayed reads auth_metadata as clients get it, or from inside where the
// edge does not let Synapse answer. Synapse 1.136 and 1.137 have only the unstable path.
func (s *sight) relayed() (relay, answer) {
	for _, base := range []string{edge, synapseIn} {
		stable, unstable := s.get(base+pathMetadata), s.get(base+pathMetadataUnstable)
		for _, a := range []answer{stable, unstable} {
			if a.from() != Synapse {
				continue
			}
			if a.issuer() != "" {
				return relays, a
			}
			if a.status() == http.StatusInternalServerError {
				return neverReached, a
			}
		}
		if isUnrecognized(stable) && isUnrecognized(unstable) {
			return noRelay, stable
		}
	}
	return relayUnknown, answer{}
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
	switch state {
	case relays:
		return fine("Synapse delegates, and relays the metadata of MAS").at(a)
	case neverReached:
		return fine("Synapse delegates, and this process never reached MAS").at(a)
	case noRelay:
		return failed(HopSynapseConfig, "not-delegated", "Synapse does not delegate authentication: it knows no auth_metadata",
			"set matrix_authentication_service in the configuration of every Synapse process, and restart them all").at(a)
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

// tokens asks inside first: there is no edge that could take the token away.
func (s *sight) tokens() (tokens, answer) {
	for _, base := range []string{synapseIn, edge} {
		a := s.get(base + pathWhoami)
		if state := a.tokens(); state != tokensUntold {
			return state, a
		}
	}
	return tokensUntold, s.get(edge + pathWhoami)
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

// introspection: can Synapse ask MAS about tokens?
func (s *sight) introspection() verdict {
	state, a := s.tokens()
	switch state {
	case tokensUnknown:
		return fine("Synapse asks MAS about tokens").at(a)
	case tokensOwn:
		return explained("delegation").at(a)
	case tokensLost:
		return explained("authorization").at(a)
	case tokensFail:
		return s.noIntrospection().at(a)
	case tokensUntold:
	}
	if by := s.cause("client-edge", "edge-synapse", "synapse-routes"); by != "" {
		return explained(by).at(a)
	}
	if s.isLimited() {
		return explained("synapse-routes").at(a)
	}
	return failed(HopEdgeSynapse, "whoami-odd", "an unknown token is answered neither as Synapse with MAS nor as Synapse alone does", "look at what answers there").at(a)
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
