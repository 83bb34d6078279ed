package yamledit

import (
	"strings"

	"github.com/maskit-dev/maskit"
)

// unsafe reports a change that the text does not bear.
func (e *Edits) unsafe(keys ...string) maskit.Problems {
	return e.refusal("yaml-edit-unsafe", keys, "the change cannot be made without touching something else", "make it by hand")
}

// shared reports a value that cannot get a text of its own.
func (e *Edits) shared(keys ...string) maskit.Problems {
	return e.refusal("yaml-shared", keys,
		"comes from an alias or a merge key, or has an anchor that makes it count elsewhere too, and cannot be written out by itself",
		"write the section out without anchors and aliases, then try again")
}

// anchored reports a value that cannot go because of an anchor in it.
func (e *Edits) anchored(keys ...string) maskit.Problems {
	return e.refusal("yaml-anchor-in-use", keys,
		"holds an anchor that is used elsewhere, and its value cannot be written out there",
		"write the value out where the alias stands, then try again")
}

// refusal is a problem at the place that keys name in the document that was given.
func (e *Edits) refusal(code string, keys []string, message, hint string) maskit.Problems {
	entry, _ := e.origin.Find(keys...)
	entry.Pos.File = e.origin.name
	return maskit.Problems{{Path: strings.Join(keys, "."), Code: code, Pos: entry.Pos, Message: message, Hint: hint}}
}
