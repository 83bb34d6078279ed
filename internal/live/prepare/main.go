// Command prepare installs what the live tests need: Debian packages where it
// may, Synapse, Keycloak, minijinja and oidc-provider into the cache directory.
//
//	go run ./internal/live/prepare
//
// It does nothing under MASKIT_LIVE=off. When something cannot be installed it
// says what, and fails only under MASKIT_LIVE=require.
package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"

	"github.com/maskit-dev/maskit/internal/live/cache"
	"github.com/maskit-dev/maskit/internal/live/install"
	"github.com/maskit-dev/maskit/internal/live/mode"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := prepare(ctx, os.Stderr)
	stop()
	if err != nil {
		_, _ = fmt.Fprintln(os.Stderr, "prepare:", err)
		os.Exit(1)
	}
}

func prepare(ctx context.Context, log io.Writer) error {
	live, err := mode.FromEnv()
	if err != nil || live == mode.Off {
		return err
	}
	dir, err := cache.Default()
	if err != nil {
		return err
	}
	if err := install.All(ctx, dir, log); err != nil {
		if live == mode.Require {
			return err
		}
		_, _ = fmt.Fprintf(log, "prepare: the tests will skip what is missing: %v\n", err)
	}
	return nil
}
