package keycloak_test

import (
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/mas"
	"github.com/maskit-dev/maskit/upstream"
	upkc "github.com/maskit-dev/maskit/upstream/keycloak"
	"github.com/maskit-dev/maskit/upstream/oidc"
	"github.com/maskit-dev/maskit/upstream/upstreamtest"
)

// An accepted realm is one path segment of the issuer, below the accepted address.
func FuzzEntry(f *testing.F) {
	f.Add("https://sso.example.com", "staff", "azure")
	f.Add("https://sso.example.com/auth/", "it's 100%", "{{ params.x }}")
	f.Add("http://[::1]:8080//", "..", "\x00")
	f.Add("https://sso.example.com:443/realms/x?y#z", "a/../b", "'")
	f.Fuzz(func(t *testing.T, base, realm, hint string) {
		entry, problems := upkc.Config{
			Client:  oidc.Client{ID: "matrix", Secret: mas.SecretValue{Inline: maskit.NewSecret("0bd4f7b1c5d14e4b")}},
			BaseURL: base, Realm: realm, IDPHint: hint, InsecureHTTP: true,
		}.Entry(upstreamtest.Env())
		if problems.Err() != nil {
			return
		}
		require.Empty(t, upstream.Validate(entry, upstreamtest.Env()))
		issuer, err := url.Parse(entry.Issuer)
		require.NoError(t, err)
		address, err := url.Parse(base)
		require.NoError(t, err)
		require.Equal(t, address.Host, issuer.Host)
		segment := issuer.EscapedPath()[strings.LastIndexByte(issuer.EscapedPath(), '/')+1:]
		name, err := url.PathUnescape(segment)
		require.NoError(t, err)
		require.Equal(t, realm, name)
	})
}
