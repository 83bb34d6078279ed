package migratetest

import (
	"fmt"
	"strings"

	"gopkg.in/yaml.v3"

	"github.com/maskit-dev/maskit/synapse"
)

// homeserver writes Synapse's configuration from before MAS.
func (s SiteSpec) homeserver() ([]synapse.File, error) {
	var providers []any
	for _, p := range s.Providers {
		providers = append(providers, p.synapseEntry())
	}
	data, err := yaml.Marshal(map[string]any{
		"server_name":    s.ServerName,
		"public_baseurl": s.URLs.ClientAPIURL,
		"database": map[string]any{
			"name": "psycopg2",
			"args": map[string]any{"host": s.Synapse.Host, "user": s.Synapse.User, "dbname": s.Synapse.Name},
		},
		"password_config": map[string]any{"pepper": s.Pepper},
		"oidc_providers":  providers,
		"report_stats":    false,
	})
	if err != nil {
		return nil, fmt.Errorf("migratetest: write homeserver.yaml: %w", err)
	}
	return []synapse.File{{Name: "homeserver.yaml", Data: data}}, nil
}

func (p Provider) synapseEntry() map[string]any {
	return map[string]any{
		"idp_id": strings.TrimPrefix(p.SynapseID, "oidc-"), "idp_name": p.SynapseID, "issuer": p.Issuer, "client_id": "synapse", "client_secret": "odd secret",
	}
}
