package main

import (
	"fmt"
	"os"
	"path"
	"path/filepath"
	"strings"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/synapse"
)

// readHomeserver reads what Synapse loads: files, and directories such as conf.d.
// Each file is named by its path below the directory that holds them all.
func (s settings) readHomeserver() ([]synapse.File, maskit.Problems, error) {
	if len(s.homeserver) == 0 {
		data, err := samples.ReadFile("homeserver.yaml")
		return []synapse.File{{Name: "homeserver.yaml", Data: data}}, nil, err
	}
	names, err := s.homeserver.rooted()
	if err != nil {
		return nil, nil, fmt.Errorf("-homeserver: %w", err)
	}
	read, problems, err := synapse.ReadFiles(os.DirFS("/"), names...)
	for i, p := range problems {
		if p.Path != "" {
			problems[i].Path = "/" + p.Path
		}
	}
	if err == nil && len(read) == 0 && problems.Err() == nil {
		problems = append(problems, maskit.Problem{
			Path: s.homeserver.String(), Code: "no-files", Message: "holds no file that Synapse would load",
			Hint: "a directory is read for files whose names end in .yaml",
		})
	}
	return belowCommon(read), problems, err
}

// rooted returns the names as paths below /, as fs.FS takes them. A file that is not
// there is an error that has its name as it was given.
func (f files) rooted() ([]string, error) {
	var names []string
	for _, name := range f {
		if _, err := os.Stat(name); err != nil {
			return nil, err
		}
		absolute, err := filepath.Abs(name)
		if err != nil {
			return nil, err
		}
		names = append(names, strings.TrimPrefix(filepath.ToSlash(absolute), "/"))
	}
	return names, nil
}

// belowCommon names files by their path below the deepest directory that holds them all,
// so that no two have one name.
func belowCommon(read []synapse.File) []synapse.File {
	if len(read) == 0 {
		return nil
	}
	common := path.Dir(read[0].Name)
	for _, f := range read[1:] {
		for common != "." && !strings.HasPrefix(f.Name, common+"/") {
			common = path.Dir(common)
		}
	}
	for i := range read {
		read[i].Name = strings.TrimPrefix(read[i].Name, common+"/")
	}
	return read
}
