package migrate

import (
	"slices"
	"time"
)

// CutoverState is how far a [Cutover] is.
type CutoverState struct {
	// Step is being done, or was done last (Done).
	Step CutoverStep `json:"step"`
	Done bool        `json:"done"`
	// Recorded says that Synapse, MAS and Freeze hold what they are to be brought back to.
	Recorded bool `json:"recorded,omitempty"`
	// Synapse and MAS are how the servers were before anything was stopped.
	Synapse RecordedService `json:"synapse,omitzero"`
	MAS     RecordedService `json:"mas,omitzero"`
	// Freeze is what [Freezer.Record] returned.
	Freeze string `json:"freeze,omitempty"`
	// Stopped is when Synapse was first told to stop.
	Stopped time.Time `json:"stopped,omitzero"`
	// Restarted says that Synapse was started again as it was, after a failure: what
	// MAS's database holds is out of date.
	Restarted bool `json:"restarted,omitempty"`
	// Thawed says that after such a failure all was given back to those who were frozen, so
	// that what is to be brought back may be another by now.
	Thawed bool `json:"thawed,omitempty"`
	// Back says that [Cutover.Back] was begun, Reverted that it has begun to give
	// Synapse its old configuration, after which there is no way but back.
	Back     bool `json:"back,omitempty"`
	Reverted bool `json:"reverted,omitempty"`
}

// RecordedService is how a server was before a [Cutover].
type RecordedService struct {
	Status ServiceStatus `json:"status"`
	// Record is what [StopStarter.Record] returned.
	Record string `json:"record,omitempty"`
}

// CutoverStep is a step of a [Cutover].
type CutoverStep string

// The steps, in order.
const (
	CutoverCheck        CutoverStep = "check"         // configurations and databases
	CutoverRehearse     CutoverStep = "rehearse"      // load beside MAS's tables, verify, remove
	CutoverFreeze       CutoverStep = "freeze"        // record what runs; nobody else starts or changes it
	CutoverStop         CutoverStep = "stop"          // stop MAS and Synapse; nobody is connected to the databases
	CutoverMigrate      CutoverStep = "migrate"       // load MAS's database
	CutoverVerify       CutoverStep = "verify"        // compare it with Synapse's
	CutoverConfig       CutoverStep = "config"        // give Synapse its new configuration
	CutoverStartMAS     CutoverStep = "start-mas"     // the point of no return
	CutoverStartSynapse CutoverStep = "start-synapse" // people can work again
	CutoverRoutes       CutoverStep = "routes"        // send logins to MAS
	CutoverProve        CutoverStep = "prove"         // ask the servers
	CutoverThaw         CutoverStep = "thaw"          // end the freeze
)

// CutoverSteps lists all of them in order.
func CutoverSteps() []CutoverStep {
	return []CutoverStep{
		CutoverCheck, CutoverRehearse, CutoverFreeze, CutoverStop, CutoverMigrate, CutoverVerify,
		CutoverConfig, CutoverStartMAS, CutoverStartSynapse, CutoverRoutes, CutoverProve, CutoverThaw,
	}
}

// CutoverBack is the step in errors of [Cutover.Back].
const CutoverBack CutoverStep = "back"

// before reports whether s comes before other.
func (s CutoverStep) before(other CutoverStep) bool {
	steps := CutoverSteps()
	return slices.Index(steps, s) < slices.Index(steps, other)
}

// stopsPeople reports whether Synapse is down, on its old configuration, while the step
// is done, so that it can be started again if the step fails.
func (s CutoverStep) stopsPeople() bool {
	return !s.before(CutoverStop) && s.before(CutoverStartMAS)
}
