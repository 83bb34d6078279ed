package strictyaml

import (
	"regexp"
	"strconv"
	"strings"

	"github.com/maskit-dev/maskit"
)

// syntax reports what the parser could not read. Its messages name at most an
// anchor, which could be a secret that somebody forgot to quote, so that one is reworded.
func (l *loader) syntax(err error) {
	line, text := splitSyntax(err.Error())
	hint := ""
	switch {
	case strings.HasPrefix(text, "unknown anchor"):
		text, hint = "an alias (*…) refers to no anchor", "quote a value that starts with *"
	case strings.Contains(text, "cannot start any token"):
		hint = "YAML does not allow tabs for indentation; quote values that start with @, `, % or a tab"
	case strings.Contains(text, "mapping values are not allowed"):
		hint = `quote values that contain ": "; check the indentation`
	case strings.Contains(text, "did not find expected") || strings.Contains(text, "could not find expected"):
		hint = "check the indentation and the quotes of this line and of those above it"
	}
	l.fail(maskit.Pos{Line: line}, "yaml-syntax", "is not valid YAML: "+text, hint)
}

// splitSyntax takes "yaml: line 3: could not find expected ':'" apart.
func splitSyntax(message string) (line int, text string) {
	m := regexp.MustCompile(`^(?:yaml: )?(?:unmarshal errors:\s*)?(?:line (\d{1,9}): )?(.*)$`).
		FindStringSubmatch(strings.Join(strings.Fields(message), " "))
	if m == nil {
		return 0, "cannot be parsed"
	}
	line, _ = strconv.Atoi(m[1]) // absent: 0, the line is not known
	return line, m[2]
}
