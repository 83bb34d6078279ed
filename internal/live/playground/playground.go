package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/maskit-dev/maskit/internal/live"
	"github.com/maskit-dev/maskit/internal/live/cache"
	"github.com/maskit-dev/maskit/internal/live/install"
	"github.com/maskit-dev/maskit/internal/live/program"
	"github.com/maskit-dev/maskit/migrate/migratetest"
)

// playground is what is there until it is removed.
type playground struct {
	options      options
	owner        *program.Owner
	synapse, mas live.DB
	// source is the directory that holds the code.
	source string
	// cli is mas-cli; cliErr says that there is none, and how to get it.
	cli    install.MASCLI
	cliErr error
	// somebody is a generated user whom a migration moves.
	somebody string
}

// set starts, fills and writes everything.
func set(ctx context.Context, o options) (_ *playground, err error) {
	p := &playground{options: o, owner: program.NewOwner(ctx, "playground")}
	defer func() {
		if err != nil {
			p.remove()
		}
	}()
	if p.source, err = os.Getwd(); err != nil {
		return nil, err
	}
	if err := p.findMASCLI(); err != nil {
		return nil, err
	}
	if err := p.makeDir(); err != nil {
		return nil, err
	}
	if err := p.owner.Do(p.lend); err != nil {
		return nil, err
	}
	site, err := p.fill(ctx)
	if err != nil {
		return nil, err
	}
	return p, p.write(site)
}

func (p *playground) findMASCLI() error {
	dir, err := cache.Default()
	if err != nil {
		return err
	}
	p.cli, p.cliErr = install.FindMASCLI(dir)
	return nil
}

// makeDir makes the directory, which is removed in the end: nothing of anybody's may be
// in it.
func (p *playground) makeDir() error {
	if p.options.dir == "" {
		return p.owner.Do(func() { p.options.dir = p.owner.TempDir() })
	}
	dir, err := filepath.Abs(p.options.dir)
	if err != nil {
		return err
	}
	entries, err := os.ReadDir(dir)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("-dir: %w", err)
	}
	if len(entries) > 0 {
		return fmt.Errorf("-dir: %s is not empty, and would be removed in the end", dir)
	}
	p.options.dir = dir
	p.owner.Cleanup(func() { _ = os.RemoveAll(dir) })
	return os.MkdirAll(dir, 0o700)
}

// lend gets the databases; it runs below the owner.
func (p *playground) lend() {
	p.synapse, p.mas = live.SynapseDatabase(p.owner, live.SynapseCurrent), live.MASDatabase(p.owner)
}

// write writes the files.
func (p *playground) write(site migratetest.Site) error {
	mas, err := site.MASFile()
	if err != nil {
		return err
	}
	for name, data := range map[string][]byte{
		"homeserver.yaml": site.Files[0].Data, "mas.yaml": mas, "README.txt": []byte(p.readme()),
	} {
		if err := os.WriteFile(p.path(name), data, 0o600); err != nil {
			return err
		}
	}
	return nil
}

func (p *playground) path(name string) string { return filepath.Join(p.options.dir, name) }

func (p *playground) remove() { p.owner.CleanUp() }
