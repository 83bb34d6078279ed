package keycloaktest_test

import (
	"bytes"
	"encoding/json"
	mrand "math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/maskit-dev/maskit/keycloak/keycloaktest"
)

// The same random bytes give the same ids.
func TestSameRandomBytesSameServer(t *testing.T) {
	t.Parallel()
	state := func() []byte {
		s := newFake(t, keycloaktest.Options{Rand: mrand.NewChaCha8([32]byte{1})})
		require.NoError(t, s.fake.Admin(t.Context(), "POST", "/realms", map[string]any{"realm": s.realm, "enabled": true}, nil))
		out := map[string]any{}
		for _, path := range []string{"", "/clients", "/client-scopes", "/roles", "/authentication/flows", "/authentication/flows/browser/executions", "/components"} {
			var v any
			require.NoError(t, s.fake.Admin(t.Context(), "GET", "/realms/"+s.realm+path, nil, &v))
			out[path] = v
			if path == "/clients" {
				for _, c := range v.([]any) {
					id := c.(map[string]any)["id"].(string)
					var roles any
					require.NoError(t, s.fake.Admin(t.Context(), "GET", "/realms/"+s.realm+"/clients/"+id+"/roles", nil, &roles))
					out[id] = roles
				}
			}
		}
		raw, err := json.Marshal(out)
		require.NoError(t, err)
		return raw
	}
	require.True(t, bytes.Equal(state(), state()))
}
