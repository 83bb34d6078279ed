//go:build unix

package atomicfile_test

import (
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/maskit-dev/maskit/internal/atomicfile"
)

func TestOwnerIsKept(t *testing.T) {
	t.Parallel()
	if os.Geteuid() != 0 {
		t.Skip("only root may give files away")
	}
	path := filepath.Join(t.TempDir(), "homeserver.yaml")
	require.NoError(t, os.WriteFile(path, []byte("old"), 0o640))
	require.NoError(t, os.Chown(path, 1234, 5678))
	before, err := os.Stat(path)
	require.NoError(t, err)

	file := atomicfile.File{Name: "homeserver.yaml", Data: []byte("new"), Mode: 0o640, Owner: before}
	require.NoError(t, atomicfile.WriteAll(filepath.Dir(path), []atomicfile.File{file}))
	after, err := os.Stat(path)
	require.NoError(t, err)
	require.False(t, os.SameFile(before, after))
	require.Equal(t, before.Mode(), after.Mode())
	owner := after.Sys().(*syscall.Stat_t)
	require.Equal(t, []uint32{1234, 5678}, []uint32{owner.Uid, owner.Gid})
}
