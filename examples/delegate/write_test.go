package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/maskit-dev/maskit/internal/golden"
)

func TestWriteAndRevert(t *testing.T) {
	t.Parallel()
	dir, full := homeserverYAML(t)
	undo := full + ".maskit-undo.json"
	original := content(t, full)

	written := delegate(t, to("-config", full, "-w")...)
	golden.Require(t, "testdata/written.txt", written.text(filepath.ToSlash(dir)))
	requireMode(t, full, 0o640)
	requireMode(t, undo, 0o600)
	patched := content(t, full)
	require.NotEqual(t, original, patched)

	again := delegate(t, to("-config", full, "-w")...)
	require.Equal(t, 0, again.code)
	require.Contains(t, again.stdout, "Already delegated: nothing to do.")
	require.Equal(t, patched, content(t, full))

	preview := delegate(t, "-config", full, "-mode", "revert")
	require.Equal(t, 0, preview.code, preview.stderr)
	require.Contains(t, preview.stdout, "+oidc_providers:")
	require.Equal(t, patched, content(t, full))

	reverted := delegate(t, "-config", full, "-mode", "revert", "-w")
	require.Equal(t, 0, reverted.code, reverted.stderr)
	require.Contains(t, reverted.stdout, "The files are as they were.")
	require.Equal(t, original, content(t, full))
	requireMode(t, full, 0o640)
	require.NoFileExists(t, undo)
	requireOnly(t, dir, "homeserver.yaml")
}

func requireMode(t *testing.T, path string, want os.FileMode) {
	t.Helper()
	info, err := os.Stat(path)
	require.NoError(t, err)
	require.Equal(t, want, info.Mode().Perm())
}

// requireOnly: nothing else was left in a directory.
func requireOnly(t *testing.T, dir string, names ...string) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	require.NoError(t, err)
	var got []string
	for _, entry := range entries {
		got = append(got, entry.Name())
	}
	require.Equal(t, names, got)
}

// TestWriteSeveralFiles: a directory beside a file, patched and restored together.
func TestWriteSeveralFiles(t *testing.T) {
	t.Parallel()
	dir, base := place(t, "server_name: example.com\nreport_stats: false\nsession_lifetime: 1d\n")
	conf := filepath.Join(dir, "conf.d")
	require.NoError(t, os.Mkdir(conf, 0o700))
	more := filepath.Join(conf, "a.yaml")
	require.NoError(t, os.WriteFile(more, []byte("enable_3pid_changes: true\r\nx: 1"), 0o600))
	before := []string{content(t, base), content(t, more)}

	got := delegate(t, to("-config", conf, "-config", base, "-w")...)
	require.Equal(t, 0, got.code, got.stdout+got.stderr)
	require.FileExists(t, conf+".maskit-undo.json")
	require.Contains(t, content(t, more), "# enable_3pid_changes: true\r\n")
	require.Contains(t, content(t, base), "matrix_authentication_service:")

	got = delegate(t, "-config", conf, "-config", base, "-mode", "revert", "-w")
	require.Equal(t, 0, got.code, got.stderr)
	require.Equal(t, before, []string{content(t, base), content(t, more)})
}

func TestConvertWritesTheSecretToAFile(t *testing.T) {
	t.Parallel()
	dir, full := homeserverYAML(t)
	got := delegate(t, "-config", full, "-mode", "convert", "-secret-path", "/run/secrets/mas", "-w")
	require.Equal(t, 0, got.code, got.stdout+got.stderr)
	golden.Require(t, "testdata/converted.txt", got.text(filepath.ToSlash(dir)))
	secret := full + ".maskit-secret"
	require.Equal(t, "hidden admin token", content(t, secret))
	requireMode(t, secret, 0o600)
	require.Contains(t, content(t, full), `endpoint: "http://mas.matrix-auth.svc:8080/"`)
	require.NotContains(t, content(t, full), "hidden admin token")
}

func TestOverlayGoesIntoTheDirectory(t *testing.T) {
	t.Parallel()
	dir, full := homeserverYAML(t)
	original := content(t, full)
	conf := filepath.Join(dir, "conf.d")
	require.NoError(t, os.Mkdir(conf, 0o700))

	got := delegate(t, to("-config", full, "-config", conf, "-mode", "overlay", "-w")...)
	require.Equal(t, 0, got.code, got.stdout+got.stderr)
	overlay := filepath.Join(conf, "zz-mas.yaml")
	golden.Require(t, "testdata/zz-mas.yaml", content(t, overlay))
	requireMode(t, overlay, 0o640)
	require.Equal(t, original, content(t, full))

	again := delegate(t, to("-config", full, "-config", conf, "-mode", "overlay", "-w")...)
	require.Equal(t, 0, again.code)
	require.Contains(t, again.stdout, "Already delegated")

	require.NoError(t, os.WriteFile(filepath.Join(conf, "zzz.yaml"), []byte("x: 1\n"), 0o600))
	require.NoError(t, os.Remove(overlay))
	late := delegate(t, to("-config", full, "-config", conf, "-mode", "overlay", "-w")...)
	require.Equal(t, 2, late.code)
	require.Contains(t, late.stderr, "zzz.yaml would be loaded after zz-mas.yaml")
}

