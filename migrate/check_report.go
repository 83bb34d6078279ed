package migrate

import (
	"time"

	"github.com/maskit-dev/maskit"
)

// CheckReport is what [Syn2MAS.Check] found.
type CheckReport struct {
	// Started is when the check was begun, Seconds how long it took.
	Started time.Time `json:"started"`
	Seconds float64   `json:"seconds"`
	// Engine is the one that the check was made for; empty if none was chosen yet.
	Engine string `json:"engine,omitempty"`
	// ServerName is the homeserver.
	ServerName string `json:"server_name,omitempty"`
	// Versions are what the databases say; empty where they could not be asked.
	Versions Versions `json:"versions"`
	// Counts are how many rows Synapse has, in the order in which they are read. Empty
	// if its database could not be read.
	Counts []Count `json:"counts,omitempty"`
	// People are the effects of the findings, worst first, each with the code of its
	// finding: what people would notice.
	People []string `json:"people,omitempty"`
	// Findings are sorted by severity. Those that an ack accepts are warnings.
	Findings Findings `json:"findings"`
}

// Versions are of what is at work.
type Versions struct {
	// SynapsePostgreSQL and MASPostgreSQL are the servers' own: "15.18".
	SynapsePostgreSQL string `json:"synapse_postgresql,omitempty"`
	MASPostgreSQL     string `json:"mas_postgresql,omitempty"`
	// SynapseSchema is the version of Synapse's schema: 94 in Synapse 1.163.
	SynapseSchema int `json:"synapse_schema,omitempty"`
	// MAS is the release, or the releases, that the schema is of: "1.22", "1.20 to
	// 1.21"; "unknown" if none that is known has it.
	MAS string `json:"mas,omitempty"`
	// MASSchema is its newest migration.
	MASSchema int64 `json:"mas_schema,omitempty"`
}

// Count is how many rows of a table of Synapse there are.
type Count struct {
	// Table is Synapse's.
	Table string `json:"table"`
	Rows  int64  `json:"rows"`
}

// Err is nil if no finding is an error: then the migration can be run. Otherwise it
// lists the errors and matches [maskit.ErrInvalid].
func (r CheckReport) Err() error { return r.Findings.Err() }

// settle puts the findings in order: what two checks say of one thing is said once, and
// acks are applied.
func (r *CheckReport) settle(own, engine Findings, acks []maskit.Ack) {
	r.Findings = merged(own, engine).Accept(acks...).Sorted()
	r.People = nil
	for _, f := range r.Findings {
		if f.Effect != "" {
			r.People = append(r.People, f.Effect+" ["+f.Code+"]")
		}
	}
}
