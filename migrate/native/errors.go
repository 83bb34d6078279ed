package native

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"github.com/maskit-dev/maskit/migrate/internal/masdb"
)

// errChanged says that somebody changed MAS's tables while the engine worked, or that
// it would leave them otherwise than it found them.
var errChanged = errors.New("the definitions of MAS's tables are not what they were at the start")

// blocked adds to a lock timeout who is connected to MAS's database.
func (r *run) blocked(ctx context.Context, err error) error {
	const lockNotAvailable = "55P03"
	pgErr, ok := errors.AsType[*pgconn.PgError](err)
	if !ok || pgErr.Code != lockNotAvailable {
		return err
	}
	// The session of the transaction cannot ask any more.
	conn, connectErr := pgx.ConnectConfig(ctx, r.target.Copy())
	if connectErr != nil {
		return err
	}
	defer closeConn(ctx, conn)
	sessions, listErr := masdb.Sessions(ctx, conn, r.target.RuntimeParams["application_name"])
	if listErr != nil || len(sessions) == 0 {
		return err
	}
	var who []string
	for _, session := range sessions {
		who = append(who, session.String())
	}
	return fmt.Errorf("MAS's tables are in use: stop MAS, and whatever else is connected: %s: %w", strings.Join(who, ", "), err)
}
