package live

import (
	"bytes"
	"context"
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"os/exec"
	"path/filepath"
	"testing"
	"time"
)

//go:embed synapse_configs.py
var synapseConfigsProgram string

// ConfigVerdict is what Synapse makes of a configuration.
type ConfigVerdict struct {
	// Accepted is whether Synapse would go on to start.
	Accepted bool
	// Reason is the type and text of the error that it raised; empty if accepted.
	Reason string
}

// CheckConfigs is CheckConfig for many configurations, each a list of files. One
// process judges them one after the other: the first costs seconds, each other
// some hundredths of one. Python modules that the configurations name are looked
// for in the directory of the first file too, as they are by Start.
func (s *SynapseInstall) CheckConfigs(t testing.TB, configs ...[]string) []ConfigVerdict {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 3*time.Minute)
	defer cancel()
	var input, stderr bytes.Buffer
	encoder := json.NewEncoder(&input)
	for _, paths := range configs {
		if err := encoder.Encode(paths); err != nil {
			t.Fatal("live: list configurations:", err)
		}
	}
	cmd := exec.CommandContext(ctx, s.Python, "-c", synapseConfigsProgram)
	cmd.Stdin, cmd.Stderr = &input, &stderr
	if len(configs) > 0 && len(configs[0]) > 0 {
		cmd.Dir = filepath.Dir(configs[0][0])
	}
	output, err := cmd.Output()
	if err != nil {
		t.Fatalf("live: let Synapse judge configurations: %v\n%s", err, stderr.Bytes())
	}
	verdicts, err := readVerdicts(output, len(configs))
	if err != nil {
		t.Fatal("live:", err)
	}
	return verdicts
}

// StartRefused boots a homeserver like Start, of which Synapse must say no by
// itself, and returns what it printed.
func (s *SynapseInstall) StartRefused(t testing.TB, db DB, paths ...string) string {
	t.Helper()
	overlay := writeSynapseOverlay(t, db, FreePort(t))
	output, err := s.run(t, filepath.Dir(paths[0]), "synapse.app.homeserver", configArgs(append(paths[:len(paths):len(paths)], overlay))...)
	var exit *exec.ExitError
	if !errors.As(err, &exit) || exit.ExitCode() <= 0 {
		t.Fatalf("live: Synapse was to refuse the configuration: %v\n%s", err, output)
	}
	return output
}

func readVerdicts(output []byte, count int) ([]ConfigVerdict, error) {
	verdicts := make([]ConfigVerdict, 0, count)
	decoder := json.NewDecoder(bytes.NewReader(output))
	for decoder.More() {
		var reason string
		if err := decoder.Decode(&reason); err != nil {
			return nil, fmt.Errorf("read the verdicts: %w", err)
		}
		verdicts = append(verdicts, ConfigVerdict{Accepted: reason == "", Reason: reason})
	}
	if len(verdicts) != count {
		return nil, fmt.Errorf("Synapse judged %d of %d configurations", len(verdicts), count)
	}
	return verdicts, nil
}
