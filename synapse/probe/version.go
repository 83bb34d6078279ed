package probe

import (
	"fmt"
	"strings"

	"github.com/maskit-dev/maskit"
)

// version: is Synapse one that can be used with MAS?
func (s *sight) version() verdict {
	seen := s.versions()
	if len(seen) == 0 {
		if by := s.cause("client-edge", "edge-synapse", "synapse"); by != "" {
			return explained(by)
		}
		return missing("Site.SynapseURL", "give it where Synapse can be reached: the edge does not let it tell its version")
	}
	for _, other := range seen[1:] {
		if other.version != seen[0].version {
			return warned(HopSynapseConfig, "versions-differ", fmt.Sprintf("one Synapse process is %s, another %s", seen[0].version, other.version), "finish the upgrade").at(other.answer)
		}
	}
	v := fine("Synapse " + seen[0].version.String()).at(seen[0].answer)
	for _, p := range maskit.CheckVersions(maskit.Version{}, seen[0].version) {
		if p.Severity == maskit.SeverityError {
			return failed(HopSynapseConfig, p.Code, p.Message, p.Hint).at(seen[0].answer)
		}
		p.Path = seen[0].answer.url
		v.infos = append(v.infos, p)
	}
	return v
}

func (s *sight) synapseVersion() maskit.Version {
	if seen := s.versions(); len(seen) > 0 {
		return seen[0].version
	}
	return maskit.Version{}
}

// seenVersion is a version and the answer that told it.
type seenVersion struct {
	version maskit.Version
	answer  answer
}

// versions are what Synapse said of itself, the internal address first.
func (s *sight) versions() []seenVersion {
	var seen []seenVersion
	for _, base := range []string{synapseIn, edge} {
		for _, path := range []string{pathFederation, pathServerVersion, pathVersions} {
			a := s.get(base + path)
			if v, err := maskit.ParseVersion(a.version()); err == nil && a.cacheHit() == "" {
				seen = append(seen, seenVersion{v, a})
			}
		}
	}
	return seen
}

// version is what Synapse says in the body, or in the Server header if no proxy
// has replaced it.
func (a answer) version() string {
	if a.from() != Synapse {
		return ""
	}
	var body struct {
		Server struct {
			Version string `json:"version"`
		} `json:"server"`
		Version string `json:"server_version"`
	}
	a.decode(&body)
	header, _ := strings.CutPrefix(a.response.Header.Get("Server"), "Synapse/")
	for _, text := range []string{body.Server.Version, body.Version, header} {
		if text != "" && len(text) < 100 {
			return text
		}
	}
	return ""
}
