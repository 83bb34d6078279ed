package check

import "github.com/maskit-dev/maskit"

// WhoMayLogIn reports a list of a gate that is there and names nobody: what made it may have
// found nobody, and everybody would get in. A nil list is none.
func WhoMayLogIn(path string, names []string) maskit.Problems {
	if names == nil || len(names) > 0 {
		return nil
	}
	return problem(path, "empty", "is an empty list, which would let everybody in",
		"name who may log in, or remove the key to let everybody in on purpose")
}
