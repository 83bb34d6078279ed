package upstream

import (
	"strings"

	"github.com/maskit-dev/maskit/mas"
)

// Guide is implemented by a [Provider] that can say what to do at the vendor's
// side. Callers use [SetupSteps], which works for every provider.
//
// SetupSteps keeps to the rules of [Provider]: pure, safe for concurrent use, no
// secret in the text. It gives its best for a configuration with problems, too.
type Guide interface {
	SetupSteps(env Env) []Step
}

// Step is one thing to do at the identity provider.
type Step struct {
	// Title says what is done, as an order: "Create a client".
	Title string
	// Detail explains, in a sentence or two; may be empty.
	Detail string
	// Settings are the exact values to enter, in the order of the vendor's form.
	Settings []Setting
	// Unverified says that the labels are those of the vendor's documentation, and were not
	// seen on a real tenant: they may differ there, the values do not.
	Unverified bool
}

// Setting is one field of a form at the identity provider. Name is the label that
// the form has, Value what to enter.
type Setting struct{ Name, Value string }

// Unverified returns the steps marked as such.
func Unverified(steps ...Step) []Step {
	for i := range steps {
		steps[i].Unverified = true
	}
	return steps
}

// String returns the title, then the settings and the detail as indented lines.
func (s Step) String() string {
	var b strings.Builder
	b.WriteString(s.Title)
	for _, setting := range s.Settings {
		b.WriteString("\n  " + setting.Name + ": " + setting.Value)
	}
	if s.Detail != "" {
		b.WriteString("\n  " + s.Detail)
	}
	if s.Unverified {
		b.WriteString("\n  (labels as in the vendor's documentation, not seen on a real tenant)")
	}
	return b.String()
}

// SetupSteps returns what to do at the provider: what it says itself if it is a
// [Guide], else the addresses that every provider must know.
func SetupSteps(p Provider, env Env) []Step {
	if guide, ok := p.(Guide); ok {
		return guide.SetupSteps(env)
	}
	entry, _ := p.Entry(env) // the problems are for whoever uses the entry
	step := Step{
		Title:    "Register MAS as a client",
		Detail:   "The redirect URI is compared exactly: no wildcard is needed.",
		Settings: []Setting{{"Redirect URI", env.CallbackURL()}},
	}
	if LogsOut(entry) {
		step.Settings = append(step.Settings, Setting{"Back-channel logout URI", env.BackchannelLogoutURL()})
	}
	return []Step{step}
}

// LogsOut reports whether MAS acts on logout tokens of the provider.
func LogsOut(e Entry) bool {
	return e.OnBackchannelLogout == mas.LogoutBrowserOnly || e.OnBackchannelLogout == mas.LogoutAll
}
