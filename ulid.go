package maskit

import (
	"fmt"
	"strings"
)

// ULID names an upstream provider or an OAuth 2.0 client in MAS: 26 characters
// of Crockford's base 32 in upper case, the first at most 7.
//
// It becomes part of URLs that are registered at the identity provider, and the
// key of every account link, so it is made once (see mas.NewULID), stored, and
// never changed.
type ULID string

const crockford = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"

// ParseULID checks s and returns it as a ULID. It is stricter than MAS, which
// also takes lower case and a first character of 8 to Z, but then stores
// another value than the configuration shows (MAS 1.22, seen in the database).
func ParseULID(s string) (ULID, error) {
	if len(s) != 26 {
		return "", fmt.Errorf("maskit: parse ULID: has %d characters, needs 26", len(s))
	}
	for i := range len(s) {
		switch {
		case strings.IndexByte(crockford, s[i]) >= 0:
		case s[i] >= 'a' && s[i] <= 'z':
			return "", fmt.Errorf("maskit: parse ULID: lower-case letter at position %d, write it in upper case", i+1)
		default:
			return "", fmt.Errorf("maskit: parse ULID: character at position %d is not one of %s", i+1, crockford)
		}
	}
	if s[0] > '7' {
		return "", fmt.Errorf("maskit: parse ULID: first character is %q, the largest is '7' (128 bits)", s[0])
	}
	return ULID(s), nil
}

// Validate returns the error that [ParseULID] gives for u.
func (u ULID) Validate() error {
	_, err := ParseULID(string(u))
	return err
}

// String returns the 26 characters.
func (u ULID) String() string { return string(u) }
