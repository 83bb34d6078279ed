package tokenbucket_test

import (
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/maskit-dev/maskit/internal/tokenbucket"
)

func TestShare(t *testing.T) {
	t.Parallel()
	require.Equal(t, tokenbucket.Bucket{Burst: 5, PerSecond: 0.125}, tokenbucket.Bucket{Burst: 20, PerSecond: 0.5}.Share(4))
	require.Equal(t, tokenbucket.Bucket{Burst: 1, PerSecond: 0.125}, tokenbucket.Bucket{Burst: 3, PerSecond: 0.5}.Share(4))
	require.Equal(t, tokenbucket.Bucket{}, tokenbucket.Bucket{}.Share(4))
}

// Replicas exceed a limit together only where there are more of them than tokens.
func TestShareKeepsTheLimit(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		limit := tokenbucket.Bucket{Burst: rapid.Uint32Min(1).Draw(t, "burst"), PerSecond: rapid.Float64Range(1e-9, 1e9).Draw(t, "rate")}
		n := rapid.IntRange(1, 1<<20).Draw(t, "replicas")
		together := limit.Share(n).Together(n)
		require.LessOrEqual(t, together, max(uint64(limit.Burst), uint64(n)))
		require.Greater(t, together+uint64(n), uint64(limit.Burst), "no whole token is wasted")
	})
}

func TestRefills(t *testing.T) {
	t.Parallel()
	require.True(t, tokenbucket.Bucket{Burst: 1, PerSecond: 1e-10}.Refills())
	require.False(t, tokenbucket.Bucket{Burst: 1, PerSecond: 1e-11}.Refills())
	require.False(t, tokenbucket.Bucket{Burst: 3, PerSecond: 1e-10}.Refills())
	require.False(t, tokenbucket.Bucket{PerSecond: 0}.Refills())
}
