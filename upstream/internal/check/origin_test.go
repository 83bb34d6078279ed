package check_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/maskit-dev/maskit/upstream/internal/check"
)

func TestOrigin(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"": "", "https://a.example": "", "https://a.example:8443/": "", "%": "",
		"https://a.example/x": "url-not-origin", "https://a.example//": "url-not-origin", "https://a.example/%2F": "url-not-origin",
	} {
		require.Equal(t, want, code(t, check.Origin("field", text)), "%q", text)
	}
}
