// Package program lends programs what live gives to tests: servers and databases that
// end with their owner.
//
//	owner := program.NewOwner(ctx, "bench")
//	defer owner.CleanUp()
//	err := owner.Do(func() { db = live.MASDatabase(owner) })
package program

import (
	"context"
	"errors"
	"fmt"
	"os"
	"runtime"
	"testing"

	"github.com/maskit-dev/maskit/internal/live/install"
)

// Owner stands for the test. What it does not say here it cannot do.
type Owner struct {
	testing.TB
	ctx      context.Context //nolint:containedctx // That is what testing.TB asks for.
	name     string
	cleanups []func()
	err      error
}

// NewOwner returns an owner that is called name in the names of temporary directories.
func NewOwner(ctx context.Context, name string) *Owner { return &Owner{ctx: ctx, name: name} }

// Do runs work until it ends or fails. A part that is not installed is an
// *install.MissingError.
func (o *Owner) Do(work func()) error {
	done := make(chan struct{})
	go func() {
		defer close(done)
		work()
	}()
	<-done
	return o.err
}

// CleanUp ends what the owner was given, the newest first.
func (o *Owner) CleanUp() {
	for i := len(o.cleanups) - 1; i >= 0; i-- {
		o.cleanups[i]()
	}
	o.cleanups = nil
}

// Helper does nothing.
func (*Owner) Helper() {}

// Name is that of the program.
func (o *Owner) Name() string { return o.name }

// Log drops what it is given.
func (*Owner) Log(...any) {}

// Logf drops what it is given.
func (*Owner) Logf(string, ...any) {}

// Context is that of the program.
func (o *Owner) Context() context.Context { return o.ctx }

// Cleanup adds to what CleanUp does.
func (o *Owner) Cleanup(f func()) { o.cleanups = append(o.cleanups, f) }

// Failed reports whether there was an error.
func (o *Owner) Failed() bool { return o.err != nil }

// Error adds to what Do returns.
func (o *Owner) Error(args ...any) { o.err = errors.Join(o.err, join(args)) }

// Fatal ends the goroutine, as a test's does.
func (o *Owner) Fatal(args ...any) {
	o.Error(args...)
	runtime.Goexit()
}

// Fatalf is Fatal.
func (o *Owner) Fatalf(format string, args ...any) { o.Fatal(fmt.Sprintf(format, args...)) }

// Skip is Fatal: a program cannot do without.
func (o *Owner) Skip(args ...any) { o.Fatal(args...) }

// Skipf is Fatal.
func (o *Owner) Skipf(format string, args ...any) { o.Fatalf(format, args...) }

// join keeps what says how to get a missing part.
func join(args []any) error {
	for _, arg := range args {
		if missing, ok := arg.(*install.MissingError); ok {
			return missing
		}
	}
	return errors.New(fmt.Sprint(args...))
}

// TempDir is removed by CleanUp.
func (o *Owner) TempDir() string {
	dir, err := os.MkdirTemp("", "maskit-"+o.name+"-")
	if err != nil {
		o.Fatal(err)
	}
	o.Cleanup(func() { _ = os.RemoveAll(dir) })
	return dir
}
