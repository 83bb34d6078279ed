package atomicfile

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"slices"
	"strings"

	"github.com/maskit-dev/maskit"
)

// ErrBusy means that another process writes to the directory. Nothing was written.
var ErrBusy = errors.New("another process is writing to it")

// Bundle is a directory of files that one program writes, and writes again. It
// remembers what it wrote in [ManifestName], and by that tells its own files
// from those of others.
type Bundle struct {
	// Dir is the directory. It is made when it does not exist, and may be a
	// symbolic link; nothing below it may.
	Dir string
	// Force lets files be overwritten that the bundle did not write, or that
	// somebody changed since. The problems of [Plan] are then warnings.
	Force bool
	// Prune removes the files that an earlier run wrote and that are wanted no
	// more, unless somebody changed them since. Otherwise they stay and the
	// plan names them. Directories stay, also when they become empty.
	Prune bool
}

// Plan is what [Bundle.Plan] found and [Plan.Apply] will do. Neither it nor its
// text holds the content of a file.
type Plan struct {
	// Changes has one entry per wanted file, in the order given, then one per
	// file that is wanted no more, by name.
	Changes maskit.Changes
	// Problems lists the files that may not be overwritten, all of them:
	//   - foreign-file: exists, and the bundle did not write it
	//   - edited-file: the bundle wrote it, and somebody changed it since
	//   - manifest-invalid: the record of what the bundle wrote cannot be used
	Problems maskit.Problems

	dir string
	// run executes the plan. A function, because fmt prints what a pointer
	// points to for verbs that do not suit it, and the content must not show.
	run func(hook func(step, name string) error) error
}

// Plan compares files with the directory. It writes nothing.
//
// A file that already has the wanted content and mode is unchanged, whoever
// wrote it. The error is about names and targets that can never be written
// (see the package comment), or about reading.
func (b Bundle) Plan(files []File) (Plan, error) {
	plan, err := b.plan(files)
	if err != nil {
		return Plan{}, fmt.Errorf("atomicfile: plan bundle %s: %w", b.Dir, err)
	}
	return plan, nil
}

func (b Bundle) plan(files []File) (Plan, error) {
	if err := checkNames(files); err != nil {
		return Plan{}, err
	}
	for _, f := range files {
		if strings.EqualFold(f.Name, ManifestName) {
			return Plan{}, fmt.Errorf("%s: is the bundle's own record", f.Name)
		}
	}
	disk, err := look(b.Dir, files)
	if err != nil {
		return Plan{}, err
	}
	p := &planner{bundle: b, disk: disk, job: &job{dir: b.Dir, seen: disk.files, litter: disk.litter, record: manifest{Files: map[string]entry{}}}}
	p.manifest()
	for _, f := range files {
		p.file(f)
	}
	for _, name := range disk.stale(files) {
		p.stale(name)
	}
	return Plan{Changes: p.changes, Problems: p.problems, dir: b.Dir, run: p.job.run}, nil
}

// Apply executes the plan. It refuses a plan whose problems hold an error, with
// an error that matches [maskit.ErrInvalid], and a directory that changed since
// the plan was made, with one that matches [maskit.ErrDrift]; then nothing was
// written. While another process writes to the directory it fails, with an error that
// matches [ErrBusy]. When there is nothing to do it writes nothing.
func (p Plan) Apply() error {
	if p.run == nil {
		return errors.New("atomicfile: apply bundle: the plan was not made by Bundle.Plan")
	}
	if err := p.Problems.Err(); err != nil {
		return fmt.Errorf("atomicfile: apply bundle %s: %w", p.dir, err)
	}
	if err := p.run(nil); err != nil {
		return fmt.Errorf("atomicfile: apply bundle %s: %w", p.dir, err)
	}
	return nil
}

// job is the part of a plan that holds content.
type job struct {
	dir    string
	seen   map[string]state // what the plan was made from
	write  []File
	remove []string
	record manifest // what the manifest shall hold at the end
	before manifest // what it holds now
	raw    []byte   // its bytes now; nil when it does not exist
	litter bool     // a killed process left temporary files
}

func (j *job) run(hook func(step, name string) error) error {
	final, err := j.record.encode()
	if err != nil {
		return err
	}
	if err := j.checkDrift(); err != nil {
		return err
	}
	if len(j.write)+len(j.remove) == 0 && bytes.Equal(final, j.raw) && !j.litter {
		return nil
	}
	root, err := openDir(j.dir)
	if err != nil {
		return err
	}
	return errors.Join(j.alone(writer{root: root, hook: hook}, final), root.Close())
}

// alone executes the job while no other process writes to the directory.
func (j *job) alone(w writer, final []byte) error {
	unlock, err := lock(w.root)
	if err != nil {
		return err
	}
	defer unlock()
	if err := j.checkDrift(); err != nil { // another process may just have ended
		return err
	}
	return j.execute(w, final)
}

func (j *job) checkDrift() error {
	var names []File
	for name := range j.seen {
		names = append(names, File{Name: name})
	}
	now, err := look(j.dir, names)
	if err != nil {
		return err
	}
	for name, s := range j.seen {
		if now.files[name] != s {
			return fmt.Errorf("%s: %w", name, maskit.ErrDrift)
		}
	}
	if !bytes.Equal(now.raw, j.raw) {
		return fmt.Errorf("%s: %w", ManifestName, maskit.ErrDrift)
	}
	return nil
}

// execute first records both the old and the new hash of every file that it
// will touch, so that a run that is killed at any step leaves no file that the
// next run takes for somebody else's, and no temporary file that it cannot find.
func (j *job) execute(w writer, final []byte) error {
	if err := checkTargets(w.root, slices.Concat(j.write, []File{{Name: ManifestName}})); err != nil {
		return err
	}
	if len(j.write)+len(j.remove) == 0 && bytes.Equal(final, j.raw) {
		return w.sweep(append(slices.Collect(maps.Keys(j.seen)), ManifestName))
	}
	record := j.interim()
	interim, err := record.encode()
	if err != nil {
		return err
	}
	if err := w.write([]File{{Name: ManifestName, Data: interim}}); err != nil {
		return err
	}
	if err := w.sweep(slices.Collect(maps.Keys(j.seen))); err != nil {
		return err
	}
	stage, err := w.stage(j.write)
	if err != nil {
		return err
	}
	if err := w.commit(stage); err != nil {
		return err
	}
	if err := j.removeAll(w); err != nil {
		return err
	}
	return w.write([]File{{Name: ManifestName, Data: final}})
}

func (j *job) interim() manifest {
	m := manifest{Files: map[string]entry{}}
	for name, e := range j.record.Files {
		m.Files[name] = e
	}
	for _, f := range j.write {
		e := m.Files[f.Name]
		for _, hash := range j.before.hashes(f.Name) {
			if hash != e.SHA256 {
				e.Previous = append(e.Previous, hash)
			}
		}
		m.Files[f.Name] = e
	}
	for _, name := range j.remove {
		m.Files[name] = j.before.Files[name]
	}
	return m
}

func (j *job) removeAll(w writer) error {
	var gone []staged
	for _, name := range j.remove {
		if err := w.step("remove", name); err != nil {
			return err
		}
		if err := w.root.Remove(name); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
		gone = append(gone, staged{name: name})
	}
	return w.syncDirs(gone)
}

// exists reports whether dir is there at all.
func exists(dir string) (bool, error) {
	_, err := os.Stat(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	return err == nil, err
}
