package atomicfile

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"
)

// checkNames refuses names that could leave the directory, meet each other, or
// pass for a temporary file; all at once.
func checkNames(files []File) error {
	var errs []error
	seen := map[string]string{}
	for _, f := range files {
		if err := checkName(f.Name); err != nil {
			errs = append(errs, err)
			continue
		}
		if f.Mode&^fs.ModePerm != 0 {
			errs = append(errs, fmt.Errorf("%s: mode %v has more than permission bits", f.Name, f.Mode))
		}
		key := strings.ToLower(f.Name) // the file systems of macOS and Windows fold case
		if other, ok := seen[key]; ok {
			errs = append(errs, fmt.Errorf("%s: same file as %s", f.Name, other))
		}
		seen[key] = f.Name
	}
	return errors.Join(append(errs, checkNesting(files, seen)...)...)
}

func checkName(name string) error {
	switch {
	case name == "." || !fs.ValidPath(name) || !filepath.IsLocal(filepath.FromSlash(name)):
		return fmt.Errorf("%q: not a plain path below the directory", name)
	case strings.ContainsAny(name, "\\\x00"):
		return fmt.Errorf("%q: has a character that not every system allows", name)
	case isTemp(path.Base(name)):
		return fmt.Errorf("%q: looks like a temporary file", name)
	}
	return nil
}

// checkNesting finds names that are a file and a directory at once.
func checkNesting(files []File, seen map[string]string) []error {
	var errs []error
	for _, f := range files {
		for dir := path.Dir(f.Name); dir != "." && dir != "/"; dir = path.Dir(dir) {
			if other, ok := seen[strings.ToLower(dir)]; ok {
				errs = append(errs, fmt.Errorf("%s: lies below the file %s", f.Name, other))
			}
		}
	}
	return errs
}

// checkTargets refuses to replace, or to write through, anything that is no
// regular file or real directory; all at once.
func checkTargets(root *os.Root, files []File) error {
	var errs []error
	for _, f := range files {
		if err := checkTarget(root, f.Name); err != nil {
			errs = append(errs, err)
		}
	}
	return errors.Join(errs...)
}

func checkTarget(root *os.Root, name string) error {
	for dir := path.Dir(name); dir != "."; dir = path.Dir(dir) {
		info, err := root.Lstat(dir)
		switch {
		case errors.Is(err, fs.ErrNotExist):
		case err != nil:
			return err
		case !info.IsDir():
			return fmt.Errorf("%s: %s is %s, not a directory", name, dir, kind(info.Mode()))
		}
	}
	info, err := root.Lstat(name)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil
	case err != nil:
		return err
	case !info.Mode().IsRegular():
		return fmt.Errorf("%s: is %s, not a regular file", name, kind(info.Mode()))
	}
	return nil
}

func kind(mode fs.FileMode) string {
	switch {
	case mode.IsDir():
		return "a directory"
	case mode&fs.ModeSymlink != 0:
		return "a symbolic link"
	case mode.IsRegular():
		return "a file"
	}
	return "a special file"
}
