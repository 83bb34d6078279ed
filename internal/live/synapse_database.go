package live

import (
	"context"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// SynapseDatabase creates a database with the schema that a real Synapse of that
// release made, all its background updates included, and no user in it. It is
// dropped when the test ends.
func SynapseDatabase(t testing.TB, version SynapseVersion) DB {
	t.Helper()
	db, _ := Synapse(t, version).schema().copy(t)
	return db
}

// schema is a database whose schema is complete.
func (s *SynapseInstall) schema() *template {
	return &template{
		name: "synapse_" + identifier(string(s.Version)),
		fill: func(t testing.TB, db DB) string {
			t.Helper()
			s.startForSchema(t, db, s.GenerateConfig(t, "example.com")).Stop()
			return ""
		},
	}
}

// startForSchema boots a homeserver and waits until the schema is complete.
func (s *SynapseInstall) startForSchema(t testing.TB, db DB, config SynapseConfig) *Server {
	t.Helper()
	hasty := filepath.Join(config.Dir, "hasty.yaml")
	writeYAML(t, hasty, map[string]any{"background_updates": map[string]any{"sleep_enabled": false}})
	server := s.Start(t, db, config.Path, hasty)
	awaitBackgroundUpdates(t, db)
	return server
}

// awaitBackgroundUpdates waits until Synapse has made what its migrations postpone,
// indexes among it.
func awaitBackgroundUpdates(t testing.TB, db DB) {
	t.Helper()
	conn := db.connect(t)
	defer func() { _ = conn.Close(context.WithoutCancel(t.Context())) }()
	ctx, cancel := context.WithTimeout(t.Context(), bootLimit)
	defer cancel()
	for {
		var left int
		if err := conn.QueryRow(ctx, "SELECT count(*) FROM background_updates").Scan(&left); err != nil {
			t.Fatal("live: wait for Synapse's background updates:", err)
		}
		if left == 0 {
			return
		}
		select {
		case <-ctx.Done():
			t.Fatalf("live: %d background updates of Synapse are left after %s", left, bootLimit)
		case <-time.After(50 * time.Millisecond):
		}
	}
}

// identifier turns a version into a part of a database's name.
func identifier(version string) string {
	return strings.NewReplacer(".", "_", "-", "_").Replace(version)
}
