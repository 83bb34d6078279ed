package synapse

import (
	"slices"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/internal/yamledit"
)

// Patched is what [Delegate.Patch] makes.
type Patched struct {
	// Files are all files that were given, in the same order. One that needs no
	// change has the very Data that came in.
	Files []File
	// Found is what [Delegate.Lint] says of the files as they came, for the price of
	// Patch alone: files are parsed once for both.
	Found maskit.Problems
	// Changes lists what was changed; empty if the files were right already.
	Changes maskit.Changes
	// Undo restores the files; see [Revert].
	Undo Undo
}

// Patch makes the files that Synapse loads, in its order, delegate to MAS:
//
//   - It writes the matrix_authentication_service section, where it stands
//     already or else at the end of the file that sets server_name, which every
//     process of a worker deployment loads. An existing section is corrected
//     key by key; a secret that stands in it is removed.
//   - It removes every setting that keeps Synapse from starting beside the
//     section. Of password_config, login_via_existing_session,
//     experimental_features and modules, everything else stays.
//
// A section that would be left empty is removed with its last setting. If that
// would bring an earlier file's section into force, the setting gets a harmless
// value instead. A setting is removed from an earlier file too if it would
// count again. Patching the result changes nothing.
//
// What was removed although people depend on it, until MAS does the job, is a
// warning with the code "moved-to-mas". The result is judged anew: what still
// keeps Synapse from starting, or from delegating as meant, is an error. There
// are no files at all if the Delegate is invalid or a file cannot be read.
func (d Delegate) Patch(files []File) (Patched, maskit.Problems) {
	problems := d.Validate()
	config, found := load(files)
	problems = append(problems, found...)
	if problems.Err() != nil {
		return Patched{}, capped(problems)
	}
	patched, found := d.patch(files, config)
	patched.Found = capped(slices.Concat(problems, patched.Found))
	return patched, capped(append(problems, found...))
}

// patch changes files that could be read.
func (d Delegate) patch(files []File, original config) (Patched, maskit.Problems) {
	var changes maskit.Changes
	var problems maskit.Problems
	current := original
	// Each pass can bring another setting into force: that of an earlier file, or
	// enable_registration, which counts once no file has disable_registration.
	// The last pass finds nothing to do.
	for range maxPasses(files) {
		p := d.pass(original, current)
		next, made, found := p.apply()
		problems = appendNew(problems, found)
		if len(made) == 0 {
			break
		}
		changes = append(changes, made...)
		current = next
	}
	patched := newPatched(files, current, changes)
	patched.Found = d.lint(original)
	return patched, append(problems, merged(patched.Found, d.lint(current))...)
}

// maxPasses is how often settings can come into force: each file has each once.
func maxPasses(files []File) int { return len(conflicts())*len(files) + 1 }

func newPatched(files []File, config config, changes maskit.Changes) Patched {
	p := Patched{Files: slices.Clone(files), Changes: changes}
	for i, doc := range config {
		p.Files[i].Data = doc.Bytes()
	}
	p.Undo = newUndo(files, p.Files)
	return p
}

// appendNew appends the problems that are not reported yet. Later passes see
// lines that moved, so the place is not compared.
func appendNew(problems, more maskit.Problems) maskit.Problems {
	for _, p := range more {
		known := slices.ContainsFunc(problems, func(q maskit.Problem) bool {
			return q.Code == p.Code && q.Path == p.Path && q.Pos.File == p.Pos.File
		})
		if !known {
			problems = append(problems, p)
		}
	}
	return problems
}

// pass is one pass over the configuration: edits and changes of each file.
type pass struct {
	delegate Delegate
	original config
	config   config
	edits    []*yamledit.Edits
	changes  []maskit.Changes
	warnings []maskit.Problems
	problems maskit.Problems
}

func (d Delegate) pass(original, c config) *pass {
	p := &pass{
		delegate: d, original: original, config: c, edits: make([]*yamledit.Edits, len(c)),
		changes: make([]maskit.Changes, len(c)), warnings: make([]maskit.Problems, len(c)),
	}
	for i, doc := range c {
		p.edits[i] = doc.Edit()
	}
	p.writeSection()
	for _, r := range c.repairs(d.judge(c)) {
		p.repair(r)
	}
	return p
}

// apply makes the edits. A file whose edits fail stays as it is.
func (p *pass) apply() (config, maskit.Changes, maskit.Problems) {
	next, changes := slices.Clone(p.config), maskit.Changes(nil)
	for i, edits := range p.edits {
		doc, problems := edits.Apply()
		p.problems = append(p.problems, problems...)
		if doc != nil {
			next[i] = doc
			changes = append(changes, p.changes[i]...)
			p.problems = append(p.problems, p.warnings[i]...)
		}
	}
	return next, changes, p.problems
}

// record notes a change of a setting, unless the edit was refused.
func (p *pass) record(file int, refused maskit.Problems, change maskit.Change) {
	p.problems = append(p.problems, refused...)
	if len(refused) == 0 {
		change.Subject = p.config[file].Name() + ": " + change.Subject
		p.changes[file] = append(p.changes[file], change)
	}
}
