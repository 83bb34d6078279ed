package live

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/maskit-dev/maskit/internal/live/install"
	"github.com/maskit-dev/maskit/internal/live/mode"
	"github.com/maskit-dev/maskit/internal/live/pool"
)

// need is how much a test run depends on a part.
type need bool

const (
	mandatory need = true
	// optional parts skip even under MASKIT_LIVE=require.
	optional need = false
)

// enter skips the test when live tests are switched off.
func enter(t testing.TB) mode.Mode {
	t.Helper()
	live, err := mode.FromEnv()
	if err != nil {
		t.Fatal("live:", err)
	}
	if live == mode.Off {
		t.Skipf("live: skipped, %s=%s", mode.EnvLive, live)
	}
	return live
}

// check ends the test unless err is nil: a missing part skips it where the run
// may do without, everything else fails it.
func check(t testing.TB, part need, err error) {
	t.Helper()
	if err == nil {
		return
	}
	missing, skip := maySkip(enter(t), part, err)
	if !skip {
		t.Fatal("live:", err)
	}
	reportSkip(t, missing)
	t.Skip("live: skipped,", missing)
}

// maySkip reports whether err says that a part is missing and the run may do
// without it.
func maySkip(live mode.Mode, part need, err error) (*install.MissingError, bool) {
	var missing *install.MissingError
	if !errors.As(err, &missing) {
		return nil, false
	}
	return missing, part == optional || live != mode.Require
}

// reportSkip tells the run that owns the servers, which sums the skips up: go
// test hides the output of packages that pass.
func reportSkip(t testing.TB, missing *install.MissingError) {
	t.Helper()
	source, err := shared()
	if err != nil {
		t.Fatal("live:", err)
	}
	client, ok := source.(*pool.Client)
	if !ok {
		return
	}
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
	defer cancel()
	if err := client.ReportSkip(ctx, pool.Skip{Test: t.Name(), Part: missing.Part, How: missing.How}); err != nil {
		t.Log("live: report the skip:", err)
	}
}
