package native

import (
	"context"
	"fmt"
	"slices"

	"github.com/jackc/pgx/v5"
)

// userRange is a part of the users: those from one id on (empty: from the first) to
// another, which is the next range's (empty: to the last).
type userRange struct{ from, to string }

// users selects what of a table belongs to the users of a range, or to those of a list.
type users struct {
	userRange
	// names are the only ones; nil for all of the range.
	names []string
}

// selection is the query for a table.
func (u users) selection(q tableQuery, collate string) selection {
	key := q.key + collate
	where, params := "", [][]byte{}
	add := func(condition, param string) {
		if where != "" {
			where += " AND "
		}
		params = append(params, []byte(param))
		where += fmt.Sprintf(condition, len(params))
	}
	if u.from != "" {
		add(key+" >= $%d", u.from)
	}
	if u.to != "" {
		add(key+" < $%d", u.to)
	}
	if u.names != nil {
		add(q.key+" = ANY ($%d::text[])", textArray(u.names))
	}
	if where == "" {
		where = q.key + " IS NOT NULL"
	}
	return selection{sql: "SELECT " + q.columns + " FROM " + q.table + " WHERE " + where + " ORDER BY " + key, params: params}
}

// textArray writes an array of texts as PostgreSQL reads it.
func textArray(texts []string) string {
	array := []byte{'{'}
	for i, text := range texts {
		if i > 0 {
			array = append(array, ',')
		}
		array = append(array, '"')
		for j := range len(text) {
			if text[j] == '"' || text[j] == '\\' {
				array = append(array, '\\')
			}
			array = append(array, text[j])
		}
		array = append(array, '"')
	}
	return string(append(array, '}'))
}

// ranges splits the users into as many ranges of about the same size, by what
// PostgreSQL's statistics know; into one if they know nothing.
func ranges(ctx context.Context, tx pgx.Tx, parts int) ([]userRange, error) {
	const sql = `SELECT s.histogram_bounds::text::text[] FROM pg_stats s
		JOIN pg_class c ON c.relname = s.tablename JOIN pg_namespace n ON n.oid = c.relnamespace AND n.nspname = s.schemaname
		WHERE c.oid = 'users'::regclass AND s.attname = 'name' AND s.histogram_bounds IS NOT NULL`
	rows, err := tx.Query(ctx, sql)
	if err != nil {
		return nil, err
	}
	bounds, err := pgx.CollectRows(rows, pgx.RowTo[[]string])
	if err != nil || len(bounds) == 0 {
		return []userRange{{}}, err
	}
	return split(bounds[0], parts), nil
}

// split cuts at bounds that have the same number of bounds between them.
func split(bounds []string, parts int) []userRange {
	bounds = slices.Compact(slices.Sorted(slices.Values(bounds)))
	parts = max(1, min(parts, len(bounds)-1))
	list := make([]userRange, parts)
	for i := 1; i < parts; i++ {
		at := bounds[i*(len(bounds)-1)/parts]
		list[i-1].to, list[i].from = at, at
	}
	return list
}
