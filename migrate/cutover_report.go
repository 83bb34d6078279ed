package migrate

import (
	"fmt"
	"strings"
	"time"

	"github.com/maskit-dev/maskit"
)

// StageCutover is the stage of the events of a [Cutover]; Object is the step.
const StageCutover Stage = "cutover"

// CutoverReport says what a call of [Cutover.Run] or [Cutover.Back] did. What an earlier
// call did is not in it.
type CutoverReport struct {
	// AlreadyDone says that there was nothing to do.
	AlreadyDone bool `json:"already_done,omitempty"`
	// Steps are those that were done.
	Steps []CutoverStepReport `json:"steps,omitempty"`
	// Downtime is how long people could not work: from the first stop of Synapse until it
	// answered again. Zero if it did not come to that.
	Downtime time.Duration `json:"downtime,omitempty"`
	// The reports of the steps; nil for those that were not done.
	Check    *CheckReport    `json:"check,omitempty"`
	Rehearse *RehearseReport `json:"rehearse,omitempty"`
	Verify   *VerifyReport   `json:"verify,omitempty"`
	Run      *RunReport      `json:"run,omitempty"`
	Rollback *RollbackReport `json:"rollback,omitempty"`
	// Proof is what Prove found.
	Proof maskit.Problems `json:"proof,omitempty"`
}

// CutoverStepReport is one step.
type CutoverStepReport struct {
	Step     CutoverStep `json:"step"`
	Started  time.Time   `json:"started"`
	Finished time.Time   `json:"finished"`
}

// String is for people: one line per step.
func (r CutoverReport) String() string {
	var b strings.Builder
	if r.AlreadyDone {
		b.WriteString("nothing was left to do\n")
	}
	for _, s := range r.Steps {
		fmt.Fprintf(&b, "%-14s %s\n", s.Step, s.Finished.Sub(s.Started).Round(time.Millisecond))
	}
	if r.Downtime > 0 {
		fmt.Fprintf(&b, "people could not work for %s\n", r.Downtime.Round(time.Second))
	}
	if r.Rollback != nil {
		b.WriteString(r.Rollback.String() + "\n")
	}
	if len(r.Proof) > 0 {
		b.WriteString(r.Proof.Sorted().String() + "\n")
	}
	return strings.TrimSuffix(b.String(), "\n")
}
