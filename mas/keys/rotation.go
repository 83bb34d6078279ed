package keys

import "fmt"

// Step is a step of a [Rotation].
type Step string

// The steps, in their order.
const (
	// StepIntroduce puts the new key first: it is published, and does not sign yet.
	StepIntroduce Step = "introduce"
	// StepSign moves the new key last: it signs from now on, the old one stays published.
	StepSign Step = "sign"
	// StepRetire drops the old key.
	StepRetire Step = "retire"
	// StepDone means that nothing is left to do.
	StepDone Step = "done"
)

// Rotation replaces one signing key of a ring by another of its kind, without a
// moment at which a token cannot be verified:
//
//	introduce   roll out, wait   sign   roll out, wait   retire   roll out
//
// Each step takes a ring and returns the next one. A step is due once, in this
// order; any other is refused by an [*OrderError]. [Pace] says how long to wait.
//
// The value is all the state there is: store it beside the ring. The list alone
// does not tell whether its last key is the old one before the step sign or the
// new one after it; with both key ids it does, so that [Rotation.Due] finds the
// place after an interruption at any point. A rotation never changes while it runs.
type Rotation struct {
	// Old is the key id of the key to be replaced.
	Old string `json:"old" yaml:"old"`
	// New is the key id of the key that replaces it.
	New string `json:"new" yaml:"new"`
}

// NewRotation plans to replace the key of ring that signs with the algorithms of
// next by next. A key of a kind that the ring lacks needs no rotation.
func NewRotation(ring Ring, next Entry) (Rotation, error) {
	if _, err := NewRing(append([]Entry{next}, ring.entries...)...); err != nil {
		return Rotation{}, fmt.Errorf("keys: plan rotation: %w", err)
	}
	old, ok := ring.signerOf(next.Key.Kind())
	if !ok {
		return Rotation{}, refuseRotation(ReasonNothingToRotate, fmt.Sprintf("the ring has no %s key to replace", next.Key.Kind()), "add the key to the list")
	}
	return Rotation{Old: old.ID(), New: next.ID()}, nil
}

// Due is the step that ring waits for. The error means that the ring is not one
// that this rotation can have led to.
func (r Rotation) Due(ring Ring) (Step, error) {
	oldEntry, hasOld := ring.find(r.Old)
	newEntry, hasNew := ring.find(r.New)
	switch {
	case !hasOld && !hasNew:
		return "", refuseRotation(ReasonOtherRing, "the ring has neither the old nor the new key", "")
	case !hasOld:
		oldEntry = newEntry
	case hasNew && (r.Old == r.New || oldEntry.Key.Kind() != newEntry.Key.Kind()):
		return "", refuseRotation(ReasonOtherRing, "the old and the new key are not two keys of one kind", "")
	}
	signer, _ := ring.signerOf(oldEntry.Key.Kind())
	switch id := signer.ID(); {
	case id == r.Old && !hasNew:
		return StepIntroduce, nil
	case id == r.Old:
		return StepSign, nil
	case id == r.New && hasOld:
		return StepRetire, nil
	case id == r.New:
		return StepDone, nil
	}
	return "", refuseRotation(ReasonOtherRing, "a third key of the same kind stands after the old and the new one, and signs", "move it before both, or remove it")
}

// Introduce puts next, the new key, first in the list. The old one still signs.
func (r Rotation) Introduce(ring Ring, next Entry) (Ring, error) {
	if err := r.expect(StepIntroduce, ring); err != nil {
		return Ring{}, err
	}
	old, _ := ring.find(r.Old)
	if next.ID() != r.New || next.Key.Kind() != old.Key.Kind() {
		return Ring{}, refuseRotation(ReasonOtherRing, "the key to introduce is not the one that the rotation was planned with", "")
	}
	return NewRing(append([]Entry{next}, ring.entries...)...)
}

// Sign moves the new key to the end of the list, which makes it the signer.
func (r Rotation) Sign(ring Ring) (Ring, error) {
	if err := r.expect(StepSign, ring); err != nil {
		return Ring{}, err
	}
	entry, _ := ring.find(r.New)
	return NewRing(append(ring.without(r.New), entry)...)
}

// Retire drops the old key. The new one stays, so no kind is ever lost.
func (r Rotation) Retire(ring Ring) (Ring, error) {
	if err := r.expect(StepRetire, ring); err != nil {
		return Ring{}, err
	}
	return NewRing(ring.without(r.Old)...)
}

func (r Rotation) expect(asked Step, ring Ring) error {
	due, err := r.Due(ring)
	if err != nil {
		return err
	}
	if due != asked {
		return &OrderError{Asked: asked, Due: due}
	}
	return nil
}

// OrderError is the error of a rotation step that is not the one that is due.
type OrderError struct{ Asked, Due Step }

// Error implements error.
func (e *OrderError) Error() string {
	if e.Due == StepDone {
		return fmt.Sprintf("keys: rotate: cannot %s: the rotation is done", e.Asked)
	}
	return fmt.Sprintf("keys: rotate: cannot %s: the step that is due is %s", e.Asked, e.Due)
}

func refuseRotation(reason Reason, message, hint string) error {
	return &RefusedError{Subject: "rotation", Reason: reason, Message: message, Hint: hint}
}
