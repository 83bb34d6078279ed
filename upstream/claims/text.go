package claims

import (
	"strings"

	"github.com/maskit-dev/maskit/internal/claimexpr"
)

// Text returns a template that renders to exactly s, which is s itself unless it
// holds what minijinja would interpret.
func Text(s string) string {
	for _, opening := range []string{"{{", "{%", "{#"} {
		if strings.Contains(s, opening) {
			return "{{ " + string(claimexpr.Literal(s)) + " }}"
		}
	}
	if strings.HasSuffix(s, "\n") || strings.HasSuffix(s, "\r") { // minijinja drops a final line break
		return "{{ " + string(claimexpr.Literal(s)) + " }}"
	}
	return s
}
