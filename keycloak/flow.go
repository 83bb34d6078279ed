package keycloak

import (
	"context"
	"slices"

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
	// foreign are the flows that stand where this one belongs.
	foreign []string
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
	// holders are the documents of the uses.
	holders []state
}

func (f flow) subject() string { return f.what }

// read reads again where the parts do not fit: another run that does the same may have
// named a flow after the list of flows was read.
func (f flow) read(ctx context.Context, r *run) (state, error) {
	for attempt := 1; ; attempt++ {
		have, err := f.readOnce(ctx, r)
		s, _ := have.more.(flowState)
		if err != nil || attempt == flowReads || !slices.ContainsFunc(s.foreign, f.isName) {
			return have, err
		}
		clear(r.memo)
	}
}

// flowReads is how often a flow is read until its parts fit.
const flowReads = 3

func (f flow) readOnce(ctx context.Context, r *run) (state, error) {
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
