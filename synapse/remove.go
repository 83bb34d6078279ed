package synapse

import (
	"slices"
	"strings"

	"gopkg.in/yaml.v3"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/internal/yamledit"
)

// dropPasswords removes password_config.enabled if Synapse would check
// passwords; the rest of the section, such as the pepper, stays. Without the key,
// Synapse checks none once it delegates.
func (p *plan) dropPasswords() {
	enabled, ok := p.config.find("password_config", "enabled")
	if !ok || !enabled.Truthy() { // "only_for_reauth" is a true string
		return
	}
	p.drop(enabled, drop{
		keys: []string{"password_config", "enabled"}, reason: "MAS checks passwords", neutral: yamledit.Bool(false),
	})
}

// dropRegistration removes the switches that let Synapse register users. Of the
// two, the older disable_registration counts if it is there.
func (p *plan) dropRegistration() {
	key, refused := "disable_registration", false
	s, ok := p.config.find(key)
	if !ok {
		key, refused = "enable_registration", true
		s, ok = p.config.find(key)
	}
	if !ok {
		return
	}
	value, readable := truth(s.Entry)
	switch {
	case !readable:
		p.problems = append(p.problems, maskit.Problem{
			Path: key, Code: "wrong-type", Pos: s.Pos,
			Message: "is neither true nor false, and Synapse does not start with it", Hint: "remove the key",
		})
	case value == refused:
		p.drop(s, drop{keys: []string{key}, reason: "MAS registers users"})
	}
}

// dropMSC3861 removes the predecessor of matrix_authentication_service.
// Synapse 1.157 refuses it even if it is disabled, unless it is empty.
func (p *plan) dropMSC3861() {
	const reason = "matrix_authentication_service replaces it"
	if section, ok := p.config.find("experimental_features"); ok && !section.Truthy() && is(p.delegate.SynapseVersion, 157, 0) {
		p.drop(section, drop{keys: []string{"experimental_features"}, reason: "Synapse 1.157.0 crashes on an empty section"})
		return
	}
	old, ok := p.config.find("experimental_features", "msc3861")
	if !ok || !old.Truthy() {
		return
	}
	p.drop(old, drop{
		keys: []string{"experimental_features", "msc3861"}, reason: reason, neutral: yamledit.Map(), secret: holdsSecret(p.config, old),
	})
}

// holdsSecret reports whether the text of an msc3861 section, or of a duplicate
// that does not count, has a secret in it. What is no section may be anything.
func holdsSecret(c config, old setting) bool {
	doc := c[old.file]
	experimental, _ := c.find("experimental_features")
	return slices.ContainsFunc(doc.Entries(experimental.Path, experimental.Value), func(e yamledit.Entry) bool {
		switch {
		case e.Path != old.Path:
			return false
		case !e.IsMapping():
			return e.Truthy()
		}
		return slices.ContainsFunc(doc.Entries("", e.Value), func(e yamledit.Entry) bool {
			return slices.Contains([]string{"client_secret", "admin_token", "jwk"}, e.Path) && e.Truthy()
		})
	})
}

// drop describes a setting that has to go.
type drop struct {
	keys    []string
	reason  string
	neutral *yaml.Node // a value that Synapse accepts
	secret  bool       // the text must not stay as a comment
}

// drop takes a setting out of the file where it counts. If its section would go
// with it, and an earlier file has the section too, that one would count again
// as a whole: then the setting gets its neutral value instead.
func (p *plan) drop(s setting, d drop) {
	key := d.keys[len(d.keys)-1]
	field := maskit.FieldChange{Path: key, Before: display(s.Entry)}
	if d.secret && !s.IsMapping() {
		field.Before = maskit.NewSecret(s.Scalar().Text)
	}
	change := maskit.Change{Subject: strings.Join(d.keys, "."), Action: maskit.ActionDelete, Reason: d.reason}
	edits := p.edits[s.file]
	var refused maskit.Problems
	if len(d.keys) > 1 && p.config.owner(d.keys[0], s.file) >= 0 && p.isAlone(s, d.keys) {
		change.Action, field.After = maskit.ActionUpdate, neutralText(d.neutral)
		refused = edits.Set(d.neutral, d.keys...)
	} else {
		refused = edits.Remove(p.removal(d.secret), "commented out by maskit: "+d.reason, d.keys...)
	}
	change.Fields = []maskit.FieldChange{field}
	p.record(s.file, refused, change)
}

// isAlone reports whether a setting is all that its section holds.
func (p *plan) isAlone(s setting, keys []string) bool {
	section, ok := p.config.find(keys[:len(keys)-1]...)
	return ok && !slices.ContainsFunc(p.config[s.file].Entries(section.Path, section.Value), func(e yamledit.Entry) bool {
		return e.Path != s.Path
	})
}

func neutralText(n *yaml.Node) any {
	if n.Kind == yaml.MappingNode {
		return "(an empty section)"
	}
	return yamledit.Resolve(n).Truthy()
}

func (p *plan) removal(secret bool) yamledit.Removal {
	if secret || p.delegate.Removal == RemovalDelete {
		return yamledit.Delete
	}
	return yamledit.CommentOut
}
