package check_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/maskit-dev/maskit/upstream/internal/check"
)

func TestOpenID(t *testing.T) {
	t.Parallel()
	require.Empty(t, check.OpenID("scopes", nil), "the module's own have it")
	require.Empty(t, check.OpenID("scopes", []string{"email", "openid"}))
	require.Equal(t, []string{"scope-no-openid"}, codes(check.OpenID("scopes", []string{"email", "OpenID"})))
}
