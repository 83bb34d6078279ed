package atomicfile

import (
	"io/fs"
	"runtime"

	"github.com/maskit-dev/maskit"
)

// planner decides about one file after the other.
type planner struct {
	bundle   Bundle
	disk     disk
	changes  maskit.Changes
	problems maskit.Problems
	job      *job
}

func (p *planner) manifest() {
	p.job.before, p.job.raw = p.disk.manifest, p.disk.raw
	if p.disk.invalid == nil {
		return
	}
	p.refuse(maskit.Problem{
		Path: ManifestName, Code: "manifest-invalid",
		Message: "cannot be used as the record of this directory: " + p.disk.invalid.Error(),
		Hint:    "use another directory; or force, which treats every file in it as foreign",
	})
}

func (p *planner) file(f File) {
	hash, now := hashOf(f.Data), p.disk.files[f.Name]
	p.job.record.Files[f.Name] = entry{SHA256: hash}
	switch {
	case !now.exists:
		p.put(f, maskit.Change{Action: maskit.ActionCreate})
	case now.hash == hash && sameMode(now.mode, f.mode()):
		p.change(maskit.Change{Subject: f.Name, Action: maskit.ActionUnchanged})
	case now.hash == hash:
		p.put(f, maskit.Change{Action: maskit.ActionUpdate, Fields: []maskit.FieldChange{
			{Path: "mode", Before: now.mode.String(), After: f.mode().String()},
		}})
	case p.disk.manifest.knows(f.Name, now.hash):
		p.put(f, maskit.Change{Action: maskit.ActionUpdate})
	default:
		p.foreign(f)
	}
}

func (p *planner) foreign(f File) {
	problem := maskit.Problem{
		Path: f.Name, Code: "foreign-file",
		Message: "exists and was not written by this program",
		Hint:    "move it away, use another directory, or force",
	}
	if _, ours := p.disk.manifest.Files[f.Name]; ours {
		problem.Code = "edited-file"
		problem.Message = "was changed since this program wrote it"
		problem.Hint = "make the change in the input and move the file away, or force, which loses the change"
	}
	p.refuse(problem)
	if p.bundle.Force {
		p.put(f, maskit.Change{Action: maskit.ActionUpdate, Reason: "forced"})
		return
	}
	p.change(maskit.Change{Subject: f.Name, Action: maskit.ActionSkip, Reason: problem.Code})
}

func (p *planner) stale(name string) {
	unedited := p.disk.manifest.knows(name, p.disk.files[name].hash)
	switch {
	case !unedited:
		p.change(maskit.Change{Subject: name, Action: maskit.ActionSkip, Reason: "no longer wanted, but changed since it was written"})
	case p.bundle.Prune:
		p.job.remove = append(p.job.remove, name)
		p.change(maskit.Change{Subject: name, Action: maskit.ActionDelete, Reason: "no longer wanted"})
		return
	default:
		p.change(maskit.Change{Subject: name, Action: maskit.ActionSkip, Reason: "no longer wanted"})
	}
	p.job.record.Files[name] = p.disk.manifest.Files[name]
}

func (p *planner) put(f File, c maskit.Change) {
	c.Subject = f.Name
	p.change(c)
	p.job.write = append(p.job.write, f)
}

func (p *planner) change(c maskit.Change) { p.changes = append(p.changes, c) }

func (p *planner) refuse(problem maskit.Problem) {
	if p.bundle.Force {
		problem.Severity = maskit.SeverityWarning
	}
	p.problems = append(p.problems, problem)
}

// sameMode compares what the system keeps of a mode: on Windows, whether the
// owner may write.
func sameMode(a, b fs.FileMode) bool {
	if runtime.GOOS == "windows" {
		return a&0o200 == b&0o200
	}
	return a == b
}
