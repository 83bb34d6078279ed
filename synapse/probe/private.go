package probe

import (
	"strings"
)

// Synapse's API for MAS answers whoever holds no secret with M_MISSING_TOKEN. Another
// refusal is not of that API, and may be the edge's own in the form of Matrix.

// guardedPaths are spellings of one path of Synapse's API for MAS. A deny-list at
// the edge that knows only the first one leaks the others, which Synapse decodes.
func guardedPaths() []string {
	return []string{
		pathMASAPI,
		strings.Replace(pathMASAPI, "/mas/", "/%6das/", 1),
		strings.Replace(pathMASAPI, "/mas/", "//mas/", 1),
	}
}

// masAPIPrivate: is Synapse's API for MAS kept from the world?
func (s *sight) masAPIPrivate() verdict {
	if by := s.cause("client-edge", "edge-synapse"); by != "" {
		return explained(by)
	}
	if s.edgeIsInside() {
		return fine("public as it must be: MAS reaches Synapse by this address")
	}
	for _, path := range guardedPaths() {
		if a := s.get(edge + path); a.from() == Synapse && a.refusal().Code == "M_MISSING_TOKEN" {
			return failed(HopClientEdge, "mas-api-public", "the edge lets everybody at Synapse's API for MAS, which only the shared secret guards",
				"pass only /_matrix/ and /_synapse/client/ to Synapse: a list of what is denied can be evaded").at(a)
		}
	}
	return fine("the edge denies it")
}

// adminAPIPrivate: is Synapse's admin API kept from the world?
func (s *sight) adminAPIPrivate() verdict {
	a := s.get(edge + pathServerVersion)
	switch {
	case s.cause("client-edge", "edge-synapse", "mas-api-private") != "":
		return explained(s.cause("client-edge", "edge-synapse", "mas-api-private"))
	case s.edgeIsInside():
		return fine("the client API's address is the internal one")
	case a.from() == Synapse && a.version() != "":
		return warned(HopClientEdge, "admin-api-public", "the edge lets everybody at Synapse's admin API", "pass only /_matrix/ and /_synapse/client/ to Synapse, unless administrators work from outside")
	}
	return fine("the edge denies it")
}

// edgeIsInside reports whether MAS reaches Synapse by the public address.
func (s *sight) edgeIsInside() bool {
	return s.cfg.Site.SynapseURL != "" && sameHost(s.cfg.Site.SynapseURL, s.cfg.Site.ClientAPIURL)
}
