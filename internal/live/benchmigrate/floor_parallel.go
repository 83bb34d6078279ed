package main

import (
	"context"
	"fmt"
	"sync"
)

// parallel works through the tasks in order, on several sessions.
func (b *bench) parallel(ctx context.Context, database string, tasks []task) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	queue := make(chan task, len(tasks))
	for _, t := range tasks {
		queue <- t
	}
	close(queue)
	var all sync.WaitGroup
	for range builders {
		all.Go(func() {
			if err := b.workOff(ctx, database, queue); err != nil {
				cancel(err)
			}
		})
	}
	all.Wait()
	return context.Cause(ctx)
}

func (b *bench) workOff(ctx context.Context, database string, queue <-chan task) error {
	conn, err := b.cluster.connect(ctx, database)
	if err != nil {
		return err
	}
	defer func() { _ = conn.Close(context.WithoutCancel(ctx)) }()
	if _, err := conn.Exec(ctx, "SET synchronous_commit = off; SET maintenance_work_mem = '256MB'; SET max_parallel_maintenance_workers = 0"); err != nil {
		return err
	}
	for t := range queue {
		if err := t(ctx, conn); err != nil {
			return err
		}
	}
	return nil
}

// definitions are the statements that take all indexes and constraints from MAS's
// tables and bring them back.
type definitions struct{ drop, indexes, attach, validate []string }

func (b *bench) definitions(ctx context.Context, mas string) (definitions, error) {
	var d definitions
	conn, err := b.cluster.connect(ctx, mas)
	if err != nil {
		return d, err
	}
	defer func() { _ = conn.Close(context.WithoutCancel(ctx)) }()
	const tables = `(SELECT oid FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relname IN ('users', 'user_passwords', 'user_emails',
		'user_unsupported_third_party_ids', 'upstream_oauth_links', 'compat_sessions', 'compat_access_tokens', 'compat_refresh_tokens'))`
	for _, list := range []struct {
		into  *[]string
		query string
	}{
		// Foreign keys go first and come last. The trigram indexes are the dearest.
		{&d.drop, `SELECT format('ALTER TABLE %s DROP CONSTRAINT %I', conrelid::regclass, conname) FROM pg_constraint
			WHERE contype IN ('p', 'u', 'f') AND (conrelid IN ` + tables + ` OR confrelid IN ` + tables + `) ORDER BY contype = 'f' DESC`},
		{&d.drop, `SELECT format('DROP INDEX %s', indexrelid::regclass) FROM pg_index i WHERE indrelid IN ` + tables + ` AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = i.indexrelid)`},
		{&d.indexes, `SELECT pg_get_indexdef(indexrelid) FROM pg_index WHERE indrelid IN ` + tables + `
			ORDER BY pg_get_indexdef(indexrelid) LIKE '%username gin%' DESC, indrelid IN ('compat_sessions'::regclass, 'compat_access_tokens'::regclass, 'users'::regclass) DESC`},
		{&d.attach, `SELECT format('ALTER TABLE %s ADD CONSTRAINT %I %s USING INDEX %I', conrelid::regclass, conname,
			CASE contype WHEN 'p' THEN 'PRIMARY KEY' ELSE 'UNIQUE' END, conname) FROM pg_constraint WHERE contype IN ('p', 'u') AND conrelid IN ` + tables},
		{&d.attach, `SELECT format('ALTER TABLE %s ADD CONSTRAINT %I %s NOT VALID', conrelid::regclass, conname, pg_get_constraintdef(oid)) FROM pg_constraint
			WHERE contype = 'f' AND (conrelid IN ` + tables + ` OR confrelid IN ` + tables + `)`},
		{&d.validate, `SELECT string_agg(format('ALTER TABLE %s VALIDATE CONSTRAINT %I', conrelid::regclass, conname), ';') FROM pg_constraint
			WHERE contype = 'f' AND (conrelid IN ` + tables + ` OR confrelid IN ` + tables + `) GROUP BY conrelid ORDER BY pg_relation_size(conrelid) DESC`},
	} {
		rows, err := conn.Query(ctx, list.query)
		if err != nil {
			return d, err
		}
		for rows.Next() {
			var statement string
			if err := rows.Scan(&statement); err != nil {
				return d, err
			}
			*list.into = append(*list.into, statement)
		}
		if err := rows.Err(); err != nil {
			return d, fmt.Errorf("read the definitions: %w", err)
		}
	}
	return d, nil
}
