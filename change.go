package maskit

import (
	"fmt"
	"strings"
)

// Action says what happens to the subject of a [Change].
type Action string

// The actions.
const (
	ActionCreate    Action = "create"
	ActionUpdate    Action = "update"
	ActionDelete    Action = "delete"
	ActionUnchanged Action = "unchanged"
	ActionSkip      Action = "skip"
)

// Change is one intended or executed modification.
type Change struct {
	// Subject names what changes: "client matrix-auth", "homeserver.yaml: password_config".
	Subject string `json:"subject"`
	// Action says what happens to it.
	Action Action `json:"action"`
	// Fields lists what differs, for updates.
	Fields []FieldChange `json:"fields,omitempty"`
	// Reason says why, in a few words; may be empty.
	Reason string `json:"reason,omitempty"`
}

// FieldChange is one field of a [Change]. A secret value is held as a [Secret]
// and therefore never shown; nil means that the field is not set.
type FieldChange struct {
	Path   string `json:"path"`
	Before any    `json:"before"`
	After  any    `json:"after"`
}

// String returns the change on one line:
//
//	update client matrix-auth: secret: [redacted] → [redacted], enabled: false → true (reason)
func (c Change) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s %s", c.Action, c.Subject)
	for i, f := range c.Fields {
		sep := ", "
		if i == 0 {
			sep = ": "
		}
		b.WriteString(sep + f.String())
	}
	if c.Reason != "" {
		fmt.Fprintf(&b, " (%s)", c.Reason)
	}
	return b.String()
}

// String returns "path: before → after".
func (f FieldChange) String() string {
	return fmt.Sprintf("%s: %s → %s", f.Path, fieldText(f.Before), fieldText(f.After))
}

func fieldText(v any) string {
	switch v := v.(type) {
	case nil:
		return "unset"
	case string:
		return fmt.Sprintf("%q", v)
	}
	return fmt.Sprint(v)
}

// Changes is a list of changes, in the order of execution.
type Changes []Change

// Empty reports whether nothing is to be done: every change is "unchanged" or "skip".
func (cs Changes) Empty() bool {
	for _, c := range cs {
		if c.Action != ActionUnchanged && c.Action != ActionSkip {
			return false
		}
	}
	return true
}

// String returns one line per change.
func (cs Changes) String() string {
	lines := make([]string, len(cs))
	for i, c := range cs {
		lines[i] = c.String()
	}
	return strings.Join(lines, "\n")
}
