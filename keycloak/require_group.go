package keycloak

import (
	"context"
	"maps"
	"slices"
	"strings"

	"github.com/maskit-dev/maskit"
)

// memberRole is the role of the client that members of the required group have, and
// that its flow looks for: Keycloak's flows know roles, and no groups.
const memberRole = "matrix-user"

// denyMessage is what others read unless the spec says something else.
const denyMessage = "You are not allowed to use Matrix. Please ask your administrator for access."

// gated reports whether only members of a group may log in.
func (c Client) gated() bool { return c.RequireGroup.V != "" }

func (c Client) validateGroup() maskit.Problems {
	var ps maskit.Problems
	if c.DenyMessage != "" && !c.gated() {
		ps = append(ps, maskit.Problem{Path: "deny_message", Code: "unused", Message: "is for require_group", Hint: "set require_group, or remove it"})
	}
	if c.gated() && !isGroupPath(c.RequireGroup.V) {
		ps = append(ps, maskit.Problem{Path: "require_group", Code: "group-path", Message: "is not the path of a group", Hint: "write /name or /parent/name"})
	}
	return ps
}

func isGroupPath(path string) bool {
	return strings.HasPrefix(path, "/") && !strings.HasSuffix(path, "/") && !strings.Contains(path, "//")
}

// gate lets members through, and fails closed: whatever goes wrong with the role, its
// name or its condition, the last execution denies.
func (c Client) gate() execution {
	message := denyMessage
	if c.DenyMessage != "" {
		message = c.DenyMessage
	}
	return subFlow("gate", required,
		subFlow("allow", alternative,
			subFlow("member", conditional,
				authenticator("conditional-user-role", required).with("condUserRole", c.ID+"."+memberRole),
				authenticator("allow-access-authenticator", required),
			),
		),
		authenticator("deny-access-authenticator", alternative).with("denyErrorMessage", message),
	)
}

// marker is a client scope that the client alone has, by which flows that belong to the
// whole realm know it.
func (c Client) marker() string { return plainName(c.ID) + "-gate" }

// forClient runs executions for logins to the client only.
func (c Client) forClient(inside ...execution) execution {
	condition := authenticator("conditional-client-scope", required).with("client_scope", c.marker())
	return subFlow("check", conditional, append([]execution{condition}, inside...)...)
}

// plainName replaces what Keycloak refuses in names of flows and scopes.
func plainName(id string) string {
	return strings.Map(func(c rune) rune {
		switch {
		case 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z', '0' <= c && c <= '9', c == '.', c == '_', c == '-':
			return c
		}
		return '-'
	}, id)
}

// guardedClient is a client that is never there without the flow by which people have to
// log in: the flow is made first, and the client created with it.
type guardedClient struct{ document }

// guarded returns the client as an object, with its flow if it has one.
func (r *run) guarded(client document) object {
	if len(r.spec.clientFlows()) == 0 {
		return client
	}
	return guardedClient{client}
}

func (o guardedClient) write(ctx context.Context, r *run, have state) error {
	if have.raw != nil {
		return o.document.write(ctx, r, have)
	}
	o.initial = maps.Clone(o.initial)
	if err := o.mark(ctx, r); err != nil {
		return err
	}
	for _, f := range r.spec.clientFlows() {
		if err := o.prepare(ctx, r, f); err != nil {
			return err
		}
	}
	return o.document.write(ctx, r, have)
}

// mark has the client created with its marker.
func (o guardedClient) mark(ctx context.Context, r *run) error {
	able, err := r.features(ctx)
	if err != nil || !able.clientConditions {
		return err
	}
	if _, err := ensureScope(ctx, r, r.spec.Client.marker()); err != nil {
		return err
	}
	if scopes, ok := o.initial["defaultClientScopes"].([]string); ok {
		o.initial["defaultClientScopes"] = append(slices.Clone(scopes), r.spec.Client.marker())
	}
	return nil
}

// prepare makes a flow before there is a client, and has the client created with what
// will name it there.
func (o guardedClient) prepare(ctx context.Context, r *run, f flow) error {
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
		if d, ok := u.naming(s.current).(document); ok && d.rule.kind == clientRule().kind {
			for _, field := range d.fields {
				if !isEmpty(field.want) {
					place(o.initial, field.path, field.want)
				}
			}
		}
	}
	return nil
}
