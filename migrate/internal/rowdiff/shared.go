package rowdiff

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"
)

// sharedSQL selects the groups of users for whom joined rows do not say everything: two
// sessions of one device, each with one of its tokens, look like one session with both,
// and a session with two tokens that have no device looks like two sessions.
func sharedSQL() string {
	return `SELECT DISTINCT ` + groupSQL(`coalesce(u.username, '')`) + ` FROM (
			SELECT user_id FROM compat_sessions WHERE device_id IS NOT NULL GROUP BY user_id, device_id HAVING count(*) > 1
		UNION ALL
			SELECT min(s.user_id::text)::uuid FROM compat_sessions s JOIN compat_access_tokens t USING (compat_session_id)
			WHERE s.device_id IS NULL GROUP BY compat_session_id HAVING count(*) > 1
		) d LEFT JOIN users u USING (user_id)`
}

// shared returns the groups of users whose sessions have to be read one by one,
// whatever the sums say.
func (c *comparison) shared(ctx context.Context) ([]int, error) {
	rows, _ := c.mas.keeper.Query(ctx, sharedSQL()) // the error is that of CollectRows, too
	found, err := pgx.CollectRows(rows, pgx.RowTo[int])
	if err != nil {
		return nil, fmt.Errorf("%s: look for devices with several sessions: %w", c.mas.name, err)
	}
	return found, nil
}