// TestNothingIsWritten when anything is wrong.
func TestNothingIsWritten(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		prepare func(t *testing.T, path string)
		args    []string
		want    string
	}{
		"an undo is there": {func(t *testing.T, path string) {
			require.NoError(t, os.WriteFile(path+".maskit-undo.json", []byte("old"), 0o600))
		}, nil, "is there from an earlier run"},
		"a directory in place of the undo": {func(t *testing.T, path string) {
			require.NoError(t, os.Mkdir(path+".maskit-undo.json", 0o700))
		}, nil, "is there from an earlier run"},
		"a symbolic link": {func(t *testing.T, path string) {
			require.NoError(t, os.Rename(path, path+".data"))
			require.NoError(t, os.Symlink(filepath.Base(path)+".data", path))
		}, nil, "is a symbolic link, as in a mounted ConfigMap"},
		"something is left": {func(t *testing.T, path string) {
			require.NoError(t, os.WriteFile(path, []byte("report_stats: false\nsession_lifetime: 1d\n"), 0o600))
		}, nil, "server_name: no file sets"},
		"not YAML": {func(t *testing.T, path string) {
			require.NoError(t, os.WriteFile(path, []byte("a: [\n"), 0o600))
		}, nil, "yaml-syntax"},
		"an undo that is none": {func(t *testing.T, path string) {
			require.NoError(t, os.WriteFile(path+".maskit-undo.json", []byte("old"), 0o600))
		}, []string{"-mode", "revert"}, "the undo is not one that Patch made"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir, path := homeserverYAML(t)
			tc.prepare(t, path)
			before := tree(t, dir)
			if tc.args == nil {
				shown := delegate(t, to("-config", path)...)
				require.Contains(t, shown.stdout, tc.want, "without -w it is told, too")
			}
			got := delegate(t, to(append([]string{"-config", path, "-w"}, tc.args...)...)...)
			require.Equal(t, 1, got.code)
			require.Contains(t, got.stdout+got.stderr, tc.want)
			require.Contains(t, got.stdout+got.stderr, "Nothing was written")
			require.Equal(t, before, tree(t, dir))
		})
	}
}

// TestRevertRefusesDrift: a file that somebody changed since is never overwritten.
func TestRevertRefusesDrift(t *testing.T) {
	t.Parallel()
	dir, full := homeserverYAML(t)
	require.Equal(t, 0, delegate(t, to("-config", full, "-w")...).code)
	require.NoError(t, os.WriteFile(full, []byte(content(t, full)+"# changed\n"), 0o600))
	before := tree(t, dir)
	got := delegate(t, "-config", full, "-mode", "revert", "-w")
	require.Equal(t, 1, got.code)
	require.Contains(t, got.stderr, "homeserver.yaml: the file is not the one that the patch made")
	require.Equal(t, before, tree(t, dir))
}

// tree is every file of a directory, and where links lead.
func tree(t *testing.T, dir string) map[string]string {
	t.Helper()
	files := map[string]string{}
	entries, err := os.ReadDir(dir)
	require.NoError(t, err)
	for _, entry := range entries {
		path := filepath.Join(dir, entry.Name())
		switch {
		case entry.IsDir():
			files[entry.Name()] = "(directory)"
		case entry.Type()&os.ModeSymlink != 0:
			link, err := os.Readlink(path)
			require.NoError(t, err)
			files[entry.Name()] = "-> " + link
		default:
			files[entry.Name()] = content(t, path)
		}
	}
	return files
}

// TestWriteFailsAsAWhole: what was replaced before a failure is put back.
func TestWriteFailsAsAWhole(t *testing.T) {
	t.Parallel()
	dir, full := homeserverYAML(t)
	original := content(t, full)
	r := result{edits: []edit{
		{name: full + ".undo", after: []byte("undo"), hidden: true},
		{name: full, before: []byte(original), after: []byte("new")},
	}}
	targets, err := r.targets()
	require.NoError(t, err)
	require.NoError(t, write(targets[:1]))
	require.NoError(t, os.WriteFile(full, []byte("new"), 0o600)) // as after the second of two renames
	require.NoError(t, putBack(targets))
	require.Equal(t, original, content(t, full))
	requireMode(t, full, 0o640)
	requireOnly(t, dir, "homeserver.yaml")

	targets, err = r.targets()
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(full, []byte("changed"), 0o600))
	_, err = r.targets()
	require.ErrorContains(t, err, "was changed meanwhile")
	require.NoError(t, putBack(targets))
	require.Equal(t, "changed", content(t, full), "what is not ours stays")
	require.False(t, strings.Contains(content(t, full), "new"))
}
