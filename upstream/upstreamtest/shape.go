package upstreamtest

import (
	"regexp"
	"strings"

	"github.com/maskit-dev/maskit/upstream"
)

// parameterSlot begins the name of a template that may be a fixed text.
const parameterSlot = "additional_authorization_parameters."

// templates are all templates of the entry, by the key that holds them.
func templates(e upstream.Entry) map[string]string {
	out := map[string]string{
		"subject":      e.ClaimsImports.Subject.Template,
		"localpart":    e.ClaimsImports.Localpart.Template,
		"displayname":  e.ClaimsImports.Displayname.Template,
		"email":        e.ClaimsImports.Email.Template,
		"account_name": e.ClaimsImports.AccountName.Template,
	}
	for name, value := range e.AdditionalAuthorizationParameters {
		out[parameterSlot+name] = value
	}
	return out
}

// shape is a template without the content of its string literals and the names of the
// claims: what it does, not what with.
func shape(template string) string {
	literal := regexp.MustCompile(`'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"`)
	name := regexp.MustCompile(`\buser\.[A-Za-z_][A-Za-z0-9_]*`)
	return name.ReplaceAllString(literal.ReplaceAllString(template, "''"), "user['']")
}

// acceptable reports whether the template does what one of the expected ones does.
// A parameter may be any fixed text too.
func acceptable(slot, template string, expected []map[string]string) bool {
	for _, e := range expected {
		if want, ok := e[slot]; ok && (want == template || shape(want) == shape(template)) {
			return true
		}
	}
	return strings.HasPrefix(slot, parameterSlot) && (shape(template) == "{{ '' }}" || isText(template))
}

// isText reports whether minijinja renders the template to itself.
func isText(template string) bool {
	for _, opening := range []string{"{{", "{%", "{#"} {
		if strings.Contains(template, opening) {
			return false
		}
	}
	return !strings.HasSuffix(template, "\n")
}
