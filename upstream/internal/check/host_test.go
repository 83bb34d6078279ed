package check_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/upstream/internal/check"
)

func codes(problems maskit.Problems) []string {
	var out []string
	for _, p := range problems {
		out = append(out, p.Code)
	}
	return out
}

func TestHost(t *testing.T) {
	t.Parallel()
	for value, want := range map[string][]string{
		"":                        nil,
		"sso.example.com":         nil,
		"sso.example.com:8443":    nil,
		"localhost":               nil,
		"xn--bcher-kva.example":   nil,
		"[::1]:8443":              nil,
		"https://sso.example.com": {"host-invalid"},
		"sso.example.com/":        {"host-invalid"},
		"sso.example.com?x":       {"host-invalid"},
		"a@sso.example.com":       {"host-invalid"},
		"sso example":             {"host-invalid"},
		"bücher.example":          {"host-invalid"},
		"{{ 7 }}":                 {"host-invalid"},
		"it's":                    {"host-invalid"},
		":8443":                   {"host-invalid"},
		"a:b":                     {"host-invalid"},
		"a%41":                    {"host-invalid"},
		"SSO.example.com":         {"host-spelling"},
		"sso.example.com:443":     {"host-spelling"},
		" sso.example.com":        {"text-invalid"},
		"sso\n.example.com":       {"text-invalid"},
	} {
		require.Equal(t, want, codes(check.Host("host", value)), "%q", value)
	}
}

func TestServer(t *testing.T) {
	t.Parallel()
	for value, want := range map[string][]string{
		"":                               nil,
		"https://sso.example.com":        nil,
		"https://sso.example.com/auth/":  nil,
		"https://sso.example.com:8443/a": nil,
		"http://sso.example.com":         {"url-not-https"},
		"https://sso.example.com/?a=b":   {"url-query"},
		"https://sso.example.com/?":      {"url-query"},
		"https://sso.example.com#x":      {"url-fragment"},
		"https://a:b@sso.example.com":    {"url-userinfo"},
		"https://SSO.example.com":        {"url-spelling"},
		"HTTPS://sso.example.com":        {"url-spelling"},
		"https://sso.example.com:443":    {"url-spelling"},
		"sso.example.com":                {"url-invalid"},
		"https://sso.example.com/.well-known/openid-configuration": {"issuer-is-metadata"},
	} {
		require.Equal(t, want, codes(check.Server("url", value)), "%q", value)
	}
}
