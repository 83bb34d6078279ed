package probe

import (
	"fmt"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
)

// issuer: does MAS call itself what everybody else calls it?
func (s *sight) issuer() verdict {
	a := s.masIssuer()
	switch {
	case s.cfg.Site.AccountURL == "":
		return missing("Site.AccountURL", "it must be MAS's issuer")
	case a.issuer() == "":
		return s.noIssuer()
	case a.issuer() != s.cfg.Site.Issuer():
		return s.wrongIssuer(a.issuer()).at(a)
	}
	var document discovery
	a.decode(&document)
	for _, endpoint := range []string{document.Authorization, document.Token, document.JWKS} {
		if endpoint != "" && !strings.HasPrefix(endpoint, s.cfg.Site.Issuer()) {
			return failed(HopMASConfig, "endpoints-elsewhere", fmt.Sprintf("MAS announces %s, which is not below its issuer %s", endpoint, a.issuer()),
				"let http.public_base be the issuer, with a final slash, and remove http.issuer").at(a)
		}
	}
	return fine("the issuer is " + a.issuer()).at(a)
}

func (s *sight) noIssuer() verdict {
	if by := s.cause("account-edge", "edge-mas", "mas", "delegation"); by != "" {
		return explained(by)
	}
	return explained("edge-mas")
}

// wrongIssuer says in what the issuer differs. Clients compare it letter by letter.
func (s *sight) wrongIssuer(got string) verdict {
	want := s.cfg.Site.Issuer()
	message := fmt.Sprintf("the issuer is %q instead of %q", got, want)
	bad := func(code, more string) verdict {
		return failed(HopMASConfig, code, message+more, "set http.public_base of MAS to "+want+", remove http.issuer, and restart MAS and every Synapse process")
	}
	g, err := url.Parse(got)
	w, err2 := url.Parse(want)
	if err != nil || err2 != nil {
		return bad("issuer-mismatch", "")
	}
	address, err := netip.ParseAddr(g.Hostname())
	switch {
	case err == nil && address.IsUnspecified():
		return bad("issuer-unspecified", ": MAS has no http.public_base, and announces the address that it listens on")
	case strings.TrimSuffix(got, "/") == strings.TrimSuffix(want, "/"):
		return bad("issuer-slash", "; the final slash counts")
	case g.Hostname() != w.Hostname():
		return bad("issuer-mismatch", "")
	case g.Scheme != w.Scheme:
		return bad("http-https-mix", "")
	case g.Host != w.Host:
		return bad("issuer-port", "; a port other than that of https breaks some clients")
	}
	return bad("path-prefix", "; the path differs")
}

// metadata: does Synapse relay what MAS says today?
func (s *sight) metadata() verdict {
	state, a := s.relayed()
	mas := s.masIssuer()
	switch {
	case state == relayUnknown, state == noRelay:
		return explained("delegation")
	case state == neverReached:
		return s.neverReached(a)
	case mas.issuer() == "" || mas.from() != MAS:
		return s.noIssuer().at(a)
	case s.bad("issuer"):
		return explained("issuer").at(a)
	}
	for _, a := range s.allMetadata() {
		switch {
		case a.issuer() != "" && a.issuer() != mas.issuer():
			return s.stale(a, mas)
		case a.status() == http.StatusInternalServerError:
			return failed(HopSynapseMAS, "processes-differ", "one Synapse process never reached MAS, another did",
				"give every Synapse process the same matrix_authentication_service and NO_PROXY, and restart them all").at(a)
		}
	}
	return fine("Synapse relays the issuer of MAS").at(a)
}

// neverReached is the verdict on a Synapse that has no document of MAS to relay.
func (s *sight) neverReached(a answer) verdict {
	if state, _ := s.tokens(); state != tokensUnknown {
		return explained("introspection").at(a)
	}
	return failed(HopSynapseMAS, "processes-differ", "one Synapse process never reached MAS to read its discovery document, another asks it about tokens",
		"give every Synapse process the same matrix_authentication_service and NO_PROXY, and restart them all").at(a)
}

// stale is the verdict on metadata of another issuer than MAS's.
func (s *sight) stale(a, mas answer) verdict {
	message := fmt.Sprintf("auth_metadata names the issuer %q, MAS says %q", a.issuer(), mas.issuer())
	if s.isCached(a) {
		return failed(HopClientEdge, "stale-cache", message+", and a cache answered", "purge the cache of the edge or CDN for "+a.url).at(a)
	}
	return failed(HopSynapseConfig, "stale-metadata", message,
		"restart every Synapse process: each reads MAS's document once; if that does not help, its endpoint leads to another MAS").at(a)
}

// isCached reports whether a cache answered, and Synapse itself says otherwise or was not asked.
func (s *sight) isCached(a answer) bool {
	return a.cacheHit() != "" && s.get(synapseIn+pathMetadata).issuer() != a.issuer()
}
