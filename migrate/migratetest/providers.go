package migratetest

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/oklog/ulid/v2"

	"github.com/maskit-dev/maskit"
)

// Provider is an identity provider, as the two sides know it.
type Provider struct {
	// SynapseID is user_external_ids.auth_provider, and synapse_idp_id in MAS: "oidc-keycloak".
	SynapseID string
	// ID is the id in MAS.
	ID maskit.ULID
	// Issuer is who answers. Nobody does: the address is under "example".
	Issuer string
	// NotInMAS says that only Synapse has it; Disabled that MAS has it and does not show it.
	NotInMAS, Disabled bool
}

// Keycloak and GitLab are the providers of generated links. [NewSite] has both.
func Keycloak() Provider {
	return Provider{SynapseID: "oidc-keycloak", ID: "01J4Z0KEYC0AKAAAAAAAAAAAAA", Issuer: "https://id.corp.example/realms/staff"}
}

// GitLab is the second provider of generated links, see [Keycloak].
func GitLab() Provider {
	return Provider{SynapseID: "oidc-gitlab", ID: "01J4Z0G1T1ABAAAAAAAAAAAAAA", Issuer: "https://gitlab.corp.example"}
}

// InsertProviders enters the providers that MAS shows into its database, as "mas-cli
// config sync" does in essence. What is there already stays.
func InsertProviders(ctx context.Context, mas *pgx.Conn, providers ...Provider) error {
	for _, p := range providers {
		if p.NotInMAS || p.Disabled {
			continue
		}
		id, err := ulid.ParseStrict(string(p.ID))
		if err != nil {
			return fmt.Errorf("migratetest: provider %s: %w", p.SynapseID, err)
		}
		_, err = mas.Exec(ctx, `INSERT INTO upstream_oauth_providers
			(upstream_oauth_provider_id, issuer, scope, client_id, token_endpoint_auth_method, created_at)
			VALUES ($1, $2, 'openid', 'mas', 'none', now()) ON CONFLICT DO NOTHING`, [16]byte(id), p.Issuer)
		if err != nil {
			return fmt.Errorf("migratetest: provider %s: %w", p.SynapseID, err)
		}
	}
	return nil
}

// DisableProvider does what "mas-cli config sync" does to a provider that is no longer
// in the configuration, or is not enabled there.
func DisableProvider(ctx context.Context, mas *pgx.Conn, p Provider) error {
	id, err := ulid.ParseStrict(string(p.ID))
	if err == nil {
		_, err = mas.Exec(ctx, "UPDATE upstream_oauth_providers SET disabled_at = now() WHERE upstream_oauth_provider_id = $1", [16]byte(id))
	}
	if err != nil {
		return fmt.Errorf("migratetest: disable provider %s: %w", p.SynapseID, err)
	}
	return nil
}
