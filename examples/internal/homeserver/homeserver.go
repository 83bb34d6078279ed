// Package homeserver reads the configuration of a Synapse, as a command line names it.
package homeserver

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/synapse"
)

// Read reads a file, or the files of a directory that Synapse reads. Files and problems
// bear the names that the user gave.
func Read(name string) ([]synapse.File, maskit.Problems, error) {
	path, err := filepath.Abs(name)
	if err != nil {
		return nil, nil, fmt.Errorf("%s: %w", name, err)
	}
	if _, err := os.Stat(path); err != nil {
		return nil, nil, fmt.Errorf("%s: %w", name, Cause(err))
	}
	base := filepath.Base(path)
	named := func(found string) string { // as the user names it
		return filepath.Join(name, filepath.FromSlash(strings.TrimPrefix(found, base)))
	}
	files, problems, err := synapse.ReadFiles(os.DirFS(filepath.Dir(path)), base)
	if err != nil {
		return nil, nil, fmt.Errorf("%s: %w", name, err)
	}
	for i := range files {
		files[i].Name = named(files[i].Name)
	}
	for i := range problems {
		if problems[i].Path != "" {
			problems[i].Path = named(problems[i].Path)
		}
	}
	return files, problems, nil
}

// Cause is an error without the path, which whoever shows it has said.
func Cause(err error) error {
	var path *fs.PathError
	if errors.As(err, &path) {
		return path.Err
	}
	return err
}
