package atomicfile

import (
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"runtime"
	"slices"
	"strings"
)

// writer replaces files below root.
type writer struct {
	root *os.Root
	// hook, if set, runs before each step; its error is the step's error.
	// Tests use it to fill the disk or to stop the process at any step.
	hook func(step, name string) error
}

// staged is a file that waits under a temporary name.
type staged struct{ temp, name string }

func (w writer) write(files []File) error {
	if err := checkNames(files); err != nil {
		return err
	}
	if err := checkTargets(w.root, files); err != nil {
		return err
	}
	var names []string
	for _, f := range files {
		names = append(names, f.Name)
	}
	if err := w.sweep(names); err != nil {
		return err
	}
	stage, err := w.stage(files)
	if err != nil {
		return err
	}
	return w.commit(stage)
}

// stage writes and syncs all files under temporary names. After an error
// nothing is left of them.
func (w writer) stage(files []File) ([]staged, error) {
	if err := w.prepare(files); err != nil {
		return nil, err
	}
	var stage []staged
	for _, f := range files {
		temp, err := w.writeTemp(f)
		if err != nil {
			return nil, errors.Join(err, w.discard(stage))
		}
		stage = append(stage, staged{temp: temp, name: f.Name})
	}
	return stage, nil
}

// prepare makes the directories.
func (w writer) prepare(files []File) error {
	for _, f := range files {
		if err := w.step("mkdir", f.Name); err != nil {
			return err
		}
		if err := w.root.MkdirAll(path.Dir(f.Name), 0o750); err != nil {
			return err
		}
	}
	return nil
}

// sweep removes the temporary files of these names that a killed process left.
func (w writer) sweep(names []string) error {
	left, err := leftBehind(w.root, names)
	if err != nil {
		return err
	}
	for _, temp := range left {
		if err := w.root.Remove(temp); err != nil {
			return err
		}
	}
	return nil
}

// leftBehind lists the temporary files of these names.
func leftBehind(root *os.Root, names []string) ([]string, error) {
	bases := map[string][]string{}
	for _, name := range names {
		bases[path.Dir(name)] = append(bases[path.Dir(name)], path.Base(name))
	}
	var left []string
	for dir := range bases {
		entries, err := fs.ReadDir(root.FS(), dir)
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return nil, err
		}
		for _, entry := range entries {
			if target, ok := tempTarget(entry.Name()); ok && slices.Contains(bases[dir], target) {
				left = append(left, path.Join(dir, entry.Name()))
			}
		}
	}
	return left, nil
}

func (w writer) writeTemp(f File) (temp string, err error) {
	temp = path.Join(path.Dir(f.Name), tempName(path.Base(f.Name)))
	if err := w.step("create", f.Name); err != nil {
		return "", err
	}
	out, err := w.root.OpenFile(temp, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return "", err
	}
	if err := errors.Join(w.fill(out, f), out.Close()); err != nil {
		return "", errors.Join(err, w.root.Remove(temp))
	}
	return temp, nil
}

// fill sets owner and mode before the first byte, so that no content is ever
// readable by more people than it should be.
func (w writer) fill(out *os.File, f File) error {
	if f.Owner != nil {
		if err := chown(out, f.Owner); err != nil {
			return err
		}
	}
	if err := out.Chmod(f.mode()); err != nil {
		return err
	}
	if err := w.step("write", f.Name); err != nil {
		return err
	}
	if _, err := out.Write(f.Data); err != nil {
		return err
	}
	if err := w.step("sync", f.Name); err != nil {
		return err
	}
	return out.Sync()
}

// commit renames the staged files over their targets. After an error the
// remaining ones are gone.
func (w writer) commit(stage []staged) error {
	for i, s := range stage {
		err := w.step("rename", s.name)
		if err == nil {
			err = w.root.Rename(s.temp, s.name)
		}
		if err != nil {
			err = fmt.Errorf("after %d of %d files: %w", i, len(stage), err)
			return errors.Join(err, w.discard(stage[i:]))
		}
	}
	return w.syncDirs(stage)
}

func (w writer) discard(stage []staged) error {
	var errs []error
	for _, s := range stage {
		errs = append(errs, w.root.Remove(s.temp))
	}
	return errors.Join(errs...)
}

// syncDirs makes renames and removals durable. New directories are entries of
// their parents, so those are synced too.
func (w writer) syncDirs(stage []staged) error {
	dirs := map[string]bool{}
	for _, s := range stage {
		for dir := path.Dir(s.name); !dirs[dir]; dir = path.Dir(dir) {
			dirs[dir] = true
		}
	}
	for dir := range dirs {
		if err := w.step("syncdir", dir); err != nil {
			return err
		}
		if err := syncDir(w.root, dir); err != nil {
			return err
		}
	}
	return nil
}

func syncDir(root *os.Root, dir string) error {
	if runtime.GOOS == "windows" {
		return nil
	}
	d, err := root.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}

func (w writer) step(step, name string) error {
	if w.hook == nil {
		return nil
	}
	return w.hook(step, name)
}

// A temporary file of "config.yaml" is ".config.yaml.<26 characters>.tmp".
const tempSuffix = ".tmp"

func tempName(base string) string { return "." + base + "." + rand.Text() + tempSuffix }

// tempTarget returns the target's base name of a temporary file's base name.
func tempTarget(base string) (string, bool) {
	rest, ok := strings.CutSuffix(base, tempSuffix)
	if !ok || !strings.HasPrefix(rest, ".") {
		return "", false
	}
	dot := strings.LastIndexByte(rest, '.')
	random := rest[dot+1:]
	if dot < 2 || len(random) != 26 || strings.Trim(random, "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567") != "" {
		return "", false
	}
	return rest[1:dot], true
}

func isTemp(base string) bool {
	_, ok := tempTarget(base)
	return ok
}
