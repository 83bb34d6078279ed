package masdb

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/oklog/ulid/v2"

	"github.com/maskit-dev/maskit"
)

// Providers are the identity providers that MAS's database has, and whether each is
// enabled: mas-cli config sync writes them, and disables those that are not in the configuration.
func Providers(ctx context.Context, q Querier) (map[maskit.ULID]bool, error) {
	rows, err := q.Query(ctx, `SELECT upstream_oauth_provider_id, disabled_at IS NULL FROM upstream_oauth_providers`)
	if err != nil {
		return nil, fmt.Errorf("masdb: read MAS's identity providers: %w", err)
	}
	providers := map[maskit.ULID]bool{}
	var (
		id      [16]byte
		enabled bool
	)
	_, err = pgx.ForEachRow(rows, []any{&id, &enabled}, func() error {
		providers[maskit.ULID(ulid.ULID(id).String())] = enabled
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("masdb: read MAS's identity providers: %w", err)
	}
	return providers, nil
}
