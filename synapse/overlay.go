package synapse

import (
	"bytes"
	"path"
	"slices"
	"strings"

	"gopkg.in/yaml.v3"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/internal/yamledit"
)

// OverlayName is how the file of [Delegate.Overlay] is called: a name that comes
// last in a conf.d.
const OverlayName = "zz-mas.yaml"

// overlayHeader starts an overlay, and tells it from a file of somebody else.
const overlayHeader = "# written by maskit: Synapse delegates authentication to MAS.\n" +
	"# Load this file after all others: each key replaces that of an earlier file whole.\n"

// Overlaid is what [Delegate.Overlay] makes.
type Overlaid struct {
	// File is the overlay, to be loaded after all others. Its name is [OverlayName],
	// or that of the overlay that was given. It has no Data if the files delegate
	// to MAS without one; then one that was given is to be deleted.
	File File
	// Found is what [Delegate.Lint] says of the files without an overlay.
	Found maskit.Problems
	// Changes lists what the overlay overrules; empty if it was among the files already.
	Changes maskit.Changes
}

// Overlay makes the files that Synapse loads, in its order, delegate to MAS by one
// more file, for a conf.d directory, and leaves them as they are: its values
// overrule what Patch would remove. An overlay of an earlier run may be among the
// files, as the last of them: it is made anew from the others.
//
// Synapse takes a top-level key from the last file that has it, as a whole. So
// the overlay repeats what experimental_features and modules hold besides; if that
// includes secrets, a warning with the code "overlay-secret" says so, and the file
// belongs where secrets are. Of password_config it keeps nothing: beside MAS
// Synapse reads neither pepper nor policy, but the migration of passwords does,
// from the files as they are.
//
// The problems are those of [Delegate.Patch]; they judge the files with the overlay.
func (d Delegate) Overlay(files []File) (Overlaid, maskit.Problems) {
	problems := d.Validate()
	base, old, found := splitOverlay(files)
	problems = append(problems, found...)
	original, found := load(base)
	problems = append(problems, found...)
	if problems.Err() != nil {
		return Overlaid{}, capped(problems)
	}
	o := d.overlay(original)
	o.file.Name = old.Name
	before := d.lint(original)
	made := Overlaid{Found: capped(slices.Concat(problems, before))}
	if len(o.changes) == 0 {
		made.dropOld(old)
		return made, made.Found
	}
	doc, found := yamledit.Parse(o.file.Name, o.file.Data)
	problems = append(append(problems, o.problems...), found...)
	if doc != nil {
		problems = append(problems, merged(before, d.lint(append(slices.Clone(original), doc)))...)
	}
	if made.File = o.file; !bytes.Equal(old.Data, o.file.Data) {
		made.Changes = o.changes
	}
	return made, capped(problems)
}

// dropOld asks for the deletion of an overlay that is needed no longer.
func (o *Overlaid) dropOld(old File) {
	o.File.Name = old.Name
	if len(old.Data) > 0 {
		o.Changes = maskit.Changes{{Subject: old.Name, Action: maskit.ActionDelete, Reason: "the other files delegate to MAS"}}
	}
}

// splitOverlay takes an overlay of an earlier run out of the files. Without one,
// it gives an empty file of the name that it will have.
func splitOverlay(files []File) ([]File, File, maskit.Problems) {
	bad := func(name, code, message, hint string) maskit.Problems {
		return maskit.Problems{{Path: name, Code: code, Message: message, Hint: hint}}
	}
	i := slices.IndexFunc(files, func(f File) bool { return path.Base(f.Name) == OverlayName })
	if i < 0 {
		return files, File{Name: OverlayName}, lateFiles(files)
	}
	old := files[i]
	switch {
	case !bytes.HasPrefix(old.Data, []byte(overlayHeader)):
		return files, old, bad(old.Name, "overlay-foreign", "has the name of the overlay, but maskit did not write it", "give it another name")
	case i < len(files)-1:
		return files, old, bad(old.Name, "overlay-not-last", "is not the last file, so that later ones overrule it", "load it after all others")
	}
	return files[:i], old, nil
}

