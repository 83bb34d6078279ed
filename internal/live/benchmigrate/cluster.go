package main

import (
	"context"
	"fmt"
	"io"
	"runtime"

	"github.com/jackc/pgx/v5"

	"github.com/maskit-dev/maskit/internal/live/cache"
	"github.com/maskit-dev/maskit/internal/live/install"
	"github.com/maskit-dev/maskit/internal/live/pool"
	"github.com/maskit-dev/maskit/migrate/migratetest"
)

// settings are those of a small dedicated server, durable, with the background work
// that would come at random switched off.
func settings() []string {
	return []string{
		"shared_buffers=1GB", "maintenance_work_mem=512MB", "work_mem=32MB", "max_wal_size=8GB", "checkpoint_timeout=30min",
		"fsync=on", "synchronous_commit=on", "full_page_writes=on", "autovacuum=off", "jit=off",
	}
}

// cluster is the PostgreSQL of this program.
type cluster struct {
	address pool.Address
	stop    func()
}

func startCluster(ctx context.Context) (*cluster, error) {
	address, stop, err := pool.OwnPostgres(ctx, settings()...)
	if err != nil {
		return nil, err
	}
	return &cluster{address: address, stop: stop}, nil
}

func (c *cluster) database(name string) migratetest.Database {
	return migratetest.Database{Host: c.address.Dir, User: c.address.User, Name: name}
}

func (c *cluster) connect(ctx context.Context, name string) (*pgx.Conn, error) {
	return pgx.Connect(ctx, fmt.Sprintf("host=%s user=%s dbname=%s", c.address.Dir, c.address.User, name))
}

// exec runs statements on a connection of their own.
func (c *cluster) exec(ctx context.Context, database string, statements ...string) error {
	conn, err := c.connect(ctx, database)
	if err != nil {
		return err
	}
	defer func() { _ = conn.Close(context.WithoutCancel(ctx)) }()
	for _, statement := range statements {
		if _, err := conn.Exec(ctx, statement); err != nil {
			return fmt.Errorf("%s: %w", statement, err)
		}
	}
	return nil
}

// text asks for one value.
func (c *cluster) text(ctx context.Context, database, query string) (value string, err error) {
	conn, err := c.connect(ctx, database)
	if err != nil {
		return "", err
	}
	defer func() { _ = conn.Close(context.WithoutCancel(ctx)) }()
	err = conn.QueryRow(ctx, query).Scan(&value)
	return value, err
}

// describe prints what the numbers depend on.
func (c *cluster) describe(ctx context.Context, out io.Writer) error {
	version, err := c.text(ctx, "postgres", "SELECT version()")
	if err != nil {
		return err
	}
	_, _ = fmt.Fprintf(out, "%s, %d CPUs, %s\n", version, runtime.NumCPU(), runtime.Version())
	for _, setting := range settings() {
		_, _ = fmt.Fprintf(out, "  %s\n", setting)
	}
	_, _ = fmt.Fprintf(out, "Synapse %s; mas-cli: %s\n", install.SynapseCurrent, officialVersion(ctx))
	return nil
}

// officialVersion is what is known of the mas-cli that is measured.
func officialVersion(ctx context.Context) string {
	cli, err := findMASCLI()
	if err != nil {
		return "not there (" + err.Error() + ")"
	}
	return cli.version(ctx)
}

func findMASCLI() (masCLI, error) {
	dir, err := cache.Default()
	if err != nil {
		return masCLI{}, err
	}
	found, err := install.FindMASCLI(dir)
	return masCLI{binary: found.Binary, share: found.Share}, err
}
