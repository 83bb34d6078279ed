package keycloak

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"

	"github.com/maskit-dev/maskit"
)

// object is one thing in Keycloak that a spec manages. It knows what it is wanted to
// be, how to read it, and how to write it; planning, drift, order, counting and
// reporting are the engine's.
//
// An object is a value: it keeps nothing between the calls, since a plan may be
// applied by another run than the one that made it.
type object interface {
	// subject names the object in changes: "client matrix".
	subject() string
	// read returns the object as the server has it. It writes nothing. What several
	// objects read by [run.get] is fetched once.
	read(ctx context.Context, r *run) (state, error)
	// compare says what would have to change. It is pure.
	compare(have state) comparison
	// write makes the server hold what is wanted. It is called only when compare
	// found something to do, with the state that was read just now. When the server
	// says that the object exists already, it is adopted: read again, and changed.
	write(ctx context.Context, r *run, have state) error
}

// state is an object as the server has it.
type state struct {
	// raw is the whole JSON document, with the fields that nobody here knows; nil if
	// there is none.
	raw map[string]any
	// orphan says that what the object belongs to does not exist either. Then the
	// object is not judged before that has been created.
	orphan bool
	// more is what else an object needs to know between read and write.
	more any
}

// comparison is what an object makes of a state.
type comparison struct {
	// action is create, update, delete or unchanged.
	action maskit.Action
	// fields has what differs.
	fields []maskit.FieldChange
	// basis is what the comparison saw of the owned fields: if it is another one when
	// the plan is applied, that is drift. Secrets stand in it as [maskit.Secret].
	basis map[string]any
	// reason says why, in a few words; may be empty.
	reason string
	// problems are findings about the state that a change does not mend.
	problems maskit.Problems
}

// change is the comparison as a change of a plan.
func (c comparison) change(o object) maskit.Change {
	return maskit.Change{Subject: o.subject(), Action: c.action, Fields: c.fields, Reason: c.reason}
}

// sameBasis reports whether two comparisons saw the same.
func sameBasis(a, b map[string]any) bool {
	if len(a) != len(b) || (a == nil) != (b == nil) {
		return false
	}
	for key, value := range a {
		other, ok := b[key]
		if !ok || !sameValue(value, other) {
			return false
		}
	}
	return true
}

// drift says what two comparisons saw differently, without the values.
func drift(then, now map[string]any) error {
	var names []string
	for _, name := range slices.Sorted(maps.Keys(then)) {
		if value, ok := now[name]; ok && !sameValue(then[name], value) {
			names = append(names, name)
		}
	}
	switch {
	case len(names) > 0:
		return fmt.Errorf("somebody else changed %s, make a new plan: %w", strings.Join(names, ", "), maskit.ErrDrift)
	case len(now) < len(then):
		return fmt.Errorf("somebody else deleted it, make a new plan: %w", maskit.ErrDrift)
	}
	return fmt.Errorf("somebody else made it, make a new plan: %w", maskit.ErrDrift)
}

func sameValue(a, b any) bool {
	if secret, ok := a.(maskit.Secret); ok {
		other, ok := b.(maskit.Secret)
		return ok && secret.Equal(other)
	}
	return reflect.DeepEqual(a, b)
}

// fingerprint names a basis. Secrets count only as being there or not, so that
// nobody can guess them from it.
func fingerprint(basis map[string]any) string {
	text, err := json.Marshal(basis) // sorted keys
	if err != nil {
		return "" // the values come from JSON
	}
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:12])
}
