package migrate

import (
	"fmt"
	"strings"
	"time"
)

// Losses is what people did at MAS since the migration, and what becomes of it when
// Synapse logs people in again without MAS.
type Losses struct {
	// Since is when the migration was finished.
	Since time.Time `json:"since"`
	// MASStarted is when a MAS first came up after that, as far as MAS's database says.
	MASStarted time.Time `json:"mas_started,omitzero"`
	// Items are the kinds of things that would be lost; none if MAS has not served.
	Items []Loss `json:"items,omitempty"`
}

// LossKind is a kind of thing that may be lost.
type LossKind string

// The kinds.
const (
	LostUsers            LossKind = "users"             // registered at MAS
	LostPasswords        LossKind = "passwords"         // set or upgraded at MAS; one item per scheme
	LostEmails           LossKind = "emails"            // added or removed at MAS
	LostLinks            LossKind = "links"             // to identity providers, added at MAS
	LostRemovedLinks     LossKind = "removed-links"     // removed at MAS
	LostFlags            LossKind = "flags"             // deactivated, reactivated, locked or unlocked at MAS, administrator or no more
	LostCompatSessions   LossKind = "compat-sessions"   // logins by the old API: tokens mct_
	LostOAuthSessions    LossKind = "oauth-sessions"    // logins by OAuth 2.0: tokens mat_
	LostPersonalSessions LossKind = "personal-sessions" // personal access tokens: mpt_
	LostBrowserSessions  LossKind = "browser-sessions"  // logins at MAS's own pages
	LostRefreshes        LossKind = "refreshed-tokens"  // new tokens of sessions that were moved
	LostSignOuts         LossKind = "sign-outs"         // sessions that were ended at MAS
	LostDevices          LossKind = "devices"           // made since by Synapse for MAS
	LostOther            LossKind = "other"             // terms, recoveries, and rows that nobody here knows
)

// Loss is one kind of thing.
type Loss struct {
	Kind LossKind `json:"kind"`
	// Scheme is the version of the password scheme; only for [LostPasswords].
	Scheme int `json:"scheme,omitempty"`
	// Table is the table; only for [LostOther].
	Table string `json:"table,omitempty"`
	// Count is how many there are, Portable how many of them CopyBack brings to Synapse.
	Count    int64 `json:"count"`
	Portable int64 `json:"portable,omitempty"`
	// Users are some of those whom it concerns, at most [MaxSamples] and sorted.
	Users []string `json:"users,omitempty"`
	// Effect is what they would notice.
	Effect string `json:"effect"`
}

// String is one line.
func (l Loss) String() string {
	text := fmt.Sprintf("%d %s", l.Count, strings.ReplaceAll(string(l.Kind), "-", " "))
	if l.Kind == LostPasswords {
		text += fmt.Sprintf(" of scheme %d", l.Scheme)
	}
	if l.Table != "" {
		text += " (" + l.Table + ")"
	}
	if len(l.Users) > 0 {
		text += " of " + strings.Join(l.Users, ", ")
		if len(l.Users) == MaxSamples && l.Count > MaxSamples {
			text += " …"
		}
	}
	switch {
	case l.Portable == l.Count:
		text += ", all of which CopyBack saves"
	case l.Portable > 0:
		text += fmt.Sprintf(", %d of which CopyBack saves", l.Portable)
	}
	return text + ": " + l.Effect
}

// Empty reports whether nothing would be lost.
func (l Losses) Empty() bool { return len(l.Items) == 0 }

// Beyond returns what would be lost in spite of CopyBack.
func (l Losses) Beyond() Losses {
	rest := l
	rest.Items = nil
	for _, item := range l.Items {
		if item.Count -= item.Portable; item.Count > 0 {
			item.Portable = 0
			rest.Items = append(rest.Items, item)
		}
	}
	return rest
}

// String is for people: one line per item.
func (l Losses) String() string {
	if l.Empty() {
		return "nothing would be lost"
	}
	lines := []string{"since " + l.Since.UTC().Format(time.RFC3339) + ":"}
	for _, item := range l.Items {
		lines = append(lines, "  "+item.String())
	}
	return strings.Join(lines, "\n")
}

// LossesError refuses a rollback after MAS has served.
type LossesError struct {
	// Losses is what is not accepted.
	Losses Losses
}

// Error implements error.
func (e *LossesError) Error() string {
	return "people have used MAS, and this would be lost " + e.Losses.String()
}
