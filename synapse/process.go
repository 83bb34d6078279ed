package synapse

import (
	"bytes"
	"fmt"
	"slices"
	"strings"

	"github.com/maskit-dev/maskit"
)

// Process is one process of a homeserver, by the files that it is started with.
type Process struct {
	// Name is how the plan calls it, such as "main" or "worker1". Required, and one of its kind.
	Name string
	// Files are those that it loads, in its order: for a worker, those that all
	// processes share and its own. Files of one name are one file.
	Files []File
}

// Plan is what delegation means for each process of a homeserver. It prints as
// tables, and marshals to JSON; neither shows a secret or the content of a file.
type Plan struct {
	// Processes are the processes, in the order given.
	Processes []PlannedProcess `json:"processes"`
	// Files are all their files, in the order in which they first appear.
	Files []PlannedFile `json:"files"`
	// Patched is the result over all these files, as [Delegate.Patch] makes it.
	Patched Patched `json:"-"`
}

// PlannedProcess is what delegation means for one process.
type PlannedProcess struct {
	// Name is that of the [Process].
	Name string `json:"name"`
	// App is what the process runs, such as "synapse.app.generic_worker". That of the
	// main process is "synapse.app.homeserver".
	App string `json:"app"`
	// Files are the names of its files.
	Files []string `json:"files"`
	// Before and After are how it delegates with the files as they are, and as they become.
	Before Delegation `json:"before"`
	After  Delegation `json:"after"`
	// Stops lists the settings with which it would not start once it delegates, in
	// the files as they are.
	Stops maskit.Problems `json:"stops"`
	// MountSecret says that the file with the shared secret must be mounted in it, at
	// After.SecretPath. So it is for every process that delegates, whatever it
	// serves: Synapse looks for the file when it reads its configuration.
	MountSecret bool `json:"mount_secret"`
	// ServesMAS says that it serves /_synapse/mas, by which MAS reaches Synapse: the
	// main process, and every worker, with a listener for the resource client.
	ServesMAS bool `json:"serves_mas"`
	// Changes says that one of its files changes. Then it must be restarted, together
	// with all others: a process with the old files refuses MAS's access tokens, and
	// clients take that for a logout.
	Changes bool `json:"changes"`
}

// PlannedFile is what happens to one file.
type PlannedFile struct {
	// Name is that of the [File].
	Name string `json:"name"`
	// Processes are the names of those that load it.
	Processes []string `json:"processes"`
	// Changes are those of the file; empty if it stays as it is.
	Changes maskit.Changes `json:"changes"`
}

// Plan patches the files of all processes together, and says what that means for
// each of them: which must have the secret, which serve MAS, and what would stop one.
//
// Each process is judged by what it loads, as Synapse merges it: a worker's file
// can overrule any setting that all share. The problems are those of [Delegate.Patch]
// over all processes; and those about processes that disagree, that Synapse does
// not start, or that delegation makes useless. There is no plan if the Delegate is
// invalid, a file cannot be read, or two files have one name.
func (d Delegate) Plan(processes []Process) (Plan, maskit.Problems) {
	problems := append(d.Validate(), checkProcesses(processes)...)
	if problems.Err() != nil {
		return Plan{}, capped(problems)
	}
	p := planner{delegate: d, processes: processes}
	for _, process := range processes {
		loaded, found := load(process.Files)
		p.before, problems = append(p.before, loaded), appendNew(problems, found)
	}
	if problems.Err() != nil {
		return Plan{}, capped(problems)
	}
	p.found = slices.Clone(problems)
	p.patch()
	plan := p.result()
	problems = appendNew(problems, p.problems)
	return plan, capped(append(problems, plan.judge(p.before)...))
}

// checkProcesses makes sure that names tell processes and files apart.
func checkProcesses(processes []Process) maskit.Problems {
	var problems maskit.Problems
	bad := func(path, code, message, hint string) {
		problems = append(problems, maskit.Problem{Path: path, Code: code, Message: message, Hint: hint})
	}
	if len(processes) == 0 {
		bad("", "no-processes", "there is no process", "give all processes of the homeserver")
	}
	names, files := map[string]bool{}, map[string]File{}
	for i, process := range processes {
		switch {
		case process.Name == "":
			bad(fmt.Sprintf("[%d]", i), "required", "the process has no name", "give it one")
		case names[process.Name]:
			bad(process.Name, "duplicate-process", "two processes have this name", "give each a name of its own")
		}
		names[process.Name] = true
		for _, file := range process.Files {
			if known, ok := files[file.Name]; ok && !sameFile(known, file) {
				bad(file.Name, "file-differs", "processes load different files of this name", "give each file a name of its own")
			}
			files[file.Name] = file
		}
	}
	return problems
}

