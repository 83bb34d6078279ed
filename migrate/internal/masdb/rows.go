package masdb

import (
	"context"
	"fmt"
)

// NonEmpty returns the first of [Tables] that has rows, and how many; "" if all are
// empty. Counting stops at a million.
func NonEmpty(ctx context.Context, q Querier) (table string, rows int64, err error) {
	schema, err := CurrentSchema(ctx, q)
	if err != nil {
		return "", 0, err
	}
	for _, table := range Tables() {
		count := `SELECT count(*) FROM (SELECT FROM ` + quote(schema, table) + ` LIMIT 1000000) rows`
		if err := q.QueryRow(ctx, count).Scan(&rows); undefinedTable(err) {
			return "", 0, fmt.Errorf("masdb: %w: there is no table %s in schema %s", ErrNotMAS, table, schema)
		} else if err != nil {
			return "", 0, fmt.Errorf("masdb: look for rows in MAS's table %s: %w", table, err)
		}
		if rows > 0 {
			return table, rows, nil
		}
	}
	return "", 0, nil
}
