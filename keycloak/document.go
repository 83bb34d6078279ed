package keycloak

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net/http"

	"github.com/maskit-dev/maskit"
)

// document is an object that is one JSON document at Keycloak, of which the spec owns
// some fields. It is read, changed in these fields, and written back whole.
type document struct {
	rule   rule
	name   string
	fields []field
	// initial is what a creation sends besides the fields.
	initial map[string]any
	// find returns the document as the server has it.
	find func(ctx context.Context, r *run) (state, error)
	// collection returns the path that creates one.
	collection func(ctx context.Context, r *run) (string, error)
	// item returns the path of the document that was found.
	item func(ctx context.Context, r *run, raw map[string]any) (string, error)
	// judge finds problems of the state; optional.
	judge func(have state) maskit.Problems
	// outgoing is what is sent in place of the body; optional.
	outgoing func(body map[string]any) map[string]any
}

func (d document) subject() string { return d.rule.kind + " " + d.name }

func (d document) read(ctx context.Context, r *run) (state, error) { return d.find(ctx, r) }

func (d document) compare(have state) comparison {
	c := comparison{action: maskit.ActionUnchanged}
	if d.judge != nil {
		c.problems = d.judge(have)
	}
	if have.raw == nil {
		c.action, c.basis = maskit.ActionCreate, map[string]any{}
		for _, f := range d.fields {
			if !isEmpty(normal(f.plain())) || f.want == false {
				c.fields = append(c.fields, maskit.FieldChange{Path: f.label(), After: f.want})
			}
		}
		return c
	}
	c.basis = map[string]any{"exists": true}
	if d.rule.createOnly {
		return c
	}
	for _, f := range d.fields {
		value := lookup(have.raw, f.path)
		c.basis[f.label()] = f.shown(value)
		if !f.satisfied(value) {
			c.fields = append(c.fields, maskit.FieldChange{Path: f.label(), Before: f.shown(value), After: shownWant(f, value)})
			c.action = maskit.ActionUpdate
		}
	}
	return c
}

func shownWant(f field, have any) any {
	switch {
	case f.secret():
		return f.want
	case isEmpty(normal(f.want)) && f.want != false:
		return nil
	}
	return f.overlay(have)
}

func (d document) write(ctx context.Context, r *run, have state) error {
	if have.raw == nil {
		return d.create(ctx, r)
	}
	return d.update(ctx, r, have.raw)
}

// create posts the document. If it is there after a refusal, it is adopted: somebody was
// faster, or the answer to an earlier attempt got lost. The refusal itself does not tell:
// a conflict of realms is a 400 (26.7, when they are created at the same time).
func (d document) create(ctx context.Context, r *run) error {
	path, err := d.collection(ctx, r)
	if err != nil {
		return err
	}
	refusal := r.send(ctx, http.MethodPost, path, d.sent(d.body()))
	if refusal == nil || ctx.Err() != nil {
		return refusal
	}
	have, err := d.find(ctx, r)
	switch {
	case err != nil:
		return errors.Join(refusal, err)
	case have.raw == nil:
		return refusal
	case d.compare(have).action == maskit.ActionUnchanged:
		return nil
	}
	return d.update(ctx, r, have.raw)
}

func (d document) sent(body map[string]any) map[string]any {
	if d.outgoing == nil {
		return body
	}
	return d.outgoing(body)
}

// body is the document of a creation.
func (d document) body() map[string]any {
	body := maps.Clone(d.rule.always)
	if body == nil {
		body = map[string]any{}
	}
	for key, value := range d.initial {
		body[key] = normal(value)
	}
	for _, f := range d.fields {
		value := normal(f.plain())
		if !isEmpty(value) || len(f.path) == 1 && f.want != nil || !isEmpty(lookup(body, f.path)) {
			place(body, f.path, value)
		}
	}
	return body
}

// update writes the document back with the fields that differ.
func (d document) update(ctx context.Context, r *run, raw map[string]any) error {
	path, err := d.item(ctx, r, raw)
	if err != nil {
		return err
	}
	body, err := d.merged(raw)
	if err != nil {
		return err
	}
	return r.send(ctx, http.MethodPut, path, d.sent(body))
}

// merged is the document that was read with what differs, as the rule of its kind
// demands. It does not change raw.
func (d document) merged(raw map[string]any) (map[string]any, error) {
	body, _ := normal(raw).(map[string]any)
	for _, key := range d.rule.omit {
		delete(body, key)
	}
	for key, value := range d.rule.always {
		if body[key] == nil {
			body[key] = value
		}
	}
	dropMasks(body)
	for key, how := range d.rule.unset {
		if m, ok := body[key].(map[string]any); ok && how != unsetByAbsence {
			dropMasks(m) // in a map that is merged, what is not sent stays
		}
	}
	for _, f := range d.fields {
		if have := lookup(raw, f.path); !f.satisfied(have) {
			d.put(body, f, have)
		}
	}
	for _, key := range d.rule.needs {
		if body[key] == nil {
			return nil, fmt.Errorf("the server shows no %q, and to write without it does harm: does the account have the rights?", key)
		}
	}
	return body, nil
}

func dropMasks(m map[string]any) {
	maps.DeleteFunc(m, func(_ string, value any) bool { return isMasked(value) })
}

func (d document) put(body map[string]any, f field, have any) {
	value := f.overlay(have)
	if !isEmpty(value) || len(f.path) == 1 {
		place(body, f.path, value)
		return
	}
	switch d.rule.unset[f.path[0]] {
	case unsetByAbsence:
		if m, ok := lookup(body, f.path[:len(f.path)-1]).(map[string]any); ok {
			delete(m, f.path[len(f.path)-1])
		}
	case unsetByEmptyString:
		place(body, f.path, "")
	case unsetByEmptyList:
		place(body, f.path, []any{})
	}
}
