package check

import (
	"strings"

	"github.com/maskit-dev/maskit"
)

// Label reports what is not one part of a host name: letters, digits and dashes. It
// accepts the empty string.
func Label(path, value string) maskit.Problems {
	illegal := func(r rune) bool {
		return (r < 'a' || r > 'z') && (r < '0' || r > '9') && r != '-'
	}
	if strings.ContainsFunc(value, illegal) || strings.HasPrefix(value, "-") || strings.HasSuffix(value, "-") || len(value) > 63 {
		return problem(path, "label-invalid", "is not one part of a host name", "lower-case letters, digits and dashes, without the domain")
	}
	return nil
}

// UUID reports what is not a UUID in its usual spelling, in lower case. It accepts the
// empty string.
func UUID(path, value string) maskit.Problems {
	if value == "" || isUUID(value) {
		return nil
	}
	return problem(path, "uuid-invalid", "is not a UUID in lower case", "such as 72f988bf-86f1-41af-91ab-2d7cd011db47")
}

func isUUID(s string) bool {
	if len(s) != 36 {
		return false
	}
	for i := range len(s) {
		c := s[i]
		dash := i == 8 || i == 13 || i == 18 || i == 23
		if dash != (c == '-') || !dash && (c < '0' || c > '9') && (c < 'a' || c > 'f') {
			return false
		}
	}
	return true
}
