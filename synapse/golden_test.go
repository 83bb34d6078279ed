package synapse_test

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/tools/txtar"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/internal/golden"
	"github.com/maskit-dev/maskit/synapse"
)

func site() maskit.Site {
	return maskit.Site{
		ServerName:   "example.com",
		AccountURL:   "https://account.example.com/",
		ClientAPIURL: "https://matrix.example.com/",
		SynapseURL:   "http://synapse-main.matrix.svc.cluster.local:8008/",
		MASURL:       "http://mas.matrix-auth.svc.cluster.local:8080/",
	}
}

func delegate() synapse.Delegate {
	return synapse.Delegate{Site: site(), SecretPath: "/run/secrets/mas/shared-secret"}
}

// TestPatchGolden runs each archive of testdata/patch: the files in/*, patched
// by the Delegate that "delegate" describes, give out/*, changes and problems.
func TestPatchGolden(t *testing.T) {
	t.Parallel()
	paths, err := filepath.Glob("testdata/patch/*.txtar")
	require.NoError(t, err)
	require.NotEmpty(t, paths)
	for _, path := range paths {
		t.Run(strings.TrimSuffix(filepath.Base(path), ".txtar"), func(t *testing.T) {
			t.Parallel()
			archive, err := txtar.ParseFile(path)
			require.NoError(t, err)
			got := runArchive(t, archive)
			if golden.Updating() {
				require.NoError(t, os.WriteFile(path, txtar.Format(got), 0o600))
				return
			}
			require.Equal(t, string(txtar.Format(archive)), string(txtar.Format(got)))
		})
	}
}

// runArchive patches the files of an archive and returns it with the results.
func runArchive(t *testing.T, archive *txtar.Archive) *txtar.Archive {
	t.Helper()
	got := &txtar.Archive{Comment: archive.Comment}
	d, files := archiveInput(t, archive)
	for _, file := range archive.Files {
		if file.Name == "delegate" || strings.HasPrefix(file.Name, "in/") {
			got.Files = append(got.Files, file)
		}
	}
	patched, problems := d.Patch(files)
	for i, file := range patched.Files {
		if !bytes.Equal(file.Data, files[i].Data) {
			got.Files = append(got.Files, txtar.File{Name: "out/" + file.Name, Data: file.Data})
		}
	}
	requireSecondPatchIsEmpty(t, d, patched, problems)
	requireUndo(t, files, patched)
	for name, text := range map[string]string{"changes": patched.Changes.String(), "problems": problems.String()} {
		if text != "" {
			got.Files = append(got.Files, txtar.File{Name: name, Data: []byte(text + "\n")})
		}
	}
	sortTail(got)
	return got
}

// sortTail orders what comes out of a map: changes before problems.
func sortTail(a *txtar.Archive) {
	if n := len(a.Files); n > 1 && a.Files[n-2].Name == "problems" {
		a.Files[n-2], a.Files[n-1] = a.Files[n-1], a.Files[n-2]
	}
}

func archiveInput(t *testing.T, archive *txtar.Archive) (synapse.Delegate, []synapse.File) {
	t.Helper()
	d, files := delegate(), []synapse.File(nil)
	for _, file := range archive.Files {
		if name, ok := strings.CutPrefix(file.Name, "in/"); ok {
			files = append(files, synapse.File{Name: name, Data: file.Data})
		}
		if file.Name != "delegate" {
			continue
		}
		for line := range strings.Lines(string(file.Data)) {
			key, value, _ := strings.Cut(strings.TrimSpace(line), " ")
			set(t, &d, key, value)
		}
	}
	return d, files
}

func set(t *testing.T, d *synapse.Delegate, key, value string) {
	t.Helper()
	switch key {
	case "synapse":
		require.NoError(t, d.SynapseVersion.UnmarshalText([]byte(value)))
	case "mas":
		require.NoError(t, d.MASVersion.UnmarshalText([]byte(value)))
	case "mas_url":
		d.Site.MASURL = value
	case "secret_path":
		d.SecretPath = value
	case "delete":
		d.Removal = synapse.RemovalDelete
	case "force_http2":
		d.ForceHTTP2 = true
	default:
		t.Fatalf("unknown setting %q", key)
	}
}

func requireSecondPatchIsEmpty(t *testing.T, d synapse.Delegate, patched synapse.Patched, problems maskit.Problems) {
	t.Helper()
	if patched.Files == nil {
		require.Error(t, problems.Err())
		return
	}
	again, _ := d.Patch(patched.Files)
	require.Empty(t, again.Changes)
	require.Equal(t, patched.Files, again.Files)
	require.True(t, again.Undo.IsZero())
}

func requireUndo(t *testing.T, originals []synapse.File, patched synapse.Patched) {
	t.Helper()
	if patched.Files == nil {
		return
	}
	reverted, err := synapse.Revert(patched.Files, patched.Undo)
	require.NoError(t, err)
	require.Equal(t, originals, reverted)
}
