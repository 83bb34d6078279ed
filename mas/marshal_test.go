package mas_test

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"
	"gopkg.in/yaml.v3"

	"github.com/maskit-dev/maskit/mas"
)

// What only Render and Encode can write is written by nothing else.
func TestMarshalFails(t *testing.T) {
	t.Parallel()
	config, identity := inUse(t), fixedIdentity(t)
	for name, v := range map[string]any{
		"config": config, "config value": *config, "identity": identity, "identity pointer": &identity,
		"inside": map[string]any{"a": config},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := json.Marshal(v)
			require.ErrorIs(t, err, mas.ErrNotMarshalled)
			_, err = yaml.Marshal(v)
			require.ErrorIs(t, err, mas.ErrNotMarshalled)
		})
	}
}

// A comparison is kept and read back.
func TestComparisonJSON(t *testing.T) {
	t.Parallel()
	old, next := inUse(t), inUse(t)
	changeManyThings(next)
	comparison := mas.Compare(old, next)
	data, err := json.Marshal(comparison)
	require.NoError(t, err)
	require.NotContains(t, string(data), "canary")
	var again mas.Comparison
	require.NoError(t, json.Unmarshal(data, &again))
	require.Equal(t, comparison.Rollout(), again.Rollout())
	require.Equal(t, comparison.Problems, again.Problems)
	for i, d := range comparison.Differences {
		require.Equal(t, d.Impact, again.Differences[i].Impact)
	}

	var rollout mas.Rollout
	require.EqualError(t, rollout.UnmarshalText([]byte("soon")), `mas: decode "soon": want one of no action, sync, restart`)
	var impact mas.Impact
	require.Error(t, impact.UnmarshalText([]byte("impact(7)")))
}
