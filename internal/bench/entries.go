package main

import (
	"fmt"
	"time"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/mas"
	"github.com/maskit-dev/maskit/upstream"
	"github.com/maskit-dev/maskit/upstream/claims"
	"github.com/maskit-dev/maskit/upstream/oidc"
)

// entries is how many identity providers a large host of deployments has.
const entries = 1000

// manyEntries makes entries of providers, each of which is validated as it is made, and
// writes them as YAML.
func manyEntries() row {
	return row{
		name: fmt.Sprintf("build, validate and render %d entries of identity providers", entries), aim: 50 * time.Millisecond,
		run: func() error {
			list := make([]upstream.Entry, entries)
			for i := range list {
				env := upstream.Env{Site: site(), ID: maskit.ULID(fmt.Sprintf("01J%023d", i))}
				entry, problems := gated(i).Entry(env)
				if err := problems.Err(); err != nil {
					return err
				}
				list[i] = entry
			}
			config := &mas.Config{UpstreamOAuth2: &mas.UpstreamOAuth2{Providers: list}}
			_, problems := mas.Render(config, mas.RenderOptions{Layout: mas.LayoutSingle})
			return problems.Err()
		},
	}
}

// gated is a provider whose groups decide who may log in.
func gated(i int) oidc.Config {
	return oidc.Config{
		Client:     oidc.Client{ID: "matrix-auth", Secret: inline("client"), HumanName: fmt.Sprintf("Provider %d", i)},
		Issuer:     fmt.Sprintf("https://id%d.example.com", i),
		AuthMethod: mas.AuthClientSecretBasic,
		Claims: claims.Rules{
			Require:   claims.Require{Groups: []string{"staff", "partners"}},
			Localpart: claims.Localpart{Action: mas.ImportRequire},
		},
	}
}
