package mas

import (
	"fmt"
	"slices"

	"github.com/maskit-dev/maskit"
)

// comparePasswords judges whether the passwords that people have still work.
func comparePasswords(old, next *Config) maskit.Problems {
	before, after := schemes(old.Passwords), schemes(next.Passwords)
	if before == nil {
		return nil
	}
	if after == nil {
		return maskit.Problems{{
			Path: "passwords.enabled", Code: "passwords-disabled", Severity: maskit.SeverityWarning,
			Message: "people who have only a password cannot log in any more",
			Hint:    "make sure that each has a link to an identity provider",
		}}
	}
	var problems maskit.Problems
	for _, scheme := range before {
		i := slices.IndexFunc(after, func(s PasswordScheme) bool { return s.Version == scheme.Version })
		switch {
		case i < 0:
			problems = append(problems, maskit.Problem{
				Path: "passwords.schemes", Code: "password-scheme-removed",
				Message: fmt.Sprintf("scheme version %d is gone: passwords hashed with it cannot be verified any more", scheme.Version),
				Hint:    "keep it below the new one until nobody has such a hash; a login upgrades it",
			})
		case sameHashing(scheme, after[i]) && inFile(scheme.Secret, after[i].Secret):
			problems = append(problems, notCompared(fmt.Sprintf("passwords.schemes[%d].secret", i), "pepper-not-compared",
				fmt.Sprintf("the pepper of scheme version %d", scheme.Version)))
		case !sameHashing(scheme, after[i]):
			problems = append(problems, maskit.Problem{
				Path: fmt.Sprintf("passwords.schemes[%d]", i), Code: "password-scheme-changed",
				Message: fmt.Sprintf("scheme version %d hashes in another way: passwords hashed with it cannot be verified any more", scheme.Version),
				Hint:    "keep it as it was and add the new one under a higher version",
			})
		}
	}
	return problems
}

// schemes returns the schemes in force, nil if there are no passwords. The default
// is that of MAS 1.22.
func schemes(p *Passwords) []PasswordScheme {
	switch {
	case p == nil || p.Enabled.Or(true) && p.Schemes == nil:
		return []PasswordScheme{{Version: 1, Algorithm: Argon2id}}
	case !p.Enabled.Or(true):
		return nil
	}
	return p.Schemes
}

// sameHashing reports whether b verifies what a hashed, as far as is known: peppers in
// files are not. A hash holds its own cost.
func sameHashing(a, b PasswordScheme) bool {
	samePepper := a.Secret.Inline.Equal(b.Secret.Inline)
	if inFile(a.Secret, b.Secret) {
		samePepper = a.Secret.IsZero() == b.Secret.IsZero()
	}
	return samePepper && a.Algorithm == b.Algorithm && a.UnicodeNormalization == b.UnicodeNormalization
}
