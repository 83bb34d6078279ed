package keycloak

import (
	"context"
)

// flowRef is an authentication flow at the server.
type flowRef struct{ id, alias string }

// use is a setting that names a flow.
type use struct {
	// label names the setting in changes.
	label string
	// at is where it stands in its document.
	at []string
	// name is what stands there for a flow: its id or its alias.
	name func(flowRef) string
	// unused is what stands there without a flow of a spec.
	unused string
	// more are fields of the same document that belong to the flow.
	more []field
	// free are these fields as they are to be without a flow of a spec.
	free []field
	// object is the document with the fields.
	object func(fields []field) object
}

// naming is the document that uses a flow.
func (u use) naming(to flowRef) object {
	return u.object(append([]field{{path: u.at, want: u.name(to)}}, u.more...))
}

// released is the document that uses none of a spec's flows any more.
func (u use) released() object {
	return u.object(append([]field{{path: u.at, want: u.unused}}, u.free...))
}

// clientUse is the flow by which people log in to the client; no other client's. It may
// demand levels of authentication.
func clientUse(c Client, levels bool) use {
	at := c.ref()
	return use{
		label: "browser flow", at: []string{"authenticationFlowBindingOverrides", "browser"}, more: levelFields(levels), free: levelFields(false),
		name: func(f flowRef) string { return f.id },
		object: func(fields []field) object {
			return document{
				rule: clientRule(), name: c.ID, fields: fields,
				find: func(ctx context.Context, r *run) (state, error) {
					raw, err := at.find(ctx, r)
					return state{raw: raw}, err
				},
				item: func(ctx context.Context, r *run, _ map[string]any) (string, error) { return at.path(ctx, r) },
			}
		},
	}
}

// realmUse is one of the flows that a realm names.
func realmUse(realm, key, builtIn string) use {
	return use{
		label: key, at: []string{key}, unused: builtIn,
		name: func(f flowRef) string { return f.alias },
		object: func(fields []field) object {
			return realmObject{document: document{
				rule: realmRule(), name: realm, fields: fields, find: findRealm,
				item: func(_ context.Context, r *run, _ map[string]any) (string, error) { return r.path(), nil },
			}}
		},
	}
}

// brokerUse is the flow that follows a login at an identity provider.
func brokerUse(alias string) use {
	return use{
		label: "post login flow of identity provider " + alias, at: []string{postBrokerFlow},
		name: func(f flowRef) string { return f.alias },
		object: func(fields []field) object {
			return document{
				rule: identityProviderRule(), name: alias, fields: fields,
				find: func(ctx context.Context, r *run) (state, error) { return findBroker(ctx, r, alias) },
				item: func(_ context.Context, r *run, _ map[string]any) (string, error) {
					return r.path("identity-provider", "instances", alias), nil
				},
			}
		},
	}
}

const postBrokerFlow = "postBrokerLoginFlowAlias"

// findBroker finds an identity provider in the list of all, which was read already.
func findBroker(ctx context.Context, r *run, alias string) (state, error) {
	all, err := r.brokers(ctx)
	if err != nil {
		return state{}, err
	}
	for _, raw := range all {
		if text(raw, "alias") == alias {
			return state{raw: raw}, nil
		}
	}
	return state{}, nil
}