// planner makes a plan.
type planner struct {
	delegate  Delegate
	processes []Process
	before    []config // of each process
	after     []config

	names    []string // of all files, in the order of their first appearance
	files    map[string]File
	current  map[string]File
	changes  maskit.Changes
	found    maskit.Problems // what Lint says of each process, with the files as they are
	problems maskit.Problems
}

// patch patches the files of each process, those that they share once. What is
// right for one process can be wrong for another, which loads other files over it;
// but nothing that a patch takes out comes back, so this ends.
func (p *planner) patch() {
	p.files, p.current = map[string]File{}, map[string]File{}
	for _, process := range p.processes {
		for _, file := range process.Files {
			if _, ok := p.files[file.Name]; !ok {
				p.names = append(p.names, file.Name)
			}
			p.files[file.Name], p.current[file.Name] = file, file
		}
	}
	for changed := true; changed; {
		changed = false
		for i, process := range p.processes {
			changed = p.patchProcess(i, process) || changed
		}
	}
	for i, process := range p.processes {
		after, _ := load(p.now(process)) // Patch has parsed them already
		p.after = append(p.after, after)
		found := p.delegate.lint(p.before[i])
		p.found = appendNew(p.found, found)
		p.problems = appendNew(p.problems, merged(found, p.delegate.lint(after)))
	}
}

// now lists the files of a process as they have become.
func (p *planner) now(process Process) []File {
	files := make([]File, len(process.Files))
	for i, file := range process.Files {
		files[i] = p.current[file.Name]
	}
	return files
}

// patchProcess reports whether a file changed.
func (p *planner) patchProcess(i int, process Process) bool {
	files := p.now(process)
	loaded, _ := load(files)
	patched, found := p.delegate.patch(files, loaded)
	if len(patched.Changes) > 0 && !slices.EqualFunc(files, process.Files, sameFile) {
		_, found = p.delegate.patch(process.Files, p.before[i]) // for places in the files as they are
	}
	p.problems = appendNew(p.problems, found)
	for _, file := range patched.Files {
		p.current[file.Name] = file
	}
	p.changes = append(p.changes, patched.Changes...)
	return len(patched.Changes) > 0
}

func sameFile(a, b File) bool { return a.Name == b.Name && bytes.Equal(a.Data, b.Data) }

// result puts the plan together.
func (p *planner) result() Plan {
	var plan Plan
	var originals, patched []File
	for _, name := range p.names {
		original, file := p.files[name], p.current[name]
		originals, patched = append(originals, original), append(patched, file)
		planned := PlannedFile{Name: name}
		for _, change := range p.changes {
			if strings.HasPrefix(change.Subject, name+": ") {
				planned.Changes = append(planned.Changes, change)
			}
		}
		for _, process := range p.processes {
			if slices.ContainsFunc(process.Files, func(f File) bool { return f.Name == name }) {
				planned.Processes = append(planned.Processes, process.Name)
			}
		}
		plan.Files = append(plan.Files, planned)
	}
	plan.Patched = Patched{Files: patched, Found: capped(p.found), Changes: p.changes, Undo: newUndo(originals, patched)}
	for i, process := range p.processes {
		plan.Processes = append(plan.Processes, p.process(i, process, plan.Files))
	}
	return plan
}

func (p *planner) process(i int, process Process, files []PlannedFile) PlannedProcess {
	before, after := p.before[i], p.after[i]
	planned := PlannedProcess{
		Name: process.Name, App: before.app(), Before: before.delegation(), After: after.delegation(),
		Stops: p.delegate.stops(before), ServesMAS: before.serves("client"),
	}
	planned.MountSecret = planned.After.Enabled && planned.After.SecretPath != ""
	for _, file := range process.Files {
		planned.Files = append(planned.Files, file.Name)
		planned.Changes = planned.Changes || slices.ContainsFunc(files, func(f PlannedFile) bool {
			return f.Name == file.Name && len(f.Changes) > 0
		})
	}
	return planned
}

// stops lists the settings with which Synapse does not start beside MAS.
func (d Delegate) stops(c config) maskit.Problems {
	var problems maskit.Problems
	for _, f := range d.judge(c) {
		if p := f.problem(); p.Severity == maskit.SeverityError {
			problems = append(problems, p)
		}
	}
	return problems.Sorted()
}
