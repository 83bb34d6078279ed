package probe

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"
)

// cors: can clients in browsers read the answers? Synapse and MAS admit them
// themselves, by one Access-Control-Allow-Origin. Browsers refuse two.
func (s *sight) cors() verdict {
	if by := s.cause("client-edge"); by != "" {
		return explained(by)
	}
	judged := false
	for _, key := range []string{edge + pathVersions, edge + pathLogin, edge + pathLogin + " preflight", account + pathDiscovery} {
		a := s.get(key)
		if !s.browsable(key, a) {
			continue
		}
		judged = true
		if v := originHeader(a); v != nil {
			return v.at(a)
		}
	}
	if !judged {
		return explained("edge-synapse")
	}
	return fine("browsers may read the answers")
}

// browsable reports whether an answer is one that a browser must be able to read.
// A preflight may be answered by the edge itself.
func (s *sight) browsable(key string, a answer) bool {
	if key == edge+pathLogin+" preflight" {
		return s.good("compat-routes") && a.status() != http.StatusTooManyRequests
	}
	return a.isOK() && (a.from() == Synapse || a.from() == MAS)
}

func originHeader(a answer) *verdict {
	hop := HopEdgeMAS
	if a.from() == Synapse {
		hop = HopEdgeSynapse
	}
	if a.response == nil {
		v := failed(hop, "cors-preflight", "a browser's OPTIONS request gets no answer", "send OPTIONS where the path goes: Synapse and MAS answer it")
		return &v
	}
	values := strings.Join(a.response.Header.Values("Access-Control-Allow-Origin"), ", ")
	var v verdict
	switch {
	case a.status() >= http.StatusMultipleChoices:
		v = failed(hop, "cors-preflight", fmt.Sprintf("a browser's OPTIONS request is answered with %d", a.status()), "send OPTIONS where the path goes: Synapse and MAS answer it")
	case strings.Contains(values, ","):
		v = failed(hop, "cors-doubled", "the header Access-Control-Allow-Origin stands there more than once; browsers refuse that", "remove the CORS headers from the edge: Synapse and MAS send their own")
	case values == "":
		v = failed(hop, "cors-missing", "the header Access-Control-Allow-Origin is missing; clients in browsers cannot read the answer", "let the edge pass on the CORS headers of Synapse and MAS")
	default:
		return nil
	}
	return &v
}

// cache: does a cache stand in the way? Synapse 1.150 lets caches keep versions
// and auth_metadata for an hour, so that after the switch to MAS old ones are served.
func (s *sight) cache() verdict {
	for _, key := range []string{edge + pathMetadata, edge + pathMetadataUnstable, edge + pathVersions, edge + pathLogin} {
		a := s.get(key)
		if hit := a.cacheHit(); hit != "" && s.done["metadata"].code != "stale-cache" {
			return warned(HopClientEdge, "cached", "a cache answers ("+hit+")",
				"exclude the client API from it, or purge it whenever authentication changes: clients see old answers for up to an hour").at(a)
		}
	}
	switch {
	case s.bad("client-edge"):
		return explained("client-edge")
	case s.done["metadata"].code == "stale-cache":
		return explained("metadata")
	}
	return fine("no cache answers")
}

// cacheHit is the header by which a cache says that it answered (RFC 9111, 5.1, RFC 9211, and what CDNs
// send); empty if none does.
func (a answer) cacheHit() string {
	if a.response == nil {
		return ""
	}
	h := a.response.Header
	if age, err := strconv.Atoi(h.Get("Age")); err == nil && age > 0 {
		return fmt.Sprintf("Age: %d", age)
	}
	for _, name := range []string{"Cache-Status", "X-Cache", "X-Cache-Status", "X-Proxy-Cache", "CF-Cache-Status"} {
		if strings.Contains(strings.ToLower(h.Get(name)), "hit") {
			return name + ": hit"
		}
	}
	return ""
}
