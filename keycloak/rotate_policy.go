package keycloak

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"

	"github.com/maskit-dev/maskit"
)

// attrRotation marks the client that the policy of a rotation applies to.
const attrRotation = "maskit.secret.rotation"

// begin reports whether the server can hold two secrets, and sets the policy up if
// no rotation is under way. Only trying tells: a server without the feature refuses the
// profile.
func (r *rotator) begin(ctx context.Context) (bool, error) {
	at, err := r.where(ctx)
	switch {
	case errors.Is(err, maskit.ErrForbidden):
		return false, nil // no rights for policies
	case err != nil:
		return false, err
	case at.policy || at.mark || at.two:
		r.result.Resumed = at.mark
		return true, nil
	}
	if err := r.p.realms.take(ctx); err != nil {
		return false, err
	}
	defer r.p.realms.done()
	err = r.editList(ctx, "profiles", r.profile())
	var status *maskit.StatusError
	switch {
	case errors.As(err, &status) && slices.Contains([]int{http.StatusBadRequest, http.StatusForbidden, http.StatusNotFound}, status.Status):
		return false, nil
	case err != nil:
		return false, err
	}
	return true, r.editList(ctx, "policies", r.policy())
}

func (r *rotator) policyName() string { return "maskit secret rotation of " + r.ClientID }

// profile keeps the old secret for a day, far longer than a rotation takes. The new
// one would expire in ten years, if it were not for setMark, which makes it last.
func (r *rotator) profile() map[string]any {
	const day = 86400
	return map[string]any{
		"name": r.policyName(), "description": "set up for the time of a rotation",
		"executors": []any{map[string]any{"executor": "secret-rotation", "configuration": map[string]any{
			"expiration-period": 3650 * day, "rotated-expiration-period": day, "remaining-rotation-period": day,
		}}},
	}
}

// policy applies to the marked client alone.
func (r *rotator) policy() map[string]any {
	attributes, _ := json.Marshal([]any{map[string]any{"key": attrRotation, "value": r.ClientID}}) //nolint:errchkjson // strings
	return map[string]any{
		"name": r.policyName(), "description": "set up for the time of a rotation", "enabled": true, "profiles": []any{r.policyName()},
		"conditions": []any{map[string]any{"condition": "client-attributes", "configuration": map[string]any{"attributes": string(attributes)}}},
	}
}

// editList puts an entry into one of the realm's lists of client policies, or takes
// the one of that name out if it is nil. The server replaces the whole list.
func (r *rotator) editList(ctx context.Context, list string, entry map[string]any) error {
	path := r.path("client-policies", list)
	var have map[string]any
	if _, err := r.get(ctx, path, &have); err != nil {
		return err
	}
	entries := maplist(have[list])
	kept := slices.DeleteFunc(slices.Clone(entries), func(e map[string]any) bool { return text(e, "name") == r.policyName() })
	if entry == nil && len(kept) == len(entries) {
		return nil
	}
	if entry != nil {
		kept = append(kept, entry)
	}
	return r.send(ctx, http.MethodPut, path, map[string]any{list: kept})
}

// where asks the server how far the rotation is.
func (r *rotator) where(ctx context.Context) (rotationState, error) {
	var at rotationState
	var policies map[string]any
	clear(r.memo)
	if _, err := r.get(ctx, r.path("client-policies", "policies"), &policies); err != nil {
		return at, err
	}
	at.policy = slices.ContainsFunc(maplist(policies["policies"]), func(e map[string]any) bool { return text(e, "name") == r.policyName() })
	raw, err := r.spec.Client.ref().find(ctx, r.run)
	switch {
	case err != nil:
		return at, err
	case raw == nil:
		return at, fmt.Errorf("the client is gone: %w", maskit.ErrNotFound)
	}
	at.mark = text(raw, "attributes", attrRotation) != ""
	at.two = text(raw, "attributes", "client.secret.rotated") != ""
	if secret := text(raw, "secret"); secret != "" && !isMasked(secret) {
		at.current = maskit.NewSecret(secret)
		return at, nil
	}
	return at, fmt.Errorf("the account may not see the secret of the client, it needs manage-clients: %w", maskit.ErrForbidden)
}

// setMark sets the mark of the client. Without the mark the policy is gone too, and so
// is the date at which it would have let the new secret expire.
func (r *rotator) setMark(ctx context.Context, mark string) error {
	f := []field{{path: []string{"attributes", attrRotation}, want: mark}}
	if mark == "" {
		f = append(f, field{path: []string{"attributes", "client.secret.expiration.time"}, want: ""})
	}
	at := r.spec.Client.ref()
	raw, err := at.find(ctx, r.run)
	if err != nil {
		return err
	}
	body, err := document{rule: clientRule(), fields: f}.merged(raw)
	if err != nil {
		return err
	}
	path, err := at.path(ctx, r.run)
	if err != nil {
		return err
	}
	return r.send(ctx, http.MethodPut, path, body)
}

func (r *rotator) makeSecond(ctx context.Context) error {
	path, err := r.spec.Client.ref().path(ctx, r.run, "client-secret")
	if err != nil {
		return err
	}
	if err := r.send(ctx, http.MethodPost, path, nil); err != nil {
		return err
	}
	at, err := r.where(ctx)
	if err == nil && !at.two {
		return errors.New("the server made a new secret and did not keep the old one")
	}
	return err
}

func (r *rotator) takeDown(ctx context.Context) error {
	if err := r.p.realms.take(ctx); err != nil {
		return err
	}
	defer r.p.realms.done()
	if err := r.editList(ctx, "policies", nil); err != nil {
		return err
	}
	return r.editList(ctx, "profiles", nil)
}

func (r *rotator) dropOld(ctx context.Context) error {
	path, err := r.spec.Client.ref().path(ctx, r.run, "client-secret", "rotated")
	if err != nil {
		return err
	}
	return r.send(ctx, http.MethodDelete, path, nil)
}
