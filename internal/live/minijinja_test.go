package live_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/maskit-dev/maskit/internal/live"
)

// The behaviours that MAS 1.22 showed when it ran, so that the oracle is one.
func TestMinijinja(t *testing.T) {
	t.Parallel()
	user := map[string]any{"user": map[string]any{"null": nil, "list": []string{"a", "b"}, "yes": true, "word": "W"}}
	results := live.Minijinja(t).Render(t, []live.Rendering{
		{Template: "{{ user.null }}", Context: user},
		{Template: "{{ user.missing }}", Context: user},
		{Template: "{{ user.missing.deeper }}", Context: user},
		{Template: "{{ user.list }}", Context: user},
		{Template: "{{ user.yes }}", Context: user},
		{Template: "{{ user.null or '' }}", Context: user},
		{Template: "{{ user.word.startswith('W') }}", Context: user},
		{Template: "{{ user.missing | split }}", Context: user},
	})
	texts := make([]string, len(results))
	for i, result := range results {
		texts[i] = result.Text
		if result.Error != "" {
			texts[i] = "error"
		}
	}
	require.Equal(t, []string{"none", "", "error", `["a", "b"]`, "true", "", "true", "error"}, texts)
}
