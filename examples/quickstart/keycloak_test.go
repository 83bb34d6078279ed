package main

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/maskit-dev/maskit/keycloak"
	"github.com/maskit-dev/maskit/mas"
)

// The realm is made for the same id that MAS's configuration has, and for a client of
// which MAS has the secret elsewhere.
func TestRealmAgreesWithTheConfiguration(t *testing.T) {
	t.Parallel()
	out := filepath.Join(t.TempDir(), "bundle")
	require.Equal(t, 0, quickstart(t, "-out", out).code)
	files := tree(t, out)
	spec, problems := keycloak.ParseSpec("keycloak.yaml", []byte(files["keycloak/keycloak.yaml"]))
	require.Empty(t, problems)
	identity, problems := mas.ParseIdentity("identity.yaml", []byte(files["identity.yaml"]))
	require.Empty(t, problems)
	require.Equal(t, "example", spec.Realm.Name)
	require.Equal(t, "matrix-authentication-service", spec.Client.ID)
	require.Equal(t, identity.Providers["keycloak"], spec.Client.Provider)
	require.Contains(t, files["mas/config.yaml"], string(spec.Client.Provider))
	require.True(t, spec.Client.Secret.IsZero())
}

// Who may log in is said once: Keycloak asks for the group, and MAS as well if it is to.
func TestRequiredGroup(t *testing.T) {
	t.Parallel()
	const before, group = "realm: example", "realm: example\n    claims: {require: {groups: [/staff/matrix]}}"
	for gate, want := range map[string]struct {
		warned, asksMAS, asksKeycloak bool
	}{
		"":                     {true, false, true},
		"\n    gate: keycloak": {false, false, true},
		"\n    gate: both":     {false, true, true},
		"\n    gate: mas":      {false, true, false},
	} {
		out := filepath.Join(t.TempDir(), "bundle")
		got := quickstart(t, "-out", out, "-site", site(t, before, group+gate))
		require.Equal(t, 0, got.code, got.stderr)
		config, spec := tree(t, out)["mas/config.yaml"], tree(t, out)["keycloak/keycloak.yaml"]
		require.Equal(t, want.warned, strings.Contains(got.stdout, "[gate-at-keycloak]"), gate)
		require.Equal(t, want.asksMAS, strings.Contains(config, "'/staff/matrix' in user.groups"), gate)
		require.Equal(t, want.asksMAS, strings.Contains(got.stdout, "create mapper groups of client"), gate)
		require.Equal(t, want.asksMAS, strings.Contains(got.stdout, "Full group path: On"), gate)
		require.Equal(t, want.asksKeycloak, strings.Contains(spec, "require_group: /staff/matrix"), gate)
		require.Equal(t, want.asksKeycloak, strings.Contains(got.stdout, "groups: unset → [/staff/matrix]"), gate)
		require.Equal(t, want.asksKeycloak, strings.Contains(got.stdout, "Let only members of /staff/matrix log in"), gate)
	}
}

// What masclient cannot set up remains to be done by hand.
func TestRealmByHand(t *testing.T) {
	t.Parallel()
	out := filepath.Join(t.TempDir(), "bundle")
	got := quickstart(t, "-out", out, "-site", site(t, "realm: example", "realm: example\n    token_endpoint_auth_method: client_secret_jwt\n    acknowledge: [{code: assertion-without-client}]"))
	require.Equal(t, 0, got.code, got.stderr)
	require.NotContains(t, tree(t, out), "keycloak/keycloak.yaml")
	require.Contains(t, got.stdout, "providers[0].token_endpoint_auth_method: is not one that this package sets up at Keycloak [auth-method-not-provisioned]")
	require.Contains(t, got.stdout, "Signed JWT with Client Secret")
	require.NotContains(t, got.stdout, "Or have it done")
}

func TestRealmOfAnOddName(t *testing.T) {
	t.Parallel()
	require.Equal(t, "keycloak/..%2Fa%20b.yaml", realm{provider: "../a b"}.file())
}
