package native

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/maskit-dev/maskit/migrate"
	"github.com/maskit-dev/maskit/migrate/internal/masdb"
)

// What is written and what is looked for in MAS's tables are the same columns.
func TestColumnsAreThoseOfTheShape(t *testing.T) {
	t.Parallel()
	for _, entity := range migrate.Entities() {
		var written []masdb.Column
		for _, c := range columns(entity) {
			if !c.optional {
				written = append(written, masdb.Column{Name: c.name, Type: c.typ, Nullable: c.nullable})
			}
		}
		require.ElementsMatch(t, masdb.Columns(string(entity)), written, entity)
	}
}
