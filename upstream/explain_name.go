package upstream

import (
	"fmt"
	"slices"
	"strings"

	"github.com/maskit-dev/maskit/mas"
)

// takesName follows the user name, and reports whether the login ends with it.
func (x *explaining) takesName() bool {
	name := &x.result.Localpart
	switch {
	case name.Action == mas.ImportIgnore:
		name.Use = UseAsked
		return false
	case name.Error != "" || name.Value == "":
		name.Use = UseAsked
		name.Note = x.because(*name)
		if name.Action == mas.ImportForce {
			name.Note += "; the person sees an empty field, and what they type ends in HTTP 500"
		}
		return false
	}
	owner := x.owner(name.Value)
	refusal := x.refusal(name.Value)
	if name.Action == mas.ImportSuggest {
		x.suggest(owner, refusal)
		return false
	}
	if owner != nil && !owner.OnlySynapse {
		x.conflict(*owner)
		return true
	}
	switch {
	case refusal != "":
		name.Use = UseFailed
		x.end(OutcomeNameRefused, 200, "the name %q %s", name.Value, refusal)
	case owner != nil:
		name.Use = UseFailed
		x.end(OutcomeNameUnavailable, 200, "Synapse has a user %q that MAS does not know: migrate the users first", owner.Localpart)
	case strings.HasPrefix(name.Value, "_"):
		name.Use = UseFailed
		x.end(OutcomeNameUnavailable, 200, "the name %q begins with an underscore, which Synapse reserves", name.Value)
	default:
		name.Use = UseForced
		return false
	}
	return true
}

// suggest drops a name that cannot be taken.
func (x *explaining) suggest(owner *Account, refusal string) {
	name := &x.result.Localpart
	switch {
	case owner != nil:
		name.Note = "dropped: the account " + owner.Localpart + " has that name"
	case refusal != "":
		name.Note = "dropped: the name " + refusal
	case strings.HasPrefix(name.Value, "_"):
		name.Note = "dropped: Synapse reserves names with a leading underscore"
	default:
		name.Use = UsePrefilled
		return
	}
	name.Use = UseAsked
}

// owner is the account of that name, whatever the case of its letters.
func (x *explaining) owner(name string) *Account {
	for i, account := range x.explainer.Accounts {
		if sameLetters(account.Localpart, name) {
			return &x.explainer.Accounts[i]
		}
	}
	return nil
}

// sameLetters compares as LOWER of PostgreSQL does: unlike [strings.EqualFold] it keeps the
// long s apart from the s.
func sameLetters(a, b string) bool {
	lower := strings.ToLower(a)
	return lower == strings.ToLower(b)
}

// maxUserID is the limit for @name:server (Matrix specification, appendix User
// Identifiers).
const maxUserID = 255

// refusal is what the registration policy of MAS 1.22 has against a name; empty: nothing.
func (x *explaining) refusal(name string) string {
	illegal := strings.IndexFunc(name, func(c rune) bool {
		return (c < 'a' || c > 'z') && (c < '0' || c > '9') && !strings.ContainsRune(".=_/+-", c)
	})
	switch {
	case illegal >= 0:
		return "has a character other than a-z, 0-9 and . = _ / + -"
	case strings.Trim(name, "0123456789") == "":
		return "consists of digits only"
	case x.explainer.ServerName != "" && len("@"+name+":"+x.explainer.ServerName) > maxUserID:
		return fmt.Sprintf("is too long: a user id has at most %d characters", maxUserID)
	}
	return ""
}

// conflict is a name that somebody in MAS has.
func (x *explaining) conflict(owner Account) {
	name := &x.result.Localpart
	name.Use = UseNone
	rule := x.entry.ClaimsImports.Localpart.OnConflict
	linked := rule == mas.ConflictAdd || rule == mas.ConflictReplace || rule == mas.ConflictSet && len(owner.Subjects) == 0
	switch {
	case !linked && rule == mas.ConflictSet:
		name.Use = UseFailed
		x.end(OutcomeUserExists, 200, "the account %s has that name, and is linked to another subject of the provider", owner.Localpart)
	case !linked:
		name.Use = UseFailed
		x.end(OutcomeUserExists, 200, "the account %s has that name", owner.Localpart)
	case owner.Inactive:
		x.end(OutcomeAccountInactive, 200, "the account %s has that name, and is locked or deactivated", owner.Localpart)
	default:
		x.result.User = owner.Localpart
		x.end(OutcomeLinked, 0, "the account %s has that name, and is linked to the subject (on_conflict: %s)%s", owner.Localpart, rule, x.dropped(owner, rule))
	}
}

// dropped says which links a replacement deletes.
func (x *explaining) dropped(owner Account, rule mas.OnConflict) string {
	if rule != mas.ConflictReplace || len(owner.Subjects) == 0 {
		return ""
	}
	return "; its link to " + strings.Join(slices.Sorted(slices.Values(owner.Subjects)), ", ") + " is deleted"
}
