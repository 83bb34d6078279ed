package upstream

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// Who counts as one organisation decides who gets a secret.
func TestSameSite(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		a, b string
		want bool
	}{
		{"https://sso.example.com", "https://SSO.example.com:8443/t", true},
		{"https://sso.example.com", "https://login.example.com/t", true},
		{"https://sso.example.co.uk", "https://login.example.co.uk/t", true},
		{"https://sso.example.co.uk", "https://other.co.uk/t", false},
		{"https://alice.github.io", "https://bob.github.io/t", false},
		{"https://sso.example.com", "https://example.com.evil.net/t", false},
		{"https://sso.example.com", "https://sso.example.com@evil.net/t", false},
		{"https://127.0.0.1", "https://127.0.0.1:8443/t", true},
		{"https://10.0.0.1", "https://20.0.0.1/t", false},
		{"https://localhost", "https://127.0.0.1/t", false},
		{"https://[::1]", "https://[::1]:8443/", true},
		{"https://sso.internal", "https://idp.internal", false},
		{"", "", false},
		{"https://a.example", "::", false},
	} {
		require.Equal(t, test.want, sameSite(test.a, test.b), "%s and %s", test.a, test.b)
	}
}

func TestKnownPair(t *testing.T) {
	t.Parallel()
	require.True(t, knownPair("accounts.google.com", "oauth2.googleapis.com"))
	require.True(t, knownPair("cognito-idp.eu-west-1.amazonaws.com", "acme.auth.eu-west-1.amazoncognito.com"))
	require.False(t, knownPair("accounts.google.com", "storage.googleapis.com"))
	require.False(t, knownPair("accounts.google.com", "oauth2"))
	require.False(t, knownPair("cognito-idp.evil.net", "acme.auth.eu-west-1.amazoncognito.com"))
	require.False(t, knownPair("sso.example.com", "oauth2.googleapis.com"))
}
