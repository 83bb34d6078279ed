// Package check judges single values of a provider's configuration. Each function
// returns the problems of one field, none of which shows the value.
package check

import (
	"fmt"
	"net/url"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/mas"
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
	switch {
	case !utf8.ValidString(value):
		return problem(path, "text-invalid", "is not valid UTF-8", "save the file as UTF-8")
	case strings.ContainsFunc(value, unicode.IsControl):
		return problem(path, "text-invalid", "contains a control character, such as a line break", "remove it")
	case strings.TrimSpace(value) != value:
		return problem(path, "text-invalid", "begins or ends with white space", "remove it")
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

// Secret reports a secret that is given twice, is empty, or holds what pasting
// brings along. MAS sends an inline secret byte for byte.
func Secret(path string, value mas.SecretValue) maskit.Problems {
	if !value.Inline.IsZero() && value.File != "" {
		return problem(path, "secret-twice", "is given both inline and as a file", fmt.Sprintf("keep one of %s and %s_file", path, path))
	}
	problems := Text(path+"_file", value.File)
	if value.Inline.IsZero() {
		return problems
	}
	secret := value.Inline.Reveal() // looked at, never shown
	switch {
	case secret == "":
		return append(problems, problem(path, "secret-empty", "is empty", "fill in the secret, or remove the key")...)
	case strings.TrimSpace(secret) != secret:
		return append(problems, problem(path, "secret-space", "begins or ends with white space, which MAS would send", "remove it; a line break at the end is the usual one")...)
	case !utf8.ValidString(secret) || strings.ContainsFunc(secret, unicode.IsControl):
		return append(problems, problem(path, "secret-invalid", "contains bytes that are no text", "copy the secret again")...)
	}
	return problems
}
