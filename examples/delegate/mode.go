package main

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/synapse"
)

// result is what a run found, and what it did or would do.
type result struct {
	settings settings
	found    maskit.Problems // between the files and delegation, as they are
	edits    []edit
	changes  maskit.Changes
	problems maskit.Problems // what is left
	notes    []string        // what to do next
	routes   []byte
	written  bool
	obstacle error // why -w would not write
}

// edit is one file that changes.
type edit struct {
	name          string
	before, after []byte // nil if the file is not there
	hidden        bool   // a file of secrets: private, and no diff of it is shown
	like          string // the file whose mode and owner a new file gets; empty for a secret
}

// execute does what the mode says.
func (s settings) execute() (result, error) {
	c, err := s.read()
	if err != nil {
		return result{}, err
	}
	if len(c.files) == 0 {
		return result{}, fmt.Errorf("-config: Synapse would load no file:\n%v", c.problems)
	}
	r, err := s.decide(c)
	if err != nil {
		return result{}, err
	}
	if r.problems, err = blameFlags(append(c.problems, r.problems...)); err != nil {
		return result{}, err
	}
	if err := s.addRoutes(c, &r); err != nil {
		return result{}, err
	}
	switch {
	case r.problems.Err() != nil || len(r.edits) == 0:
	case s.write:
		err = r.apply()
	default:
		_, r.obstacle = r.targets()
	}
	if err != nil {
		return result{}, err
	}
	return r, nil
}

func (s settings) decide(c config) (result, error) {
	switch s.mode {
	case modeOverlay:
		return s.overlay(c)
	case modeConvert:
		return s.convert(c)
	case modeRevert:
		return s.revert(c)
	case modeLint:
		return s.lint(c), nil
	}
	return s.patch(c), nil
}

func (s settings) delegate() synapse.Delegate {
	return synapse.Delegate{
		Site: maskit.Site{MASURL: s.masEndpoint}, SecretPath: s.secretPath, SynapseVersion: s.synapse, MASVersion: s.mas,
	}
}

func (s settings) lint(c config) result {
	problems := s.delegate().Lint(c.files)
	return result{settings: s, found: problems.Only(maskit.SeverityError), problems: problems}
}

func (s settings) patch(c config) result {
	d := s.delegate()
	patched, problems := d.Patch(c.files)
	r := result{settings: s, changes: patched.Changes, problems: problems, found: patched.Found.Only(maskit.SeverityError)}
	r.replace(c, patched)
	return r
}

// replace notes the files that a patch changes, and first the undo, unless that of a
// run that was killed serves.
func (r *result) replace(c config, patched synapse.Patched) {
	if patched.Undo.IsZero() {
		return
	}
	undo := undoName(r.settings.configs)
	if !undoes(undo, c.files, patched.Files) {
		r.edits = append(r.edits, edit{name: undo, after: []byte(patched.Undo.Reveal()), hidden: true})
	}
	r.edits = append(r.edits, changed(c.files, patched.Files)...)
	r.notes = append(r.notes, fmt.Sprintf("-mode revert restores the files from %s; it holds their secrets: keep it safe, and remove it in the end.", undo))
}

// undoes reports whether the undo that is there leads from the patched files back to
// those that are there, but for files that are patched already.
func undoes(name string, files, patched []synapse.File) bool {
	stored, err := os.ReadFile(name) //nolint:gosec // the user names it
	if err != nil {
		return false
	}
	reverted, err := synapse.Revert(patched, synapse.Undo{Secret: maskit.NewSecret(string(stored))})
	if err != nil {
		return false
	}
	for i, file := range files {
		if !bytes.Equal(file.Data, reverted[i].Data) && !bytes.Equal(file.Data, patched[i].Data) {
			return false
		}
	}
	return true
}

func changed(before, after []synapse.File) []edit {
	var edits []edit
	for i, file := range after {
		if string(file.Data) != string(before[i].Data) {
			edits = append(edits, edit{name: file.Name, before: before[i].Data, after: file.Data})
		}
	}
	return edits
}

// What is kept beside the first -config.
const (
	undoSuffix   = ".maskit-undo.json"
	secretSuffix = ".maskit-secret"
)

// undoName is where the undo of a patch is kept: beside the first -config.
func undoName(configs names) string { return besideFirst(configs, undoSuffix) }

