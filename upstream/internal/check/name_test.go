package check_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/maskit-dev/maskit/upstream/internal/check"
)

func TestLabel(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"": "", "acme": "", "dev-123": "", "0": "", strings.Repeat("a", 63): "",
		"Acme": "label-invalid", "a.b": "label-invalid", "-a": "label-invalid", "a-": "label-invalid", "a b": "label-invalid",
		"a/": "label-invalid", "ä": "label-invalid", "a\n": "label-invalid", strings.Repeat("a", 64): "label-invalid",
	} {
		require.Equal(t, want, code(t, check.Label("field", text)), "%q", text)
	}
}

func TestUUID(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"": "", "72f988bf-86f1-41af-91ab-2d7cd011db47": "",
		"72F988BF-86F1-41AF-91AB-2D7CD011DB47": "uuid-invalid", "72f988bf86f141af91ab2d7cd011db47": "uuid-invalid",
		"common": "uuid-invalid", "72f988bf-86f1-41af-91ab-2d7cd011db4g": "uuid-invalid", "72f988bf-86f1-41af-91ab-2d7cd011db4-": "uuid-invalid",
	} {
		require.Equal(t, want, code(t, check.UUID("field", text)), "%q", text)
	}
}
