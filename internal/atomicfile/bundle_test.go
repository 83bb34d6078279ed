package atomicfile_test

import (
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/internal/atomicfile"
)

func files(contents ...string) []atomicfile.File {
	var out []atomicfile.File
	for i := 0; i < len(contents); i += 2 {
		out = append(out, atomicfile.File{Name: contents[i], Data: []byte(contents[i+1])})
	}
	return out
}

func apply(t *testing.T, b atomicfile.Bundle, wanted []atomicfile.File) maskit.Changes {
	t.Helper()
	plan, err := b.Plan(wanted)
	require.NoError(t, err)
	require.Empty(t, plan.Problems)
	require.NoError(t, plan.Apply())
	return plan.Changes
}

func read(t *testing.T, dir, name string) string {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(dir, name))
	require.NoError(t, err)
	return string(data)
}

func TestSecondRunWritesNothing(t *testing.T) {
	t.Parallel()
	bundle := atomicfile.Bundle{Dir: filepath.Join(t.TempDir(), "new", "bundle")}
	wanted := files("config.yaml", "a: 1", "secrets/key", "s3cret")
	require.Equal(t, "create config.yaml\ncreate secrets/key", apply(t, bundle, wanted).String())
	before := stamps(t, bundle.Dir)

	changes := apply(t, bundle, wanted)
	require.True(t, changes.Empty())
	require.Equal(t, "unchanged config.yaml\nunchanged secrets/key", changes.String())
	require.Equal(t, before, stamps(t, bundle.Dir))
}

func TestPlanWritesNothing(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "bundle")
	_, err := atomicfile.Bundle{Dir: dir}.Plan(files("a", "1"))
	require.NoError(t, err)
	require.NoDirExists(t, dir)
}

func TestOwnFilesAreUpdated(t *testing.T) {
	t.Parallel()
	bundle := atomicfile.Bundle{Dir: t.TempDir()}
	apply(t, bundle, files("a", "1", "b", "1"))
	before := stamps(t, bundle.Dir)
	require.Equal(t, "unchanged a\nupdate b", apply(t, bundle, files("a", "1", "b", "2")).String())
	require.Equal(t, "2", read(t, bundle.Dir, "b"))
	require.Equal(t, before[filepath.Join(bundle.Dir, "a")], stamps(t, bundle.Dir)[filepath.Join(bundle.Dir, "a")], "an unchanged file is not rewritten")
}

func TestWrongModeIsMended(t *testing.T) {
	t.Parallel()
	if runtime.GOOS == "windows" {
		t.Skip("Windows has no such mode")
	}
	bundle := atomicfile.Bundle{Dir: t.TempDir()}
	apply(t, bundle, files("key", "s3cret"))
	require.NoError(t, os.Chmod(filepath.Join(bundle.Dir, "key"), 0o644))
	require.Equal(t, `update key: mode: "-rw-r--r--" → "-rw-------"`, apply(t, bundle, files("key", "s3cret")).String())
	require.Equal(t, "-rw-------", permissions(t, filepath.Join(bundle.Dir, "key")).String())
	require.Equal(t, "-rw-------", permissions(t, filepath.Join(bundle.Dir, atomicfile.ManifestName)).String())
}

