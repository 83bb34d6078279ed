package migrate

import "time"

// Event is a sign of progress. It holds no secret.
type Event struct {
	// Time is when it happened.
	Time time.Time `json:"time"`
	// Stage is what is being done.
	Stage Stage `json:"stage"`
	// Entity is what is loaded or compared; empty for stages that are not about one.
	Entity Entity `json:"entity,omitempty"`
	// Object is the index or constraint that was built, or the check that was made.
	Object string `json:"object,omitempty"`
	// Rows is how many rows of the entity are done, Total how many there will be. Total
	// is a real count; zero means unknown.
	Rows  int64 `json:"rows,omitempty"`
	Total int64 `json:"total,omitempty"`
	// Rate is rows per second since the entity was begun.
	Rate float64 `json:"rate,omitempty"`
	// Remaining is how long the rest of the stage will take at that rate; zero if unknown.
	Remaining time.Duration `json:"remaining,omitempty"`
	// Done says that the entity, the object or, with neither, the stage is finished.
	Done bool `json:"done,omitempty"`
	// Message is for people; may be empty.
	Message string `json:"message,omitempty"`
}

// Stage is a part of the work.
type Stage string

// The stages, in order.
const (
	StageCheck  Stage = "check"  // look at configurations and databases
	StageLoad   Stage = "load"   // read, transform and write rows
	StageBuild  Stage = "build"  // build indexes and constraints
	StageSwitch Stage = "switch" // make it all visible at once
	StageVerify Stage = "verify" // compare row for row
	StageReset  Stage = "reset"  // remove what was begun
)
