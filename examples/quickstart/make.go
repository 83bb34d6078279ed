package main

import (
	"context"
	"crypto/rand"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/examples/internal/sitefile"
	"github.com/maskit-dev/maskit/mas"
	"github.com/maskit-dev/maskit/scale"
	"github.com/maskit-dev/maskit/synapse"
	"github.com/maskit-dev/maskit/upstream"
)

// parts is everything that the bundle is made of.
type parts struct {
	settings settings
	site     *sitefile.File
	identity mas.Identity
	stored   stored
	config   *mas.Config
	rendered mas.Rendered
	patched  synapse.Patched
	register []registration
	realms   []realm
	adopted  *mas.Config // nil without -adopt
	entries  []int       // the provider of the site file for each of the configuration
	compared []comparison
}

// registration is what has to be registered at one identity provider.
type registration struct {
	name  string
	steps []upstream.Step
}

// make reads the input, makes everything, and writes it if nothing is wrong. Its
// error has all problems of all parts at once, unless a file could not be read at
// all: then the rest would be consequences.
func (s settings) make() (report, error) {
	in, problems, err := s.read()
	if err != nil {
		return report{}, err
	}
	p, more, err := in.assemble()
	if err != nil {
		return report{}, err
	}
	problems = append(problems, once(s.blamed(in.site.At(p.atProviders(more))), problems)...)
	if err := problems.Sorted().Err(); err != nil {
		return report{}, err
	}
	if err := p.planRealms(context.Background()); err != nil {
		return report{}, err
	}
	return p.write(problems)
}

// assemble makes all parts. It mints what is new, reads nothing and writes nothing.
func (in inputs) assemble() (parts, maskit.Problems, error) {
	p := parts{settings: in.settings, site: in.site, identity: in.identity, stored: in.stored, adopted: in.adopted}
	if err := p.mintProviders(); err != nil {
		return parts{}, nil, err
	}
	problems := append(p.renamed(), p.buildConfig()...)
	if p.config != nil {
		problems = append(problems, p.render()...)
		problems = append(problems, p.compare(in)...)
	}
	return p, append(problems, p.patch(in.homeserver)...), nil
}

// mintProviders gives an id to every provider that has none: the one that the
// adopted configuration has for the same client at the same issuer, or a new one.
func (p *parts) mintProviders() error {
	for _, provider := range p.site.Providers {
		identity, err := p.withID(provider)
		if err != nil {
			return fmt.Errorf("site file: %w", err)
		}
		p.identity = identity
	}
	return nil
}

func (p *parts) withID(provider sitefile.Provider) (mas.Identity, error) {
	if id := p.adoptedID(provider); id != "" {
		return p.identity.WithProviderID(provider.Name, id)
	}
	return p.identity.WithProvider(provider.Name, rand.Reader)
}

// renamed warns about a provider that gets a new id while a known name is not used any
// more: if it is the same provider, its users would lose their links.
func (p *parts) renamed() maskit.Problems {
	unused := maps.Clone(p.stored.identity.Providers)
	for _, provider := range p.site.Providers {
		delete(unused, provider.Name)
	}
	var problems maskit.Problems
	for i, provider := range p.site.Providers {
		if _, known := p.stored.identity.Providers[provider.Name]; known || len(unused) == 0 {
			continue
		}
		problems = append(problems, maskit.Problem{
			Path: fmt.Sprintf("providers[%d].name", i), Code: "provider-renamed", Severity: maskit.SeverityWarning,
			Message: fmt.Sprintf("%s is new and gets an id of its own, and nothing uses %s any more: of a renamed provider all links would be orphaned",
				provider.Name, strings.Join(slices.Sorted(maps.Keys(unused)), ", ")),
			Hint: "keep the old name if it is the same provider",
		})
	}
	return problems
}

