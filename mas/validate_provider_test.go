package mas

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/maskit-dev/maskit"
)

// The check of one provider finds what the check of a configuration finds in it.
func TestValidateProviderIsThatOfTheConfiguration(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		config := configs().Draw(t, "config")
		if config.UpstreamOAuth2 == nil || len(config.UpstreamOAuth2.Providers) == 0 {
			t.Skip("no provider")
		}
		p := config.UpstreamOAuth2.Providers[0]
		alone := &Config{UpstreamOAuth2: &UpstreamOAuth2{Providers: []UpstreamProvider{p}}}
		var want maskit.Problems
		for _, found := range alone.Validate(ValidateOptions{}) {
			path, ours := strings.CutPrefix(found.Path, "upstream_oauth2.providers[0].")
			if ours && found.Code != "no-signing-key" {
				found.Path = path
				want = append(want, found)
			}
		}
		require.Equal(t, want, p.Validate(maskit.Version{}))
	})
}

func TestValidateProvider(t *testing.T) {
	t.Parallel()
	problems := UpstreamProvider{
		ID: "01J0000000000000000000000A", Issuer: "https://sso.example.com", ClientID: "matrix", BrandName: "keycloak",
		TokenEndpointAuthMethod: AuthPrivateKeyJWT, TokenEndpointAuthSigningAlg: AlgES256, Scope: "openid  email",
	}.Validate(maskit.Version{})
	var got []string
	for _, p := range problems {
		got = append(got, p.Severity.String()+" "+p.Path+" "+p.Code)
	}
	require.Equal(t, []string{"error scope scope-invalid", "warning brand_name no-icon"}, got)
}
