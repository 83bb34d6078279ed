package check_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/maskit-dev/maskit/upstream/internal/check"
)

func TestWhoMayLogIn(t *testing.T) {
	t.Parallel()
	require.Empty(t, check.WhoMayLogIn("field", nil))
	require.Empty(t, check.WhoMayLogIn("field", []string{"staff"}))
	require.Equal(t, "empty", code(t, check.WhoMayLogIn("field", []string{})))
}
