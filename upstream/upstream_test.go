package upstream_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/mas"
	"github.com/maskit-dev/maskit/upstream"
	"github.com/maskit-dev/maskit/upstream/oidc"
	"github.com/maskit-dev/maskit/upstream/upstreamtest"
)

func TestEnvDerivesEveryAddress(t *testing.T) {
	t.Parallel()
	env := upstream.Env{Site: maskit.Site{AccountURL: "https://example.com/account/"}, ID: "01JSHPZHAXC50QBKH67MH33TNF"}
	require.Equal(t, "https://example.com/account/upstream/callback/01JSHPZHAXC50QBKH67MH33TNF", env.CallbackURL())
	require.Equal(t, "https://example.com/account/upstream/backchannel-logout/01JSHPZHAXC50QBKH67MH33TNF", env.BackchannelLogoutURL())
	require.Equal(t, "https://example.com/account/oauth2/keys.json", env.JWKSURL())
}

func TestEnvMASAtLeast(t *testing.T) {
	t.Parallel()
	require.True(t, upstream.Env{}.MASAtLeast(maskit.Supported()[0].MAS), "the newest tested")
	old := upstream.Env{MASVersion: maskit.Version{Minor: 20}}
	require.True(t, old.MASAtLeast(maskit.Version{Minor: 20}))
	require.False(t, old.MASAtLeast(maskit.Version{Major: 1}))
}

func TestValidateSpeaksOfTheEntryAlone(t *testing.T) {
	t.Parallel()
	problems := upstream.Validate(upstream.Entry{
		ID:                          "01JSHPZHAXC50QBKH67MH33TNF",
		Issuer:                      "https://sso.example.com",
		BrandName:                   "keycloak", // a warning, which is for mas.Config.Validate
		TokenEndpointAuthMethod:     mas.AuthPrivateKeyJWT,
		TokenEndpointAuthSigningAlg: mas.AlgES256, // which no key here signs
		Scope:                       "openid  email",
	}, upstream.Env{})
	var got []string
	for _, p := range problems {
		require.Equal(t, maskit.SeverityError, p.Severity)
		got = append(got, p.Path+" "+p.Code)
	}
	require.Equal(t, []string{"client_id required", "scope scope-invalid"}, got)
}

func TestSetupStepsOfTheProviderComeFirst(t *testing.T) {
	t.Parallel()
	steps := upstream.SetupSteps(oidc.Config{Client: oidc.Client{ID: "matrix"}}, upstreamtest.Env())
	require.Equal(t, "Register a client at the provider", steps[0].Title)
}

func TestLogsOut(t *testing.T) {
	t.Parallel()
	for reaction, want := range map[mas.BackchannelLogout]bool{
		"": false, mas.LogoutDoNothing: false, mas.LogoutBrowserOnly: true, mas.LogoutAll: true,
	} {
		require.Equal(t, want, upstream.LogsOut(upstream.Entry{OnBackchannelLogout: reaction}), "%q", reaction)
	}
}
