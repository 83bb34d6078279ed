package keycloak

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/maskit-dev/maskit"
)

// scopeBasic holds the claims sub and auth_time since Keycloak 25. Before, there is no
// such scope, and every token has them.
const scopeBasic = "basic"

// scopeServiceAccount is what Keycloak 26.7 gives a client by itself that gets an account of
// its own; 26.0 gives it mappers instead, see [ofServiceAccount].
const scopeServiceAccount = "service_account"

// The two lists of scopes of a client, as the admin API calls them.
const (
	defaultScopes  = "default-client-scopes"
	optionalScopes = "optional-client-scopes"
)

func validateScopes(path string, names []string) maskit.Problems {
	var ps maskit.Problems
	for i, name := range names {
		at := fmt.Sprintf("%s[%d]", path, i)
		switch {
		case name == "openid":
			ps = append(ps, maskit.Problem{Path: at, Code: "scope-openid", Message: "is not a client scope: every client has it", Hint: "remove it"})
		case name == "" || strings.ContainsAny(name, " \"\\"):
			ps = append(ps, maskit.Problem{Path: at, Code: "scope-name", Message: "is not the name of a scope", Hint: "use letters, digits and . _ - : /"})
		case slices.Index(names, name) != i:
			ps = append(ps, maskit.Problem{Path: at, Code: "duplicate", Message: "is listed twice", Hint: "remove one"})
		}
	}
	return ps
}

// scopeObjects has the scopes of the client, and those to remove if the lists are
// meant to be whole.
func scopeObjects(ctx context.Context, r *run) ([]object, error) {
	c := r.spec.Client
	if c.DefaultScopes == nil && c.OptionalScopes == nil && !c.ExactScopes {
		return nil, nil
	}
	at := c.ref()
	objects := []object{scopes{at: at, wanted: map[string][]string{defaultScopes: c.DefaultScopes, optionalScopes: c.OptionalScopes}}}
	if !c.ExactScopes {
		return objects, nil
	}
	raw, err := at.find(ctx, r)
	if err != nil {
		return nil, err
	}
	for _, list := range []string{defaultScopes, optionalScopes} {
		for _, name := range assigned(raw, list) {
			if !slices.Contains(c.DefaultScopes, name) && !slices.Contains(c.OptionalScopes, name) && !r.spec.impliesScope(raw, name) {
				objects = append(objects, scopeRemoval(at, list, name))
			}
		}
	}
	return objects, nil
}

// impliesScope reports whether a scope comes with something else that the spec wants of
// the client.
func (s Spec) impliesScope(client map[string]any, name string) bool {
	return s.guardsClient() && name == s.Client.marker() || name == scopeServiceAccount && s.Client.hasServiceAccount(client)
}

// assigned returns the names in one of the client's lists, in an order that does not change:
// the server has them in any.
func assigned(client map[string]any, list string) []string {
	key := map[string]string{defaultScopes: "defaultClientScopes", optionalScopes: "optionalClientScopes"}[list]
	return slices.Sorted(slices.Values(textList(client[key])))
}

// textList returns the strings of a JSON list.
func textList(list any) []string {
	items, _ := list.([]any)
	out := make([]string, 0, len(items))
	for _, item := range items {
		if s, ok := item.(string); ok {
			out = append(out, s)
		}
	}
	return out
}

// scopes is which client scopes the client has. They are assigned one by one: what is
// sent with the client is ignored.
type scopes struct {
	at     clientRef
	wanted map[string][]string // by list
}

func (s scopes) subject() string { return "scopes of " + s.at.subject() }

// read fetches the realm's scopes only if something is to be assigned.
func (s scopes) read(ctx context.Context, r *run) (state, error) {
	raw, err := s.at.find(ctx, r)
	if err != nil {
		return state{}, err
	}
	have := state{raw: raw, orphan: raw == nil}
	lacking := append(s.lacking(raw, defaultScopes), s.lacking(raw, optionalScopes)...)
	if raw == nil {
		lacking = slices.DeleteFunc(lacking, everyRealmHas)
	}
	if len(lacking) == 0 || r.gone {
		return have, nil
	}
	ids, err := r.scopeIDs(ctx)
	have.more = ids
	return have, err
}

// everyRealmHas reports whether Keycloak makes the scope with every realm.
func everyRealmHas(name string) bool {
	return slices.Contains([]string{scopeBasic, "profile", "email"}, name)
}

