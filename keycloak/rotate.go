package keycloak

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/maskit-dev/maskit"
)

// Rotation is a change of a client's secret.
type Rotation struct {
	// Realm and ClientID name the client, which authenticates by a secret.
	Realm, ClientID string
	// Secret is the new secret for servers without two-secret rotation. Make it by
	// [NewSecret] and store it before the first try; a further try must have the same.
	Secret maskit.Secret
	// Store keeps the new secret where MAS will find it, without making MAS use it. It is
	// called before the old secret stops working, and again by a further try.
	Store func(ctx context.Context, secret maskit.Secret) error
	// Activate makes MAS use what was stored, and returns when it does. A further try
	// may call it again.
	Activate func(ctx context.Context) error
}

// RotationResult is what a rotation did.
type RotationResult struct {
	// Secret is the new secret: put it into [Client].Secret, or the next plan brings the
	// old one back. It is zero as long as there is none.
	Secret maskit.Secret `json:"secret"`
	// TwoSecrets says that both secrets worked until MAS used the new one.
	TwoSecrets bool `json:"two_secrets"`
	// Resumed says that an earlier try had begun.
	Resumed bool `json:"resumed"`
	// Window is for how long MAS may have had a secret that did not work: from sending
	// the new one until Activate returned. It is zero with TwoSecrets, and not known
	// (zero too) when another try had sent it.
	Window time.Duration `json:"window"`
	// Requests and Writes count what was sent.
	Requests int `json:"requests"`
	Writes   int `json:"writes"`
}

// RotateSecret gives the client a new secret.
//
// Where Keycloak has the feature client-secret-rotation (off by default before 26.8), a
// policy for this client alone is set up, the server makes a second secret, MAS is
// switched over, and the policy is taken down: no login fails. This needs the role
// manage-realm. Otherwise Rotation.Secret is stored for MAS, written to Keycloak, and
// activated; logins fail in between, see [RotationResult].Window.
//
// It can be killed at any point: calling it again with the same Rotation continues. The
// result, which is never nil, says how far it came.
func (p *Provisioner) RotateSecret(ctx context.Context, rotation Rotation) (*RotationResult, error) {
	result := &RotationResult{}
	if err := p.rotate(ctx, rotation, result); err != nil {
		return result, fmt.Errorf("keycloak: rotate secret of client %s in realm %s: %w", rotation.ClientID, rotation.Realm, err)
	}
	return result, nil
}

func (p *Provisioner) rotate(ctx context.Context, rotation Rotation, result *RotationResult) error {
	spec := Spec{Realm: Realm{Name: rotation.Realm}, Client: Client{ID: rotation.ClientID, Secret: rotation.Secret}}
	problems := rotation.validate()
	for _, p := range spec.Validate() {
		if !known(problems, p) {
			problems = append(problems, p)
		}
	}
	if err := problems.Err(); err != nil {
		return err
	}
	r := &rotator{run: p.newRun(spec), Rotation: rotation, result: result}
	defer func() {
		result.Requests, result.Writes = int(r.wire.count.requests.Load()), int(r.wire.count.writes.Load())
	}()
	raw, err := spec.Client.ref().find(ctx, r.run)
	switch {
	case err != nil:
		return err
	case raw == nil:
		return maskit.ErrNotFound
	case text(raw, "clientAuthenticatorType") != string(ClientSecretAuth) || raw["publicClient"] == true:
		return fmt.Errorf("it does not authenticate by a secret: %w", maskit.ErrUnsupported)
	}
	switch supported, err := r.begin(ctx); {
	case err != nil:
		return err
	case supported:
		return r.twoSecrets(ctx)
	}
	return r.staged(ctx)
}

func (r Rotation) validate() maskit.Problems {
	var ps maskit.Problems
	if r.ClientID == "" {
		ps = append(ps, missing("client.id", "the clientId"))
	}
	if r.Secret.Reveal() == "" {
		ps = append(ps, missing("client.secret", "make one by NewSecret, and store it first"))
	}
	if r.Store == nil || r.Activate == nil {
		ps = append(ps, missing("rotation", "set both Store and Activate"))
	}
	return ps
}

