package keycloak

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

const (
	samlStart = `<EntityDescriptor xmlns="urn:oasis:names:tc:SAML:2.0:metadata" entityID="https://idp.example.com/">`
	samlEnd   = `</EntityDescriptor>`
	samlSSO   = `<SingleSignOnService Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect" Location="https://idp.example.com/redirect"/>`
)

func TestParseSAMLMetadata(t *testing.T) {
	t.Parallel()
	m, err := parseSAMLMetadata(samlStart + "<IDPSSODescriptor>" + samlSSO + "</IDPSSODescriptor>" + samlEnd)
	require.NoError(t, err)
	require.Equal(t, samlMetadata{entityID: "https://idp.example.com/", sso: samlEndpoint{url: "https://idp.example.com/redirect"}}, m)
	for name, c := range map[string]struct{ text, want string }{
		"not XML":         {"{}", "is not XML"},
		"cut off":         {samlStart, "is not XML"},
		"something else":  {"<html></html>", "is not an EntityDescriptor"},
		"other namespace": {`<EntityDescriptor entityID="x"/>`, "is not an EntityDescriptor"},
		"service":         {samlStart + "<SPSSODescriptor/>" + samlEnd, "describes no identity provider"},
		"no way in":       {samlStart + "<IDPSSODescriptor/>" + samlEnd, "has no single sign-on service for POST or redirects"},
		"odd way in":      {samlStart + "<IDPSSODescriptor>" + strings.ReplaceAll(samlSSO, "https:", "javascript:") + "</IDPSSODescriptor>" + samlEnd, "has no single sign-on service for POST or redirects"},
		"certificate": {
			samlStart + `<IDPSSODescriptor><KeyDescriptor><KeyInfo><X509Data><X509Certificate>hidden</X509Certificate></X509Data></KeyInfo></KeyDescriptor>` + samlSSO + "</IDPSSODescriptor>" + samlEnd,
			"has a certificate that cannot be read",
		},
	} {
		_, err := parseSAMLMetadata(c.text)
		require.EqualError(t, err, c.want, name)
	}
}

func FuzzSAMLMetadata(f *testing.F) {
	f.Add(samlStart + "<IDPSSODescriptor>" + samlSSO + "</IDPSSODescriptor>" + samlEnd)
	f.Add(`<!DOCTYPE x [<!ENTITY a "b">]>` + samlStart + "&a;" + samlEnd)
	f.Fuzz(func(t *testing.T, text string) {
		m, err := parseSAMLMetadata(text)
		if err == nil {
			require.NotEmpty(t, m.sso.url)
		}
	})
}
