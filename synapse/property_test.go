package synapse_test

import (
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/tools/txtar"
	"pgregory.net/rapid"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/synapse"
)

// drawFiles makes one to three files of what may stand in a homeserver.yaml,
// conflicts and others, in any order and spread over the files.
func drawFiles(t *rapid.T) []synapse.File {
	pieces := []string{
		everyRow, myths,
		"x-old: &old {a: 1, msc3861: {enabled: true, admin_token: hunter2}}\nexperimental_features:\n  <<: *old\n  b: 2\n",
		"x-list: &list\n- module: ldap_auth_provider.X\n- module: a.B\nmodules: *list\n",
		"oidc_config: &oidc {enabled: true, issuer: x}\nx-copy: *oidc\n",
	}
	for _, s := range seeds() {
		pieces = append(pieces, s.text+"\n")
	}
	for _, f := range fragments() {
		pieces = append(pieces, f.in)
	}
	var files []synapse.File
	for i := range rapid.IntRange(1, 3).Draw(t, "files") {
		text := []string{"server_name: example.com\n", "# conf.d\n", ""}[i]
		for _, piece := range rapid.SliceOfN(rapid.SampledFrom(pieces), 0, 6).Draw(t, "pieces") {
			text += piece
		}
		if rapid.Bool().Draw(t, "CR LF") {
			text = strings.ReplaceAll(text, "\n", "\r\n")
		}
		if rapid.Bool().Draw(t, "cut") {
			text = strings.TrimRight(text, "\r\n")
		}
		files = append(files, synapse.File{Name: []string{"homeserver.yaml", "conf.d/a.yaml", "conf.d/b.yaml"}[i], Data: []byte(text)})
	}
	return files
}

func drawDelegate(t *rapid.T) synapse.Delegate {
	d := delegate()
	d.Removal = rapid.SampledFrom([]synapse.Removal{synapse.RemovalCommentOut, synapse.RemovalDelete}).Draw(t, "removal")
	version := rapid.SampledFrom([]string{"", "1.136.0", "1.142.0", "1.157.0", "1.163.2"}).Draw(t, "Synapse")
	if err := d.SynapseVersion.UnmarshalText([]byte(version)); err != nil {
		t.Fatal(err)
	}
	return d
}

func TestPatchIsStableAndReversible(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		d, files := drawDelegate(rt), drawFiles(rt)
		requireSound(rt, d, files)
		patched, left := d.Patch(files)
		requireHidden(t, slices.Concat(d.Lint(files), left))
		requireHidden(t, patched.Changes)
	})
}

// fataler is what testify needs, of a *testing.T and a *rapid.T alike.
type fataler interface {
	Errorf(format string, args ...any)
	FailNow()
}

// requireSound checks what holds of all files:
//   - Patch of a patched file changes nothing, and Revert restores every byte;
//   - Patch leaves no error that Lint does not see, and the other way round;
//   - files without an error are not changed;
//   - the overlay, put on top, leaves no error that it does not report, and is
//     the same when it is made again.
func requireSound(f fataler, d synapse.Delegate, files []synapse.File) {
	before := d.Lint(files)
	patched, left := d.Patch(files)
	if patched.Files == nil {
		require.Error(f, left.Err())
		return
	}
	requireReversible(f, d, files, patched)
	require.Equal(f, d.Lint(patched.Files).Err() == nil, left.Err() == nil, "%v\n%v", d.Lint(patched.Files), left)
	if before.Err() == nil {
		require.Empty(f, patched.Changes)
	}
	if patched.Changes.Empty() {
		require.Equal(f, before.Err() == nil, left.Err() == nil)
	}
	requireSoundOverlay(f, d, files)
}

func requireReversible(f fataler, d synapse.Delegate, files []synapse.File, patched synapse.Patched) {
	again, _ := d.Patch(patched.Files)
	require.Empty(f, again.Changes)
	require.Equal(f, patched.Files, again.Files)
	require.True(f, again.Undo.IsZero())
	reverted, err := synapse.Revert(patched.Files, patched.Undo)
	require.NoError(f, err)
	require.Equal(f, files, reverted)
}

func requireSoundOverlay(f fataler, d synapse.Delegate, files []synapse.File) {
	overlaid, problems := d.Overlay(files)
	if len(overlaid.File.Data) == 0 {
		require.Equal(f, d.Lint(files).Err() == nil, problems.Err() == nil)
		return
	}
	stack := append(slices.Clone(files), overlaid.File)
	require.Equal(f, d.Lint(stack).Err() == nil, problems.Err() == nil, "%v\n%v\n%s", d.Lint(stack), problems, overlaid.File.Data)
	again, _ := d.Overlay(stack)
	require.Empty(f, again.Changes)
	require.Equal(f, overlaid.File, again.File)
	if problems.Err() == nil {
		onTop, _ := d.Patch(stack)
		require.Empty(f, onTop.Changes)
	}
}

// FuzzPatch: no panic; what comes out is sound.
func FuzzPatch(f *testing.F) {
	paths, err := os.ReadDir("testdata/patch")
	require.NoError(f, err)
	for _, path := range paths {
		archive, err := txtar.ParseFile("testdata/patch/" + path.Name())
		require.NoError(f, err)
		var files [2][]byte
		for i, file := range archive.Files {
			if strings.HasPrefix(file.Name, "in/") {
				files[i%2] = file.Data
			}
		}
		f.Add(files[0], files[1], false, false)
	}
	for i, s := range seeds() {
		f.Add([]byte("server_name: example.com\n"), []byte(s.text), i%2 == 0, i%3 == 0)
	}
	f.Add([]byte("server_name: example.com\n"+everyRow), []byte(myths), false, false)
	f.Fuzz(func(t *testing.T, a, b []byte, drop, old bool) {
		d := delegate()
		if drop {
			d.Removal = synapse.RemovalDelete
		}
		if old {
			d.SynapseVersion = maskit.MinSynapse()
		}
		files := []synapse.File{{Name: "a.yaml", Data: a}, {Name: "b.yaml", Data: b}}
		requireSound(t, d, files)
		if patched, problems := d.Patch(files); problems.Err() == nil {
			requireDelegates(t, patched.Files)
		}
		converted, problems := d.Convert(files)
		if problems.Err() == nil {
			requireReversible(t, d, files, converted.Patched)
		}
	})
}
