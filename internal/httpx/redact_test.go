package httpx_test

import (
	"net/url"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/maskit-dev/maskit/internal/httpx"
)

func TestRedact(t *testing.T) {
	t.Parallel()
	for given, want := range map[string]string{
		"https://example.com/a/b":                       "https://example.com/a/b",
		"https://u:hunter2@example.com/a?t=hunter2#x":   "https://example.com/a",
		"https://example.com/?":                         "https://example.com/",
		"https://example.com/%2F?":                      "https://example.com/%2F",
		"mailto:hunter2":                                "(not a URL)",
		"//u@/x":                                        "(not a URL)",
		"http://[hunter2":                               "(not a URL)",
		"postgres://u:hunter2@[::1]:5432/db?x=hunter2":  "postgres://[::1]:5432/db",
		"https://example.com/a#hunter2?hunter2@hunter2": "https://example.com/a",
	} {
		require.Equal(t, want, httpx.Redact(given))
	}
}

func FuzzRedact(f *testing.F) {
	f.Add("https://u:hunter2@example.com/a?t=hunter2#x")
	f.Add("//u@h?#")
	f.Fuzz(func(t *testing.T, given string) {
		u, err := url.Parse(httpx.Redact(given))
		if err != nil {
			return // the placeholder
		}
		require.Nil(t, u.User)
		require.Empty(t, u.RawQuery)
		require.Empty(t, u.Fragment)
	})
}
