package keycloak

import (
	"cmp"
	"context"
	"crypto/rand"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/maskit-dev/maskit"
)

// flow is an authentication flow that the spec makes, with the settings that name it.
//
// It is never changed in place, since a flow that is half changed may let everybody in,
// or nobody: a new one is built whole, checked, and named instead of the old one, which
// then goes.
type flow struct {
	// what names it in changes.
	what string
	// mark is its description at the server, by which it is found whatever its name.
	mark string
	// alias is how its name begins, see [flow.newName].
	alias string
	// shape returns what the flow has to be on this server, where these were made for it.
	shape func(ctx context.Context, r *run, ours []flowRef) (shape, error)
}

// shape is what a flow has to be.
type shape struct {
	// tree is empty if there is no need for the flow.
	tree     []execution
	uses     []use
	problems maskit.Problems
	// guards is what must not go from a flow because a spec says nothing of it.
	guards []guard
}

// guard is an authenticator that a flow may have by an earlier spec.
type guard struct {
	provider string
	problem  maskit.Problem
}

// flowState is a flow as the server has it, and what it has to be there.
type flowState struct {
	shape
	// ours are the flows that were made for this, also unfinished and former ones.
	ours []flowRef
	// current is the one of them that is in use, or may be taken into use.
	current flowRef
	outline []string
	// named are the aliases of all flows by their ids.
	named map[string]string
	// uses has the documents of the uses.
	holders []state
}

func (f flow) subject() string { return f.what }

func (f flow) read(ctx context.Context, r *run) (state, error) {
	s := flowState{named: map[string]string{}}
	if err := s.find(ctx, r, f.mark); err != nil {
		return state{}, err
	}
	var err error
	if s.shape, err = f.shape(ctx, r, s.ours); err != nil {
		return state{}, err
	}
	have := state{}
	for _, u := range s.uses {
		holder, err := u.object(nil).read(ctx, r)
		if err != nil {
			return state{}, err
		}
		s.holders = append(s.holders, holder)
		have.orphan = have.orphan || holder.raw == nil
	}
	s.choose()
	if s.current.id != "" {
		have.raw = map[string]any{"id": s.current.id, "alias": s.current.alias}
		s.outline, err = r.flowOutline(ctx, s.current, configured(s.tree))
	}
	have.more = s
	return have, err
}

// find finds the flows that have the mark.
func (s *flowState) find(ctx context.Context, r *run, mark string) error {
	var list []map[string]any
	if _, err := r.get(ctx, r.path("authentication", "flows"), &list); err != nil {
		return err
	}
	for _, raw := range list {
		ref := flowRef{text(raw, "id"), text(raw, "alias")}
		s.named[ref.id] = ref.alias
		if text(raw, "description") == mark {
			s.ours = append(s.ours, ref)
		}
	}
	return nil
}

// choose finds the flow in use; without one, any that was made and not used yet.
func (s *flowState) choose() {
	for i, u := range s.uses {
		for _, ref := range s.ours {
			if bound := text(s.holders[i].raw, u.at...); bound != "" && bound == u.name(ref) {
				s.current = ref
				return
			}
		}
	}
	if len(s.ours) > 0 {
		s.current = s.ours[0]
	}
}

// flowOutline reads the executions of a flow, and the settings of those authenticators
// whose settings matter.
func (r *run) flowOutline(ctx context.Context, f flowRef, configured map[string]bool) ([]string, error) {
	rows, err := r.flowRows(ctx, f)
	if err != nil {
		return nil, err
	}
	configs := map[string]map[string]string{}
	for _, row := range rows {
		id := text(row, "authenticationConfig")
		if id == "" || !configured[text(row, "providerId")] {
			continue
		}
		var config struct{ Config map[string]string }
		if _, err := r.get(ctx, r.path("authentication", "config", id), &config); err != nil {
			return nil, err
		}
		configs[id] = config.Config
	}
	return outlineRows(rows, func(row map[string]any) map[string]string { return configs[text(row, "authenticationConfig")] }), nil
}

// flowRows are the executions of a flow with those of its sub-flows.
func (r *run) flowRows(ctx context.Context, f flowRef) ([]map[string]any, error) {
	var rows []map[string]any
	_, err := r.get(ctx, r.path("authentication", "flows", f.alias, "executions"), &rows)
	return rows, err
}

func (f flow) compare(have state) comparison {
	s, _ := have.more.(flowState)
	c := comparison{action: maskit.ActionUnchanged, problems: s.problems, basis: map[string]any{}}
	if len(s.tree) == 0 {
		return c
	}
	c.basis["executions"], c.basis["alias"], c.basis["copies"] = s.outline, s.current.alias, len(s.ours)
	if s.rebuild() {
		gone, come := lineChanges(s.outline, outline(s.tree))
		c.fields = append(c.fields, maskit.FieldChange{Path: "executions", Before: orNil(gone), After: orNil(come)})
	} else if !f.isName(s.current.alias) {
		c.fields = append(c.fields, maskit.FieldChange{Path: "alias", Before: s.current.alias, After: f.alias})
	}
	for i := range s.uses {
		fields, basis := s.compareUse(i, f.alias)
		c.fields = append(c.fields, fields...)
		c.basis[s.uses[i].label] = basis
	}
	if unused := len(s.ours) - 1; unused > 0 {
		c.fields = append(c.fields, maskit.FieldChange{Path: "copies out of use", Before: unused, After: 0})
	}
	c.problems = append(slices.Clone(c.problems), s.losses()...)
	switch {
	case s.current.id == "":
		c.action = maskit.ActionCreate
	case len(c.fields) > 0:
		c.action = maskit.ActionUpdate
	}
	return c
}

