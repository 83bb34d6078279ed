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
//   - It removes what Synapse refuses beside the section, as far as MAS takes its
//     place by itself: password_config.enabled, enable_registration and
//     disable_registration, experimental_features.msc3861.
//   - It reports everything else that Synapse refuses.
//
// A section that would be left empty is removed with its last setting. If that
// would bring an earlier file's section into force, the setting gets a harmless
// value instead. A setting is removed from an earlier file too if it would
// count again. Patching the result changes nothing.
//
// If the problems hold an error, Synapse will not start with the files, or not
// delegate as meant. There are no files at all if the Delegate is invalid or a
// file cannot be read.
func (d Delegate) Patch(files []File) (Patched, maskit.Problems) {
	problems := d.Validate()
	config, found := load(files)
	problems = append(problems, found...)
	if problems.Err() != nil {
		return Patched{}, problems.Sorted()
	}
	problems = append(problems, config.checkServerName(d.Site)...)
	problems = append(problems, d.lint(config)...)

	var changes maskit.Changes
	// Each pass can bring another setting into force: that of an earlier file, or
	// enable_registration, which counts once no file has disable_registration.
	// The last pass finds nothing to do.
	for range 2*len(files) + 1 {
		p := d.plan(config)
		next, made, refused := p.apply()
		problems = appendNew(problems, refused)
		changes = append(changes, made...)
		if len(made) == 0 {
			break
		}
		config = next
	}
	return newPatched(files, config, changes), problems.Sorted()
}

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

// plan is one pass over the configuration: edits and changes of each file.
type plan struct {
	delegate Delegate
	config   config
	edits    []*yamledit.Edits
	changes  []maskit.Changes
	problems maskit.Problems
}

func (d Delegate) plan(c config) *plan {
	p := &plan{delegate: d, config: c, edits: make([]*yamledit.Edits, len(c)), changes: make([]maskit.Changes, len(c))}
	for i, doc := range c {
		p.edits[i] = doc.Edit()
	}
	p.writeSection()
	p.dropPasswords()
	p.dropRegistration()
	p.dropMSC3861()
	return p
}

// apply makes the edits. A file whose edits fail stays as it is.
func (p *plan) apply() (config, maskit.Changes, maskit.Problems) {
	next, changes := slices.Clone(p.config), maskit.Changes(nil)
	for i, edits := range p.edits {
		doc, problems := edits.Apply()
		p.problems = append(p.problems, problems...)
		if doc != nil {
			next[i] = doc
			changes = append(changes, p.changes[i]...)
		}
	}
	return next, changes, p.problems
}

// record notes a change of a setting, unless the edit was refused.
func (p *plan) record(file int, refused maskit.Problems, change maskit.Change) {
	p.problems = append(p.problems, refused...)
	if len(refused) == 0 {
		change.Subject = p.config[file].Name() + ": " + change.Subject
		p.changes[file] = append(p.changes[file], change)
	}
}
