package keycloak_test

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/maskit-dev/maskit/keycloak"
)

func TestOptJSON(t *testing.T) {
	t.Parallel()
	type settings struct {
		Name  keycloak.Opt[string]
		On    keycloak.Opt[bool]
		Alone keycloak.Opt[int]
	}
	for text, want := range map[string]settings{
		`{"Name":"","On":false,"Alone":null}`: {Name: keycloak.Set(""), On: keycloak.Set(false)},
		`{"Name":"x","On":true,"Alone":0}`:    {keycloak.Set("x"), keycloak.Set(true), keycloak.Set(0)},
	} {
		written, err := json.Marshal(want)
		require.NoError(t, err)
		require.JSONEq(t, text, string(written))
		got := settings{Alone: keycloak.Set(7)}
		require.NoError(t, json.Unmarshal([]byte(text), &got))
		require.Equal(t, want, got)
	}
	var on keycloak.Opt[bool]
	require.Error(t, json.Unmarshal([]byte(`"yes"`), &on))
	require.False(t, on.Valid)
}
