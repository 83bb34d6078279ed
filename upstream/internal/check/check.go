// Package check judges single values of a provider's configuration. Each function
// returns the problems of one field, none of which shows the value.
package check

import (
	"net/url"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/maskit-dev/maskit"
)

func problem(path, code, message, hint string) maskit.Problems {
	return maskit.Problems{{Path: path, Code: code, Message: message, Hint: hint}}
}

// Required reports an empty value.
func Required(path, value, hint string) maskit.Problems {
	if value != "" {
		return nil
	}
	return problem(path, "required", "is missing", hint)
}

// Text reports what no text of a configuration may hold: control characters
// (PostgreSQL, where MAS keeps its providers, refuses NUL outright), bytes that are
// not UTF-8, and white space at either end.
func Text(path, value string) maskit.Problems {
	if problems := Control(path, value); problems != nil {
		return problems
	}
	if strings.TrimSpace(value) != value {
		return problem(path, "text-invalid", "begins or ends with white space", "remove it")
	}
	return nil
}

// Control is [Text] for a text that may begin and end with white space, or be nothing else.
func Control(path, value string) maskit.Problems {
	switch {
	case !utf8.ValidString(value):
		return problem(path, "text-invalid", "is not valid UTF-8", "save the file as UTF-8")
	case strings.ContainsFunc(value, unicode.IsControl):
		return problem(path, "text-invalid", "contains a control character, such as a line break", "remove it")
	}
	return nil
}

// OneOf reports a value that is neither empty nor allowed.
func OneOf[T ~string](path string, value T, allowed ...T) maskit.Problems {
	if value == "" || slices.Contains(allowed, value) {
		return nil
	}
	names := make([]string, len(allowed))
	for i, a := range allowed {
		names[i] = string(a)
	}
	return problem(path, "unknown-value", "is not a value that exists", "one of "+strings.Join(names, ", "))
}

// URL reports what is not an absolute http or https URL, and user info and
// fragments, which no address of a provider has. It accepts the empty string.
func URL(path, value string) maskit.Problems {
	if value == "" {
		return nil
	}
	if problems := Text(path, value); problems != nil {
		return problems
	}
	u, err := url.Parse(value)
	switch {
	case err != nil, u.Opaque != "", u.Hostname() == "", strings.Contains(value, " "):
		return problem(path, "url-invalid", "is not an absolute URL", "such as https://sso.example.com/")
	case u.Scheme != "https" && u.Scheme != "http":
		return problem(path, "url-scheme", "is neither https nor http", "begin with https://")
	case u.User != nil:
		return problem(path, "url-userinfo", "contains a user name or password", "remove it")
	case strings.Contains(value, "#"):
		return problem(path, "url-fragment", "has a fragment", "remove everything from the # on")
	}
	return nil
}
