package atomicfile

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// File is the wanted state of one file.
type File struct {
	// Name is the path below the directory that the file is written to, with
	// forward slashes: "secrets/encryption". Directories that it names are
	// made with mode 0750.
	Name string
	// Data is the whole content.
	Data []byte
	// Mode holds the permission bits, which the file gets exactly, whatever the
	// umask is. Zero means 0600: right for a secret.
	Mode fs.FileMode
	// Owner is the file whose owner and group this one gets, before it takes its
	// place; nil: those of the process. It counts on Unix only.
	Owner fs.FileInfo
}

// Format implements [fmt.Formatter]: for every verb it shows name, size and
// mode, never the content.
func (f File) Format(s fmt.State, _ rune) {
	_, _ = fmt.Fprintf(s, "%s (%d bytes, %v)", f.Name, len(f.Data), f.mode())
}

func (f File) mode() fs.FileMode { return cmp.Or(f.Mode, 0o600) }

// Write replaces the file at path by data, or creates it. The directory must
// exist. Mode zero means 0600. A path that is a directory, a symbolic link or
// anything else but a regular file is refused.
func Write(path string, data []byte, mode fs.FileMode) error {
	root, err := os.OpenRoot(filepath.Dir(path))
	if err != nil {
		return fmt.Errorf("atomicfile: write %s: %w", path, err)
	}
	file := File{Name: filepath.Base(path), Data: data, Mode: mode}
	err = writer{root: root}.write([]File{file})
	if err = errors.Join(err, root.Close()); err != nil {
		return fmt.Errorf("atomicfile: write %s: %w", path, err)
	}
	return nil
}

// WriteAll replaces or creates all files below dir, which is made when it does
// not exist. See the package comment for what an error leaves behind.
func WriteAll(dir string, files []File) error {
	root, err := openDir(dir)
	if err != nil {
		return fmt.Errorf("atomicfile: write to %s: %w", dir, err)
	}
	err = writer{root: root}.write(files)
	if err = errors.Join(err, root.Close()); err != nil {
		return fmt.Errorf("atomicfile: write to %s: %w", dir, err)
	}
	return nil
}

// openDir makes and opens dir. A root keeps every later access below it, also
// when somebody swaps a directory for a symbolic link meanwhile.
func openDir(dir string) (*os.Root, error) {
	if err := os.MkdirAll(dir, 0o750); err != nil {
		return nil, err
	}
	return os.OpenRoot(dir)
}
