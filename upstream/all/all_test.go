package all_test

import (
	"os"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/maskit-dev/maskit/upstream/all"
	"github.com/maskit-dev/maskit/upstream/upstreamtest"
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

// A list that a template left empty must not open a gate, whatever the kind.
func TestEmptyListsOfRequireAreRefused(t *testing.T) {
	t.Parallel()
	for _, kind := range all.Registry().Kinds() {
		file, problems := all.Registry().Decode("p.yaml", []byte("kind: "+kind+"\nclient_id: matrix\nclaims: {require: {groups: []}}\n"))
		require.Empty(t, problems, kind)
		_, problems = file.Provider.Entry(upstreamtest.Env())
		require.Contains(t, problems.String(), "claims.require.groups: is an empty list", kind)
	}
}
