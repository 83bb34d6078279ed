package main

import (
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/maskit-dev/maskit/internal/golden"
)

// TestUntouchedLinesStay: a homeserver.yaml in the style of a deployment tool. The
// system's own diff shows the intended hunks and nothing else.
func TestUntouchedLinesStay(t *testing.T) {
	t.Parallel()
	_, path := place(t, content(t, "testdata/deployment.yaml"))
	preview := delegate(t, to("-config", path)...)
	require.Equal(t, 0, preview.code, preview.stderr)
	require.NotContains(t, preview.stdout, "kept-out-of-the-diff")
	require.Equal(t, 0, delegate(t, to("-config", path, "-w")...).code)

	diff, err := exec.LookPath("diff")
	if err != nil {
		t.Skip("there is no diff")
	}
	output, _ := exec.CommandContext(t.Context(), diff, "-U1", "testdata/deployment.yaml", path).Output()
	_, hunks, ok := strings.Cut(string(output), "@@")
	require.True(t, ok)
	golden.Require(t, "testdata/deployment.diff", "@@"+hunks)

	require.Equal(t, 0, delegate(t, "-config", filepath.Clean(path), "-mode", "revert", "-w").code)
	require.Equal(t, content(t, "testdata/deployment.yaml"), content(t, path))
}
