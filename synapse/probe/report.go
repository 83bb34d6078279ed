package probe

import (
	"time"

	"github.com/maskit-dev/maskit"
)

// Report is what a run saw. It never holds the secret.
type Report struct {
	// Checks are all checks in the order in which they build on each other.
	Checks []Check `json:"checks"`
	// Problems are the findings: an error for each failed check, a warning for each
	// that is not as it should be, a skip for each that lacks something.
	Problems maskit.Problems `json:"problems,omitempty"`
	// Routes say who answered on the client API.
	Routes []Route `json:"routes,omitempty"`
	// SynapseVersion is what Synapse says of itself; zero if it does not say.
	SynapseVersion maskit.Version `json:"synapse_version,omitzero"`
	// Delegated says whether Synapse leaves authentication to MAS. It is false too
	// when that could not be seen; the check "delegation" tells which.
	Delegated bool `json:"delegated"`
	// Issuer is what MAS calls itself; empty if it was not reached.
	Issuer string `json:"issuer,omitempty"`
}

// Check is one thing that was looked at.
type Check struct {
	// Name is stable, such as "compat-routes".
	Name string `json:"name"`
	// URL is what was asked, without query. If several were, it is one of them.
	URL string `json:"url,omitempty"`
	// Hop is where it fails, or would: the hop to look at.
	Hop Hop `json:"hop"`
	// Status is how it came out.
	Status Status `json:"status"`
	// Detail says what was seen, or why the check was skipped.
	Detail string `json:"detail,omitempty"`
	// Duration is how long the answer took; zero without one.
	Duration time.Duration `json:"duration_ns,omitempty"`
}

// Status is how a check came out.
type Status string

// All statuses.
const (
	StatusOK      Status = "ok"
	StatusWarning Status = "warning"
	StatusFailed  Status = "failed"
	StatusSkipped Status = "skipped"
)

// Hop is a place where a request can go wrong: a way between two, or one of them.
type Hop string

// All hops. The edge is the reverse proxy or ingress that clients reach.
const (
	HopDNS           Hop = "DNS"
	HopWellKnown     Hop = "well-known"
	HopClientEdge    Hop = "client → edge"
	HopEdgeSynapse   Hop = "edge → Synapse"
	HopEdgeMAS       Hop = "edge → MAS"
	HopSynapseMAS    Hop = "Synapse → MAS"
	HopMASSynapse    Hop = "MAS → Synapse"
	HopSynapse       Hop = "Synapse"
	HopMAS           Hop = "MAS"
	HopSynapseConfig Hop = "configuration of Synapse"
	HopMASConfig     Hop = "configuration of MAS"
	HopProbe         Hop = "input of the probe"
)

// Route says who answered a request on the client API.
type Route struct {
	Method string `json:"method"`
	Path   string `json:"path"`
	// Want is who should, Got is who did.
	Want Responder `json:"want"`
	Got  Responder `json:"got"`
	// Status is the HTTP status; zero without an answer.
	Status int `json:"status,omitempty"`
}

// Responder is who gave an answer.
type Responder string

// All responders.
const (
	Nobody  Responder = "nobody"
	Synapse Responder = "Synapse"
	MAS     Responder = "MAS"
	// Other is somebody else, as a rule the edge itself.
	Other Responder = "other"
)
