package keycloak

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"github.com/maskit-dev/maskit"
)

func (p IdentityProvider) subject() string { return identityProviderRule().kind + " " + p.Alias }

// providerObjects has the identity providers, each followed by its mappers.
func providerObjects(ctx context.Context, r *run) ([]object, error) {
	var objects []object
	for i, p := range r.spec.IdentityProviders {
		objects = append(objects, r.guardedBroker(p.document(fmt.Sprintf("identity_providers[%d]", i))))
		for _, m := range p.Mappers {
			objects = append(objects, m.document(p))
		}
		if !p.ExactMappers {
			continue
		}
		surplus, err := p.surplusMappers(ctx, r)
		if err != nil {
			return nil, err
		}
		objects = append(objects, surplus...)
	}
	return objects, nil
}

func (p IdentityProvider) document(path string) document {
	item := func(_ context.Context, r *run, _ map[string]any) (string, error) {
		return r.path("identity-provider", "instances", p.Alias), nil
	}
	return document{
		rule: identityProviderRule(), name: p.Alias, fields: p.fields(),
		initial:    map[string]any{"alias": p.Alias, "providerId": p.Type, "enabled": true, "config": map[string]any{}},
		collection: func(_ context.Context, r *run) (string, error) { return r.path("identity-provider", "instances"), nil },
		item:       item,
		find: func(ctx context.Context, r *run) (state, error) {
			have, err := findProvider(ctx, r, p.Alias)
			if err == nil {
				have.more, err = p.around(ctx, r, have.raw)
			}
			return have, err
		},
		judge:    func(have state) maskit.Problems { return below(path, p.judge(have)) },
		outgoing: p.outgoing,
	}
}

func findProvider(ctx context.Context, r *run, alias string) (state, error) {
	var raw map[string]any
	_, err := r.get(ctx, r.path("identity-provider", "instances", alias), &raw)
	return state{raw: raw}, err
}

// hasFlow reports whether the realm has the flow: the server fails with a 500 if not.
func (r *run) hasFlow(ctx context.Context, alias string) (bool, error) {
	var flows []map[string]any
	found, err := r.get(ctx, r.path("authentication", "flows"), &flows)
	for _, flow := range flows {
		if text(flow, "alias") == alias {
			return true, err
		}
	}
	return !found, err
}

// outgoing sends the secret whenever something is sent: what the server shows of it is a
// mask, which would keep a former one.
func (p IdentityProvider) outgoing(body map[string]any) map[string]any {
	if !p.Secret.IsZero() {
		place(body, []string{"config", "clientSecret"}, p.Secret.Reveal())
	}
	return body
}

// withPlanned are the identity providers as they will be: those that the spec makes are
// among them, so that the flow after logins is theirs from the beginning.
func (s Spec) withPlanned(have []map[string]any) []map[string]any {
	all := slices.Clone(have)
	for _, p := range s.IdentityProviders {
		i := slices.IndexFunc(all, func(raw map[string]any) bool { return text(raw, "alias") == p.Alias })
		raw := map[string]any{"alias": p.Alias, "enabled": true}
		if i < 0 {
			all, i = append(all, nil), len(all)
		} else {
			raw = maps.Clone(all[i])
		}
		raw["enabled"] = p.Enabled.Or(raw["enabled"] == true).V
		raw["linkOnly"] = p.LinkOnly.Or(raw["linkOnly"] == true).V
		all[i] = raw
	}
	return all
}