// rebuild reports whether the flow has to be built anew.
func (s flowState) rebuild() bool {
	return s.current.id == "" || !slices.Equal(s.outline, outline(s.tree))
}

// compareUse says what has to change where a flow is named.
func (s flowState) compareUse(i int, alias string) ([]maskit.FieldChange, map[string]any) {
	u, holder := s.uses[i], s.holders[i]
	if holder.raw == nil {
		return []maskit.FieldChange{{Path: u.label, After: alias}}, nil
	}
	seen := u.naming(s.current).compare(holder)
	fields := seen.fields[:0:0]
	for _, change := range seen.fields {
		if change.Path != (field{path: u.at}).label() {
			fields = append(fields, change)
		}
	}
	if bound := text(holder.raw, u.at...); bound != u.name(s.current) || s.current.id == "" {
		before := cmp.Or(s.named[bound], bound)
		fields = append(fields, maskit.FieldChange{Path: u.label, Before: orNone(before), After: cmp.Or(s.current.alias, alias)})
	}
	return fields, seen.basis
}

func orNone(text string) any {
	if text == "" {
		return nil
	}
	return text
}

// losses are the guards that would go with the flow that there is.
func (s flowState) losses() maskit.Problems {
	var ps maskit.Problems
	for _, g := range s.guards {
		has := func(line string) bool { return strings.HasPrefix(strings.TrimSpace(line), g.provider+" ") }
		if slices.ContainsFunc(s.outline, has) {
			ps = append(ps, g.problem)
		}
	}
	return ps
}

// nameTail is the length of what makes names different.
const nameTail = 8

// newName returns a name that nothing else has. Two that build at the same time would
// otherwise build into one flow: the server knows flows by their names, and does not keep
// names apart in a race (26.7).
func (f flow) newName() string {
	return f.alias + " " + strings.ToLower(rand.Text()[:nameTail])
}

// isName reports whether a name is one of f.
func (f flow) isName(alias string) bool {
	tail, ok := strings.CutPrefix(alias, f.alias+" ")
	return ok && len(tail) == nameTail && !strings.Contains(tail, " ")
}

// write builds what is needed, names it where it is used, and removes what is not used
// any more.
func (f flow) write(ctx context.Context, r *run, have state) error {
	s, _ := have.more.(flowState)
	target, err := f.ensure(ctx, r, s)
	if err != nil {
		return err
	}
	for _, u := range s.uses {
		if err := apply(ctx, r, u.naming(target)); err != nil {
			return fmt.Errorf("%s: %w", u.label, err)
		}
	}
	for _, former := range s.ours {
		if former.id == target.id {
			continue
		}
		if err := r.send(ctx, http.MethodDelete, r.path("authentication", "flows", former.id), nil); err != nil {
			return fmt.Errorf("remove the former flow %q, which something else may use: %w", former.alias, err)
		}
	}
	return nil
}

// apply writes an object if it exists and is not as it should be.
func apply(ctx context.Context, r *run, o object) error {
	have, err := o.read(ctx, r)
	if err != nil || have.raw == nil || o.compare(have).action == maskit.ActionUnchanged {
		return err
	}
	return o.write(ctx, r, have)
}

// ensure returns a flow that is as it should be.
func (f flow) ensure(ctx context.Context, r *run, s flowState) (flowRef, error) {
	if s.rebuild() {
		return f.build(ctx, r, s.tree)
	}
	target := s.current
	if f.isName(target.alias) {
		return target, nil
	}
	target.alias = f.newName()
	body := f.representation(target.alias)
	body["id"] = target.id
	return target, r.send(ctx, http.MethodPut, r.path("authentication", "flows", target.id), body)
}

func (f flow) representation(alias string) map[string]any {
	return map[string]any{"alias": alias, "description": f.mark, "providerId": "basic-flow", "topLevel": true, "builtIn": false}
}

// flowRemoval takes a flow out of use, and removes it.
func flowRemoval(f flow) object {
	return removal{
		what: f.what,
		find: func(ctx context.Context, r *run) (state, error) {
			have, err := f.read(ctx, r)
			s, _ := have.more.(flowState)
			if err != nil || len(s.ours) == 0 || len(s.losses()) > 0 {
				return state{}, err
			}
			return state{raw: map[string]any{"alias": s.current.alias}, more: s}, nil
		},
		drop: func(ctx context.Context, r *run, have state) error {
			s, _ := have.more.(flowState)
			return s.drop(ctx, r)
		},
	}
}

func (s flowState) drop(ctx context.Context, r *run) error {
	for i, u := range s.uses {
		bound := text(s.holders[i].raw, u.at...)
		if !slices.ContainsFunc(s.ours, func(ref flowRef) bool { return bound == u.name(ref) }) {
			continue
		}
		if err := apply(ctx, r, u.released()); err != nil {
			return fmt.Errorf("%s: %w", u.label, err)
		}
	}
	for _, ref := range s.ours {
		if err := r.send(ctx, http.MethodDelete, r.path("authentication", "flows", ref.id), nil); err != nil {
			return err
		}
	}
	return nil
}
