package main

import (
	"context"
	"crypto/rand"
	"fmt"
	"net/http"
	"net/url"
	"path"
	"slices"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/examples/internal/sitefile"
	"github.com/maskit-dev/maskit/internal/atomicfile"
	"github.com/maskit-dev/maskit/keycloak"
	"github.com/maskit-dev/maskit/keycloak/keycloaktest"
	"github.com/maskit-dev/maskit/keycloak/masclient"
	"github.com/maskit-dev/maskit/upstream"
	upkc "github.com/maskit-dev/maskit/upstream/keycloak"
)

// realm is what the realm of a provider must be like: a spec for examples/keycloak.
type realm struct {
	provider string
	url      string
	spec     keycloak.Spec
	plan     *keycloak.Plan // for a realm that has nothing of it yet
}

// addRealm notes the realm of a provider that is a Keycloak. Where masclient cannot set it
// up, the steps to register it by hand remain, and a warning says why; found is what has
// been reported of the provider.
func (p *parts) addRealm(provider sitefile.Provider, env upstream.Env, found maskit.Problems) maskit.Problems {
	config, ok := provider.Provider.(upkc.Config)
	if !ok {
		return nil
	}
	spec, problems := masclient.Spec(env, config)
	if problems.Err() == nil {
		p.realms = append(p.realms, realm{provider: provider.Name, url: config.BaseURL, spec: spec})
	}
	var more maskit.Problems
	for _, problem := range problems {
		if problem.Severity == maskit.SeverityError {
			problem.Severity = maskit.SeverityWarning // MAS works with it
		}
		if !slices.Contains(found, problem) {
			more = append(more, problem)
		}
	}
	return more
}

// file is the name in the bundle, whatever the provider is called.
func (r realm) file() string { return "keycloak/" + url.PathEscape(r.provider) + ".yaml" }

// command shows what would have to be done at Keycloak.
func (r realm) command(out string) string {
	return fmt.Sprintf("go run ./examples/keycloak -spec %s -url %s -client-id … -client-secret-file … plan", path.Join(out, r.file()), r.url)
}

func (p parts) planRealms(ctx context.Context) (err error) {
	for i, r := range p.realms {
		if p.realms[i].plan, err = r.planInMemory(ctx); err != nil {
			return fmt.Errorf("provider %s: %w", r.provider, err)
		}
	}
	return nil
}

// planInMemory shows what would be done in a realm that was made a moment ago.
func (r realm) planInMemory(ctx context.Context) (*keycloak.Plan, error) {
	password := maskit.NewSecret(rand.Text())
	server := keycloaktest.New(keycloaktest.Options{AdminPassword: password})
	if err := server.Admin(ctx, http.MethodPost, "/realms", map[string]any{"realm": r.spec.Realm.Name, "enabled": true}, nil); err != nil {
		return nil, err
	}
	p, err := keycloak.New(keycloak.Config{
		AdminURL: "http://keycloak.test", Auth: keycloak.AdminPassword{User: "admin", Password: password}, HTTPClient: &http.Client{Transport: server},
	})
	if err != nil {
		return nil, err
	}
	return p.Plan(ctx, r.spec)
}

func (p parts) realmFiles() ([]atomicfile.File, error) {
	var files []atomicfile.File
	for _, r := range p.realms {
		text, err := r.spec.YAML()
		if err != nil {
			return nil, fmt.Errorf("provider %s: %w", r.provider, err)
		}
		head := "# Keycloak's side of the provider " + r.provider + ", instead of registering it by hand. Name the file with the\n" +
			"# secret of the client as client.secret_file, unless Keycloak shall make a new one.\n"
		files = append(files, atomicfile.File{Name: r.file(), Data: append([]byte(head), text...), Mode: public})
	}
	return files, nil
}
