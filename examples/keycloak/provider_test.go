package main

import (
	"crypto/rand"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/maskit-dev/maskit/mas"
)

const siteFile = `site:
  server_name: example.com
  account_url: https://account.example.com/
providers:
  - kind: keycloak
    base_url: https://sso.example.com
    realm: example
    client_id: matrix
    client_secret_file: /etc/mas/keycloak/client-secret
    claims:
      require:
        groups: [/staff/matrix]
    gate: both
  - kind: oidc
    issuer: https://id.example.com
`

// ofProvider is a place whose client is that of a provider of quickstart.
func ofProvider(t *testing.T) (place, mas.Identity) {
	t.Helper()
	p := inMemory(t)
	identity, err := mas.NewIdentity(rand.Reader)
	require.NoError(t, err)
	for _, name := range []string{"keycloak", "oidc"} {
		identity, err = identity.WithProvider(name, rand.Reader)
		require.NoError(t, err)
	}
	text, err := identity.Encode()
	require.NoError(t, err)
	p.write(t, "identity.yaml", text.Reveal())
	p.write(t, "site.yaml", siteFile)
	p.write(t, "spec.yaml", "realm: {create: true, verify_email: true}\n")
	p.flags = append(p.flags, "-site", filepath.Join(p.dir, "site.yaml"), "-identity", filepath.Join(p.dir, "identity.yaml"))
	return p, identity
}

// The provider says what the client must be like, and the spec the rest.
func TestClientOfAProvider(t *testing.T) {
	t.Parallel()
	p, identity := ofProvider(t)
	plan := p.run(t, exitPlanned, "plan")
	for _, want := range []string{
		"create realm example\n    verifyEmail: unset → true",
		"redirectUris: unset → [https://account.example.com/upstream/callback/" + string(identity.Providers["keycloak"]) + "]",
		"create mapper groups of client matrix", "config.full.path: unset → \"true\"",
		"create group /staff/matrix", "create role matrix-user of client matrix\n    groups: unset → [/staff/matrix]",
		"conditional-user-role required condUserRole=\"matrix.matrix-user\"",
	} {
		require.Contains(t, plan, want)
	}
	p.run(t, exitDone, "apply", "-yes")
	p.run(t, exitDone, "plan")
	require.NotEmpty(t, p.secret(t))

	p.flags = append([]string{"-spec="}, p.flags[2:]...)
	p.run(t, exitDone, "plan") // without the rest
}

func TestProviderThatDoesNotFit(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		spec, want string
		flags      []string
	}{
		"disagrees":       {spec: "client: {require_group: /other}\n", want: "client.require_group: is not what the provider of MAS has [disagrees]"},
		"broken anyway":   {spec: "client: {optional_scopes: [openid]}\n", want: "spec.yaml:1:28: client.optional_scopes[0]: is not a client scope"},
		"unknown key":     {spec: "clint: {}\n", want: "[unknown-key]"},
		"no such":         {flags: []string{"-provider", "other"}, want: `-provider: "other" is not in both`},
		"of another kind": {flags: []string{"-provider", "oidc"}, want: `-provider: "oidc" is no Keycloak`},
		"no site file":    {flags: []string{"-site", "missing.yaml"}, want: "-site: open missing.yaml"},
		"no identity":     {flags: []string{"-identity", "missing.yaml"}, want: "-identity: open missing.yaml"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p, _ := ofProvider(t)
			if test.spec != "" {
				p.write(t, "spec.yaml", test.spec)
			}
			got := program(t, p.with(append(test.flags, "plan")...)...)
			require.Equal(t, exitError, got.code)
			require.Contains(t, got.stderr, test.want)
		})
	}
}

func TestProviderNeedsASite(t *testing.T) {
	t.Parallel()
	got := program(t, "plan", "-provider", "keycloak-2")
	require.Equal(t, exitError, got.code)
	require.Contains(t, got.stderr, "-identity and -provider go with -site\n")
}
