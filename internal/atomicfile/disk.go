package atomicfile

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"slices"
)

// disk is what a bundle's directory holds.
type disk struct {
	files    map[string]state // wanted names and names of the manifest
	manifest manifest
	raw      []byte // bytes of the manifest; nil when it does not exist
	invalid  error  // why the manifest cannot be used
	litter   bool   // there are temporary files that a killed process left
}

// state is one file on disk; zero when it does not exist.
type state struct {
	exists bool
	hash   string
	mode   fs.FileMode
}

// look reads the state of files and of all that the manifest names.
func look(dir string, files []File) (disk, error) {
	d := disk{files: map[string]state{}}
	for _, f := range files {
		d.files[f.Name] = state{}
	}
	if ok, err := exists(dir); err != nil || !ok {
		return d, err
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return d, err
	}
	err = d.read(root, files)
	return d, errors.Join(err, root.Close())
}

func (d *disk) read(root *os.Root, files []File) error {
	if err := checkTargets(root, slices.Concat(files, []File{{Name: ManifestName}})); err != nil {
		return err
	}
	if err := d.readManifest(root); err != nil {
		return err
	}
	for name := range d.manifest.Files {
		if checkTarget(root, name) == nil { // else somebody put another thing there: not ours
			d.files[name] = state{}
		}
	}
	for name := range d.files {
		s, err := observe(root, name)
		if err != nil {
			return err
		}
		d.files[name] = s
	}
	left, err := leftBehind(root, append(slices.Collect(maps.Keys(d.files)), ManifestName))
	d.litter = len(left) > 0
	return err
}

func (d *disk) readManifest(root *os.Root) error {
	f, err := root.Open(ManifestName)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	d.raw, err = io.ReadAll(io.LimitReader(f, maxManifest+1))
	if err = errors.Join(err, f.Close()); err != nil {
		return err
	}
	d.manifest, d.invalid = parseManifest(bytes.NewReader(d.raw))
	return nil
}

// stale returns the names that the manifest has, the disk holds and files lacks.
func (d *disk) stale(files []File) []string {
	var names []string
	for name := range d.manifest.Files {
		wanted := slices.ContainsFunc(files, func(f File) bool { return f.Name == name })
		if !wanted && d.files[name].exists {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}

func observe(root *os.Root, name string) (state, error) {
	f, err := root.Open(name)
	if errors.Is(err, fs.ErrNotExist) {
		return state{}, nil
	}
	if err != nil {
		return state{}, err
	}
	sum := sha256.New()
	_, err = io.Copy(sum, f)
	info, statErr := f.Stat()
	if err = errors.Join(err, statErr, f.Close()); err != nil {
		return state{}, fmt.Errorf("read %s: %w", name, err)
	}
	return state{exists: true, hash: hex.EncodeToString(sum.Sum(nil)), mode: info.Mode().Perm()}, nil
}
