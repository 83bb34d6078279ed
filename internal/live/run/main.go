// Command run runs another command, most often go test, and owns the servers
// that it needs:
//
//	go run ./internal/live/run [-start=postgres,keycloak] -- go test ./...
//
// Servers start when a test first asks for them, or at once with -start, so that
// they boot while the command compiles. They end with the command, with an
// interrupt, and with this process however it dies. Afterwards it names the
// parts that tests had to skip. The exit status is the command's.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"syscall"

	"github.com/maskit-dev/maskit/internal/live/cache"
	"github.com/maskit-dev/maskit/internal/live/mode"
	"github.com/maskit-dev/maskit/internal/live/pool"
	"github.com/maskit-dev/maskit/internal/live/proc"
)

// exitOwn is the status for failures of this program itself, as in env(1).
const exitOwn = 125

func main() {
	start := flag.String("start", "", "comma-separated `servers` to start at once: postgres, keycloak")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	ctx, cancel := context.WithCancel(ctx)
	proc.OnOrphaned(cancel)
	status, err := run(ctx, *start, flag.Args())
	stop()
	if err != nil {
		_, _ = fmt.Fprintln(os.Stderr, "run:", err)
	}
	os.Exit(status)
}

func run(ctx context.Context, start string, command []string) (int, error) {
	if len(command) == 0 {
		return exitOwn, errors.New("no command given; usage: run [-start=postgres,keycloak] -- COMMAND [ARGUMENTS]")
	}
	live, err := mode.FromEnv()
	if err != nil {
		return exitOwn, err
	}
	names, err := serverNames(start)
	if err != nil {
		return exitOwn, err
	}
	dir, err := cache.Default()
	if err != nil {
		return exitOwn, err
	}
	servers := pool.New(dir)
	defer servers.Close()
	var skips skipLog
	socket, closeSocket, err := listen(ctx, pool.Handler(servers, skips.add))
	if err != nil {
		return exitOwn, err
	}
	defer closeSocket()
	if live != mode.Off {
		prestart(ctx, servers, names)
	}
	status, err := execute(ctx, command, socket)
	skips.report(os.Stderr)
	return status, err
}

// prestart begins the starts. Failures are told to the tests that ask for the
// servers.
func prestart(ctx context.Context, servers *pool.Pool, names []string) {
	for _, name := range names {
		go func() { _, _ = servers.Get(ctx, name) }()
	}
}

// execute runs the command with the terminal's streams. An interrupt reaches it
// as SIGTERM to its process group, and SIGKILL follows when it does not end.
func execute(ctx context.Context, command []string, socket string) (int, error) {
	path, err := exec.LookPath(command[0])
	if err != nil {
		return exitOwn, err
	}
	process, err := proc.Start(proc.Spec{
		Name: command[0], Path: path, Args: command[1:], Env: []string{pool.EnvSocket + "=" + socket},
		Stdout: os.Stdout, Stderr: os.Stderr, Scratch: filepath.Dir(socket),
	})
	if err != nil {
		return exitOwn, err
	}
	select {
	case <-process.Done():
		return process.ExitCode(), nil
	case <-ctx.Done():
		process.Stop()
		return exitOwn, errors.New("interrupted")
	}
}
