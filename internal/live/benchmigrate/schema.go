package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"testing"

	"github.com/maskit-dev/maskit/internal/live"
	"github.com/maskit-dev/maskit/internal/live/install"
)

// schemas are dumps of empty databases, made by a real Synapse and a real MAS.
type schemas struct{ synapse, mas []byte }

func readSchemas(ctx context.Context) (dumps schemas, err error) {
	t := &owner{ctx: ctx}
	defer t.cleanUp()
	err = t.do(func() {
		//nolint:contextcheck // The owner has the context.
		for db, dump := range map[live.DB]*[]byte{live.SynapseDatabase(t, live.SynapseCurrent): &dumps.synapse, live.MASDatabase(t): &dumps.mas} {
			cmd := exec.CommandContext(ctx, client("pg_dump"), "--no-owner", "--dbname", db.URI())
			if *dump, err = cmd.Output(); err != nil {
				t.Fatal("pg_dump:", err)
			}
		}
	})
	return dumps, err
}

// restore fills a new database.
func (c *cluster) restore(ctx context.Context, name string, dump []byte) error {
	if err := c.exec(ctx, "postgres", "CREATE DATABASE "+name+" TEMPLATE template0"); err != nil {
		return err
	}
	cmd := exec.CommandContext(ctx, client("psql"), "--quiet", "--no-psqlrc", "--set=ON_ERROR_STOP=1", "--output=/dev/null",
		"--host", c.address.Dir, "--username", c.address.User, "--dbname", name)
	cmd.Stdin = bytes.NewReader(dump)
	if output, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("restore %s: %w\n%s", name, err, output)
	}
	return nil
}

// client is a program beside the server's, or on PATH.
func client(name string) string {
	if found, err := install.FindPostgres(); err == nil {
		if path := filepath.Join(filepath.Dir(found.Initdb), name); exists(path) {
			return path
		}
	}
	return name
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}

// owner lends this program what live gives to tests: servers that end with it.
type owner struct {
	testing.TB
	ctx      context.Context //nolint:containedctx // That is what testing.TB asks for.
	cleanups []func()
	err      error
	failed   bool
}

// do runs work until it ends or fails.
func (o *owner) do(work func()) error {
	done := make(chan struct{})
	go func() {
		defer close(done)
		work()
	}()
	<-done
	return o.err
}

func (o *owner) cleanUp() {
	for i := len(o.cleanups) - 1; i >= 0; i-- {
		o.cleanups[i]()
	}
}

func (*owner) Helper()                    {}
func (*owner) Name() string               { return "benchmigrate" }
func (*owner) Log(...any)                 {}
func (*owner) Logf(string, ...any)        {}
func (o *owner) Context() context.Context { return o.ctx }
func (o *owner) Cleanup(f func())         { o.cleanups = append(o.cleanups, f) }
func (o *owner) Failed() bool             { return o.failed }
func (o *owner) Error(args ...any) {
	o.failed, o.err = true, errors.Join(o.err, errors.New(fmt.Sprint(args...)))
}

// Fatal, Fatalf and Skip end the goroutine, as a test's do.
func (o *owner) Fatal(args ...any) {
	o.Error(args...)
	runtime.Goexit()
}

func (o *owner) Fatalf(format string, args ...any) { o.Fatal(fmt.Sprintf(format, args...)) }
func (o *owner) Skip(args ...any)                  { o.Fatal(args...) }
func (o *owner) Skipf(format string, args ...any)  { o.Fatalf(format, args...) }

// TempDir is removed by cleanUp.
func (o *owner) TempDir() string {
	dir, err := os.MkdirTemp("", "maskit-bench-")
	if err != nil {
		o.Fatal(err)
	}
	o.Cleanup(func() { _ = os.RemoveAll(dir) })
	return dir
}
