package install

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"sync"
	"time"

	"github.com/maskit-dev/maskit/internal/live/cache"
)

// EnvKeycloakOld set to 1 makes Keycloak 24 part of the run, which costs another 600 MB
// and another boot.
const EnvKeycloakOld = "MASKIT_KEYCLOAK_24"

// All installs everything that the live tests use. Parts do not wait for each
// other; the error joins what failed.
func All(ctx context.Context, dir cache.Dir, log io.Writer) error {
	log = &lockedWriter{writer: log}
	all := []error{System(ctx, log)} // What needs no missing package is installed all the same.
	steps := map[string]func() error{
		"Synapse " + SynapseCurrent:   func() error { return Synapse(ctx, dir, SynapseCurrent, log) },
		"Synapse " + SynapseFloor:     func() error { return Synapse(ctx, dir, SynapseFloor, log) },
		"Keycloak " + KeycloakCurrent: func() error { return Keycloak(ctx, dir, KeycloakCurrent, log) },
		"Keycloak " + KeycloakFloor:   func() error { return Keycloak(ctx, dir, KeycloakFloor, log) },
		"minijinja-js":                func() error { return Minijinja(ctx, dir, log) },
		"oidc-provider":               func() error { return OIDCProvider(ctx, dir, log) },
	}
	if os.Getenv(EnvKeycloakOld) == "1" {
		steps["Keycloak "+KeycloakOld] = func() error { return Keycloak(ctx, dir, KeycloakOld, log) }
	}
	errs := make(chan error, len(steps))
	for name, step := range steps {
		go func() { errs <- timed(log, name, step) }()
	}
	for range steps {
		all = append(all, <-errs)
	}
	return errors.Join(all...)
}

// timed tells about steps that took long enough to have done something.
func timed(log io.Writer, name string, step func() error) error {
	start := time.Now()
	err := step()
	if took := time.Since(start); err == nil && took > time.Second {
		_, _ = fmt.Fprintf(log, "prepare: %s installed in %s\n", name, took.Round(time.Second))
	}
	return err
}

type lockedWriter struct {
	mu     sync.Mutex
	writer io.Writer
}

func (w *lockedWriter) Write(data []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.writer.Write(data)
}
