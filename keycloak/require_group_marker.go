package keycloak

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"

	"github.com/maskit-dev/maskit"
)

// marker is a client scope without any content that the client has and no other: flows
// that belong to the realm know by it for which client a login is.
type marker struct {
	at   clientRef
	name string
}

func markerObjects(_ context.Context, r *run) ([]object, error) {
	if !r.spec.guardsClient() {
		return nil, nil
	}
	return []object{marker{at: r.spec.Client.ref(), name: r.spec.Client.marker()}}, nil
}

func (o marker) subject() string { return "scope " + o.name + " of " + o.at.subject() }

func (o marker) read(ctx context.Context, r *run) (state, error) {
	able, err := r.features(ctx)
	if err != nil {
		return state{}, err
	}
	raw, err := o.at.find(ctx, r)
	if err != nil {
		return state{}, err
	}
	have := state{raw: raw, orphan: raw == nil, more: able}
	return have, nil
}

func (o marker) compare(have state) comparison {
	able, _ := have.more.(features)
	if able.known && !able.clientConditions {
		return comparison{action: maskit.ActionUnchanged} // its flows do not know scopes
	}
	now := slices.Contains(assigned(have.raw, defaultScopes), o.name)
	c := comparison{action: maskit.ActionUnchanged, basis: map[string]any{"assigned": now}}
	if !now {
		c.action = maskit.ActionUpdate
		c.fields = []maskit.FieldChange{{Path: "assigned", Before: false, After: true}}
	}
	return c
}

func (o marker) write(ctx context.Context, r *run, have state) error {
	id, err := ensureScope(ctx, r, o.name)
	if err != nil {
		return err
	}
	if slices.Contains(assigned(have.raw, optionalScopes), o.name) {
		if err := o.at.sendScope(ctx, r, http.MethodDelete, optionalScopes, id); err != nil {
			return err
		}
	}
	return o.at.sendScope(ctx, r, http.MethodPut, defaultScopes, id)
}

// ensureScope returns the id of a client scope, which is made if there is none.
func ensureScope(ctx context.Context, r *run, name string) (string, error) {
	for attempt := 1; ; attempt++ {
		ids, err := r.scopeIDs(ctx)
		if err != nil || ids[name] != "" {
			return ids[name], err
		}
		err = r.send(ctx, http.MethodPost, r.path("client-scopes"), map[string]any{
			"name": name, "protocol": protocolOIDC, "description": "Marks the client whose logins are checked.",
			"attributes": map[string]any{"include.in.token.scope": "false", "display.on.consent.screen": "false"},
		})
		if err != nil && !errors.Is(err, maskit.ErrConflict) || attempt == 2 {
			return "", errors.Join(err, fmt.Errorf("client scope %s: %w", name, maskit.ErrNotFound))
		}
	}
}
