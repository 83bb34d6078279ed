package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/examples/internal/homeserver"
	"github.com/maskit-dev/maskit/mas"
	"github.com/maskit-dev/maskit/mas/mascli"
	"github.com/maskit-dev/maskit/migrate"
	"github.com/maskit-dev/maskit/migrate/native"
	"github.com/maskit-dev/maskit/migrate/official"
)

// migration reads all files. Whatever is wrong with them is reported at once.
func (s settings) migration(stderr io.Writer) (*migrate.Syn2MAS, maskit.Problems, error) {
	m := &migrate.Syn2MAS{
		Policy: s.policy, Acks: s.acks, Store: migrate.FileStore{Path: s.state}, Engine: s.chosen(), Events: newProgress(stderr).show,
	}
	var wrong []error
	var problems maskit.Problems
	for _, name := range s.synapseConfigs {
		files, found, err := homeserver.Read(name)
		if err != nil {
			wrong = append(wrong, fmt.Errorf("-synapse-config %w", err))
		}
		m.Source.Files, problems = append(m.Source.Files, files...), append(problems, found...)
	}
	config, found, err := readMAS(s.masConfigs)
	m.Target.Config, problems = config, append(problems, found...)
	wrong = append(wrong, err)
	for _, dsn := range []struct {
		flag, file string
		to         *maskit.Secret
	}{{"synapse", s.synapseDSN, &m.Source.DSN}, {"mas", s.masDSN, &m.Target.DSN}, {"scratch", s.scratchDSN, &m.Target.Scratch}} {
		if dsn.file == "" {
			continue
		}
		if *dsn.to, err = maskit.SecretFromFile(dsn.file); err != nil {
			wrong = append(wrong, fmt.Errorf("-%s-dsn-file: %w", dsn.flag, err))
		}
	}
	return m, problems, errors.Join(wrong...)
}

// readMAS reads MAS's configuration, and the files that it names. Problems bear the names
// that the user gave.
func readMAS(names []string) (*mas.Config, maskit.Problems, error) {
	root := os.DirFS("/")
	paths, given := make([]string, len(names)), map[string]string{}
	var wrong []error
	for i, name := range names {
		path, err := masFile(name)
		if err != nil {
			wrong = append(wrong, fmt.Errorf("-mas-config %s: %w", name, err))
		}
		paths[i], given[path] = path, name
	}
	if wrong != nil {
		return nil, nil, errors.Join(wrong...)
	}
	config, problems, err := mas.Parse(root, paths...)
	if err != nil {
		return nil, nil, fmt.Errorf("-mas-config: %w", err)
	}
	if config != nil {
		inlined, more := config.Inline(root)
		config, problems = inlined, append(problems, more...)
	}
	for i := range problems {
		if name, ok := given[problems[i].Pos.File]; ok {
			problems[i].Pos.File = name
		}
	}
	return config, problems, nil
}

// masFile is the path of a file below the root.
func masFile(name string) (string, error) {
	path, err := filepath.Abs(name)
	if err != nil {
		return "", err
	}
	info, err := os.Stat(path)
	switch {
	case err != nil:
		return "", homeserver.Cause(err)
	case info.IsDir():
		return "", errors.New("is a directory: give its files, one by one")
	}
	return strings.TrimPrefix(filepath.ToSlash(path), "/"), nil
}

// chosen is the engine of -engine.
func (s settings) chosen() migrate.Engine {
	if s.engine == "official" {
		return official.Engine{Runner: mascli.Local{Binary: s.masCLI, Share: s.masShare}}
	}
	return native.Engine{MaxRowsPerSecond: s.maxRows}
}
