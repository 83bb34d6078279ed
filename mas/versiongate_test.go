package mas

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/maskit-dev/maskit"
)

func gated(c *Config, v maskit.Version) maskit.Problems {
	return c.positions.fill(gateOf(c.elements(), newestMAS(v)))
}

func TestGate(t *testing.T) {
	t.Parallel()
	v := func(major, minor int) maskit.Version { return maskit.Version{Major: major, Minor: minor} }
	provider := func(p UpstreamProvider) *Config {
		return &Config{UpstreamOAuth2: &UpstreamOAuth2{Providers: []UpstreamProvider{{}, p}}}
	}
	cases := map[string]struct {
		config  *Config
		version maskit.Version
		want    string
	}{
		"section too new": {
			&Config{OAuth: &OAuth{DeviceCodeGrantEnabled: Set(true)}}, v(1, 17),
			"error: oauth: is not known to MAS 1.17.0: it came with 1.18 [unsupported-by-version] (fix: remove it, or upgrade MAS)",
		},
		"section of its version": {&Config{OAuth: &OAuth{}}, v(1, 18), ""},
		"release candidate":      {&Config{OAuth: &OAuth{}}, maskit.Version{Major: 1, Minor: 18, Pre: "rc1"}, ""},
		"newest by default":      {&Config{OAuth: &OAuth{}}, maskit.Version{}, ""},
		"key too new": {
			&Config{Clients: []Client{{}, {ClientURI: "https://a/"}}}, v(1, 21),
			"error: clients[1].client_uri: is not known to MAS 1.21.0: it came with 1.22 [unsupported-by-version] (fix: remove it, or upgrade MAS)",
		},
		"key gone": {
			&Config{Branding: &Branding{LogoURI: "https://a/"}}, v(1, 21),
			"error: branding.logo_uri: is ignored by MAS 1.21.0: the last one that knew it was 1.20 [unsupported-by-version] (fix: remove it; a logo needs templates or assets of your own)",
		},
		"key not yet gone": {&Config{Branding: &Branding{LogoURI: "https://a/"}}, v(1, 20), ""},
		"file key too new": {
			provider(UpstreamProvider{ClientSecret: SecretValue{File: "/x"}}), v(1, 6),
			"error: upstream_oauth2.providers[1].client_secret_file: is not known to MAS 1.6.0: it came with 1.7 [unsupported-by-version] (fix: give the value itself by client_secret, or upgrade MAS)",
		},
		"inline key of a file key too new": {provider(UpstreamProvider{ClientSecret: secretText("x")}), v(1, 6), ""},
		"value too new": {
			provider(UpstreamProvider{ClaimsImports: ClaimsImports{Localpart: LocalpartImport{OnConflict: ConflictSet}}}), v(1, 7),
			"error: upstream_oauth2.providers[1].claims_imports.localpart.on_conflict: is not known to MAS 1.7.0: it came with 1.8 [unsupported-by-version] (fix: use a value that it knows, or upgrade MAS)",
		},
		"value of its version": {provider(UpstreamProvider{ClaimsImports: ClaimsImports{Localpart: LocalpartImport{OnConflict: ConflictAdd}}}), v(1, 7), ""},
		"each key once": {
			&Config{Account: &Account{LoginWithEmailAllowed: true, RegistrationTokenRequired: true}}, v(0, 14),
			"error: account.login_with_email_allowed: is not known to MAS 0.14.0: it came with 0.15 [unsupported-by-version] (fix: remove it, or upgrade MAS)\n" +
				"error: account.registration_token_required: is not known to MAS 0.14.0: it came with 0.17 [unsupported-by-version] (fix: remove it, or upgrade MAS)",
		},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			require.Equal(t, c.want, gated(c.config, c.version).String())
		})
	}
}

func TestGateKnowsWhereAKeyStood(t *testing.T) {
	t.Parallel()
	c, problems := parseText(t, "branding:\n  logo_uri: https://a/\n")
	require.Empty(t, problems)
	require.Equal(t, "config.yaml:2:3", gated(c, maskit.Version{})[0].Pos.String())
}

func TestBundleIsKnownToTheNewest(t *testing.T) {
	t.Parallel()
	require.Empty(t, gated(bundle(), maskit.Version{}))
	require.NotEmpty(t, gated(bundle(), maskit.Version{Major: 1, Minor: 21}))
}
