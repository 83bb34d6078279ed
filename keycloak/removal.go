package keycloak

import (
	"context"

	"github.com/maskit-dev/maskit"
)

// removal is something that is to go, because the spec says that a list is whole.
type removal struct {
	what string
	find func(ctx context.Context, r *run) (state, error)
	drop func(ctx context.Context, r *run, have state) error
}

func (d removal) subject() string { return d.what }

func (d removal) read(ctx context.Context, r *run) (state, error) { return d.find(ctx, r) }

func (d removal) compare(have state) comparison {
	if have.raw == nil {
		return comparison{action: maskit.ActionUnchanged, basis: map[string]any{}}
	}
	return comparison{
		action: maskit.ActionDelete, reason: "not in the spec",
		basis: map[string]any{"exists": true, "document": normal(have.raw)},
	}
}

func (d removal) write(ctx context.Context, r *run, have state) error { return d.drop(ctx, r, have) }
