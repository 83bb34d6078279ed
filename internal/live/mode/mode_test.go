package mode_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/maskit-dev/maskit/internal/live/mode"
)

func TestFromEnv(t *testing.T) {
	for value, want := range map[string]mode.Mode{
		"": mode.Auto, "auto": mode.Auto, "require": mode.Require, "off": mode.Off,
	} {
		t.Run("value "+value, func(t *testing.T) {
			t.Setenv(mode.EnvLive, value)
			got, err := mode.FromEnv()
			require.NoError(t, err)
			require.Equal(t, want, got)
		})
	}
	t.Run("misspelt", func(t *testing.T) {
		t.Setenv(mode.EnvLive, "required")
		_, err := mode.FromEnv()
		require.EqualError(t, err, "MASKIT_LIVE=required: want require, off or auto")
	})
}
