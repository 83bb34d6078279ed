package migrate

import (
	"time"
)

// RunReport says what an engine did.
type RunReport struct {
	// Engine is its name; Version that of mas-cli, for the official one.
	Engine  string `json:"engine"`
	Version string `json:"version,omitempty"`
	// AlreadyDone says that an earlier attempt had finished; then nothing else is known.
	AlreadyDone bool `json:"already_done,omitempty"`
	// Started and Finished bound the work of the engine.
	Started  time.Time `json:"started"`
	Finished time.Time `json:"finished"`
	// Entities says what became of the rows, in the order of [Entities].
	Entities []EntityReport `json:"entities"`
	// Timings say where the time went.
	Timings []Timing `json:"timings,omitempty"`
	// Findings are the rows that did not fit, and what else the engine noticed.
	Findings Findings `json:"findings,omitempty"`
}

// EntityReport counts the rows of one entity.
type EntityReport struct {
	Entity Entity `json:"entity"`
	// Migrated is how many rows MAS has now.
	Migrated int64 `json:"migrated"`
	// Skipped is how many rows of Synapse were left out, by reason: the code of a
	// finding, or "appservice", "guest", "deactivated", "puppet", "hidden-device".
	Skipped map[string]int64 `json:"skipped,omitempty"`
}

// Timing is how long a part of the work took. Parts overlap.
type Timing struct {
	Stage Stage `json:"stage"`
	// Object is the entity, index or constraint; empty for the stage as a whole.
	Object  string  `json:"object,omitempty"`
	Seconds float64 `json:"seconds"`
}

// Duration is how long the engine worked.
func (r RunReport) Duration() time.Duration { return r.Finished.Sub(r.Started) }
