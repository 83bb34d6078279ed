package live

import (
	"errors"
	"fmt"
	"runtime"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/maskit-dev/maskit/internal/live/install"
	"github.com/maskit-dev/maskit/internal/live/mode"
)

// verdict is a testing.TB that remembers how the code under test ended it.
type verdict struct {
	testing.TB
	outcome, message string
}

func (v *verdict) end(outcome, message string) {
	v.outcome, v.message = outcome, message
	runtime.Goexit()
}

func (v *verdict) Helper()                   {}
func (v *verdict) Fatal(args ...any)         { v.end("failed", fmt.Sprintln(args...)) }
func (v *verdict) Skip(args ...any)          { v.end("skipped", fmt.Sprintln(args...)) }
func (v *verdict) Skipf(f string, a ...any)  { v.end("skipped", fmt.Sprintf(f, a...)) }
func (v *verdict) Fatalf(f string, a ...any) { v.end("failed", fmt.Sprintf(f, a...)) }

// judge runs f as a test of its own would and returns the verdict.
func judge(t *testing.T, f func(testing.TB)) *verdict {
	t.Helper()
	v := &verdict{TB: t, outcome: "passed"}
	done := make(chan struct{})
	go func() {
		defer close(done)
		f(v)
	}()
	<-done
	return v
}

func TestMaySkip(t *testing.T) {
	t.Parallel()
	absent := &install.MissingError{Part: "Synapse 1.0", How: "run `make prepare`"}
	crashed := errors.New("it crashed")
	tests := map[string]struct {
		live mode.Mode
		part need
		err  error
		want bool
	}{
		"missing":                             {mode.Auto, mandatory, absent, true},
		"missing and wrapped":                 {mode.Auto, mandatory, fmt.Errorf("start: %w", absent), true},
		"missing under require":               {mode.Require, mandatory, absent, false},
		"optional and missing":                {mode.Auto, optional, absent, true},
		"optional and missing under require":  {mode.Require, optional, absent, true},
		"a crash is no skip":                  {mode.Auto, mandatory, crashed, false},
		"a crash of an optional part neither": {mode.Auto, optional, crashed, false},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			missing, skip := maySkip(test.live, test.part, test.err)
			require.Equal(t, test.want, skip)
			if skip {
				require.Equal(t, absent, missing)
			}
		})
	}
}

func TestCheckFailsWithTheCause(t *testing.T) {
	t.Setenv(mode.EnvLive, "")
	got := judge(t, func(t testing.TB) { check(t, optional, errors.New("it crashed")) })
	require.Equal(t, "failed", got.outcome)
	require.Equal(t, "live: it crashed\n", got.message)
}

func TestEnter(t *testing.T) {
	for live, want := range map[string]string{"": "passed", "require": "passed", "off": "skipped", "of": "failed"} {
		t.Run("mode "+live, func(t *testing.T) {
			t.Setenv(mode.EnvLive, live)
			require.Equal(t, want, judge(t, func(t testing.TB) { enter(t) }).outcome)
		})
	}
}
