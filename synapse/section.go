package synapse

import (
	"strings"

	"gopkg.in/yaml.v3"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/internal/yamledit"
)

// sectionKey is the top-level key of the delegation (Synapse 1.136 and later).
const sectionKey = "matrix_authentication_service"

// sectionReason is the reason of changes in the section.
const sectionReason = "Synapse delegates authentication to MAS"

// wanted is a key of the section and its value.
type wanted struct {
	key   string
	value *yaml.Node
	text  any // the value, for changes
}

// wanted lists the keys that the section must have.
func (d Delegate) wanted() []wanted {
	endpoint := d.Site.DelegationEndpoint()
	keys := []wanted{
		{"enabled", yamledit.Bool(true), true},
		{"endpoint", yamledit.String(endpoint), endpoint},
		{"secret_path", yamledit.String(d.SecretPath), d.SecretPath},
	}
	if d.ForceHTTP2 {
		keys = append(keys, wanted{"force_http2", yamledit.Bool(true), true})
	}
	return keys
}

// writeSection writes the section, or corrects the one that counts.
func (p *pass) writeSection() {
	section, ok := p.config.find(sectionKey)
	switch {
	case !ok:
		p.appendSection()
	case !section.IsMapping() || len(section.Value.Content) == 0:
		refused := p.edits[section.file].Set(p.wholeSection(), sectionKey)
		p.record(section.file, refused, p.sectionChange(maskit.ActionUpdate))
	default:
		p.correctSection(section)
	}
}

// appendSection adds the section to the file that sets server_name: the one
// that every process loads.
func (p *pass) appendSection() {
	file := max(p.config.owner("server_name", len(p.config)), 0)
	refused := p.edits[file].Append("written by maskit: "+sectionReason, sectionKey, p.wholeSection())
	p.record(file, refused, p.sectionChange(maskit.ActionCreate))
}

func (p *pass) wholeSection() *yaml.Node {
	var pairs []yamledit.Pair
	for _, w := range p.delegate.wanted() {
		pairs = append(pairs, yamledit.Pair{Key: w.key, Value: w.value})
	}
	return yamledit.Map(pairs...)
}

func (p *pass) sectionChange(action maskit.Action) maskit.Change {
	change := maskit.Change{Subject: sectionKey, Action: action, Reason: sectionReason}
	for _, w := range p.delegate.wanted() {
		change.Fields = append(change.Fields, maskit.FieldChange{Path: w.key, After: w.text})
	}
	return change
}

// correctSection edits an existing section key by key, in its place.
func (p *pass) correctSection(section setting) {
	change := maskit.Change{Subject: sectionKey, Action: maskit.ActionUpdate, Reason: sectionReason}
	edits := p.edits[section.file]
	var refused maskit.Problems
	for _, w := range p.delegate.wanted() {
		field := maskit.FieldChange{Path: w.key, After: w.text}
		if current, ok := p.config.find(sectionKey, w.key); ok {
			if w.isMetBy(current.Entry) {
				continue
			}
			field.Before = w.before(current.Entry)
		}
		refused = append(refused, edits.Set(w.value, sectionKey, w.key)...)
		change.Fields = append(change.Fields, field)
	}
	if secret, ok := p.config.find(sectionKey, "secret"); ok && p.delegate.isUnwanted(secret) {
		refused = append(refused, edits.Remove(yamledit.Delete, "", sectionKey, "secret")...)
		change.Fields = append(change.Fields, removedSecret(secret))
	}
	if len(change.Fields) > 0 {
		p.record(section.file, refused, change)
	}
}

// removedSecret is the removal of the secret key, as a change shows it.
func removedSecret(secret setting) maskit.FieldChange {
	field := maskit.FieldChange{Path: "secret", Before: display(secret.Entry)}
	if !secret.IsNull() {
		field.Before = maskit.NewSecret(secret.Scalar().Text)
	}
	return field
}

// isMetBy reports whether an entry says what is wanted. Synapse takes only real
// booleans, and an endpoint with or without its final slash.
func (w wanted) isMetBy(e yamledit.Entry) bool {
	got, want := e.Scalar(), yamledit.Resolve(w.value)
	if w.key == "endpoint" {
		got.Text, want.Text = strings.TrimSuffix(got.Text, "/"), strings.TrimSuffix(want.Text, "/")
	}
	return got == want
}

// before is the present value as a change may show it. What is not shaped like
// an address or a path may be a secret that was put in the wrong place.
func (w wanted) before(e yamledit.Entry) any {
	text := e.Scalar().Text
	isShown := shownAddress(text) == text || shownPath(text) == text || isSwitch(e)
	if e.Scalar().Kind == yamledit.KindString && !isShown {
		return maskit.NewSecret(text)
	}
	return display(e)
}
