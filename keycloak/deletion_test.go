package keycloak_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/maskit-dev/maskit/keycloak"
	"github.com/maskit-dev/maskit/keycloak/keycloaktest"
)

// What is to go stays until the plan allows it: scopes and mappers, and a gate.
func TestDeletionsAreAllowedFirst(t *testing.T) {
	t.Parallel()
	l, _ := fakeRealm(t, keycloaktest.Options{})
	spec := gatedSpec(t, l.Name)
	l.apply(t, spec)
	before := l.client(t, "matrix")

	spec.Client.RequireGroup, spec.Client.ExactMappers, spec.Client.Mappers = keycloak.Set(""), true, nil
	plan := l.plan(t, spec)
	require.Empty(t, plan.Changes)
	require.NotEmpty(t, plan.Deletions)
	result, err := l.p.Apply(t.Context(), plan)
	require.NoError(t, err)
	require.Zero(t, result.Writes)
	require.Len(t, result.Skipped, len(plan.Deletions))
	require.Equal(t, before, l.client(t, "matrix"))

	plan.Delete = true
	result, err = l.p.Apply(t.Context(), plan)
	require.NoError(t, err)
	require.Empty(t, result.Skipped)
	require.Empty(t, l.client(t, "matrix")["authenticationFlowBindingOverrides"])
	require.Empty(t, l.client(t, "matrix")["protocolMappers"])
	l.settled(t, spec)
}
