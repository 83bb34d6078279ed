package main

import (
	"crypto/rand"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/examples/internal/sitefile"
	"github.com/maskit-dev/maskit/internal/atomicfile"
	"github.com/maskit-dev/maskit/mas"
	"github.com/maskit-dev/maskit/synapse"
)

//go:embed site.yaml homeserver.yaml
var samples embed.FS

// identityName is the file that a later run takes the keys, secrets and ids from.
const identityName = "identity.yaml"

// inputs is what was read.
type inputs struct {
	settings   settings
	site       *sitefile.File
	homeserver []synapse.File
	identity   mas.Identity
	stored     stored
	adopted    *mas.Config     // nil without -adopt
	missing    maskit.Problems // the files of adopted that could not be read
	previous   *mas.Config     // that of the bundle that is replaced; nil if there is none
}

// stored is the identity file of an earlier run.
type stored struct {
	identity mas.Identity
	text     maskit.Secret
}

// read reads all input files. Problems are about what they hold.
func (s settings) read() (inputs, maskit.Problems, error) {
	in := inputs{settings: s}
	problems, err := in.readSite()
	if err != nil {
		return in, nil, err
	}
	homeserver, found, err := s.readHomeserver()
	if err != nil {
		return in, problems, err
	}
	in.homeserver, problems = homeserver, append(problems, found...)
	adopted, err := in.readAdopted()
	if err != nil {
		return in, problems, err
	}
	identity, err := in.readIdentity()
	if err != nil {
		return in, problems, err
	}
	previous, err := in.readPrevious()
	all := slices.Concat(problems, adopted, identity, previous)
	if err == nil && slices.Concat(found, adopted, identity, previous).Err() != nil {
		err = all.Err()
	}
	return in, all, err
}

func (in *inputs) readSite() (maskit.Problems, error) {
	name, data, err := readOrSample(in.settings.site, "site.yaml")
	if err != nil {
		return nil, fmt.Errorf("-site: %w", err)
	}
	file, problems := sitefile.Parse(name, data)
	if file == nil {
		return nil, problems.Err()
	}
	if !in.settings.mas.IsZero() {
		file.Versions.MAS = in.settings.mas
	}
	if !in.settings.synapse.IsZero() {
		file.Versions.Synapse = in.settings.synapse
	}
	in.site = file
	return problems, nil
}

// readAdopted reads the configuration of a running MAS, with its secret files.
func (in *inputs) readAdopted() (maskit.Problems, error) {
	if len(in.settings.adopt) == 0 {
		return nil, nil
	}
	names, err := in.settings.adopt.rooted()
	if err != nil {
		return nil, fmt.Errorf("-adopt: %w", err)
	}
	root := os.DirFS("/")
	config, problems, err := mas.Parse(root, names...)
	if err != nil {
		return nil, err
	}
	inlined, missing := config.Inline(root)
	in.adopted, in.missing = inlined, absolute(missing)
	return slices.Concat(absolute(problems), notNeeded(missing)), nil
}

// absolute puts the slash back that fs.FS takes no names with.
func absolute(problems maskit.Problems) maskit.Problems {
	for i := range problems {
		if problems[i].Pos.File != "" {
			problems[i].Pos.File = "/" + problems[i].Pos.File
		}
	}
	return problems
}

// explained says of references that cannot be adopted which file could not be read.
func (in *inputs) explained(problems maskit.Problems) maskit.Problems {
	for i, p := range problems {
		for _, m := range in.missing {
			if m.Path == p.Path {
				problems[i].Message, problems[i].Pos = m.Message, m.Pos
				problems[i].Hint = "make it readable here under that path, or write its content into a copy of the configuration"
			}
		}
	}
	return problems
}

// notNeeded makes warnings of files that cannot be read. The configuration of a
// running MAS is often looked at from elsewhere; where such a file is part of the
// identity, mas.IdentityFrom refuses.
func notNeeded(problems maskit.Problems) maskit.Problems {
	out := slices.Clone(problems)
	for i := range out {
		out[i].Severity = maskit.SeverityWarning
	}
	return out
}

// readIdentity reads the identity of an earlier run, else adopts one, else makes one.
func (in *inputs) readIdentity() (maskit.Problems, error) {
	path := filepath.Join(in.settings.out, identityName)
	data, err := os.ReadFile(path) //nolint:gosec // below the directory that the user names
	switch {
	case err == nil:
		identity, problems := mas.ParseIdentity(path, data)
		in.identity, in.stored = identity, stored{identity, maskit.NewSecret(string(data))}
		return problems, nil
	case !errors.Is(err, fs.ErrNotExist):
		return nil, err
	case in.adopted != nil:
		identity, problems := mas.IdentityFrom(in.adopted)
		in.identity = identity
		return in.explained(problems), nil
	}
	if in.settings.holdsBundle() {
		return nil, fmt.Errorf("%s is gone, but %s holds a bundle that was made with it: restore it, adopt the configuration by -adopt, or write to another directory", path, in.settings.out)
	}
	in.identity, err = mas.NewIdentity(rand.Reader)
	return nil, err
}

// holdsBundle reports whether an earlier run got as far as to write what it made. The
// identity is written first: a run that was killed before that has given nothing away.
func (s settings) holdsBundle() bool {
	has := func(name string) bool {
		_, err := os.Stat(filepath.Join(s.out, filepath.FromSlash(name)))
		return err == nil
	}
	return has(atomicfile.ManifestName) && (has("mas/config.yaml") || has("synapse/"+sharedSecretName) || has(registerName))
}

// readOrSample reads a file, or the embedded one if no name is given.
func readOrSample(name, sample string) (string, []byte, error) {
	if name == "" {
		data, err := samples.ReadFile(sample)
		return sample, data, err
	}
	data, err := os.ReadFile(name) //nolint:gosec // the user names the file
	return name, data, err
}
