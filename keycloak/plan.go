package keycloak

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/maskit-dev/maskit"
)

// Plan is what would have to be done to bring a realm to a [Spec]. It is made by
// [Provisioner.Plan] and carried out by [Provisioner.Apply]. Its JSON and its text are for
// people and review tools; neither has a secret.
type Plan struct {
	// Realm is the name of the realm.
	Realm string `json:"realm"`
	// Changes are what is to be made and changed, in the order of execution.
	Changes maskit.Changes `json:"changes"`
	// Deletions are what is to go. They are carried out only if Delete is set.
	Deletions maskit.Changes `json:"deletions"`
	// Problems are findings that a change does not mend. [Provisioner.Apply] refuses a plan
	// with one of severity error; [Spec].Acknowledge accepts it.
	Problems maskit.Problems `json:"problems"`
	// Objects is what was looked at.
	Objects []PlannedObject `json:"objects"`
	// Requests is how many requests it took, logging in included.
	Requests int `json:"requests"`
	// Delete lets Apply carry out the deletions. Set it after a look at them.
	Delete bool `json:"-"`

	spec  Spec
	steps []step
	found maskit.Problems // at the server, none of them accepted
}

// PlannedObject is an object that a plan looked at.
type PlannedObject struct {
	// Subject names it: "client matrix".
	Subject string `json:"subject"`
	// Fingerprint names the state of the managed fields: it is the same as long as these
	// are. Secrets count only as being there or not.
	Fingerprint string `json:"fingerprint"`
}

// step is one object of a plan that has something to do.
type step struct {
	object object
	seen   comparison
	orphan bool
}

// Empty reports whether nothing is to be done.
func (p *Plan) Empty() bool { return p.Changes.Empty() && p.Deletions.Empty() }

// String returns one line per change and deletion, and one per problem.
func (p *Plan) String() string {
	var lines []string
	for _, c := range p.Changes {
		lines = append(lines, c.String())
	}
	for _, c := range p.Deletions {
		lines = append(lines, c.String())
	}
	for _, problem := range p.Problems {
		lines = append(lines, problem.String())
	}
	if p.Empty() {
		lines = append(lines, fmt.Sprintf("realm %s: nothing to do (%d requests)", p.Realm, p.Requests))
	}
	return strings.Join(lines, "\n")
}

// MarshalJSON implements [json.Marshaler]: what is empty is an empty list.
func (p *Plan) MarshalJSON() ([]byte, error) {
	type plain Plan
	out := plain(*p)
	out.Changes = append(maskit.Changes{}, p.Changes...)
	out.Deletions = append(maskit.Changes{}, p.Deletions...)
	out.Problems = append(maskit.Problems{}, p.Problems...)
	out.Objects = append([]PlannedObject{}, p.Objects...)
	return json.Marshal(out)
}

// Plan compares the realm with the spec. It writes nothing, and its number of
// requests depends on the spec alone, not on the size of the realm.
//
// The error is that of [Spec.Validate] (it matches [maskit.ErrInvalid]), or something
// that could not be read. What the server lacks is in [Plan].Problems.
func (p *Provisioner) Plan(ctx context.Context, spec Spec) (*Plan, error) {
	if err := spec.ready(); err != nil {
		return nil, fmt.Errorf("keycloak: plan realm %s: %w", spec.Realm.Name, err)
	}
	plan, err := p.newRun(spec.derived()).plan(ctx)
	if err != nil {
		return nil, fmt.Errorf("keycloak: plan realm %s: %w", spec.Realm.Name, err)
	}
	return plan, nil
}

// derived is the spec with what follows from it filled in.
func (s Spec) derived() Spec {
	s.Client = s.Client.derived()
	return s
}

func (r *run) plan(ctx context.Context) (*Plan, error) {
	plan := &Plan{Realm: r.realm, spec: r.spec}
	var deletions []step
	err := r.objects(ctx, func(o object) error {
		have, seen, err := r.look(ctx, o)
		if err != nil {
			return err
		}
		plan.Objects = append(plan.Objects, PlannedObject{Subject: o.subject(), Fingerprint: fingerprint(seen.basis)})
		plan.found = append(plan.found, seen.problems...)
		next := step{object: o, seen: seen, orphan: have.orphan}
		switch seen.action {
		case maskit.ActionUnchanged, maskit.ActionSkip:
		case maskit.ActionDelete:
			deletions = append(deletions, next)
		default:
			plan.steps = append(plan.steps, next)
			plan.Changes = append(plan.Changes, seen.change(o))
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	slices.Reverse(deletions)
	for _, d := range deletions {
		plan.Deletions = append(plan.Deletions, d.seen.change(d.object))
	}
	plan.steps = append(plan.steps, deletions...)
	plan.Problems = append(r.spec.problems(), plan.found...).Accept(r.spec.Acknowledge...)
	plan.Requests = int(r.wire.count.requests.Load())
	return plan, nil
}

// look reads an object and compares it. Where the realm is missing, so is everything.
func (r *run) look(ctx context.Context, o object) (state, comparison, error) {
	have, err := o.read(ctx, r)
	if err != nil {
		return have, comparison{}, err
	}
	have.orphan = have.orphan || r.gone
	seen := o.compare(have)
	if _, isRealm := o.(realmObject); isRealm {
		r.gone, have.orphan = have.raw == nil, false
	}
	return have, seen, nil
}
