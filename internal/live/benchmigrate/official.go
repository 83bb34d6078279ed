package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"time"

	"github.com/maskit-dev/maskit/migrate/migratetest"
)

// masCLI is an installed mas-cli.
type masCLI struct{ binary, share string }

func (c masCLI) version(ctx context.Context) string {
	output, err := exec.CommandContext(ctx, c.binary, "--version").Output()
	if err != nil {
		return err.Error()
	}
	return strings.TrimSpace(string(output))
}

// official is a run of mas-cli.
type official struct {
	seconds, load, rebuild float64
	kibibytes              int64
	cpu, database          float64
}

// official migrates with mas-cli, as an operator would.
func (b *bench) official(ctx context.Context, mas string) (official, error) {
	cli, err := findMASCLI()
	if err != nil {
		return official{}, err
	}
	args, err := b.officialFiles(mas)
	if err != nil {
		return official{}, err
	}
	var stderr bytes.Buffer
	cmd := exec.CommandContext(ctx, cli.binary, args...)
	cmd.Dir, cmd.Stderr, cmd.Env = b.dir, &stderr, append(cleanEnviron(), "RUST_LOG=info")
	before, started := b.cluster.cpu(), time.Now()
	if err := cmd.Run(); err != nil {
		return official{}, fmt.Errorf("mas-cli: %w\n%s", err, stderr.Bytes())
	}
	o := official{seconds: time.Since(started).Seconds(), kibibytes: peak(cmd.ProcessState), cpu: spent(cmd.ProcessState)}
	o.database = b.cluster.cpu() - before
	o.load, o.rebuild = sums(stderr.String())
	return o, nil
}

func (b *bench) officialFiles(mas string) ([]string, error) {
	site, err := migratetest.NewSite(migratetest.SiteSpec{Synapse: b.cluster.database(b.synapse), MAS: b.cluster.database(mas)})
	if err != nil {
		return nil, err
	}
	config, err := site.MASFile()
	if err != nil {
		return nil, err
	}
	masPath, synapsePath := filepath.Join(b.dir, "mas.yaml"), filepath.Join(b.dir, "homeserver.yaml")
	if err := os.WriteFile(masPath, config, 0o600); err != nil {
		return nil, err
	}
	if err := os.WriteFile(synapsePath, site.Files[0].Data, 0o600); err != nil {
		return nil, err
	}
	return []string{"--config", masPath, "syn2mas", "migrate", "--synapse-config", synapsePath}, nil
}

// cleanEnviron is the environment without what mas-cli takes for configuration.
func cleanEnviron() []string {
	var kept []string
	for _, variable := range os.Environ() {
		if !strings.HasPrefix(variable, "MAS_") && !strings.HasPrefix(variable, "PG") {
			kept = append(kept, variable)
		}
	}
	return kept
}

// sums adds up what mas-cli logs: how long loading and rebuilding took.
func sums(log string) (load, rebuild float64) {
	for _, match := range regexp.MustCompile(`(migrated \(\d+ skipped\)|rebuilt) in ([0-9.]+)s`).FindAllStringSubmatch(log, -1) {
		var seconds float64
		_, _ = fmt.Sscanf(match[2], "%g", &seconds)
		if match[1] == "rebuilt" {
			rebuild += seconds
		} else {
			load += seconds
		}
	}
	return load, rebuild
}
