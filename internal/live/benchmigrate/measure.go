package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/maskit-dev/maskit/migrate/migratetest"
)

// bench is one homeserver, and an empty database of MAS.
type bench struct {
	cluster      *cluster
	users        int
	synapse, mas string
	dir          string
	// rows is how many MAS gets.
	rows int64
}

// prepare makes the databases.
func prepare(ctx context.Context, c *cluster, s schemas, users int, out io.Writer) (*bench, error) {
	dir, err := os.MkdirTemp("", "maskit-bench-")
	if err != nil {
		return nil, err
	}
	b := &bench{cluster: c, users: users, synapse: fmt.Sprintf("synapse_%d", users), mas: fmt.Sprintf("mas_%d", users), dir: dir}
	for name, dump := range map[string][]byte{b.synapse: s.synapse, b.mas: s.mas} {
		if err := c.restore(ctx, name, dump); err != nil {
			return nil, err
		}
	}
	started := time.Now()
	if err := b.fill(ctx); err != nil {
		return nil, err
	}
	size, err := c.text(ctx, b.synapse, "SELECT pg_size_pretty(pg_database_size(current_database()))")
	if err != nil {
		return nil, err
	}
	_, _ = fmt.Fprintf(out, "\n%d users, %d rows of MAS; Synapse's database: %s, made in %.0f s\n", users, b.rows, size, time.Since(started).Seconds())
	_, _ = fmt.Fprintf(out, "load average before: %s\n", load())
	return b, nil
}

func (b *bench) fill(ctx context.Context) error {
	synapse, err := b.cluster.connect(ctx, b.synapse)
	if err != nil {
		return err
	}
	defer func() { _ = synapse.Close(context.WithoutCancel(ctx)) }()
	counts, err := migratetest.Generate(ctx, synapse, migratetest.Spec{Users: b.users, Seed: 1})
	if err != nil {
		return err
	}
	for _, n := range counts.MAS {
		b.rows += n
	}
	mas, err := b.cluster.connect(ctx, b.mas)
	if err != nil {
		return err
	}
	defer func() { _ = mas.Close(context.WithoutCancel(ctx)) }()
	return migratetest.InsertProviders(ctx, mas, migratetest.Keycloak(), migratetest.GitLab())
}

// measureAll prints a table as its lines become known.
func (b *bench) measureAll(ctx context.Context, o options, out io.Writer) error {
	defer b.remove(ctx)
	var t table
	for range o.runs {
		if err := b.measure(ctx, o, &t); err != nil {
			return err
		}
	}
	_, _ = fmt.Fprintf(out, "load average after: %s\n", load())
	t.print(out, b.rows)
	return nil
}

// measure runs each side once.
func (b *bench) measure(ctx context.Context, o options, t *table) error {
	if _, err := findMASCLI(); err == nil && o.official {
		if err := b.fresh(ctx, "official", func(mas string) error {
			run, err := b.official(ctx, mas)
			if err != nil {
				return err
			}
			t.addOfficial(run)
			return b.sameSchema(ctx, mas)
		}); err != nil {
			return err
		}
	}
	if err := b.fresh(ctx, "native", func(mas string) error {
		run, err := b.native(ctx, childRun, mas)
		if err != nil {
			return err
		}
		verify, err := b.native(ctx, childVerify, mas)
		if err != nil {
			return err
		}
		t.addNative(run, verify)
		if err := b.sameSchema(ctx, mas); err != nil {
			return err
		}
		return b.dump(ctx, mas)
	}); err != nil {
		return err
	}
	return b.fresh(ctx, "floor", func(mas string) error {
		run, err := b.floor(ctx, mas)
		if err != nil {
			return err
		}
		t.addFloor(run)
		return nil
	})
}

// fresh lends a copy of MAS's empty database. Before that Synapse's tables are read
// once, so that nobody finds them cold, and a checkpoint is made.
func (b *bench) fresh(ctx context.Context, name string, work func(mas string) error) error {
	mas := b.mas + "_" + name
	if err := b.cluster.exec(ctx, "postgres", "DROP DATABASE IF EXISTS "+mas, "CREATE DATABASE "+mas+" TEMPLATE "+b.mas); err != nil {
		return err
	}
	if err := b.cluster.exec(ctx, b.synapse, "SELECT count(u), (SELECT count(d) FROM devices d), (SELECT count(a) FROM access_tokens a) FROM users u", "CHECKPOINT"); err != nil {
		return err
	}
	if err := work(mas); err != nil {
		return err
	}
	return b.cluster.exec(ctx, "postgres", "DROP DATABASE "+mas)
}

func (b *bench) remove(ctx context.Context) {
	_ = os.RemoveAll(b.dir)
	ctx = context.WithoutCancel(ctx)
	for _, name := range []string{b.synapse, b.mas} {
		_ = b.cluster.exec(ctx, "postgres", "DROP DATABASE IF EXISTS "+name+" WITH (FORCE)")
	}
}
