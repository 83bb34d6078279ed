package native

import (
	"bytes"
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"github.com/maskit-dev/maskit"
)

// finished reports whether a run with this key has committed. Then the ids of users in
// MAS are those that the key gives; nobody else can make them, and they all came in
// one transaction. The oldest are looked at, since MAS may have added others.
func finished(ctx context.Context, conn *pgx.Conn, key maskit.Secret) (bool, error) {
	rows, err := conn.Query(ctx, `SELECT user_id, username FROM users ORDER BY user_id LIMIT 100`)
	if err != nil {
		return false, fmt.Errorf("native: read MAS's users: %w", err)
	}
	var (
		ours     bool
		ids      = newIDs(key)
		id       [16]byte
		username []byte
	)
	_, err = pgx.ForEachRow(rows, []any{&id, &username}, func() error {
		made := ids.make(kindUser, 0, username, nil)
		ours = ours || bytes.Equal(made[6:], id[6:]) // before that is the time
		return nil
	})
	if err != nil {
		return false, fmt.Errorf("native: read MAS's users: %w", err)
	}
	return ours, nil
}
