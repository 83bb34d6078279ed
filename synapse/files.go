package synapse

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/internal/yamledit"
)

// What [ReadFiles] takes at most; a homeserver has a few files of some KiB.
const (
	maxFiles = 1000
	maxTotal = 16 * yamledit.MaxSize
)

// ReadFiles reads the files that Synapse loads when each name is given to it by
// -c, in that order (Synapse 1.136 to 1.163, synapse.config). A name is a file,
// whatever it is called, or a directory: of that the files whose names end in
// ".yaml", sorted by name; sub-directories and other files are ignored, so a
// mounted Kubernetes ConfigMap or Secret reads as it should. Symbolic links are
// followed as far as fsys follows them. The Name of each [File] is its path in
// fsys. A file that is named twice is read once, where it counts: at its last place.
//
// The problems are about files that are ignored although they look like
// configuration (info; a broken link is a warning), and about too many or too
// large files (errors: more than 1,000, more than 4 MiB each or 64 MiB together).
// The error joins one for each name that does not exist or cannot be read, and
// names it; then there are no files.
func ReadFiles(fsys fs.FS, names ...string) ([]File, maskit.Problems, error) {
	r := fileReader{fsys: fsys}
	var failures []error
	for _, name := range names {
		if err := r.add(name); err != nil {
			failures = append(failures, fmt.Errorf("synapse: read configuration: %w", err))
		}
	}
	if len(names) == 0 {
		r.note("", "no-files", maskit.SeverityError, "no file or directory is named", "name what Synapse is given by -c, in its order")
	}
	if len(failures) > 0 || r.problems.Err() != nil {
		return nil, r.problems, errors.Join(failures...)
	}
	return r.files, r.problems, nil
}

// fileReader collects the files of one call.
type fileReader struct {
	fsys     fs.FS
	files    []File
	problems maskit.Problems
	total    int // bytes of all files
	reads    int // how often a file was named, by itself or by its directory
	isFull   bool
}

func (r *fileReader) note(name, code string, severity maskit.Severity, message, hint string) {
	r.problems = append(r.problems, maskit.Problem{Path: name, Code: code, Severity: severity, Message: message, Hint: hint})
}

// add reads what one -c names.
func (r *fileReader) add(name string) error {
	if !fs.ValidPath(name) {
		return fmt.Errorf("%q is not relative to the root of the file system, or has .. in it: %w", name, fs.ErrInvalid)
	}
	info, err := fs.Stat(r.fsys, name)
	switch {
	case err != nil:
		return named(name, err)
	case info.IsDir():
		return r.addDirectory(name)
	case !info.Mode().IsRegular():
		return fmt.Errorf("%s: is neither a file nor a directory", name)
	}
	return r.read(name)
}

func (r *fileReader) addDirectory(dir string) error {
	entries, err := fs.ReadDir(r.fsys, dir)
	if err != nil {
		return named(dir, err)
	}
	// Synapse sorts the paths, fs.ReadDir the names: within one directory that is the same.
	before := r.reads
	for _, entry := range entries {
		if r.isFull {
			break
		}
		if err := r.addEntry(dir, entry); err != nil {
			return err
		}
	}
	if r.reads == before {
		r.note(dir, "empty-directory", maskit.SeverityWarning, "holds no file whose name ends in .yaml, so Synapse loads nothing from it", "")
	}
	return nil
}

// addEntry reads one entry of a directory, or says why Synapse does not.
func (r *fileReader) addEntry(dir string, entry fs.DirEntry) error {
	name := path.Join(dir, entry.Name())
	if !strings.HasSuffix(name, ".yaml") {
		if extension := strings.ToLower(path.Ext(name)); !entry.IsDir() && (extension == ".yml" || extension == ".yaml") {
			r.note(name, "file-ignored", maskit.SeverityInfo, "Synapse takes only names that end in .yaml from a directory", "rename it if it is meant")
		}
		return nil
	}
	info, err := fs.Stat(r.fsys, name)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		r.note(name, "broken-link", maskit.SeverityWarning, "is a link to nothing, which Synapse silently ignores", "restore its target, or remove it")
		return nil
	case err != nil:
		return named(name, err)
	case !info.Mode().IsRegular():
		r.note(name, "directory-ignored", maskit.SeverityInfo, "is not a file, so Synapse ignores it", "name it by a -c of its own if it is meant")
		return nil
	}
	return r.read(name)
}

// read reads one file. One that was read already moves to the end.
func (r *fileReader) read(name string) error {
	r.reads++
	if i := slices.IndexFunc(r.files, func(f File) bool { return f.Name == name }); i >= 0 {
		again := r.files[i]
		r.files = append(slices.Delete(r.files, i, i+1), again)
		r.note(name, "file-twice", maskit.SeverityInfo, "is named more than once; what it says at its last place counts", "name it once")
		return nil
	}
	if len(r.files) >= maxFiles {
		r.isFull = true
		r.note("", "too-many-files", maskit.SeverityError, fmt.Sprintf("there are more than %d files", maxFiles), "is this the right directory?")
		return nil
	}
	data, err := readLimited(r.fsys, name, yamledit.MaxSize+1)
	if err != nil {
		return named(name, err)
	}
	r.total += len(data)
	if len(data) > yamledit.MaxSize || r.total > maxTotal {
		r.isFull = r.total > maxTotal
		r.note(name, "too-large", maskit.SeverityError,
			fmt.Sprintf("is larger than %d MiB, or all files together than %d MiB", yamledit.MaxSize>>20, maxTotal>>20),
			"a homeserver.yaml has a few thousand lines: is this the right file?")
		return nil
	}
	r.files = append(r.files, File{Name: name, Data: data})
	return nil
}

func readLimited(fsys fs.FS, name string, limit int64) ([]byte, error) {
	file, err := fsys.Open(name)
	if err != nil {
		return nil, err
	}
	defer file.Close() //nolint:errcheck // it was only read
	return io.ReadAll(io.LimitReader(file, limit))
}

// named puts the name into an error that lacks it.
func named(name string, err error) error {
	var withPath *fs.PathError
	if errors.As(err, &withPath) {
		return err
	}
	return fmt.Errorf("%s: %w", name, err)
}
