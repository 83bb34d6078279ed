package pool

import (
	"context"
	"fmt"
	"os"
	"os/user"
	"path/filepath"
	"syscall"

	"github.com/jackc/pgx/v5"

	"github.com/maskit-dev/maskit/internal/live/install"
	"github.com/maskit-dev/maskit/internal/live/proc"
)

const postgresUser = "maskit"

// startPostgres makes a throw-away cluster that listens on a Unix socket in a
// private directory, and on nothing else.
func startPostgres(ctx context.Context) (*server, error) { return startCluster(ctx, throwAway()) }

// OwnPostgres makes a cluster like the shared one, but for the caller alone, as durable
// as it comes, and with settings of the form "name=value". The function ends it.
func OwnPostgres(ctx context.Context, settings ...string) (Address, func(), error) {
	s, err := startCluster(ctx, settings)
	if err != nil {
		return Address{}, nil, err
	}
	return s.address, s.stop, nil
}

func startCluster(ctx context.Context, settings []string) (*server, error) {
	binaries, err := install.FindPostgres()
	if err != nil {
		return nil, err
	}
	owner := unprivilegedUser()
	dir, err := scratchDir("pg", owner)
	if err != nil {
		return nil, err
	}
	cluster := cluster{binaries: binaries, dir: dir, owner: owner, settings: settings}
	process, err := cluster.run(ctx)
	if err != nil {
		_ = os.RemoveAll(dir)
		return nil, err
	}
	return &server{process: process, dir: dir, address: Address{
		Dir: dir, User: postgresUser, Log: filepath.Join(dir, "log"),
	}}, nil
}

type cluster struct {
	binaries   install.PostgresBinaries
	dir, owner string
	settings   []string
}

func (c cluster) run(ctx context.Context) (*proc.Process, error) {
	dir, owner, data := c.dir, c.owner, filepath.Join(c.dir, "data")
	// The C locale: Synapse refuses any other.
	err := proc.Run(ctx, proc.Spec{
		Name: "initdb", Path: c.binaries.Initdb, Dir: dir, User: owner, Scratch: dir, Log: filepath.Join(dir, "initdb.log"),
		Args: []string{"-D", data, "-U", postgresUser, "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync"},
	})
	if err != nil {
		return nil, err
	}
	process, err := proc.Start(proc.Spec{
		Name: "postgres", Path: c.binaries.Postgres, Dir: dir, User: owner, Scratch: dir, Log: filepath.Join(dir, "log"),
		Args: append([]string{"-D", data}, c.arguments()...),
		Quit: syscall.SIGQUIT, // Immediate: the cluster is thrown away.
	})
	if err != nil {
		return nil, err
	}
	if err := process.Await(ctx, postgresReady(dir)); err != nil {
		process.Kill()
		return nil, err
	}
	return process, nil
}

func (c cluster) arguments() []string {
	args := []string{
		"-c", "listen_addresses=", "-c", "unix_socket_directories=" + c.dir, "-c", "unix_socket_permissions=0700",
		"-c", "max_connections=300", "-c", "timezone=UTC",
	}
	for _, setting := range c.settings {
		args = append(args, "-c", setting)
	}
	return args
}

// throwAway are settings that trade durability, which nobody needs here, for speed.
func throwAway() []string {
	return []string{"fsync=off", "synchronous_commit=off", "full_page_writes=off"}
}

func postgresReady(dir string) func(context.Context) error {
	return func(ctx context.Context) error {
		conn, err := pgx.Connect(ctx, fmt.Sprintf("host=%s user=%s dbname=postgres", dir, postgresUser))
		if err != nil {
			return err
		}
		return conn.Close(ctx)
	}
}

// unprivilegedUser is whom root runs PostgreSQL as: its programs refuse root.
func unprivilegedUser() string {
	if os.Geteuid() != 0 {
		return ""
	}
	if _, err := user.Lookup("postgres"); err == nil {
		return "postgres"
	}
	return "nobody"
}
