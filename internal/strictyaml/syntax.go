package strictyaml

import (
	"bytes"
	"errors"
	"regexp"
	"strconv"
	"strings"

	"github.com/maskit-dev/maskit"
)

// syntax reports what the parser could not read. Its messages name at most an
// anchor, which could be a secret that somebody forgot to quote, so that one is reworded.
func (l *loader) syntax(err error, data []byte) {
	line, text := splitSyntax(err.Error())
	switch {
	case errors.Is(err, errParser):
		line = 0
	case isUnknownAnchor(text):
		line = anchorLine(text, data)
	}
	message, hint := SyntaxMessage(text)
	l.fail(maskit.Problem{Code: "yaml-syntax", Message: message, Hint: hint, Pos: maskit.Pos{Line: line}})
}

// SyntaxMessage words what the parser of yaml.v3 says, without its line, for a
// problem with the code "yaml-syntax".
func SyntaxMessage(text string) (message, hint string) {
	switch {
	case isUnknownAnchor(text):
		text, hint = "an alias (*…) refers to no anchor", "quote a value that starts with *"
	case strings.Contains(text, "cannot start any token"):
		hint = "YAML does not allow tabs for indentation; quote values that start with @, `, % or a tab"
	case strings.Contains(text, "mapping values are not allowed"):
		hint = `quote values that contain ": "; check the indentation`
	case strings.Contains(text, "did not find expected") || strings.Contains(text, "could not find expected"):
		hint = "check the indentation and the quotes of this line and of those around it"
	}
	return "is not valid YAML: " + text, hint
}

func isUnknownAnchor(text string) bool { return strings.HasPrefix(text, "unknown anchor") }

// splitSyntax takes "yaml: line 3: could not find expected ':'" apart. The parser
// leaves the first line out.
func splitSyntax(message string) (line int, text string) {
	m := regexp.MustCompile(`^(?:yaml: )?(?:line (\d{1,9}): )?(.*)$`).
		FindStringSubmatch(strings.Join(strings.Fields(message), " "))
	if m[1] == "" {
		return 1, m[2]
	}
	line, _ = strconv.Atoi(m[1]) // at most nine digits: cannot fail
	return line, m[2]
}

// anchorLine finds the alias that the parser names, 0 if it cannot.
func anchorLine(text string, data []byte) int {
	_, name, _ := strings.Cut(text, "'")
	name, _, _ = strings.Cut(name, "'")
	before, _, found := bytes.Cut(data, []byte("*"+name))
	if !found {
		return 0
	}
	return bytes.Count(before, []byte("\n")) + 1
}
