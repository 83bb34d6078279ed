package synapsedb

import (
	"context"
	"fmt"
)

// Counts is how many rows tables get or have, by name.
type Counts struct {
	// Source counts the rows of the tables of Synapse.
	Source map[string]int64
	// Target counts the rows that the tables of MAS get from them: as a total for
	// progress. It is exact for users and passwords. For the others it is an upper
	// bound that ignores whose the rows are: those of application services' users, and
	// devices and tokens of guests and deactivated users, are in it.
	Target map[string]int64
}

// Count reads each table once.
func Count(ctx context.Context, db Querier) (Counts, error) {
	var users, people, passwords, threepids, emails, links, devices, visible, tokens, migrated, deviceless, refresh int64
	err := db.QueryRow(ctx, `SELECT * FROM
		(SELECT count(*), count(*) FILTER (WHERE appservice_id IS NULL), count(password_hash) FILTER (WHERE appservice_id IS NULL) FROM users) u,
		(SELECT count(*), count(*) FILTER (WHERE medium = 'email') FROM user_threepids) p,
		(SELECT count(*) FROM user_external_ids) e,
		(SELECT count(*), count(*) FILTER (WHERE NOT hidden AND device_id <> 'guest_device') FROM devices) d,
		(SELECT count(*), count(*) FILTER (WHERE puppets_user_id IS NULL),
			count(*) FILTER (WHERE puppets_user_id IS NULL AND refresh_token_id IS NULL AND device_id IS NULL) FROM access_tokens) a,
		(SELECT count(*) FROM refresh_tokens) r`).
		Scan(&users, &people, &passwords, &threepids, &emails, &links, &devices, &visible, &tokens, &migrated, &deviceless, &refresh)
	if err != nil {
		return Counts{}, fmt.Errorf("synapsedb: count the rows of Synapse's tables: %w", err)
	}
	return Counts{
		Source: map[string]int64{
			"users": users, "user_threepids": threepids, "user_external_ids": links,
			"devices": devices, "access_tokens": tokens, "refresh_tokens": refresh,
		},
		Target: map[string]int64{
			"users": people, "user_passwords": passwords, "user_emails": emails,
			"user_unsupported_third_party_ids": threepids - emails, "upstream_oauth_links": links,
			"compat_sessions": visible + deviceless, "compat_access_tokens": migrated, "compat_refresh_tokens": refresh,
		},
	}, nil
}