// adoptedID finds the provider in the adopted configuration, whatever its name.
func (p *parts) adoptedID(provider sitefile.Provider) maskit.ULID {
	if p.adopted == nil || p.adopted.UpstreamOAuth2 == nil {
		return ""
	}
	entry, _ := provider.Provider.Entry(upstream.Env{Site: p.site.Site}) // problems are reported with the real id
	for _, old := range p.adopted.UpstreamOAuth2.Providers {
		if old.SameRegistration(entry) {
			return old.ID
		}
	}
	return ""
}

func (p *parts) env(provider sitefile.Provider) upstream.Env {
	return upstream.Env{Site: p.site.Site, ID: p.identity.Providers[provider.Name], MASVersion: p.site.Versions.MAS}
}

func (p *parts) buildConfig() maskit.Problems {
	builder := p.site.Builder(p.identity)
	var problems maskit.Problems
	for i, provider := range p.site.Providers {
		env := p.env(provider)
		entry, found := provider.Provider.Entry(env)
		if found.Err() == nil {
			builder.Upstream(entry)
			found = append(found, p.addRealm(provider, env, found)...)
			p.entries = append(p.entries, i)
		}
		problems = append(problems, sitefile.Below(fmt.Sprintf("providers[%d]", i), found)...)
		p.register = append(p.register, registration{provider.Name, upstream.SetupSteps(provider.Provider, env)})
	}
	if p.site.Load != nil {
		sizing, found := scale.For(*p.site.Load)
		problems = append(problems, sitefile.Below("load", found)...)
		servers, workers, pool := sizing.Capacity()
		builder.Capacity(mas.Capacity{Servers: servers, Workers: workers, PoolSize: pool})
	}
	config, found := builder.Build()
	p.config = config
	return append(problems, found...)
}

func (p *parts) render() maskit.Problems {
	rendered, problems := mas.Render(p.config, mas.RenderOptions{
		Layout:     p.settings.layout,
		MASVersion: p.site.Versions.MAS,
		Mount:      mount,
	})
	p.rendered = rendered
	return problems
}

// atProviders fills in where the providers stand in the site file that entries of the
// configuration were made from.
func (p *parts) atProviders(problems maskit.Problems) maskit.Problems {
	for i, problem := range problems {
		rest, ok := strings.CutPrefix(problem.Path, "upstream_oauth2.providers[")
		number, key, _ := strings.Cut(rest, "]")
		n, err := strconv.Atoi(number)
		if ok && err == nil && n < len(p.entries) && problem.Pos.IsZero() {
			problems[i].Pos = p.site.Position(fmt.Sprintf("providers[%d]%s", p.entries[n], key))
		}
	}
	return problems
}

// blamed moves the problems of versions that were given by flags to the flags.
func (s settings) blamed(problems maskit.Problems) maskit.Problems {
	for i, p := range problems {
		switch {
		case p.Path == "versions.mas" && !s.mas.IsZero():
			problems[i].Path, problems[i].Pos = "-mas-version", maskit.Pos{}
		case p.Path == "versions.synapse" && !s.synapse.IsZero():
			problems[i].Path, problems[i].Pos = "-synapse-version", maskit.Pos{}
		}
	}
	return problems
}

func (p *parts) patch(files []synapse.File) maskit.Problems {
	patched, problems := synapse.Delegate{
		Site:           p.site.Site,
		SecretPath:     p.site.Synapse.SecretPath,
		MASVersion:     p.site.Versions.MAS,
		SynapseVersion: p.site.Versions.Synapse,
	}.Patch(files)
	p.patched = patched
	return problems
}

// once drops what two parts found alike, and what is a consequence of a mistake in
// the file that is known already.
func once(problems, known maskit.Problems) maskit.Problems {
	type finding struct{ path, code string }
	seen := map[finding]bool{}
	misread := map[string]bool{}
	for _, p := range known.Only(maskit.SeverityError) {
		misread[strings.TrimSuffix(p.Path, "_file")] = true
	}
	var out maskit.Problems
	for _, p := range problems {
		key := finding{p.Path, p.Code}
		if !seen[key] && (p.Severity != maskit.SeverityError || !misread[p.Path]) {
			out = append(out, p)
		}
		seen[key] = true
	}
	return out
}
