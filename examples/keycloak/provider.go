package main

import (
	"fmt"
	"os"
	"slices"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/examples/internal/sitefile"
	"github.com/maskit-dev/maskit/keycloak"
	"github.com/maskit-dev/maskit/keycloak/masclient"
	"github.com/maskit-dev/maskit/mas"
	"github.com/maskit-dev/maskit/upstream"
	upkc "github.com/maskit-dev/maskit/upstream/keycloak"
)

// masProvider is a provider of MAS, in the files of quickstart.
type masProvider struct {
	site, identity, name string
}

const (
	defaultIdentity = "maskit-bundle/identity.yaml"
	defaultProvider = "keycloak"
)

// extend adds to a spec what the provider needs. The problems are those that were found
// when the spec was read: what the provider mends is none.
func (m masProvider) extend(spec keycloak.Spec, read maskit.Problems) (keycloak.Spec, error) {
	env, config, err := m.read()
	if err != nil {
		return spec, err
	}
	before := spec.Validate()
	out, problems := masclient.Extend(spec, env, config)
	if err := problems.Err(); err != nil {
		return spec, fmt.Errorf("provider %s: %w", m.name, err)
	}
	after := out.Validate()
	for _, p := range read {
		bare := p
		bare.Pos = maskit.Pos{}
		if i := slices.Index(after, bare); i >= 0 {
			after[i] = p // it has the line
		} else if !slices.Contains(before, bare) {
			after = append(after, p)
		}
	}
	return out, after.Err()
}

// read reads the provider and the id that MAS has for it.
func (m masProvider) read() (upstream.Env, upkc.Config, error) {
	text, err := os.ReadFile(m.site)
	if err != nil {
		return upstream.Env{}, upkc.Config{}, fmt.Errorf("-site: %w", err)
	}
	file, problems := sitefile.Parse(m.site, text)
	if err := problems.Err(); err != nil {
		return upstream.Env{}, upkc.Config{}, err
	}
	text, err = os.ReadFile(m.identity)
	if err != nil {
		return upstream.Env{}, upkc.Config{}, fmt.Errorf("-identity: %w", err)
	}
	identity, problems := mas.ParseIdentity(m.identity, text)
	if err := problems.Err(); err != nil {
		return upstream.Env{}, upkc.Config{}, err
	}
	i := slices.IndexFunc(file.Providers, func(p sitefile.Provider) bool { return p.Name == m.name })
	if i < 0 || identity.Providers[m.name] == "" {
		return upstream.Env{}, upkc.Config{}, fmt.Errorf("-provider: %q is not in both %s and %s", m.name, m.site, m.identity)
	}
	config, ok := file.Providers[i].Provider.(upkc.Config)
	if !ok {
		return upstream.Env{}, upkc.Config{}, fmt.Errorf("-provider: %q is no Keycloak", m.name)
	}
	return upstream.Env{Site: file.Site, ID: identity.Providers[m.name], MASVersion: file.Versions.MAS}, config, nil
}
