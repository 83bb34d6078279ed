package atomicfile_test

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/maskit-dev/maskit/internal/atomicfile"
)

func TestWriteReplacesContentAndMode(t *testing.T) {
	t.Parallel()
	for name, mode := range map[string]fs.FileMode{"secret": 0o600, "public": 0o644, "read-only": 0o400, "shared": 0o666} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			path := filepath.Join(t.TempDir(), "f")
			require.NoError(t, os.WriteFile(path, []byte("a much longer old content"), 0o640))
			require.NoError(t, atomicfile.Write(path, []byte("new"), mode))

			data, err := os.ReadFile(path)
			require.NoError(t, err)
			require.Equal(t, "new", string(data))
			require.Equal(t, mode, permissions(t, path), "whatever the umask is")
			require.Equal(t, []string{"f"}, names(t, filepath.Dir(path)))
		})
	}
}

func TestModeZeroIsPrivate(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "f")
	require.NoError(t, atomicfile.Write(path, nil, 0))
	require.Equal(t, fs.FileMode(0o600), permissions(t, path))
}

func TestWriteRefusesWhatIsNoRegularFile(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	target := filepath.Join(dir, "target")
	require.NoError(t, os.WriteFile(target, []byte("untouched"), 0o600))
	link := filepath.Join(dir, "link")
	require.NoError(t, os.Symlink("target", link))

	err := atomicfile.Write(link, []byte("x"), 0)
	require.EqualError(t, err, "atomicfile: write "+link+": link: is a symbolic link, not a regular file")
	data, err := os.ReadFile(target)
	require.NoError(t, err)
	require.Equal(t, "untouched", string(data))

	sub := filepath.Join(dir, "sub")
	require.NoError(t, os.Mkdir(sub, 0o700))
	require.ErrorContains(t, atomicfile.Write(sub, nil, 0), "sub: is a directory, not a regular file")
	require.ErrorIs(t, atomicfile.Write(filepath.Join(dir, "missing", "f"), nil, 0), fs.ErrNotExist)
}

func TestWriteAllReportsAllBadTargetsAndWritesNothing(t *testing.T) {
	t.Parallel()
	outside, dir := t.TempDir(), t.TempDir()
	require.NoError(t, os.Symlink(outside, filepath.Join(dir, "trap")))
	require.NoError(t, os.Symlink("nowhere", filepath.Join(dir, "dangling")))
	require.NoError(t, os.Mkdir(filepath.Join(dir, "directory"), 0o700))
	require.NoError(t, os.WriteFile(filepath.Join(dir, "file"), nil, 0o600))

	err := atomicfile.WriteAll(dir, []atomicfile.File{
		{Name: "good"}, {Name: "trap/f"}, {Name: "dangling"}, {Name: "directory"}, {Name: "file/f"},
	})
	require.EqualError(t, err, "atomicfile: write to "+dir+": "+strings.Join([]string{
		"trap/f: trap is a symbolic link, not a directory",
		"dangling: is a symbolic link, not a regular file",
		"directory: is a directory, not a regular file",
		"file/f: file is a file, not a directory",
	}, "\n"))
	require.Empty(t, names(t, outside))
	require.NotContains(t, names(t, dir), "good")
}

func TestWriteAllRefusesBadNames(t *testing.T) {
	t.Parallel()
	bad := map[string][]atomicfile.File{
		"parent":         {{Name: "../f"}},
		"absolute":       {{Name: "/f"}},
		"empty":          {{Name: ""}},
		"directory":      {{Name: "."}},
		"unclean":        {{Name: "a//b"}},
		"backslash":      {{Name: `a\b`}},
		"NUL":            {{Name: "a\x00"}},
		"twice":          {{Name: "a"}, {Name: "a"}},
		"case":           {{Name: "a"}, {Name: "A"}},
		"nested":         {{Name: "a"}, {Name: "a/b/c"}},
		"temporary":      {{Name: ".a." + strings.Repeat("A", 26) + ".tmp"}},
		"more than mode": {{Name: "a", Mode: fs.ModeSetuid | 0o755}},
	}
	for name, files := range bad {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := filepath.Join(t.TempDir(), "out")
			require.Error(t, atomicfile.WriteAll(dir, files))
			_, err := atomicfile.Bundle{Dir: dir}.Plan(files)
			require.Error(t, err)
			if entries, err := os.ReadDir(dir); err == nil {
				require.Empty(t, entries)
			}
		})
	}
}

func TestReadOnlyDirectoryKeepsOldFiles(t *testing.T) {
	t.Parallel()
	if os.Geteuid() == 0 || runtime.GOOS == "windows" {
		t.Skip("root and Windows write to read-only directories")
	}
	dir := t.TempDir()
	require.NoError(t, atomicfile.WriteAll(dir, []atomicfile.File{{Name: "a", Data: []byte("old")}}))
	require.NoError(t, os.Chmod(dir, 0o500))
	t.Cleanup(func() { _ = os.Chmod(dir, 0o700) })
	require.ErrorIs(t, atomicfile.WriteAll(dir, []atomicfile.File{{Name: "a", Data: []byte("new")}}), fs.ErrPermission)
	data, err := os.ReadFile(filepath.Join(dir, "a"))
	require.NoError(t, err)
	require.Equal(t, "old", string(data))
}

func TestNextWriteRemovesWhatAKilledOneLeft(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	for _, name := range []string{
		".a." + strings.Repeat("B", 26) + ".tmp", // of a
		".b." + strings.Repeat("B", 26) + ".tmp", // of another file
		".a.tmp",                                 // no name that this package makes
	} {
		require.NoError(t, os.WriteFile(filepath.Join(dir, name), []byte("left"), 0o600))
	}
	require.NoError(t, atomicfile.Write(filepath.Join(dir, "a"), nil, 0))
	require.Equal(t, []string{".a.tmp", ".b." + strings.Repeat("B", 26) + ".tmp", "a"}, names(t, dir))
}

func TestFileNeverPrintsItsContent(t *testing.T) {
	t.Parallel()
	f := atomicfile.File{Name: "secret", Data: []byte("hunter2")}
	plan, err := atomicfile.Bundle{Dir: t.TempDir()}.Plan([]atomicfile.File{f})
	require.NoError(t, err)
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%d"} {
		for _, value := range []any{f, &f, []atomicfile.File{f}, map[string]atomicfile.File{"f": f}, plan, &plan} {
			text := fmt.Sprintf(verb, value)
			require.NotContains(t, text, "hunter2", verb)
			require.NotContains(t, text, "104 117 110", verb)
			require.NotContains(t, text, "68756e", verb)
		}
	}
	require.Equal(t, "secret (7 bytes, -rw-------)", fmt.Sprint(f))
}

func permissions(t *testing.T, path string) fs.FileMode {
	t.Helper()
	info, err := os.Stat(path)
	require.NoError(t, err)
	return info.Mode().Perm()
}

func names(t *testing.T, dir string) []string {
	t.Helper()
	entries, err := os.ReadDir(dir)
	require.NoError(t, err)
	var names []string
	for _, e := range entries {
		names = append(names, e.Name())
	}
	return names
}
