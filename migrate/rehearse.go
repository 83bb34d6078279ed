package migrate

import "time"

// RehearseReport says how a rehearsal went.
type RehearseReport struct {
	// Run is what the engine did; MAS's tables are as before.
	Run RunReport `json:"run"`
	// Downtime is how long Run will take, if Synapse grows no further and has no less
	// to do: what the rehearsal took, without the verification. Servers stop and start in addition.
	Downtime time.Duration `json:"downtime"`
	// VerifyTime is how long Verify took, which is part of the downtime unless it is left out.
	VerifyTime time.Duration `json:"verify_time"`
	// Findings are those of the checks.
	Findings Findings `json:"findings,omitempty"`
}
