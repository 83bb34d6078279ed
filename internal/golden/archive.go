package golden

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/tools/txtar"
)

// Archives runs a subtest for each *.txtar of a directory. Its comment, and the files
// that are made of it, must be the archive; with -update they become it.
func Archives(t *testing.T, dir string, files func(*testing.T, *txtar.Archive) []txtar.File) {
	t.Helper()
	paths, err := filepath.Glob(filepath.Join(dir, "*.txtar"))
	require.NoError(t, err)
	require.NotEmpty(t, paths)
	for _, path := range paths {
		t.Run(strings.TrimSuffix(filepath.Base(path), ".txtar"), func(t *testing.T) {
			t.Parallel()
			archive, err := txtar.ParseFile(path)
			require.NoError(t, err)
			got := &txtar.Archive{Comment: archive.Comment, Files: files(t, archive)}
			if Updating() {
				require.NoError(t, os.WriteFile(path, txtar.Format(got), 0o600))
				return
			}
			require.Equal(t, string(txtar.Format(archive)), string(txtar.Format(got)))
		})
	}
}
