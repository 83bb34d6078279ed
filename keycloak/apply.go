package keycloak

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"

	"github.com/maskit-dev/maskit"
)

// Result is what an application of a plan did.
type Result struct {
	// Done are the changes that were made, or found made by someone else meanwhile.
	Done maskit.Changes `json:"done"`
	// Failed is the change at which it stopped; nil if it did not.
	Failed *maskit.Change `json:"failed,omitempty"`
	// Pending are the changes that were not tried, because of the failure.
	Pending maskit.Changes `json:"pending"`
	// Skipped are deletions that [Plan].Delete did not allow.
	Skipped maskit.Changes `json:"skipped"`
	// Requests is how many requests were sent, logging in included.
	Requests int `json:"requests"`
	// Writes is how many of them could change something.
	Writes int `json:"writes"`
	// ClientSecret is the secret of the client, if this application changed the client
	// and the server shows it: store it for MAS. [Provisioner.Export] has it at any time.
	ClientSecret maskit.Secret `json:"client_secret"`
}

// MarshalJSON implements [json.Marshaler]: what is empty is an empty list.
func (r *Result) MarshalJSON() ([]byte, error) {
	type plain Result
	out := plain(*r)
	out.Done = append(maskit.Changes{}, r.Done...)
	out.Pending = append(maskit.Changes{}, r.Pending...)
	out.Skipped = append(maskit.Changes{}, r.Skipped...)
	return json.Marshal(out)
}

// Apply carries out a plan, and nothing but the plan. Each object is read once more
// before it is written: if its managed fields are neither what the plan saw nor what it
// wants, Apply stops with an error that matches [maskit.ErrDrift]. Fields that the spec
// does not manage are kept.
//
// It stops at the first failure. The result, which is never nil, then says what was done
// and what was not; making a new plan continues from there.
func (p *Provisioner) Apply(ctx context.Context, plan *Plan) (*Result, error) {
	result := &Result{}
	if plan == nil {
		return result, fmt.Errorf("keycloak: apply: no plan: %w", maskit.ErrInvalid)
	}
	if len(plan.steps) != len(plan.Changes)+len(plan.Deletions) {
		return result, fmt.Errorf("keycloak: apply plan of realm %s: it is not as Plan returned it, and a plan cannot be read back from JSON: make a new one: %w", plan.Realm, maskit.ErrInvalid)
	}
	if err := plan.Problems.Err(); err != nil {
		result.Pending = append(append(maskit.Changes{}, plan.Changes...), plan.Deletions...)
		return result, fmt.Errorf("keycloak: apply plan of realm %s: %w", plan.Realm, err)
	}
	r := p.newRun(plan.spec)
	err := r.apply(ctx, plan, result)
	result.Requests, result.Writes = int(r.wire.count.requests.Load()), int(r.wire.count.writes.Load())
	if err != nil {
		return result, fmt.Errorf("keycloak: apply %s: %w", result.Failed.Subject, explain(err))
	}
	return result, nil
}

// explain adds what a failure of the server means mostly: it has no other word for two that
// write the same thing at the same time.
func explain(err error) error {
	var status *maskit.StatusError
	if errors.As(err, &status) && (status.Status >= http.StatusInternalServerError || status.Status == http.StatusConflict) && !errors.Is(err, maskit.ErrDrift) {
		return fmt.Errorf("%w (this is also what Keycloak says when it is busy, or when somebody else changes the same at the same time; nothing that was done is lost: a new plan continues from here)", err)
	}
	return err
}

func (r *run) apply(ctx context.Context, plan *Plan, result *Result) error {
	for i, s := range plan.steps {
		change := s.seen.change(s.object)
		if change.Action == maskit.ActionDelete && !plan.Delete {
			change.Action, change.Reason = maskit.ActionSkip, "deletions are not allowed"
			result.Skipped = append(result.Skipped, change)
			continue
		}
		if err := r.carryOut(ctx, s); err != nil {
			result.Failed = &change
			for _, rest := range plan.steps[i+1:] {
				result.Pending = append(result.Pending, rest.seen.change(rest.object))
			}
			return err
		}
		result.Done = append(result.Done, change)
		if s.object.subject() == r.spec.Client.ref().subject() {
			result.ClientSecret = r.clientSecret(ctx)
		}
	}
	return nil
}

// carryOut does one step: nothing if the object is as it should be by now, and
// nothing if it is neither that nor what the plan saw.
func (r *run) carryOut(ctx context.Context, s step) error {
	have, now, err := r.look(ctx, s.object)
	if err != nil {
		return err
	}
	if err := now.problems.Accept(r.spec.acks(now.problems)...).Err(); err != nil {
		return err
	}
	if now.action == maskit.ActionUnchanged {
		return nil
	}
	if !s.orphan && !sameBasis(s.seen.basis, now.basis) {
		return drift(s.seen.basis, now.basis)
	}
	if err := s.object.write(ctx, r, have); err != nil {
		return err
	}
	if _, isRealm := s.object.(realmObject); isRealm {
		r.gone = false
	}
	return nil
}

// clientSecret is the secret of the client, if there is one that can be seen. It was
// read with the client: a failure here is no failure of the application.
func (r *run) clientSecret(ctx context.Context) maskit.Secret {
	raw, err := r.spec.Client.ref().find(ctx, r)
	if secret := text(raw, "secret"); err == nil && secret != "" && !isMasked(secret) {
		return maskit.NewSecret(secret)
	}
	return maskit.Secret{}
}