// rotator is a rotation under way.
type rotator struct {
	*run
	Rotation
	result *RotationResult
}

// staged stores the new secret for MAS, writes it to Keycloak, where it replaces the
// old one at once, and makes MAS use it.
func (r *rotator) staged(ctx context.Context) error {
	r.result.Secret = r.Secret
	o := document{
		rule: clientRule(), name: r.ClientID, fields: []field{{path: []string{"secret"}, want: r.Secret}},
		find: func(ctx context.Context, run *run) (state, error) {
			raw, err := r.spec.Client.ref().find(ctx, run)
			return state{raw: raw}, err
		},
		item: func(ctx context.Context, run *run, _ map[string]any) (string, error) {
			return r.spec.Client.ref().path(ctx, run)
		},
	}
	if err := r.Store(ctx, r.Secret); err != nil {
		return fmt.Errorf("store the new secret: %w", err)
	}
	have, err := o.read(ctx, r.run)
	if err != nil {
		return err
	}
	if have.raw == nil {
		return fmt.Errorf("the client is gone: %w", maskit.ErrNotFound)
	}
	if isMasked(text(have.raw, "secret")) {
		return fmt.Errorf("the account may not see the secret of the client, it needs manage-clients: %w", maskit.ErrForbidden)
	}
	start := time.Now()
	if o.compare(have).action == maskit.ActionUnchanged {
		r.result.Resumed = true
	} else if err := o.write(ctx, r.run, have); err != nil {
		return err
	}
	if err := r.Activate(ctx); err != nil {
		return fmt.Errorf("make MAS use the new secret, the only one that Keycloak takes now: %w", err)
	}
	if !r.result.Resumed {
		r.result.Window = time.Since(start)
	}
	return nil
}

// errElsewhere means that the client has a second secret already, which somebody else
// made.
var errElsewhere = fmt.Errorf("somebody else rotates the secret of this client: wait until that is done, or delete its rotated secret: %w", maskit.ErrConflict)

// twoSecrets goes on from wherever an earlier try stopped:
//
//	policy, no mark            the mark makes the policy apply to the client
//	policy, mark               the server makes the second secret
//	policy, mark, two secrets  MAS is switched over; the policy goes
//	mark, two secrets          the old secret goes
//	mark                       what is left of the policy goes, then the mark, and with
//	                           it the date of expiry
func (r *rotator) twoSecrets(ctx context.Context) error {
	r.result.TwoSecrets = true
	for range 8 {
		at, err := r.where(ctx)
		if err != nil {
			return err
		}
		done, err := r.advance(ctx, at)
		if done || err != nil {
			return err
		}
	}
	return errors.New("the rotation makes no progress")
}

// rotationState is where a rotation stands, as the server tells it.
type rotationState struct {
	policy, mark, two bool
	current           maskit.Secret
}

func (r *rotator) advance(ctx context.Context, at rotationState) (done bool, err error) {
	switch {
	case at.two && !at.mark:
		return false, errElsewhere
	case at.policy && !at.mark:
		return false, r.setMark(ctx, r.ClientID)
	case at.policy && !at.two:
		return false, r.makeSecond(ctx)
	case at.policy:
		if err := r.switchOver(ctx, at.current); err != nil {
			return false, err
		}
		return false, r.takeDown(ctx)
	case at.two:
		return false, r.dropOld(ctx)
	case at.mark:
		r.result.Secret = at.current
		if err := r.takeDown(ctx); err != nil { // the profile may be left
			return false, err
		}
		return false, r.setMark(ctx, "")
	}
	return true, nil
}

func (r *rotator) switchOver(ctx context.Context, current maskit.Secret) error {
	r.result.Secret = current
	if err := r.Store(ctx, current); err != nil {
		return fmt.Errorf("store the new secret: %w", err)
	}
	if err := r.Activate(ctx); err != nil {
		return fmt.Errorf("make MAS use the new secret, beside which the old one works: %w", err)
	}
	return nil
}
