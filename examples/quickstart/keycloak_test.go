package main

import (
	"path/filepath"
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

func TestRealmOfAnOddName(t *testing.T) {
	t.Parallel()
	require.Equal(t, "keycloak/..%2Fa%20b.yaml", realm{provider: "../a b"}.file())
}
