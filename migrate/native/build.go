package native

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"github.com/maskit-dev/maskit/migrate"
	"github.com/maskit-dev/maskit/migrate/internal/masdb"
)

// build indexes the tables aside, and makes the constraints among them.
//
// Indexes of all tables are built at once. Then each becomes what it enforces, and the
// foreign keys are declared, which takes no time; then these are validated, one after
// the other for each table, since a validation locks it against the next.
func (r *run) build(ctx context.Context, parts parts, loaded tally) error {
	defer r.timed(migrate.StageBuild, "")()
	conns, err := r.builders(ctx)
	defer func() {
		for _, conn := range conns {
			closeConn(ctx, conn)
		}
	}()
	if err != nil {
		return err
	}
	if err := perform(ctx, conns, r.buildTasks(parts, loaded)); err != nil {
		return err
	}
	r.done(migrate.StageBuild)
	return nil
}

// builders opens sessions.
func (r *run) builders(ctx context.Context) ([]*pgx.Conn, error) {
	var conns []*pgx.Conn
	for range r.engine.Builders {
		conn, err := r.engine.connect(ctx, r.target, r.engine.bulkSettings())
		if err != nil {
			return conns, err
		}
		conns = append(conns, conn)
		if _, err := conn.Exec(ctx, "SET search_path = "+r.path()); err != nil {
			return conns, fmt.Errorf("native: connect to MAS's database: %w", err)
		}
	}
	return conns, nil
}

func (r *run) buildTasks(parts parts, loaded tally) []*task {
	rows := map[string]float64{}
	for i, entity := range migrate.Entities() {
		rows[string(entity)] = float64(loaded.rows[i])
	}
	var all, indexes []*task
	for _, index := range parts.indexes {
		indexes = append(indexes, r.task(index.Name, index.cost(rows[index.Table]), nil, index.create()...))
	}
	declare := r.task("foreign keys", 0, indexes, declareKeys(parts)...)
	all = append(indexes, declare)
	last := map[string]*task{}
	after := func(table string) []*task {
		if last[table] != nil {
			return []*task{last[table]}
		}
		return []*task{declare}
	}
	for _, key := range parts.keys {
		if key.inner() && key.Validated {
			last[key.Child] = r.task(key.Name, rows[key.Child], after(key.Child), "ALTER TABLE "+key.Child+" VALIDATE CONSTRAINT "+pgx.Identifier{key.Name}.Sanitize())
			all = append(all, last[key.Child])
		}
	}
	for _, table := range masdb.Tables() {
		all = append(all, r.task("statistics of "+table, 0, after(table), "ANALYZE "+r.aside(table)))
	}
	return all
}

// declareKeys makes constraints of unique indexes, and the foreign keys among the tables.
func declareKeys(parts parts) []string {
	var statements []string
	for _, x := range parts.indexes {
		if x.Constraint == "" {
			continue
		}
		statements = append(statements, fmt.Sprintf("ALTER TABLE %s ADD CONSTRAINT %s %s USING INDEX %s", pgx.Identifier{x.Table}.Sanitize(),
			pgx.Identifier{x.ConstraintName}.Sanitize(), x.Constraint, pgx.Identifier{x.Name}.Sanitize()))
	}
	for _, key := range parts.keys {
		if key.inner() {
			statements = append(statements, key.add(key.Validated))
		}
	}
	return statements
}

// add declares the key; deferred says that what is there is validated later.
func (k foreignKey) add(deferred bool) string {
	statement := "ALTER TABLE " + k.Child + " ADD CONSTRAINT " + pgx.Identifier{k.Name}.Sanitize() + " " + k.SQL
	if deferred {
		statement += " NOT VALID"
	}
	return statement
}

// create builds the index.
func (x index) create() []string {
	if x.Tablespace == "" {
		return []string{x.SQL}
	}
	return []string{"SET default_tablespace = " + x.Tablespace, x.SQL, "SET default_tablespace = ''"}
}

// cost is a guess in units of one row of a btree over ids.
func (x index) cost(rows float64) float64 {
	switch {
	case x.Method == "gin":
		return 8 * rows
	case x.Text:
		return 3 * rows
	}
	return rows
}

// task is one that executes statements.
func (r *run) task(name string, cost float64, after []*task, statements ...string) *task {
	return &task{name: name, cost: cost, after: after, do: func(ctx context.Context, conn *pgx.Conn) error {
		defer r.timed(migrate.StageBuild, name)()
		for _, statement := range statements {
			if _, err := conn.Exec(ctx, statement); err != nil {
				return fmt.Errorf("native: build %s in MAS's database: %w", name, err)
			}
		}
		r.job.Events(migrate.Event{Stage: migrate.StageBuild, Object: name, Done: true})
		return nil
	}}
}
