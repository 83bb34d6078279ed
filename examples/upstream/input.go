package main

import (
	_ "embed"
	"fmt"
	"io"
	"os"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/examples/internal/sitefile"
	"github.com/maskit-dev/maskit/upstream"
	"github.com/maskit-dev/maskit/upstream/all"
)

//go:embed site.yaml
var sampleSite []byte

//go:embed provider.yaml
var sampleProvider []byte

//go:embed claims.json
var sampleClaims []byte

// input is what the files say.
type input struct {
	env       upstream.Env // without the id, which is the provider's
	hasSite   bool         // it was given, and is not the sample
	newID     bool         // the id was made a moment ago
	providers []source     // one, but for a guide to the providers of a site
	claims    upstream.Claims
	exists    []string
	hosts     []string // that may get the credentials
}

// source is a provider, and where the values of its file stand.
type source struct {
	name string // under which the identity has its id
	id   maskit.ULID
	upstream.File
}

// envOf is the deployment, as one provider of it is told.
func (in input) envOf(p source) upstream.Env {
	env := in.env
	env.ID = p.id
	return env
}

// read reads what the command needs, and reports all that is wrong with it at once.
func (s settings) read() (input, error) {
	in := input{hasSite: s.site != "", exists: s.exists, hosts: s.hosts}
	site, problems, err := s.readSite()
	if err != nil {
		return input{}, err
	}
	if site != nil {
		in.env = upstream.Env{Site: site.Site, MASVersion: site.Versions.MAS}
	}
	providers, more, err := s.readProviders(site)
	if err != nil {
		return input{}, err
	}
	in.providers = providers
	if err := append(problems, more...).Err(); err != nil {
		return input{}, err
	}
	if s.command == "explain" {
		if in.claims, err = s.readClaims(); err != nil {
			return input{}, err
		}
	}
	in.newID, err = s.identify(in.providers)
	return in, err
}

// sample is an input of the command line that has a file beside this one instead.
type sample struct {
	flag, name string
	data       []byte
}

// maxFile is more than any of the parsers takes, so that they are the ones to refuse it.
const maxFile = 2 << 20

// load reads the file that the flag names; the sample, if it names none.
func (s sample) load(name string) (string, []byte, error) {
	if name == "" {
		return s.name, s.data, nil
	}
	data, err := readFile(name)
	if err != nil {
		return name, nil, fmt.Errorf("%s: %w", s.flag, err)
	}
	return name, data, nil
}

func readFile(name string) ([]byte, error) {
	file, err := os.Open(name) //nolint:gosec // the file that the caller names
	if err != nil {
		return nil, err
	}
	defer func() { _ = file.Close() }() // it was only read
	return io.ReadAll(io.LimitReader(file, maxFile))
}

func (s settings) readSite() (*sitefile.File, maskit.Problems, error) {
	name, data, err := sample{"-site", "site.yaml", sampleSite}.load(s.site)
	if err != nil {
		return nil, nil, err
	}
	file, problems := sitefile.Parse(name, data)
	if file == nil {
		return nil, problems, nil
	}
	for _, p := range file.Site.Validate() {
		p.Path = "site." + p.Path
		p.Pos = file.Position(p.Path)
		problems = append(problems, p)
	}
	return file, problems, nil
}

// readProviders reads the provider file; a guide also goes by a kind alone, and by what the
// site has of that kind, or of any.
func (s settings) readProviders(site *sitefile.File) ([]source, maskit.Problems, error) {
	if s.command == "guide" && s.provider == "" && (s.kind != "" || s.site != "") {
		return s.providersOf(site)
	}
	name, data, err := sample{"-provider", "provider.yaml", sampleProvider}.load(s.provider)
	if err != nil {
		return nil, nil, err
	}
	file, problems := all.Registry().Decode(name, data)
	if file.Provider == nil {
		return nil, problems, nil
	}
	return []source{{name: file.Provider.Kind(), File: file}}, problems, nil
}

func (s settings) providersOf(site *sitefile.File) ([]source, maskit.Problems, error) {
	var found []source
	if site != nil {
		for _, p := range site.Providers {
			if s.kind == "" || p.Provider.Kind() == s.kind {
				found = append(found, source{name: p.Name, File: upstream.File{Provider: p.Provider}})
			}
		}
	}
	if len(found) > 0 || s.kind == "" {
		return found, nil, nil
	}
	empty, problems := all.Registry().New(s.kind)
	if empty == nil {
		return nil, problems, nil
	}
	return []source{{name: s.kind, File: upstream.File{Provider: empty}}}, nil, nil
}

// entry is what the provider becomes, with the warnings, and every problem where its file
// has it. A warning may be that nobody asks for a group, so it is shown. Without an
// id it gets one that only serves to look at the rest.
func (in input) entry() (upstream.Entry, maskit.Problems, error) {
	p := in.providers[0]
	env := in.envOf(p)
	if env.ID == "" {
		env.ID = "00000000000000000000000000"
	}
	entry, problems := p.Provider.Entry(env)
	problems = p.Locate(problems)
	if err := problems.Err(); err != nil {
		return upstream.Entry{}, nil, err
	}
	return entry, problems, nil
}
