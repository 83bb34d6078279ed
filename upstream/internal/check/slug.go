package check

import (
	"strings"

	"github.com/maskit-dev/maskit"
)

// Slug reports what is not one segment of an address as vendors name things there:
// letters, digits, dashes and underscores. It accepts the empty string.
func Slug(path, value string) maskit.Problems {
	illegal := func(r rune) bool {
		return (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') && (r < '0' || r > '9') && r != '-' && r != '_'
	}
	if strings.ContainsFunc(value, illegal) {
		return problem(path, "slug-invalid", "is not one part of an address", "letters, digits, dashes and underscores, as the address has it")
	}
	return nil
}
