package migrate

// CutoverState is how far a [Cutover] is.
type CutoverState struct {
	// Step is being done, or was done last (Done).
	Step CutoverStep `json:"step"`
	Done bool        `json:"done"`
}

// CutoverStep is a step of a [Cutover].
type CutoverStep string
