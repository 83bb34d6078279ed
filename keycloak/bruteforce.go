package keycloak

import "github.com/maskit-dev/maskit"

// BruteForce is what happens to accounts whose password is guessed at. An account that
// is locked is locked for its owner too.
type BruteForce struct {
	// Lockout says for how long. Empty leaves everything here alone.
	Lockout Lockout `yaml:"lockout"`
	// MaxFailures is how many failures lock an account. 0 leaves it alone (Keycloak: 30).
	MaxFailures int `yaml:"max_failures"`
	// WaitIncrement is how long the first lock lasts; further failures add as much. 0 leaves
	// it alone (Keycloak: one minute).
	WaitIncrement Seconds `yaml:"wait_increment"`
	// MaxWait is the longest temporary lock. 0 leaves it alone (Keycloak: 15 minutes).
	MaxWait Seconds `yaml:"max_wait"`
	// ResetAfter is when failures are forgotten. 0 leaves it alone (Keycloak: 12 hours).
	ResetAfter Seconds `yaml:"reset_after"`
	// QuickLogin is the time between two failures within which they count as a
	// program's. 0 leaves it alone (Keycloak: 1000 ms).
	QuickLoginMilliseconds int `yaml:"quick_login_ms"`
	// QuickLoginWait locks after such a pair. 0 leaves it alone (Keycloak: one minute).
	QuickLoginWait Seconds `yaml:"quick_login_wait"`
	// TemporaryLockouts is how many temporary locks come before a permanent one, for
	// LockoutMixed (Keycloak 24).
	TemporaryLockouts int `yaml:"temporary_lockouts"`
}

// Lockout says for how long an account is locked.
type Lockout string

// The values of Lockout.
const (
	LockoutOff       Lockout = "off"
	LockoutTemporary Lockout = "temporary"
	// LockoutPermanent needs an administrator to unlock: anyone who knows a name can
	// lock its owner out for good.
	LockoutPermanent Lockout = "permanent"
	// LockoutMixed is permanent after some temporary ones.
	LockoutMixed Lockout = "mixed"
)

func (b BruteForce) validate() maskit.Problems {
	var ps maskit.Problems
	switch b.Lockout {
	case LockoutOff, LockoutTemporary, LockoutPermanent, LockoutMixed:
	case "":
		if b != (BruteForce{}) {
			ps = append(ps, missing("lockout", "off, temporary, permanent or mixed"))
		}
	default:
		ps = append(ps, maskit.Problem{Path: "lockout", Code: "unknown-value", Message: "is none of off, temporary, permanent and mixed"})
	}
	if b.Lockout == LockoutMixed && b.TemporaryLockouts == 0 {
		ps = append(ps, missing("temporary_lockouts", "how many temporary locks come before the permanent one"))
	}
	if b.Lockout != LockoutMixed && b.TemporaryLockouts != 0 {
		ps = append(ps, maskit.Problem{Path: "temporary_lockouts", Code: "unused", Message: "is for mixed lockout", Hint: "remove it"})
	}
	for _, n := range []struct {
		path  string
		value int
	}{{"max_failures", b.MaxFailures}, {"quick_login_ms", b.QuickLoginMilliseconds}, {"temporary_lockouts", b.TemporaryLockouts}} {
		if n.value < 0 {
			ps = append(ps, maskit.Problem{Path: n.path, Code: "negative", Message: "is negative"})
		}
	}
	return ps
}

func (b BruteForce) fields() []field {
	if b.Lockout == "" {
		return nil
	}
	f := settings{}
	f.own(b.Lockout != LockoutOff, "bruteForceProtected")
	if b.Lockout != LockoutOff {
		f.own(b.Lockout == LockoutPermanent || b.Lockout == LockoutMixed, "permanentLockout")
	}
	switch b.Lockout {
	case LockoutMixed:
		f.own(b.TemporaryLockouts, "maxTemporaryLockouts")
	case LockoutPermanent:
		f.own(0, "maxTemporaryLockouts")
	}
	for _, n := range []struct {
		value int
		key   string
	}{
		{b.MaxFailures, "failureFactor"},
		{int(b.WaitIncrement), "waitIncrementSeconds"},
		{int(b.MaxWait), "maxFailureWaitSeconds"},
		{int(b.ResetAfter), "maxDeltaTimeSeconds"},
		{b.QuickLoginMilliseconds, "quickLoginCheckMilliSeconds"},
		{int(b.QuickLoginWait), "minimumQuickLoginWaitSeconds"},
	} {
		if n.value != 0 {
			f.own(n.value, n.key)
		}
	}
	return f
}
