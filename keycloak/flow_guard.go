package keycloak

import (
	"context"
	"maps"
	"slices"

	"github.com/maskit-dev/maskit"
)

// guarded is a document that is never there without the flows that guard it: they are
// made first, and it is created with their names.
type guarded struct {
	document
	flows []flow
}

// guardedClient is the client with its login flow, if it has one.
func (r *run) guardedClient(client document) object {
	if !r.spec.guardsClient() {
		return client
	}
	return guarded{client, []flow{r.spec.loginFlow(), r.spec.brokerFlow(), r.spec.resetFlow()}}
}

// guardedBroker is an identity provider with the flow after its logins, if there is one.
func (r *run) guardedBroker(provider document) object {
	if !r.spec.guardsLogins() {
		return provider
	}
	return guarded{provider, []flow{r.spec.brokerFlow()}}
}

func (o guarded) write(ctx context.Context, r *run, have state) error {
	if have.raw != nil {
		return o.document.write(ctx, r, have)
	}
	o.initial = maps.Clone(o.initial)
	if err := o.mark(ctx, r); err != nil {
		return err
	}
	for _, f := range o.flows {
		if err := o.prepare(ctx, r, f); err != nil {
			return err
		}
	}
	return o.document.write(ctx, r, have)
}

// mark has the client created with the scope by which flows know it.
func (o guarded) mark(ctx context.Context, r *run) error {
	able, err := r.features(ctx)
	if err != nil || !able.clientConditions || !r.spec.guardsClient() {
		return err
	}
	name := r.spec.Client.marker()
	if _, err := ensureScope(ctx, r, name); err != nil {
		return err
	}
	if scopes, ok := o.initial["defaultClientScopes"].([]string); ok {
		o.initial["defaultClientScopes"] = append(slices.Clone(scopes), name)
	}
	return nil
}

// prepare makes a flow, and has the document created with what names it there.
func (o guarded) prepare(ctx context.Context, r *run, f flow) error {
	have, err := f.read(ctx, r)
	if err != nil {
		return err
	}
	c := f.compare(have)
	if err := c.problems.Accept(r.spec.acks(c.problems)...).Err(); err != nil {
		return err
	}
	if c.action != maskit.ActionUnchanged {
		if err := f.write(ctx, r, have); err != nil {
			return err
		}
		if have, err = f.read(ctx, r); err != nil {
			return err
		}
	}
	s, _ := have.more.(flowState)
	for _, u := range s.uses {
		d, ok := u.naming(s.current).(document)
		if !ok || d.subject() != o.subject() {
			continue
		}
		for _, field := range d.fields {
			if !isEmpty(field.want) {
				place(o.initial, field.path, field.want)
			}
		}
	}
	return nil
}