// lateFiles warns about a last file that Synapse would load after an overlay in
// the same directory.
func lateFiles(files []File) maskit.Problems {
	if len(files) == 0 || path.Base(files[len(files)-1].Name) < OverlayName {
		return nil
	}
	return maskit.Problems{{
		Path: files[len(files)-1].Name, Code: "overlay-order", Severity: maskit.SeverityWarning,
		Message: "sorts behind " + OverlayName + ", and would overrule it if both stood in one directory", Hint: "load the overlay after it",
	}}
}

// overlay is an overlay in the making.
type overlay struct {
	file     File
	text     strings.Builder
	changes  maskit.Changes
	problems maskit.Problems
}

// overlay overrules all findings, key by key.
func (d Delegate) overlay(c config) *overlay {
	o := &overlay{file: File{Name: OverlayName}}
	o.text.WriteString(overlayHeader)
	repairs := c.repairs(d.judge(c))
	if len(repairs) > 0 || d.lintSection(c).Err() != nil {
		o.writeSection(d, c)
	}
	for _, r := range repairs {
		o.overrule(c, r)
	}
	o.file.Data = []byte(o.text.String())
	return o
}

func (o *overlay) writeSection(d Delegate, c config) {
	change := maskit.Change{Subject: OverlayName + ": " + sectionKey, Action: maskit.ActionCreate, Reason: sectionReason}
	o.text.WriteString("\n" + sectionKey + ":\n")
	for _, w := range d.wanted() {
		o.text.WriteString("  " + w.key + ": " + flowText(w.value) + "\n")
		field := maskit.FieldChange{Path: w.key, After: w.text}
		if current, ok := c.find(sectionKey, w.key); ok {
			if w.isMetBy(current.Entry) {
				continue
			}
			field.Before = w.before(current.Entry)
		}
		change.Fields = append(change.Fields, field)
	}
	if secret, ok := c.find(sectionKey, "secret"); ok && !secret.IsNull() {
		change.Fields = append(change.Fields, removedSecret(secret))
	}
	if http2, ok := c.find(sectionKey, "force_http2"); ok && !d.ForceHTTP2 && http2.Scalar().Kind == yamledit.KindBool {
		o.text.WriteString("  force_http2: " + flowText(http2.Value) + "\n") // what the file says stays
	}
	o.changes = append(o.changes, change)
}

// overrule writes a harmless value for a key, or what else its section must keep.
func (o *overlay) overrule(c config, r repair) {
	value, keepsRest := replacement(r.key)
	var after any = value
	text := " " + value + "\n"
	if keepsRest && !r.isWhole() {
		rest, problems := c.without(r)
		o.problems = append(o.problems, problems...)
		if rest != nil && len(rest.Content) > 0 {
			after, text = nil, blockText(rest)
			o.warnSecrets(r, rest)
		}
	}
	change := maskit.Change{Subject: OverlayName + ": " + r.key, Action: maskit.ActionUpdate}
	for _, f := range r.findings {
		change.Fields = append(change.Fields, maskit.FieldChange{Path: f.at.Path, Before: f.before(), After: after})
		if f.moved != "" {
			o.problems = append(o.problems, f.movedWarning(f.at.Pos))
		}
	}
	reasons := r.reasons()
	change.Reason = strings.Join(append(reasons, lost(r)...), "; ")
	o.changes = append(o.changes, change)
	o.text.WriteString("\n# " + strings.Join(reasons, "; ") + "\n" + r.key + ":" + text)
}

// reasons lists why settings of the key have to go, each once.
func (r repair) reasons() []string {
	var reasons []string
	for _, f := range r.findings {
		if !slices.Contains(reasons, f.reason) {
			reasons = append(reasons, f.reason)
		}
	}
	return reasons
}

// lost says what the overlay does not repeat of a section.
func lost(r repair) []string {
	if r.key != "password_config" || len(r.section.Value.Content) <= 2 {
		return nil
	}
	return []string{"the rest of the section counts only where passwords are checked"}
}

func (o *overlay) warnSecrets(r repair, rest *yaml.Node) {
	if !hasSecret(rest) {
		return
	}
	o.problems = append(o.problems, maskit.Problem{
		Path: r.key, Code: "overlay-secret", Severity: maskit.SeverityWarning, Pos: r.section.Pos,
		Message: "holds what looks like a secret, and the overlay has to repeat it",
		Hint:    "keep the overlay where secrets are kept, or use Patch",
	})
}
