package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/maskit-dev/maskit/migrate"
)

// floor is what no engine can beat by much.
type floor struct{ seconds, copy, indexes, constraints, database float64 }

// builders is how many sessions the floor has.
const builders = 4

// dump writes the rows of a loaded database to files, as COPY reads them.
func (b *bench) dump(ctx context.Context, mas string) error {
	conn, err := b.cluster.connect(ctx, mas)
	if err != nil {
		return err
	}
	defer func() { _ = conn.Close(context.WithoutCancel(ctx)) }()
	for _, table := range migrate.Entities() {
		file, err := os.Create(b.dumpPath(table))
		if err != nil {
			return err
		}
		_, err = conn.PgConn().CopyTo(ctx, file, fmt.Sprintf("COPY %s TO STDOUT (FORMAT binary)", table))
		if closing := file.Close(); err == nil {
			err = closing
		}
		if err != nil {
			return fmt.Errorf("dump %s: %w", table, err)
		}
	}
	return nil
}

func (b *bench) dumpPath(table migrate.Entity) string {
	return filepath.Join(b.dir, string(table)+".copy")
}

// floor loads the dumps into an empty database.
func (b *bench) floor(ctx context.Context, mas string) (floor, error) {
	var f floor
	all, err := b.definitions(ctx, mas)
	if err != nil {
		return f, err
	}
	before, started := b.cluster.cpu(), time.Now()
	steps := []struct {
		seconds *float64
		work    func() error
	}{
		{&f.copy, func() error {
			if err := b.cluster.exec(ctx, mas, all.drop...); err != nil {
				return err
			}
			return b.parallel(ctx, mas, b.copies())
		}},
		{&f.indexes, func() error { return b.parallel(ctx, mas, statements(all.indexes)) }},
		{&f.constraints, func() error {
			if err := b.cluster.exec(ctx, mas, all.attach...); err != nil {
				return err
			}
			return b.parallel(ctx, mas, statements(all.validate))
		}},
	}
	for _, step := range steps {
		begun := time.Now()
		if err := step.work(); err != nil {
			return f, fmt.Errorf("floor: %w", err)
		}
		*step.seconds = time.Since(begun).Seconds()
	}
	f.seconds = time.Since(started).Seconds()
	f.database = b.cluster.cpu() - before
	return f, b.sameSchema(ctx, mas)
}

// sameSchema sees to it that nobody wins by forgetting an index.
func (b *bench) sameSchema(ctx context.Context, mas string) error {
	const query = `SELECT md5(string_agg(line, E'\n' ORDER BY line)) FROM (
		SELECT conrelid::regclass || conname || convalidated || pg_get_constraintdef(oid) FROM pg_constraint WHERE connamespace = 'public'::regnamespace
		UNION ALL SELECT pg_get_indexdef(indexrelid) || indisvalid FROM pg_index JOIN pg_class c ON c.oid = indexrelid WHERE relnamespace = 'public'::regnamespace
	) lines (line)`
	want, err := b.cluster.text(ctx, b.mas, query)
	if err != nil {
		return err
	}
	got, err := b.cluster.text(ctx, mas, query)
	if err != nil {
		return err
	}
	if got != want {
		return errors.New("an index or a constraint is not as it was")
	}
	return nil
}

// task is done on one of several sessions.
type task func(ctx context.Context, conn *pgx.Conn) error

func statements(texts []string) []task {
	tasks := make([]task, 0, len(texts))
	for _, text := range texts {
		tasks = append(tasks, func(ctx context.Context, conn *pgx.Conn) error {
			if _, err := conn.Exec(ctx, text); err != nil {
				return fmt.Errorf("%s: %w", text, err)
			}
			return nil
		})
	}
	return tasks
}

// copies load one table each, in a transaction that has truncated it, so that the rows
// can be frozen.
func (b *bench) copies() []task {
	var tasks []task
	for _, table := range []migrate.Entity{
		migrate.Sessions, migrate.AccessTokens, migrate.Users, migrate.Passwords, migrate.Links, migrate.Emails, migrate.RefreshTokens, migrate.Unsupported,
	} {
		tasks = append(tasks, func(ctx context.Context, conn *pgx.Conn) error {
			file, err := os.Open(b.dumpPath(table))
			if err != nil {
				return err
			}
			defer func() { _ = file.Close() }()
			return pgx.BeginFunc(ctx, conn, func(tx pgx.Tx) error {
				if _, err := tx.Exec(ctx, "TRUNCATE "+string(table)); err != nil {
					return err
				}
				_, err := tx.Conn().PgConn().CopyFrom(ctx, file, fmt.Sprintf("COPY %s FROM STDIN (FORMAT binary, FREEZE)", table))
				return err
			})
		})
	}
	return tasks
}
