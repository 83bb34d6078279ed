package native

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"

	"github.com/maskit-dev/maskit/migrate"
	"github.com/maskit-dev/maskit/migrate/internal/masdb"
)

// swap puts the tables aside in the place of MAS's, in one transaction of the session
// that has the lock.
func (r *run) swap(ctx context.Context) error {
	defer r.timed(migrate.StageSwitch, "")()
	err := pgx.BeginFunc(ctx, r.conn, func(tx pgx.Tx) error {
		keys, err := r.lockTables(ctx, tx)
		if err != nil {
			return err
		}
		if err := r.unchanged(ctx, tx); err != nil {
			return err
		}
		if err := r.replace(ctx, tx, keys); err != nil {
			return err
		}
		return r.same(ctx, tx)
	})
	if err != nil {
		return fmt.Errorf("native: put the new tables in the place of MAS's: %w", err)
	}
	r.done(migrate.StageSwitch)
	return nil
}

// lockTables keeps all others away from MAS's tables, and those that foreign keys join
// with them, and returns the keys. The order is that of names: whoever does the same waits.
func (r *run) lockTables(ctx context.Context, tx pgx.Tx) ([]foreignKey, error) {
	// Durable, whatever the role's default is: what the other sessions committed depends on it.
	if err := execAll(ctx, tx, []string{"SET LOCAL synchronous_commit = on", "SET LOCAL search_path = " + pgx.Identifier{r.schema}.Sanitize()}); err != nil {
		return nil, err
	}
	keys, err := collect[foreignKey](ctx, tx, selectKeys, masdb.Tables())
	if err != nil {
		return nil, err
	}
	var names []string
	for _, table := range masdb.Tables() {
		names = append(names, r.live(table))
	}
	for _, key := range keys {
		if !key.ChildInside {
			names = append(names, key.Child)
		}
	}
	slices.Sort(names)
	_, err = tx.Exec(ctx, "LOCK TABLE "+strings.Join(slices.Compact(names), ", ")+" IN ACCESS EXCLUSIVE MODE")
	if err != nil {
		return nil, r.blocked(ctx, err)
	}
	return collect[foreignKey](ctx, tx, selectKeys, masdb.Tables())
}

// unchanged looks whether MAS's tables are still those that were copied, and empty.
func (r *run) unchanged(ctx context.Context, tx pgx.Tx) error {
	table, rows, err := masdb.NonEmpty(ctx, tx)
	if err != nil {
		return err
	}
	if table != "" {
		f := notEmpty(table, rows)
		r.report.Findings = append(r.report.Findings, f)
		return migrate.Findings{f}.Err()
	}
	return r.same(ctx, tx)
}

// same compares the definitions with those of before.
func (r *run) same(ctx context.Context, tx pgx.Tx) error {
	now, err := masdb.Capture(ctx, tx)
	if err != nil {
		return err
	}
	if lines := r.before.Difference(now); len(lines) > 0 {
		return fmt.Errorf("%w: %s", errChanged, strings.Join(lines, "; "))
	}
	return nil
}

// replace drops MAS's empty tables and moves the others to their place.
func (r *run) replace(ctx context.Context, tx pgx.Tx, keys []foreignKey) error {
	properties, err := r.properties(ctx, tx)
	if err != nil {
		return err
	}
	var statements, old []string
	for _, key := range keys {
		if !key.ChildInside {
			statements = append(statements, "ALTER TABLE "+key.Child+" DROP CONSTRAINT "+pgx.Identifier{key.Name}.Sanitize())
		}
	}
	for _, table := range masdb.Tables() {
		old = append(old, r.live(table))
	}
	statements = append(statements, "DROP TABLE "+strings.Join(old, ", "))
	for _, table := range masdb.Tables() {
		statements = append(statements, "ALTER TABLE "+r.aside(table)+" SET SCHEMA "+pgx.Identifier{r.schema}.Sanitize())
	}
	statements = append(statements, "DROP SCHEMA "+masdb.SideSchema)
	for _, key := range keys {
		if !key.inner() {
			statements = append(statements, key.add(false))
		}
		if key.Comment != nil {
			statements = append(statements, fmt.Sprintf("COMMENT ON CONSTRAINT %s ON %s IS %s", pgx.Identifier{key.Name}.Sanitize(), key.Child, literal(*key.Comment)))
		}
	}
	if err := execAll(ctx, tx, statements); err != nil {
		return err
	}
	return execAll(ctx, tx, properties)
}

func execAll(ctx context.Context, tx pgx.Tx, statements []string) error {
	for _, statement := range statements {
		if _, err := tx.Exec(ctx, statement); err != nil {
			return fmt.Errorf("%s: %w", statement, err)
		}
	}
	return nil
}

func literal(text string) string {
	return "E'" + strings.NewReplacer(`\`, `\\`, `'`, `\'`).Replace(text) + "'"
}
