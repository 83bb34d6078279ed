package check_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/maskit-dev/maskit/upstream/internal/check"
)

func TestSlug(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"": "", "matrix": "", "Matrix-Chat_2": "",
		"a/b": "slug-invalid", ".": "slug-invalid", "a b": "slug-invalid", "a?b": "slug-invalid", "ä": "slug-invalid", "a%2fb": "slug-invalid",
	} {
		require.Equal(t, want, code(t, check.Slug("field", text)), "%q", text)
	}
}
