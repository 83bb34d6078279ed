package all_test

import (
	"os"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/maskit-dev/maskit/upstream/all"
)

// Every package of a vendor is in the registry, under its name.
func TestRegistryHasEveryModule(t *testing.T) {
	t.Parallel()
	entries, err := os.ReadDir("..")
	require.NoError(t, err)
	var modules []string
	for _, entry := range entries {
		notVendors := []string{"all", "claims", "internal", "upstreamtest"}
		if entry.IsDir() && !slices.Contains(notVendors, entry.Name()) {
			modules = append(modules, entry.Name())
		}
	}
	require.Equal(t, modules, all.Registry().Kinds())
}

func TestRegistryMakesEachKind(t *testing.T) {
	t.Parallel()
	registry := all.Registry()
	for _, kind := range registry.Kinds() {
		provider, problems := registry.New(kind)
		require.Empty(t, problems)
		require.Equal(t, kind, provider.Kind())
	}
}
