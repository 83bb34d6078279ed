package keycloak

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// What a spec wants to be empty is not what a new object has otherwise.
func TestCreationWithoutWhatIsUsual(t *testing.T) {
	t.Parallel()
	d := document{
		initial: map[string]any{"permissions": map[string]any{"view": []string{"admin"}, "edit": []string{"admin"}}, "config": map[string]any{"a": "1", "b": "2"}},
		fields: []field{
			{path: []string{"permissions", "edit"}, want: []string{}, set: true},
			{path: []string{"config", "a"}, want: ""},
			{path: []string{"config", "absent"}, want: ""},
		},
	}
	body := d.body()
	require.Equal(t, map[string]any{
		"permissions": map[string]any{"view": []any{"admin"}, "edit": []any{}}, "config": map[string]any{"a": "", "b": "2"},
	}, body)
	require.Empty(t, d.compare(state{raw: body}).fields)
	require.Equal(t, map[string]any{"a": []any{}, "b": []any{"2"}}, listed(body)["config"])
}

// Two settings for one place would be at odds for ever: the one in Config wins.
func TestConfigHasTheLastWord(t *testing.T) {
	t.Parallel()
	for name, fields := range map[string][]field{
		"given": IdentityProvider{
			Alias: "p", Type: ProviderOIDC, OIDC: OIDCProvider{AuthorizationURL: "https://a.example/"}, Config: map[string]string{"authorizationUrl": "https://b.example/"},
		}.fields(),
		"of the vendor": LDAP{Name: "d", Vendor: LDAPActiveDirectory, Config: map[string]string{"usernameLDAPAttribute": "cn"}}.fields(),
		"implied":       LDAP{Name: "d", StartTLS: Set(true), Config: map[string]string{"connectionPooling": "true"}}.fields(),
	} {
		seen := map[string]any{}
		for _, f := range fields {
			require.NotContains(t, seen, f.label(), name)
			seen[f.label()] = f.want
		}
		for key, want := range map[string]string{"authorizationUrl": "https://b.example/", "usernameLDAPAttribute": "cn", "connectionPooling": "true"} {
			if got, ok := seen["config."+key]; ok {
				require.Equal(t, want, got, name)
			}
		}
	}
}

func TestTwoCertificatesInOne(t *testing.T) {
	t.Parallel()
	const one = "-----BEGIN CERTIFICATE-----\nYQ==\n-----END CERTIFICATE-----\n"
	_, err := certificateBody(one + "\n" + one)
	require.EqualError(t, err, "holds more than one certificate")
	_, err = certificateBody(one + "\n")
	require.ErrorContains(t, err, "x509")
}
