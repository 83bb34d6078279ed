package synapse_test

import (
	"bytes"
	"encoding/json"
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

// TestGolden runs each archive of testdata: the files in/*, given to the function
// that the directory names, of the Delegate that "delegate" describes, give the
// files out/*, changes and problems.
func TestGolden(t *testing.T) {
	t.Parallel()
	for mode, run := range map[string]func(*testing.T, synapse.Delegate, []synapse.File) []txtar.File{
		"patch": goldenPatch, "lint": goldenLint, "overlay": goldenOverlay, "convert": goldenConvert,
	} {
		t.Run(mode, func(t *testing.T) {
			golden.Archives(t, filepath.Join("testdata", mode), func(t *testing.T, archive *txtar.Archive) []txtar.File {
				d, files := archiveInput(t, archive)
				return append(inputs(archive), run(t, d, files)...)
			})
		})
	}
}

// inputs are the parts of an archive that people write.
func inputs(archive *txtar.Archive) []txtar.File {
	var files []txtar.File
	for _, file := range archive.Files {
		if file.Name == "delegate" || strings.HasPrefix(file.Name, "in/") {
			files = append(files, file)
		}
	}
	return files
}

func goldenPatch(t *testing.T, d synapse.Delegate, files []synapse.File) []txtar.File {
	t.Helper()
	patched, problems := d.Patch(files)
	requireSecondPatchIsEmpty(t, d, patched, problems)
	requireUndo(t, files, patched)
	return append(changed(files, patched), report(patched.Changes, problems)...)
}

func goldenLint(_ *testing.T, d synapse.Delegate, files []synapse.File) []txtar.File {
	return report(nil, d.Lint(files))
}

func goldenOverlay(_ *testing.T, d synapse.Delegate, files []synapse.File) []txtar.File {
	overlaid, problems := d.Overlay(files)
	var out []txtar.File
	if len(overlaid.File.Data) > 0 {
		out = append(out, txtar.File{Name: "out/" + overlaid.File.Name, Data: overlaid.File.Data})
	}
	return append(out, report(overlaid.Changes, problems)...)
}

func goldenConvert(t *testing.T, d synapse.Delegate, files []synapse.File) []txtar.File {
	t.Helper()
	converted, problems := d.Convert(files)
	requireUndo(t, files, converted.Patched)
	summary, err := json.MarshalIndent(map[string]any{
		"secret": converted.Secret.Reveal(), "secret_path": converted.SecretPath, "legacy": converted.Legacy,
	}, "", "  ")
	require.NoError(t, err)
	out := append(changed(files, converted.Patched), txtar.File{Name: "converted", Data: append(summary, '\n')})
	return append(out, report(converted.Changes, problems)...)
}

// changed are the files that differ.
func changed(files []synapse.File, patched synapse.Patched) []txtar.File {
	var out []txtar.File
	for i, file := range patched.Files {
		if !bytes.Equal(file.Data, files[i].Data) {
			out = append(out, txtar.File{Name: "out/" + file.Name, Data: file.Data})
		}
	}
	return out
}

func report(changes maskit.Changes, problems maskit.Problems) []txtar.File {
	var out []txtar.File
	if len(changes) > 0 {
		out = append(out, txtar.File{Name: "changes", Data: []byte(changes.String() + "\n")})
	}
	if len(problems) > 0 {
		out = append(out, txtar.File{Name: "problems", Data: []byte(problems.String() + "\n")})
	}
	return out
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
	case "server_name":
		d.Site.ServerName = value
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
