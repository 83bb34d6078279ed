package keycloak

import (
	"context"
	"crypto/rand"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/maskit-dev/maskit"
)

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
