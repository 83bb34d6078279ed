// Package all knows every kind of identity provider that this module has a package for:
//
//	registry := all.Registry()
//	file, problems := registry.Decode("provider.yaml", data) // kind: keycloak, …
//	if err := problems.Err(); err != nil {
//		return err
//	}
//	entry, problems := file.Provider.Entry(env)
//
// It is for programs that read providers from files. Those that know their provider when
// they are compiled import its package alone.
//
// # Errors
//
// See [upstream.Registry].
//
// # What it does not do
//
// It registers nothing anywhere: each call of [Registry] returns a value of its own, to
// which a program adds kinds of its own.
package all

import (
	"github.com/maskit-dev/maskit/upstream"
	"github.com/maskit-dev/maskit/upstream/adfs"
	"github.com/maskit-dev/maskit/upstream/apple"
	"github.com/maskit-dev/maskit/upstream/auth0"
	"github.com/maskit-dev/maskit/upstream/authelia"
	"github.com/maskit-dev/maskit/upstream/authentik"
	"github.com/maskit-dev/maskit/upstream/cognito"
	"github.com/maskit-dev/maskit/upstream/dex"
	"github.com/maskit-dev/maskit/upstream/discord"
	"github.com/maskit-dev/maskit/upstream/entra"
	"github.com/maskit-dev/maskit/upstream/facebook"
	"github.com/maskit-dev/maskit/upstream/github"
	"github.com/maskit-dev/maskit/upstream/gitlab"
	"github.com/maskit-dev/maskit/upstream/google"
	"github.com/maskit-dev/maskit/upstream/jumpcloud"
	"github.com/maskit-dev/maskit/upstream/kanidm"
	upkc "github.com/maskit-dev/maskit/upstream/keycloak"
	"github.com/maskit-dev/maskit/upstream/oidc"
	"github.com/maskit-dev/maskit/upstream/okta"
	"github.com/maskit-dev/maskit/upstream/onelogin"
	"github.com/maskit-dev/maskit/upstream/ory"
	"github.com/maskit-dev/maskit/upstream/pingfederate"
	"github.com/maskit-dev/maskit/upstream/pingone"
	"github.com/maskit-dev/maskit/upstream/rauthy"
	"github.com/maskit-dev/maskit/upstream/shibboleth"
	"github.com/maskit-dev/maskit/upstream/zitadel"
)

// Registry returns a registry that has every kind of this module.
func Registry() upstream.Registry {
	var registry upstream.Registry
	for _, provider := range providers() {
		// The kinds differ, and none is taken: a test asks for each.
		_ = registry.Add(provider.Kind(), func() upstream.Provider { return provider })
	}
	return registry
}

// providers has one provider of each kind, with nothing set. They are values, not pointers:
// nobody can write to them.
func providers() []upstream.Provider {
	return []upstream.Provider{
		adfs.Config{},
		apple.Config{},
		auth0.Config{},
		authelia.Config{},
		authentik.Config{},
		cognito.Config{},
		dex.Config{},
		discord.Config{},
		entra.Config{},
		facebook.Config{},
		github.Config{},
		gitlab.Config{},
		google.Config{},
		jumpcloud.Config{},
		kanidm.Config{},
		upkc.Config{},
		oidc.Config{},
		okta.Config{},
		onelogin.Config{},
		ory.Config{},
		pingfederate.Config{},
		pingone.Config{},
		rauthy.Config{},
		shibboleth.Config{},
		zitadel.Config{},
	}
}
