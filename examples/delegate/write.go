package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/maskit-dev/maskit/internal/atomicfile"
)

// target is an edit on the disk.
type target struct {
	edit

	path  string      // without symbolic links
	model fs.FileInfo // whose mode and owner the file gets; nil for a secret
}

// apply writes all files, or none of them: the undo and the secret first, so that
// nothing is changed that could not be undone.
func (r *result) apply() error {
	unlock, err := r.lock()
	if err != nil {
		return err
	}
	defer unlock()
	targets, err := r.targets()
	if err != nil {
		return err
	}
	if err := write(targets); err != nil {
		return err
	}
	r.written = true
	return nil
}

// targets looks at all files before the first is written.
func (r *result) targets() ([]target, error) {
	var targets []target
	var failures []error
	for _, e := range r.edits {
		t, err := locate(e)
		if err != nil {
			failures = append(failures, err)
			continue
		}
		targets = append(targets, t)
	}
	return targets, errors.Join(failures...)
}

func locate(e edit) (target, error) {
	dir, err := e.dir()
	if err != nil {
		return target{}, err
	}
	t := target{edit: e, path: filepath.Join(dir, filepath.Base(e.name))}
	info, err := os.Lstat(t.path)
	switch {
	case errors.Is(err, fs.ErrNotExist) && e.before == nil:
		return t.modelled(e.like)
	case err != nil:
		return target{}, fmt.Errorf("%s: %w", e.name, cause(err))
	case info.Mode()&fs.ModeSymlink != 0:
		return target{}, fmt.Errorf("%s is a symbolic link, as in a mounted ConfigMap or Secret: change the file that it comes from, or use -mode overlay", e.name)
	case e.before == nil && strings.HasSuffix(e.name, undoSuffix):
		return target{}, fmt.Errorf("%s is there from an earlier run: use -mode revert first, or move it to a safe place", e.name)
	case e.before == nil:
		return target{}, fmt.Errorf("%s is there already: move it to a safe place", e.name)
	}
	if err := t.unchanged(); err != nil || e.hidden {
		return t, err
	}
	return t.modelled(t.path)
}

// dir is the directory of the file, without symbolic links.
func (e edit) dir() (string, error) {
	dir, err := filepath.EvalSymlinks(filepath.Dir(e.name))
	if err == nil {
		dir, err = filepath.Abs(dir)
	}
	if err != nil {
		return "", fmt.Errorf("%s: %w", e.name, cause(err))
	}
	return dir, nil
}

// lock keeps other runs from the directories of all files, until this one ends.
func (r *result) lock() (unlock func(), err error) {
	var unlocks []func()
	unlock = func() {
		for _, each := range unlocks {
			each()
		}
	}
	var dirs []string
	for _, e := range r.edits {
		dir, err := e.dir()
		if err != nil {
			return nil, err
		}
		dirs = append(dirs, dir)
	}
	slices.Sort(dirs)
	for _, dir := range slices.Compact(dirs) {
		one, err := atomicfile.Lock(dir)
		if err != nil {
			unlock()
			if errors.Is(err, atomicfile.ErrBusy) {
				err = errors.New("another run writes here: wait until it ends, and run it again")
			}
			return nil, fmt.Errorf("%s: %w", dir, cause(err))
		}
		unlocks = append(unlocks, one)
	}
	return unlock, nil
}

// modelled takes mode and owner from a file, if one is given.
func (t target) modelled(path string) (target, error) {
	if path == "" {
		return t, nil
	}
	info, err := os.Stat(path)
	if err != nil {
		return target{}, fmt.Errorf("%s: %w", path, cause(err))
	}
	if !mayKeepOwner(info) {
		if path == t.path {
			path = t.name
		}
		return target{}, fmt.Errorf("%s belongs to somebody else, who must stay its owner: run this as root", path)
	}
	t.model = info
	return t, nil
}

// unchanged makes sure that the file is what was read.
func (t target) unchanged() error {
	data, err := os.ReadFile(t.path)
	switch {
	case err != nil:
		return fmt.Errorf("%s: %w", t.name, cause(err))
	case string(data) != string(t.before):
		return fmt.Errorf("%s was changed meanwhile: run it again", t.name)
	}
	return nil
}

// write replaces and creates files, then removes those that are done with. If that
// fails half-way, it puts back what it replaced.
func write(targets []target) error {
	above := common(targets)
	var files []atomicfile.File
	for _, t := range targets {
		name, err := filepath.Rel(above, t.path)
		if err != nil {
			return fmt.Errorf("%s: %w", t.name, err)
		}
		if t.after != nil {
			files = append(files, atomicfile.File{Name: filepath.ToSlash(name), Data: t.after, Mode: t.mode(), Owner: t.model})
		}
	}
	if err := atomicfile.WriteAll(above, files); err != nil {
		return errors.Join(err, putBack(targets))
	}
	for _, t := range targets {
		if t.after != nil {
			continue
		}
		if err := os.Remove(t.path); err != nil {
			return partialError{fmt.Errorf("%s: %w", t.name, cause(err))}
		}
	}
	return nil
}

// partialError says that files were written all the same.
type partialError struct{ error }

// Unwrap returns the cause.
func (e partialError) Unwrap() error { return e.error }

// putBack undoes what was replaced before a failure.
func putBack(targets []target) error {
	for _, t := range targets {
		data, err := os.ReadFile(t.path)
		if err != nil || t.after == nil || string(data) != string(t.after) {
			continue // not reached, or not ours
		}
		if t.before == nil {
			err = os.Remove(t.path)
		} else {
			before := atomicfile.File{Name: filepath.Base(t.path), Data: t.before, Mode: t.mode(), Owner: t.model}
			err = atomicfile.WriteAll(filepath.Dir(t.path), []atomicfile.File{before})
		}
		if err != nil {
			return partialError{fmt.Errorf("%s: put back: %w", t.name, err)}
		}
	}
	return nil
}

// mode is that of the model. What is a secret is private.
func (t target) mode() fs.FileMode {
	if t.model == nil {
		return 0o600
	}
	return t.model.Mode().Perm()
}

// common is the directory that holds all files, by itself or below.
func common(targets []target) string {
	above := filepath.Dir(targets[0].path)
	for _, t := range targets[1:] {
		for above != filepath.Dir(above) && !strings.HasPrefix(t.path, strings.TrimSuffix(above, string(filepath.Separator))+string(filepath.Separator)) {
			above = filepath.Dir(above)
		}
	}
	return above
}
