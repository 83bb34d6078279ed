// Package golden compares what a test made with a file that holds what it should
// have made, and rewrites the file when the test runs with -update:
//
//	go test ./mas -update
package golden

import (
	"flag"
	"os"
	"testing"

	"github.com/stretchr/testify/require"
)

var update = flag.Bool("update", false, "rewrite the golden files") //nolint:gochecknoglobals // a flag of test binaries

// Updating reports whether the test runs with -update.
func Updating() bool { return *update }

// Require compares text with the file at path, or rewrites the file.
func Require(t testing.TB, path, text string) {
	t.Helper()
	if Updating() {
		require.NoError(t, os.WriteFile(path, []byte(text), 0o600))
	}
	want, err := os.ReadFile(path) //nolint:gosec // the test names the file
	require.NoError(t, err, "run the test with -update to make it")
	require.Equal(t, string(want), text)
}
