package keycloak

import (
	"context"
	"fmt"
	"net/url"

	"github.com/maskit-dev/maskit"
)

// clientRef is a client by its clientId.
type clientRef struct{ id string }

func (c Client) ref() clientRef { return clientRef{c.ID} }

func (c clientRef) subject() string { return "client " + c.id }

// find returns the client with its mappers and the names of its scopes, all of which
// one request gives; nil if there is none.
func (c clientRef) find(ctx context.Context, r *run) (map[string]any, error) {
	path := r.path("clients") + "?clientId=" + url.QueryEscape(c.id)
	return r.one(ctx, path, func(raw map[string]any) bool { return text(raw, "clientId") == c.id })
}

// path is the address of something of the client.
func (c clientRef) path(ctx context.Context, r *run, segments ...string) (string, error) {
	raw, err := c.find(ctx, r)
	if err != nil {
		return "", err
	}
	id := text(raw, "id")
	if id == "" {
		return "", fmt.Errorf("%s: %w", c.subject(), maskit.ErrNotFound)
	}
	return r.path(append([]string{"clients", id}, segments...)...), nil
}

// findMapper returns one of the client's own mappers.
func (c clientRef) findMapper(ctx context.Context, r *run, name string) (state, error) {
	raw, err := c.find(ctx, r)
	if err != nil || raw == nil {
		return state{orphan: true}, err
	}
	for _, mapper := range maplist(raw["protocolMappers"]) {
		if text(mapper, "name") == name && text(mapper, "protocol") == protocolOIDC {
			return state{raw: mapper}, nil
		}
	}
	return state{}, nil
}
