package keycloaktest_test

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// What was provisioned is verified: the realm, its metadata and keys, and the claims.
func TestVerify(t *testing.T) {
	t.Parallel()
	s, p := prepared(t, false)
	spec := whole(s.realm)
	persist(t, p, spec)
	report, err := p.Verify(t.Context(), spec)
	require.NoError(t, err)
	require.NoError(t, report.Problems.Err())
	require.Equal(t, s.issuer(), report.Issuer)
	require.Equal(t, "alice", report.Claims["preferred_username"])
	require.ElementsMatch(t, []any{"inner", "matrix-users"}, report.Claims["groups"])
	for _, problem := range report.Problems {
		t.Log(problem)
	}
	require.Empty(t, s.fake.Unknown())
}