func besideFirst(configs names, suffix string) string {
	if len(configs) == 0 {
		return sampleName + suffix
	}
	first := filepath.Clean(configs[0])
	if base := filepath.Base(first); base == "." || base == ".." {
		if path, err := filepath.Abs(first); err == nil {
			first = path
		}
	}
	return first + suffix
}

// convert patches with the values of the old section.
func (s settings) convert(c config) (result, error) {
	converted, problems := s.delegate().Convert(c.files)
	r := result{settings: s, changes: converted.Changes, problems: s.blameFiles(problems)}
	r.replace(c, converted.Patched)
	if !converted.Secret.IsZero() && len(r.edits) > 0 {
		name := besideFirst(s.configs, secretSuffix)
		secret := edit{name: name, after: []byte(converted.Secret.Reveal()), hidden: true}
		if there, err := os.ReadFile(name); err != nil || !bytes.Equal(there, secret.after) { //nolint:gosec // the user names it
			r.edits = append([]edit{secret}, r.edits...)
		}
		r.notes = append(r.notes, fmt.Sprintf("Give every Synapse process %s as %s, then remove it here: it is the shared secret, which MAS has as matrix.secret.", name, converted.SecretPath))
	}
	return r, nil
}

// blameFiles says of a value that convert took from the files, not from a flag.
func (s settings) blameFiles(problems maskit.Problems) maskit.Problems {
	blamed := slices.Clone(problems)
	for i, p := range blamed {
		given := map[string]string{"site.mas_url": s.masEndpoint, "secret_path": s.secretPath}
		if flag, ok := given[p.Path]; ok && flag == "" && p.Code != "required" {
			blamed[i].Message = "is not given, and what the files say instead " + p.Message
			blamed[i].Hint = "give it"
		}
	}
	return blamed
}

// revert restores the files from the undo of an earlier run.
func (s settings) revert(c config) (result, error) {
	name := undoName(s.configs)
	stored, err := os.ReadFile(name) //nolint:gosec // the user names it
	if err != nil {
		return result{}, fmt.Errorf("-mode revert: the undo %s: %w", name, cause(err))
	}
	reverted, err := synapse.Revert(c.files, synapse.Undo{Secret: maskit.NewSecret(string(stored))})
	switch {
	case errors.Is(err, maskit.ErrDrift):
		return result{}, fmt.Errorf("-mode revert: %w\nTake back what was changed since, and run it again", err)
	case err != nil:
		return result{}, fmt.Errorf("-mode revert: %w", err)
	}
	return result{settings: s, edits: append(changed(c.files, reverted), edit{name: name, before: stored, hidden: true})}, nil
}

// overlay writes one more file into the directory that is loaded last.
func (s settings) overlay(c config) (result, error) {
	made, problems := s.delegate().Overlay(c.files)
	r := result{settings: s, changes: made.Changes, problems: problems}
	if made.File.Data == nil || len(made.Changes) == 0 {
		return r, nil
	}
	r.found = made.Found.Only(maskit.SeverityError)
	name, err := s.overlayName(c)
	if err != nil {
		return result{}, err
	}
	e := edit{name: name, after: made.File.Data, like: c.files[0].Name}
	for _, file := range c.files {
		if file.Name == name {
			e.before = file.Data
		}
	}
	r.edits = []edit{e}
	r.notes = []string{"To go back, remove " + name + "."}
	return r, nil
}

// overlayName is the path of the overlay: the last file of the last directory.
func (s settings) overlayName(c config) (string, error) {
	if len(s.configs) == 0 {
		return synapse.OverlayName, nil
	}
	dir := s.configs[len(s.configs)-1]
	if info, err := os.Stat(dir); err != nil || !info.IsDir() {
		return "", usage("-mode overlay", "overlay-directory", "the last -config is not a directory, so that a file in it would not be loaded last", "give Synapse, and this program, one more -c with a directory")
	}
	name := filepath.Join(dir, synapse.OverlayName)
	for _, file := range c.files {
		if filepath.Dir(file.Name) == filepath.Dir(name) && cmp.Compare(filepath.Base(file.Name), synapse.OverlayName) > 0 {
			return "", usage("-mode overlay", "overlay-not-last", file.Name+" would be loaded after "+synapse.OverlayName, "give it a name that comes earlier")
		}
	}
	return name, nil
}

func usage(path, code, message, hint string) error {
	return usageError{maskit.Problems{{Path: path, Code: code, Message: message, Hint: hint}}}
}
