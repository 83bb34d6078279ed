package check_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/upstream/internal/check"
)

func code(t *testing.T, problems maskit.Problems) string {
	t.Helper()
	if len(problems) == 0 {
		return ""
	}
	require.Len(t, problems, 1)
	require.Equal(t, "field", problems[0].Path)
	return problems[0].Code
}

func TestText(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"":          "",
		"Größe 1":   "",
		"it's {{ }": "",
		"a\nb":      "text-invalid",
		"a\x00":     "text-invalid",
		"\u0085":    "text-invalid",
		" a":        "text-invalid",
		"a\t":       "text-invalid",
		"\xff":      "text-invalid",
	} {
		require.Equal(t, want, code(t, check.Text("field", text)), "%q", text)
	}
}

func TestURL(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"":                          "",
		"https://sso.example.com":   "",
		"http://127.0.0.1:8080/a?b": "",
		"sso.example.com":           "url-invalid",
		"/path":                     "url-invalid",
		"https:sso.example.com":     "url-invalid",
		"https://":                  "url-invalid",
		"https://a b/":              "url-invalid",
		"https://a/b c":             "url-invalid",
		"https://[::1":              "url-invalid",
		"ftp://sso.example.com":     "url-scheme",
		"https://a:b@c/":            "url-userinfo",
		"https://a/#b":              "url-fragment",
		"https://a/#":               "url-fragment",
		"https://a/\n":              "text-invalid",
	} {
		require.Equal(t, want, code(t, check.URL("field", text)), "%q", text)
	}
}

func TestOneOf(t *testing.T) {
	t.Parallel()
	require.Empty(t, check.OneOf("field", "", "a", "b"))
	require.Empty(t, check.OneOf("field", "b", "a", "b"))
	require.Equal(t, maskit.Problems{{
		Path: "field", Code: "unknown-value", Message: "is not a value that exists", Hint: "one of a, b",
	}}, check.OneOf("field", "c", "a", "b"))
}

func TestRequired(t *testing.T) {
	t.Parallel()
	require.Empty(t, check.Required("field", "x", "hint"))
	require.Equal(t, "required", code(t, check.Required("field", "", "hint")))
}
