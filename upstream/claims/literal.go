package claims

import (
	"fmt"
	"strings"
)

// literal returns s as a string literal of minijinja. Beside the quote and the
// backslash it escapes what could end a block of the template or a line of the file.
func literal(s string) string {
	var b strings.Builder
	b.WriteByte('\'')
	for _, r := range s {
		switch {
		case r == '\'' || r == '\\':
			b.WriteByte('\\')
			b.WriteRune(r)
		case r < ' ' || r == 0x7f || strings.ContainsRune("{}%#", r):
			fmt.Fprintf(&b, `\u%04x`, r)
		default:
			b.WriteRune(r)
		}
	}
	b.WriteByte('\'')
	return b.String()
}

// Text returns a template that renders to exactly s, which is s itself unless it
// holds what minijinja would interpret.
func Text(s string) string {
	for _, opening := range []string{"{{", "{%", "{#"} {
		if strings.Contains(s, opening) {
			return "{{ " + literal(s) + " }}"
		}
	}
	if strings.HasSuffix(s, "\n") || strings.HasSuffix(s, "\r") { // minijinja drops a final line break
		return "{{ " + literal(s) + " }}"
	}
	return s
}
