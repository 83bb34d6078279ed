package jinja_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/maskit-dev/maskit/internal/jinja"
)

func TestClaims(t *testing.T) {
	t.Parallel()
	for source, want := range map[string][]string{
		"":                        nil,
		"user {{ 'user.email' }}": nil,
		"{{ user.name or user['cognito:username'] or user.name }}":                   {"name", "cognito:username"},
		"{% if user.ok in [true] and (user.realm_access or {}).roles %}x{% endif %}": {"ok", "realm_access"},
		"{{ id_token_claims.sub ~ user.address.country }}":                           {"sub", "address"},
		"{{ extra_callback_parameters.user }}{{ other.name }}{{ user[user.key] }}":   {"key"},
	} {
		template, err := jinja.Compile(source)
		require.NoError(t, err)
		require.Equal(t, want, template.Claims(), source)
	}
}