func TestForeignAndEditedFilesAreRefusedAllAtOnce(t *testing.T) {
	t.Parallel()
	bundle := atomicfile.Bundle{Dir: t.TempDir()}
	apply(t, bundle, files("edited", "1", "own", "1"))
	put := func(name, data string) {
		require.NoError(t, os.WriteFile(filepath.Join(bundle.Dir, name), []byte(data), 0o600))
	}
	put("edited", "by hand")
	put("foreign", "theirs")
	put("same", "wanted")
	wanted := files("own", "2", "edited", "2", "foreign", "2", "same", "wanted", "new", "2")

	plan, err := bundle.Plan(wanted)
	require.NoError(t, err)
	require.Equal(t, strings.Join([]string{
		"update own",
		"skip edited (edited-file)",
		"skip foreign (foreign-file)",
		"unchanged same",
		"create new",
	}, "\n"), plan.Changes.String())
	require.Equal(t, []string{"edited edited-file error", "foreign foreign-file error"}, brief(plan.Problems))

	require.ErrorIs(t, plan.Apply(), maskit.ErrInvalid)
	require.Equal(t, "1", read(t, bundle.Dir, "own"), "nothing is written when anything is refused")
	require.Equal(t, "by hand", read(t, bundle.Dir, "edited"))
	require.NoFileExists(t, filepath.Join(bundle.Dir, "new"))

	bundle.Force = true
	plan, err = bundle.Plan(wanted)
	require.NoError(t, err)
	require.Equal(t, []string{"edited edited-file warning", "foreign foreign-file warning"}, brief(plan.Problems))
	require.NoError(t, plan.Apply())
	for _, f := range wanted {
		require.Equal(t, string(f.Data), read(t, bundle.Dir, f.Name))
	}
	bundle.Force = false
	require.True(t, apply(t, bundle, wanted).Empty(), "what was forced is ours afterwards")
}

func TestStaleFiles(t *testing.T) {
	t.Parallel()
	bundle := atomicfile.Bundle{Dir: t.TempDir()}
	apply(t, bundle, files("keep", "1", "old/stale", "1", "touched", "1", "gone", "1"))
	require.NoError(t, os.WriteFile(filepath.Join(bundle.Dir, "touched"), []byte("2"), 0o600))
	require.NoError(t, os.Remove(filepath.Join(bundle.Dir, "gone")))
	require.NoError(t, os.WriteFile(filepath.Join(bundle.Dir, "unrelated"), []byte("0"), 0o600))

	for range 2 { // a stale file is remembered, so that a later run can still prune it
		require.Equal(t, strings.Join([]string{
			"unchanged keep",
			"skip old/stale (no longer wanted)",
			"skip touched (no longer wanted, but changed since it was written)",
		}, "\n"), apply(t, bundle, files("keep", "1")).String())
	}

	bundle.Prune = true
	require.Equal(t, strings.Join([]string{
		"unchanged keep",
		"delete old/stale (no longer wanted)",
		"skip touched (no longer wanted, but changed since it was written)",
	}, "\n"), apply(t, bundle, files("keep", "1")).String())
	require.NoFileExists(t, filepath.Join(bundle.Dir, "old/stale"))
	require.Equal(t, "2", read(t, bundle.Dir, "touched"))
	require.Equal(t, "0", read(t, bundle.Dir, "unrelated"))
}

func TestApplyRefusesDrift(t *testing.T) {
	t.Parallel()
	for name, drift := range map[string]func(dir string) error{
		"file changed":     func(dir string) error { return os.WriteFile(filepath.Join(dir, "a"), []byte("x"), 0o600) },
		"file appeared":    func(dir string) error { return os.WriteFile(filepath.Join(dir, "b"), []byte("x"), 0o600) },
		"file gone":        func(dir string) error { return os.Remove(filepath.Join(dir, "a")) },
		"manifest changed": func(dir string) error { return os.Remove(filepath.Join(dir, atomicfile.ManifestName)) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			bundle := atomicfile.Bundle{Dir: t.TempDir()}
			apply(t, bundle, files("a", "1"))
			plan, err := bundle.Plan(files("a", "2", "b", "2"))
			require.NoError(t, err)
			require.NoError(t, drift(bundle.Dir))
			require.ErrorIs(t, plan.Apply(), maskit.ErrDrift)
		})
	}
	require.ErrorContains(t, atomicfile.Plan{}.Apply(), "was not made by Bundle.Plan")
}

