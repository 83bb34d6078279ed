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
func startPostgres(ctx context.Context) (*server, error) {
	binaries, err := install.FindPostgres()
	if err != nil {
		return nil, err
	}
	owner := unprivilegedUser()
	dir, err := scratchDir("pg", owner)
	if err != nil {
		return nil, err
	}
	process, err := runPostgres(ctx, binaries, dir, owner)
	if err != nil {
		_ = os.RemoveAll(dir)
		return nil, err
	}
	return &server{process: process, dir: dir, address: Address{
		Dir: dir, User: postgresUser, Log: filepath.Join(dir, "log"),
	}}, nil
}

func runPostgres(ctx context.Context, binaries install.PostgresBinaries, dir, owner string) (*proc.Process, error) {
	data := filepath.Join(dir, "data")
	// The C locale: Synapse refuses any other.
	err := proc.Run(ctx, proc.Spec{
		Name: "initdb", Path: binaries.Initdb, Dir: dir, User: owner, Scratch: dir, Log: filepath.Join(dir, "initdb.log"),
		Args: []string{"-D", data, "-U", postgresUser, "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync"},
	})
	if err != nil {
		return nil, err
	}
	process, err := proc.Start(proc.Spec{
		Name: "postgres", Path: binaries.Postgres, Dir: dir, User: owner, Scratch: dir, Log: filepath.Join(dir, "log"),
		Args: append([]string{"-D", data}, postgresSettings(dir)...),
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

// postgresSettings trade durability, which nobody needs here, for speed.
func postgresSettings(dir string) []string {
	return []string{
		"-c", "listen_addresses=", "-c", "unix_socket_directories=" + dir, "-c", "unix_socket_permissions=0700",
		"-c", "max_connections=300", "-c", "timezone=UTC",
		"-c", "fsync=off", "-c", "synchronous_commit=off", "-c", "full_page_writes=off",
	}
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
