package synapse_test

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/require"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/synapse"
)

func TestReadFilesFollowsSynapsesRules(t *testing.T) {
	t.Parallel()
	file := &fstest.MapFile{Data: []byte("a: 1\n")}
	tree := fstest.MapFS{
		"homeserver.yaml": file, "shared.conf": file,
		"conf.d/b.yaml": file, "conf.d/a.yaml": file, "conf.d/B.yaml": file, "conf.d/.hidden.yaml": file,
		"conf.d/old.yml": file, "conf.d/OLD.YAML": file, "conf.d/README": file,
		"conf.d/sub/c.yaml": file, "conf.d/dir.yaml/d.yaml": file, "conf.d/..data/e.yaml": file,
		"empty/.keep": file,
	}
	for name, tc := range map[string]struct{ names, files, problems []string }{
		"a file":                  {[]string{"homeserver.yaml"}, []string{"homeserver.yaml"}, nil},
		"a file of any name":      {[]string{"shared.conf"}, []string{"shared.conf"}, nil},
		"the order of the names":  {[]string{"shared.conf", "homeserver.yaml"}, []string{"shared.conf", "homeserver.yaml"}, nil},
		"a directory":             {[]string{"conf.d"}, []string{"conf.d/.hidden.yaml", "conf.d/B.yaml", "conf.d/a.yaml", "conf.d/b.yaml"}, ignored()},
		"a file, then directory":  {[]string{"homeserver.yaml", "conf.d/sub"}, []string{"homeserver.yaml", "conf.d/sub/c.yaml"}, nil},
		"a directory of none":     {[]string{"homeserver.yaml", "empty"}, []string{"homeserver.yaml"}, []string{"warning empty-directory empty"}},
		"a file twice":            {[]string{"homeserver.yaml", "shared.conf", "homeserver.yaml"}, []string{"shared.conf", "homeserver.yaml"}, []string{"info file-twice homeserver.yaml"}},
		"a file of its directory": {[]string{"conf.d/sub/c.yaml", "conf.d/sub"}, []string{"conf.d/sub/c.yaml"}, []string{"info file-twice conf.d/sub/c.yaml"}},
		"nothing":                 {nil, nil, []string{"error no-files "}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			files, problems, err := synapse.ReadFiles(tree, tc.names...)
			require.NoError(t, err)
			require.Equal(t, tc.files, fileNames(files))
			require.Equal(t, tc.problems, findings(problems))
			for _, f := range files {
				require.Equal(t, "a: 1\n", string(f.Data))
			}
		})
	}
}

func ignored() []string {
	return []string{"info file-ignored conf.d/OLD.YAML", "info directory-ignored conf.d/dir.yaml", "info file-ignored conf.d/old.yml"}
}

func fileNames(files []synapse.File) []string {
	var names []string
	for _, f := range files {
		names = append(names, f.Name)
	}
	return names
}

// findings are severity, code and path of each problem, in their order.
func findings(problems maskit.Problems) []string {
	var out []string
	for _, p := range problems {
		out = append(out, fmt.Sprintf("%s %s %s", p.Severity, p.Code, p.Path))
	}
	return out
}

func TestReadFilesNamesEveryFileThatIsMissing(t *testing.T) {
	t.Parallel()
	tree := fstest.MapFS{"homeserver.yaml": {Data: []byte("a: 1\n")}}
	files, problems, err := synapse.ReadFiles(tree, "homeserver.yaml", "worker.yaml", "/etc/x.yaml", "conf.d")
	require.Empty(t, files)
	require.Empty(t, problems)
	require.ErrorIs(t, err, fs.ErrNotExist)
	require.ErrorIs(t, err, fs.ErrInvalid)
	for _, name := range []string{"worker.yaml", "/etc/x.yaml", "conf.d"} {
		require.ErrorContains(t, err, name)
	}
}

func TestReadFilesHasLimits(t *testing.T) {
	t.Parallel()
	large := &fstest.MapFile{Data: []byte(strings.Repeat("#", 4<<20))}
	tree := fstest.MapFS{"large.yaml": large, "larger.yaml": {Data: append([]byte("#"), large.Data...)}}
	for i := range 17 {
		tree[fmt.Sprintf("together/%02d.yaml", i)] = large
	}
	for i := range 1001 {
		tree[fmt.Sprintf("many/%04d.yaml", i)] = &fstest.MapFile{}
	}
	for name, want := range map[string][]string{
		"large.yaml":  nil,
		"larger.yaml": {"error too-large larger.yaml"},
		"together":    {"error too-large together/16.yaml"},
		"many":        {"error too-many-files "},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			files, problems, err := synapse.ReadFiles(tree, name)
			require.NoError(t, err)
			require.Equal(t, want, findings(problems))
			require.Equal(t, want == nil, files != nil)
		})
	}
}

// TestReadFilesReadsMountedVolumes: Kubernetes mounts a ConfigMap as links through
// "..data" into a directory with a date.
func TestReadFilesReadsMountedVolumes(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	require.NoError(t, os.Mkdir(filepath.Join(dir, "..2026_01_02"), 0o700))
	require.NoError(t, os.WriteFile(filepath.Join(dir, "..2026_01_02", "homeserver.yaml"), []byte("a: 1\n"), 0o600))
	require.NoError(t, os.Symlink("..2026_01_02", filepath.Join(dir, "..data")))
	require.NoError(t, os.Symlink("..data/homeserver.yaml", filepath.Join(dir, "homeserver.yaml")))
	require.NoError(t, os.Symlink("..data/gone.yaml", filepath.Join(dir, "gone.yaml")))

	files, problems, err := synapse.ReadFiles(os.DirFS(dir), ".")
	require.NoError(t, err)
	require.Equal(t, []string{"homeserver.yaml"}, fileNames(files))
	require.Equal(t, "a: 1\n", string(files[0].Data))
	require.Equal(t, []string{"warning broken-link gone.yaml"}, findings(problems))
}
