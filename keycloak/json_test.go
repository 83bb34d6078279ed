package keycloak

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/maskit-dev/maskit"
)

func TestEmptyListsInJSON(t *testing.T) {
	t.Parallel()
	text, err := json.Marshal([]any{&Result{ClientSecret: maskit.NewSecret("not-to-be-seen")}, &Report{}})
	require.NoError(t, err)
	require.JSONEq(t, `[
		{"done": [], "pending": [], "skipped": [], "requests": 0, "writes": 0, "client_secret": "[redacted]"},
		{"realm": "", "issuer": "", "claims": null, "problems": [], "requests": 0}
	]`, string(text))
}
