package main

import (
	"crypto/rand"
	_ "embed"
	"fmt"
	"os"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/examples/internal/sitefile"
	"github.com/maskit-dev/maskit/mas"
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
	env       upstream.Env
	hasSite   bool     // it was given, and is not the sample
	newID     bool     // the id was made a moment ago
	providers []source // one, but for a guide to the providers of a site
	claims    upstream.Claims
	exists    []string
}

// source is a provider, and where the values of its file stand.
type source struct {
	name string // under which the identity has its id
	upstream.File
}

// read reads what the command needs, and reports all that is wrong with it at once.
func (s settings) read() (input, error) {
	in := input{hasSite: s.site != "", exists: s.exists}
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
	in.env.ID, in.newID, err = s.findID(in.providers)
	return in, err
}

// load reads a file; the sample, if there is none.
func load(name, sampleName string, sample []byte) (string, []byte, error) {
	if name == "" {
		return sampleName, sample, nil
	}
	data, err := os.ReadFile(name) //nolint:gosec // the file that the caller names
	return name, data, err
}

func (s settings) readSite() (*sitefile.File, maskit.Problems, error) {
	name, data, err := load(s.site, "site.yaml", sampleSite)
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
	name, data, err := load(s.provider, "provider.yaml", sampleProvider)
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

// findID takes the id of the command line, or that of the identity. A guide makes one if
// there is none, because the addresses have it; the others go without.
func (s settings) findID(providers []source) (maskit.ULID, bool, error) {
	if s.id != "" || s.command == "explain" {
		return s.id, false, nil
	}
	if s.identity != "" {
		id, err := s.storedID(providers)
		return id, false, err
	}
	if s.command == "check" {
		return "", false, nil
	}
	id, err := mas.NewULID(rand.Reader)
	return id, true, err
}

func (s settings) storedID(providers []source) (maskit.ULID, error) {
	data, err := os.ReadFile(s.identity)
	if err != nil {
		return "", err
	}
	identity, problems := mas.ParseIdentity(s.identity, data)
	if err := problems.Err(); err != nil {
		return "", err
	}
	for _, p := range providers {
		if id := identity.Providers[p.name]; id != "" {
			return id, nil
		}
	}
	return "", fmt.Errorf("%s: has no id for a provider of that name: pass it with -id", s.identity)
}

// entry is what the provider becomes, with every problem where its file has it. Without an
// id it gets one that only serves to look at the rest.
func (in input) entry() (upstream.Entry, error) {
	env := in.env
	if env.ID == "" {
		env.ID = "00000000000000000000000000"
	}
	p := in.providers[0]
	entry, problems := p.Provider.Entry(env)
	if err := p.Locate(problems).Err(); err != nil {
		return upstream.Entry{}, err
	}
	return entry, nil
}
