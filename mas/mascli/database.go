package mascli

import "context"

// DatabaseMigrate applies the pending migrations of MAS's schema. It may run beside
// servers and beside itself; it waits for others that migrate.
func (c CLI) DatabaseMigrate(ctx context.Context) error {
	_, err := c.simple(ctx, "database", "migrate")
	return err
}