func TestSomebodyElsesManifestIsRefused(t *testing.T) {
	t.Parallel()
	for name, content := range map[string]string{
		"web app":   `{"name": "app", "icons": []}`,
		"no JSON":   "hello",
		"empty":     "",
		"trailing":  `{"format":"maskit-bundle/1","files":{}} {}`,
		"future":    `{"format":"maskit-bundle/2","files":{}}`,
		"traversal": `{"format":"maskit-bundle/1","files":{"../../etc/passwd":{"sha256":"` + strings.Repeat("0", 64) + `"}}}`,
		"bad hash":  `{"format":"maskit-bundle/1","files":{"a":{"sha256":"zz"}}}`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			bundle := atomicfile.Bundle{Dir: t.TempDir(), Prune: true}
			require.NoError(t, os.WriteFile(filepath.Join(bundle.Dir, atomicfile.ManifestName), []byte(content), 0o600))
			plan, err := bundle.Plan(files("a", "1"))
			require.NoError(t, err)
			require.Equal(t, []string{"manifest.json manifest-invalid error"}, brief(plan.Problems))
			require.ErrorIs(t, plan.Apply(), maskit.ErrInvalid)
			require.Equal(t, content, read(t, bundle.Dir, atomicfile.ManifestName))

			bundle.Force = true
			plan, err = bundle.Plan(files("a", "1"))
			require.NoError(t, err)
			require.NoError(t, plan.Apply())
			bundle.Force = false
			require.True(t, apply(t, bundle, files("a", "1")).Empty())
		})
	}
}

func TestBundleErrors(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	_, err := atomicfile.Bundle{Dir: dir}.Plan(files("Manifest.json", ""))
	require.ErrorContains(t, err, "Manifest.json: is the bundle's own record")

	require.NoError(t, os.Symlink("/etc/passwd", filepath.Join(dir, "link")))
	require.NoError(t, os.Mkdir(filepath.Join(dir, "directory"), 0o700))
	_, err = atomicfile.Bundle{Dir: dir, Force: true}.Plan(files("link", "", "directory", ""))
	require.EqualError(t, err, "atomicfile: plan bundle "+dir+": link: is a symbolic link, not a regular file\ndirectory: is a directory, not a regular file")

	file := filepath.Join(dir, "file")
	require.NoError(t, os.WriteFile(file, nil, 0o600))
	_, err = atomicfile.Bundle{Dir: file}.Plan(files("a", ""))
	require.Error(t, err)
}

// stamps tells when each file and directory was last written.
func stamps(t *testing.T, dir string) map[string]time.Time {
	t.Helper()
	got := map[string]time.Time{}
	require.NoError(t, filepath.Walk(dir, func(path string, info os.FileInfo, err error) error {
		if err == nil {
			got[path] = info.ModTime()
		}
		return err
	}))
	return got
}

func brief(problems maskit.Problems) []string {
	var out []string
	for _, p := range problems {
		out = append(out, p.Path+" "+p.Code+" "+p.Severity.String())
	}
	return out
}

func TestBundleRemovesWhatAKilledRunLeft(t *testing.T) {
	t.Parallel()
	b := atomicfile.Bundle{Dir: t.TempDir()}
	wanted := files("config.yaml", "a: 1", "secrets/key", "s3cret")
	apply(t, b, wanted)
	before := stamps(t, b.Dir)
	delete(before, filepath.Join(b.Dir, "secrets"))
	delete(before, b.Dir)
	for _, temp := range []string{".manifest.json.ABCDEFGHIJKLMNOPQRSTUVWXYZ.tmp", "secrets/.key.ABCDEFGHIJKLMNOPQRSTUVWXYZ.tmp"} {
		require.NoError(t, os.WriteFile(filepath.Join(b.Dir, filepath.FromSlash(temp)), []byte("half"), 0o600))
	}
	require.True(t, apply(t, b, wanted).Empty())
	after := stamps(t, b.Dir)
	delete(after, filepath.Join(b.Dir, "secrets"))
	delete(after, b.Dir)
	require.Equal(t, before, after, "although nothing else was to do")
}
