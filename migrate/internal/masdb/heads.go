package masdb

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

// Head identifies a version of MAS's schema: the newest migration that was applied,
// and how many there are. Some releases share the newest.
type Head struct {
	Version int64
	Count   int
}

// Support says what is known of a schema.
type Support int

const (
	// Unknown is a schema of no release that was looked at: it may be newer.
	Unknown Support = iota
	// Compatible has the right shape, but its release (0.15 to 0.19) is not supported.
	Compatible
	// Supported is that of MAS 0.20 to 1.22.
	Supported
)

// Release is the versions of MAS that have a schema.
type Release struct {
	Head
	// Name is "1.22" or "1.20 to 1.21".
	Name    string
	Support Support
}

// Releases are those whose migrations were looked at, oldest first (the tags v0.15.0
// to v1.22.0 of github.com/element-hq/matrix-authentication-service).
func Releases() []Release {
	return []Release{
		{Head{20250410174306, 107}, "0.15", Compatible},
		{Head{20250425113717, 109}, "0.16", Compatible},
		{Head{20250602212101, 113}, "0.17 to 0.18", Compatible},
		{Head{20250709142240, 119}, "0.19", Compatible},
		{Head{20250709142240, 120}, "0.20 to 1.2", Supported},
		{Head{20250915092635, 122}, "1.3 to 1.4", Supported},
		{Head{20251023134634, 124}, "1.5 to 1.7", Supported},
		{Head{20251127145951, 126}, "1.8 to 1.9", Supported},
		{Head{20260121112201, 143}, "1.10", Supported},
		{Head{20260123090002, 155}, "1.11 to 1.14", Supported},
		{Head{20260324000001, 156}, "1.15 to 1.18", Supported},
		{Head{20260403144138, 157}, "1.19", Supported},
		{Head{20260623100001, 164}, "1.20 to 1.21", Supported},
		{Head{20260720134722, 167}, "1.22", Supported},
	}
}

// Release is the one that has this schema; its Support is [Unknown] if none has.
func (h Head) Release() Release {
	for _, release := range Releases() {
		if release.Head == h {
			return release
		}
	}
	return Release{Head: h, Name: "unknown"}
}

// ReadHead reads what MAS's migrations left in _sqlx_migrations. The error matches
// [ErrNotMAS] if there is no such table, or a migration of MAS failed half way.
func ReadHead(ctx context.Context, q Querier) (Head, error) {
	var (
		head   Head
		failed int64
	)
	// MAS removed three migrations; databases that once had them still list them.
	err := q.QueryRow(ctx, `SELECT coalesce(max(version) FILTER (WHERE success), 0),
			count(*) FILTER (WHERE success AND version NOT IN (20220709210445, 20230330210841, 20230408110421)),
			coalesce(max(version) FILTER (WHERE NOT success), 0)
		FROM _sqlx_migrations`).Scan(&head.Version, &head.Count, &failed)
	switch {
	case undefinedTable(err):
		return Head{}, fmt.Errorf("masdb: %w: there is no table _sqlx_migrations: run mas-cli database migrate first", ErrNotMAS)
	case err != nil:
		return Head{}, fmt.Errorf("masdb: read the version of MAS's schema: %w", err)
	case failed != 0:
		return Head{}, fmt.Errorf("masdb: %w: its migration %d failed: run mas-cli database migrate", ErrNotMAS, failed)
	case head.Count == 0:
		return Head{}, fmt.Errorf("masdb: %w: it has no tables yet: run mas-cli database migrate first", ErrNotMAS)
	}
	return head, nil
}

func undefinedTable(err error) bool {
	pgErr, ok := errors.AsType[*pgconn.PgError](err)
	return ok && pgErr.Code == "42P01"
}

func collectStrings(rows pgx.Rows) ([]string, error) {
	return pgx.CollectRows(rows, pgx.RowTo[string])
}
