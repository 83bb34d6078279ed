package synapse

import (
	"encoding/json"
	"fmt"
	"strings"

	"gopkg.in/yaml.v3"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/internal/yamledit"
)

// display is a value as a change may show it: of a section, only that it is one.
func display(e yamledit.Entry) any {
	switch s := e.Scalar(); s.Kind {
	case yamledit.KindNone:
		if e.Value.Kind == yaml.SequenceNode {
			return "(a list)"
		}
		return "(a section)"
	case yamledit.KindNull:
		return "(null)"
	case yamledit.KindBool:
		return s.Truthy()
	case yamledit.KindInt:
		return json.Number(s.Text)
	default:
		return s.Text
	}
}

// before is the value of a finding as a change may show it. What was not meant
// for the place may be a secret.
func (f finding) before() any {
	switch s := f.at.Scalar(); s.Kind {
	case yamledit.KindNone, yamledit.KindNull, yamledit.KindBool:
	case yamledit.KindString:
		if !f.isShowable() {
			return maskit.NewSecret(s.Text)
		}
	default:
		if f.masked {
			return maskit.NewSecret(s.Text)
		}
	}
	return display(f.at.Entry)
}

// shown is the value of a finding for a message.
func (f finding) shown() string {
	s := f.at.Scalar()
	switch {
	case f.effect == crashes && s.Kind != yamledit.KindBool:
		return kindName(f.at.Entry)
	case s.Kind == yamledit.KindNull:
		return "null"
	case s.Kind == yamledit.KindString && f.isShowable():
		return fmt.Sprintf("%q", s.Text)
	case s.Kind == yamledit.KindNone, s.Kind == yamledit.KindString, f.masked:
		return "set"
	}
	return fmt.Sprint(display(f.at.Entry))
}

// isShowable reports whether a string is no secret.
func (f finding) isShowable() bool {
	return isPlainWord(f.at.Entry) || f.named && !strings.Contains(f.at.Scalar().Text, "@")
}

// isPlainWord reports whether a string is a switch or a duration: no secret.
func isPlainWord(e yamledit.Entry) bool {
	text := e.Scalar().Text
	return isSwitch(e) || text == "only_for_reauth" || strings.Trim(strings.TrimRight(text, "smhdwy"), "0123456789") == "" && len(text) < 10
}

// kindName says what kind of thing a value is.
func kindName(e yamledit.Entry) string {
	switch e.Scalar().Kind {
	case yamledit.KindNull:
		return "null"
	case yamledit.KindBool:
		return "a boolean"
	case yamledit.KindInt, yamledit.KindFloat:
		return "a number"
	case yamledit.KindNone:
		if e.Value.Kind == yaml.SequenceNode {
			return "a list"
		}
		return "a mapping"
	}
	return "a string"
}