// scopeIDs returns the ids of the realm's client scopes by their names.
func (r *run) scopeIDs(ctx context.Context) (map[string]string, error) {
	var list []map[string]any
	if _, err := r.get(ctx, r.path("client-scopes"), &list); err != nil {
		return nil, err
	}
	ids := map[string]string{}
	for _, scope := range list {
		if protocol := text(scope, "protocol"); protocol == "" || protocol == protocolOIDC {
			ids[text(scope, "name")] = text(scope, "id")
		}
	}
	return ids, nil
}

func (s scopes) lacking(client map[string]any, list string) []string {
	var out []string
	have := assigned(client, list)
	for _, name := range s.wanted[list] {
		if !slices.Contains(have, name) {
			out = append(out, name)
		}
	}
	return out
}

func (s scopes) compare(have state) comparison {
	c := comparison{action: maskit.ActionUnchanged, basis: map[string]any{}}
	ids, known := have.more.(map[string]string)
	for _, list := range []string{defaultScopes, optionalScopes} {
		now := assigned(have.raw, list)
		c.basis[list] = s.own(now)
		then := slices.Clone(now)
		for _, name := range s.lacking(have.raw, list) {
			switch {
			case !known || ids[name] != "":
				then = append(then, name)
			case name != scopeBasic:
				c.problems = append(c.problems, maskit.Problem{
					Path: "client." + pathOfList(list), Code: "scope-missing", Message: fmt.Sprintf("the realm has no client scope %q", name),
					Hint: "check the spelling, or make the scope",
				})
			}
		}
		then = slices.DeleteFunc(then, func(name string) bool { return slices.Contains(s.wanted[otherList(list)], name) })
		if !slices.Equal(now, then) {
			c.action = maskit.ActionUpdate
			c.fields = append(c.fields, maskit.FieldChange{Path: pathOfList(list), Before: orNil(now), After: orNil(then)})
		}
	}
	return c
}

// own are the scopes that the spec says something about. The others may come and go: the
// server itself assigns one to a client that gets an account of its own.
func (s scopes) own(names []string) []string {
	return slices.DeleteFunc(slices.Clone(names), func(name string) bool {
		return !slices.Contains(s.wanted[defaultScopes], name) && !slices.Contains(s.wanted[optionalScopes], name)
	})
}

func pathOfList(list string) string {
	return map[string]string{defaultScopes: "default_scopes", optionalScopes: "optional_scopes"}[list]
}

func otherList(list string) string {
	if list == defaultScopes {
		return optionalScopes
	}
	return defaultScopes
}

func orNil(list []string) any {
	if len(list) == 0 {
		return nil
	}
	return list
}

// write takes a scope off the other list first: while it stands there, assigning it
// says that it worked and does nothing.
func (s scopes) write(ctx context.Context, r *run, have state) error {
	ids, err := r.scopeIDs(ctx)
	if err != nil {
		return err
	}
	for _, list := range []string{defaultScopes, optionalScopes} {
		for _, name := range s.lacking(have.raw, list) {
			id := ids[name]
			if id == "" && name == scopeBasic {
				continue
			}
			if id == "" {
				return fmt.Errorf("client scope %s: %w", name, maskit.ErrNotFound)
			}
			if slices.Contains(assigned(have.raw, otherList(list)), name) {
				if err := s.at.sendScope(ctx, r, http.MethodDelete, otherList(list), id); err != nil {
					return err
				}
			}
			if err := s.at.sendScope(ctx, r, http.MethodPut, list, id); err != nil {
				return err
			}
		}
	}
	return s.confirm(ctx, r)
}

// confirm reads the lists again, since the server says that it worked in any case.
func (s scopes) confirm(ctx context.Context, r *run) error {
	have, err := s.read(ctx, r)
	if err != nil {
		return err
	}
	if s.compare(have).action != maskit.ActionUnchanged {
		return errors.New("the server accepted the scopes and did not assign them")
	}
	return nil
}

func (c clientRef) sendScope(ctx context.Context, r *run, method, list, id string) error {
	path, err := c.path(ctx, r, list, id)
	if err != nil {
		return err
	}
	return r.send(ctx, method, path, nil)
}

// scopeRemoval takes a scope off a list of the client.
func scopeRemoval(at clientRef, list, name string) object {
	return removal{
		what: "scope " + name + " of " + at.subject(),
		find: func(ctx context.Context, r *run) (state, error) {
			raw, err := at.find(ctx, r)
			if err != nil || raw == nil || !slices.Contains(assigned(raw, list), name) {
				return state{orphan: raw == nil}, err
			}
			return state{raw: map[string]any{"list": list, "name": name}}, nil
		},
		drop: func(ctx context.Context, r *run, _ state) error {
			ids, err := r.scopeIDs(ctx)
			if err != nil {
				return err
			}
			return at.sendScope(ctx, r, http.MethodDelete, list, ids[name])
		},
	}
}
