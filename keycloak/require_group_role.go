package keycloak

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"

	"github.com/maskit-dev/maskit"
)

// groupRole is the role by which the client's flow knows members of the required
// group: it exists, and that group has it and no other. Groups below inherit it.
type groupRole struct {
	at    clientRef
	group Group
	// made says that the spec makes the group.
	made bool
}

func roleObjects(_ context.Context, r *run) ([]object, error) {
	c := r.spec.Client
	if !c.gated() {
		return nil, nil
	}
	group := Group{Path: c.RequireGroup.V}
	return []object{groupRole{at: c.ref(), group: group, made: r.spec.makesGroup(group.Path)}}, nil
}

func (o groupRole) subject() string { return "role " + memberRole + " of " + o.at.subject() }

// roleState is the role, the required group, and the groups that have the role.
type roleState struct {
	group   map[string]any
	holders []map[string]any
	client  map[string]any
}

// holdersPerPage is as many groups as one request asks for: there should be one.
const holdersPerPage = 100

func (o groupRole) read(ctx context.Context, r *run) (state, error) {
	client, err := o.at.find(ctx, r)
	if err != nil {
		return state{}, err
	}
	group, err := findGroup(ctx, r, o.group)
	if err != nil {
		return state{}, err
	}
	s := roleState{client: client, group: group}
	if client == nil || group == nil {
		return state{orphan: true, more: s}, nil
	}
	// Where there is no role, there is no list of its groups either.
	path := r.path("clients", text(client, "id"), "roles", memberRole, "groups") + fmt.Sprintf("?first=0&max=%d", holdersPerPage)
	found, err := r.get(ctx, path, &s.holders)
	have := state{more: s}
	if found {
		have.raw = map[string]any{"name": memberRole}
	}
	return have, err
}

func (o groupRole) compare(have state) comparison {
	s, _ := have.more.(roleState)
	c := comparison{action: maskit.ActionUnchanged, basis: map[string]any{}}
	if s.group == nil && !o.made {
		c.problems = append(c.problems, maskit.Problem{
			Path: "client.require_group", Code: "group-missing", Message: "there is no such group, so that nobody could log in",
			Hint: "check the spelling, or list it in groups to have it made",
		})
	}
	now, want := paths(s.holders), []string{o.group.Path}
	c.basis["exists"], c.basis["groups"] = have.raw != nil, now
	if !slices.Equal(now, want) {
		c.fields = []maskit.FieldChange{{Path: "groups", Before: orNil(now), After: want}}
		c.action = maskit.ActionUpdate
	}
	if have.raw == nil {
		c.action = maskit.ActionCreate
	}
	return c
}

func paths(groups []map[string]any) []string {
	out := make([]string, len(groups))
	for i, g := range groups {
		out[i] = text(g, "path")
	}
	slices.Sort(out)
	return out
}

func (o groupRole) write(ctx context.Context, r *run, have state) error {
	s, _ := have.more.(roleState)
	if s.client == nil || s.group == nil {
		return fmt.Errorf("group %s or %s: %w", o.group.Path, o.at.subject(), maskit.ErrNotFound)
	}
	role, err := o.role(ctx, r)
	if err != nil {
		return err
	}
	client, own := text(s.client, "id"), text(s.group, "id")
	if !slices.ContainsFunc(s.holders, func(g map[string]any) bool { return text(g, "id") == own }) {
		refusal := r.send(ctx, http.MethodPost, r.path("groups", own, "role-mappings", "clients", client), []any{role})
		if refusal != nil && !o.given(ctx, r) {
			return refusal
		}
	}
	for _, other := range s.holders {
		if id := text(other, "id"); id != own {
			if err := r.send(ctx, http.MethodDelete, r.path("groups", id, "role-mappings", "clients", client), []any{role}); err != nil {
				return err
			}
		}
	}
	return nil
}

// given reports whether the group has the role after all: two that give it at the same
// time are refused with a 400 (26.7), and an answer may get lost.
func (o groupRole) given(ctx context.Context, r *run) bool {
	have, err := o.read(ctx, r)
	s, _ := have.more.(roleState)
	return err == nil && slices.Contains(paths(s.holders), o.group.Path)
}

// role returns the role as the server has it, which is made if there is none.
func (o groupRole) role(ctx context.Context, r *run) (map[string]any, error) {
	path, err := o.at.path(ctx, r, "roles")
	if err != nil {
		return nil, err
	}
	for attempt := 1; ; attempt++ {
		var role map[string]any
		found, err := r.get(ctx, path+"/"+memberRole, &role)
		if found || err != nil {
			return role, err
		}
		body := map[string]any{"name": memberRole, "description": "may log in"}
		err = r.send(ctx, http.MethodPost, path, body)
		if err != nil && !errors.Is(err, maskit.ErrConflict) || attempt == 2 {
			return nil, errors.Join(err, fmt.Errorf("role %s: %w", memberRole, maskit.ErrNotFound))
		}
	}
}
