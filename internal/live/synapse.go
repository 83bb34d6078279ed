package live

import (
	"context"
	"errors"
	"fmt"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/maskit-dev/maskit/internal/live/install"
	"github.com/maskit-dev/maskit/internal/live/proc"
)

// SynapseVersion is a release that prepare installs.
type SynapseVersion string

// The tested releases: the newest, and the oldest that maskit supports.
const (
	SynapseCurrent SynapseVersion = install.SynapseCurrent
	SynapseFloor   SynapseVersion = install.SynapseFloor
)

// SynapseInstall is an installed release of Synapse.
type SynapseInstall struct {
	Version SynapseVersion
	// Python is the interpreter that has Synapse and what it depends on, PyYAML
	// among them: the oracle for how Synapse reads a file.
	Python string
}

// SynapseConfig is what Synapse generates for a new homeserver.
type SynapseConfig struct {
	// Dir holds homeserver.yaml, the signing key and the log configuration.
	Dir string
	// Path is homeserver.yaml.
	Path string
}

// Synapse finds an installed release.
func Synapse(t testing.TB, version SynapseVersion) *SynapseInstall {
	t.Helper()
	enter(t)
	python, err := install.FindSynapse(cacheDir(t), string(version))
	check(t, mandatory, err)
	return &SynapseInstall{Version: version, Python: python}
}

// GenerateConfig lets Synapse write the configuration of a new homeserver, with
// SQLite and port 8008 as it comes.
func (s *SynapseInstall) GenerateConfig(t testing.TB, serverName string) SynapseConfig {
	t.Helper()
	dir := t.TempDir()
	config := SynapseConfig{Dir: dir, Path: filepath.Join(dir, "homeserver.yaml")}
	output, err := s.run(t, dir, "synapse.app.homeserver", "--generate-config", "--report-stats=no",
		"--server-name", serverName, "--config-path", config.Path, "--data-directory", dir, "--config-directory", dir)
	if err != nil {
		t.Fatalf("live: generate a Synapse configuration: %v\n%s", err, output)
	}
	return config
}

// CheckConfig lets Synapse read the configuration files as it does when it
// starts, later files over earlier ones. It returns what Synapse printed; the
// error says that Synapse refuses them.
func (s *SynapseInstall) CheckConfig(t testing.TB, paths ...string) (string, error) {
	t.Helper()
	output, err := s.run(t, filepath.Dir(paths[0]), "synapse.config", configArgs(paths)...)
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		t.Fatal("live: run synapse.config:", err)
	}
	return output, err
}

// Start boots a homeserver from the files on the database, waits until it
// answers and stops it at the end of the test. One more file of the test's own
// goes last and replaces database, listeners (a free port on loopback with the
// client and federation resources), log_config, pid_file and
// trusted_key_servers (none), so that files as users have them boot here.
func (s *SynapseInstall) Start(t testing.TB, db DB, paths ...string) *Server {
	t.Helper()
	return s.StartAt(t, db, FreePort(t), paths...)
}

// StartAt is Start on a port that the test took from FreePort: for a server that others
// know and that is stopped and started again.
func (s *SynapseInstall) StartAt(t testing.TB, db DB, port int, paths ...string) *Server {
	t.Helper()
	overlay := writeSynapseOverlay(t, db, port)
	url := fmt.Sprintf("http://127.0.0.1:%d", port)
	return startServer(t, proc.Spec{
		Name: "synapse", Path: s.Python, Dir: filepath.Dir(paths[0]),
		Args: append([]string{"-m", "synapse.app.homeserver"}, configArgs(append(paths[:len(paths):len(paths)], overlay))...),
	}, url, url+"/health")
}

// run executes a module of the installation to its end.
func (s *SynapseInstall) run(t testing.TB, dir, module string, args ...string) (string, error) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, s.Python, append([]string{"-m", module}, args...)...)
	cmd.Dir = dir
	output, err := cmd.CombinedOutput()
	return strings.TrimSpace(string(output)), err
}

func configArgs(paths []string) []string {
	args := make([]string, 0, 2*len(paths))
	for _, path := range paths {
		args = append(args, "--config-path", path)
	}
	return args
}
