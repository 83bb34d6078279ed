package migrate_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/internal/live"
	"github.com/maskit-dev/maskit/migrate"
	"github.com/maskit-dev/maskit/synapse"
	"github.com/maskit-dev/maskit/synapse/routes"
)

// process is a real server that a cut-over stops and starts.
type process struct {
	t       *testing.T
	running *live.Server
	// started is the configuration with which it was started.
	started []byte
	starts  int
}

func (p *process) Status(context.Context) (migrate.ServiceStatus, error) {
	if p.running == nil {
		return migrate.StatusStopped, nil
	}
	return migrate.StatusRunning, nil
}

func (p *process) Stop(context.Context) error {
	if p.running != nil {
		p.running.Stop()
		p.running = nil
	}
	return nil
}

// start starts it, unless it runs with the configuration in the file.
func (p *process) start(path string, start func() *live.Server) error {
	config, err := os.ReadFile(path)
	if err != nil || p.running != nil && bytes.Equal(config, p.started) {
		return err
	}
	if err := p.Stop(p.t.Context()); err != nil {
		return err
	}
	p.running, p.started = start(), config
	p.starts++
	return nil
}

// synapseServer is Synapse.
type synapseServer struct {
	process
	install    *live.SynapseInstall
	db         live.DB
	port       int
	homeserver string
}

func (*synapseServer) Record(context.Context) (string, error) { return "the main process", nil }

func (s *synapseServer) Start(_ context.Context, record string) error {
	if record != "the main process" {
		return fmt.Errorf("unknown record %q", record)
	}
	return s.start(s.homeserver, func() *live.Server { return s.install.StartAt(s.t, s.db, s.port, s.homeserver) }) //nolint:contextcheck // the server lives as long as the test
}

// masServer is MAS.
type masServer struct {
	process
	cli                 *live.MAS
	config, url, health string
}

func (*masServer) Record(context.Context) (string, error) { return "one replica", nil }

func (s *masServer) Start(_ context.Context, record string) error {
	if record != "one replica" {
		return fmt.Errorf("unknown record %q", record)
	}
	return s.start(s.config, func() *live.Server { return s.cli.StartServer(s.t, s.url, s.health, s.config) }) //nolint:contextcheck // the server lives as long as the test
}

// homeserverFile is homeserver.yaml on disk, switched by synapse.Delegate.
type homeserverFile struct {
	path, undo string
	world      *world
}

func (f *homeserverFile) Configured(context.Context) (migrate.Side, error) {
	data, err := os.ReadFile(f.path)
	if err != nil {
		return "", err
	}
	patched, problems := f.world.delegate.Patch(f.world.legacy)
	switch {
	case problems.Err() != nil:
		return "", problems.Err()
	case bytes.Equal(data, f.world.legacy[0].Data):
		return migrate.SideSynapse, nil
	case bytes.Equal(data, patched.Files[0].Data):
		return migrate.SideMAS, nil
	}
	return migrate.SideMixed, nil
}

func (f *homeserverFile) Configure(_ context.Context, to migrate.Side) error {
	data, err := os.ReadFile(f.path)
	if err != nil {
		return err
	}
	files := []synapse.File{{Name: "homeserver.yaml", Data: data}}
	if to == migrate.SideSynapse {
		return f.revert(files)
	}
	patched, problems := f.world.delegate.Patch(files)
	if len(patched.Changes) == 0 || problems.Err() != nil {
		return problems.Err()
	}
	return errors.Join(os.WriteFile(f.undo, []byte(patched.Undo.Reveal()), 0o600), os.WriteFile(f.path, patched.Files[0].Data, 0o600))
}

func (f *homeserverFile) revert(files []synapse.File) error {
	undo, err := os.ReadFile(f.undo)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	reverted, err := synapse.Revert(files, synapse.Undo{Secret: maskit.NewSecret(string(undo))})
	if err != nil {
		return err
	}
	return os.WriteFile(f.path, reverted[0].Data, 0o600)
}

// nginxRoutes is nginx in front of both, with the rules of synapse/routes or with none.
type nginxRoutes struct {
	t       *testing.T
	nginx   *live.Proxy
	address string
	world   *world
	running *live.Server
	side    migrate.Side
}

func (r *nginxRoutes) Routed(context.Context) (migrate.Side, error) { return r.side, nil }

func (r *nginxRoutes) Route(_ context.Context, to migrate.Side) error {
	if r.running != nil && r.side == to {
		return nil
	}
	site := fmt.Sprintf("server { listen %s; location / { proxy_pass %s; proxy_set_header Host $http_host; } }", r.address, strings.TrimSuffix(r.world.site.SynapseURL, "/"))
	if to == migrate.SideMAS {
		rendered, problems := routes.NGINX(routes.Options{Site: r.world.site, Listener: routes.Listener{Address: r.address}})
		if err := problems.Err(); err != nil {
			return err
		}
		site = string(rendered)
	}
	if r.running != nil {
		r.running.Stop()
	}
	r.running, r.side = r.nginx.Start(r.t, site, r.address), to //nolint:contextcheck // the server lives as long as the test
	return nil
}

// startAsBefore brings Synapse up as it is before MAS, with nginx in front.
func (w *world) startAsBefore(t *testing.T) {
	t.Helper()
	require.NoError(t, w.synapse.Start(t.Context(), "the main process"))
	require.NoError(t, w.edge.Route(t.Context(), migrate.SideSynapse))
}
