package live

import (
	"os"
	"path/filepath"
	"testing"

	"gopkg.in/yaml.v3"
)

// writeSynapseOverlay writes the file that makes any homeserver.yaml boot in a
// test. Synapse merges files by top-level key, so each section is complete.
func writeSynapseOverlay(t testing.TB, db DB, port int) string {
	t.Helper()
	dir := t.TempDir()
	logging := filepath.Join(dir, "log.yaml")
	writeYAML(t, logging, map[string]any{
		"version":                  1,
		"disable_existing_loggers": false,
		"formatters":               map[string]any{"line": map[string]any{"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
		"handlers":                 map[string]any{"console": map[string]any{"class": "logging.StreamHandler", "formatter": "line"}},
		"root":                     map[string]any{"level": "INFO", "handlers": []string{"console"}},
	})
	overlay := filepath.Join(dir, "overlay.yaml")
	writeYAML(t, overlay, map[string]any{
		"database":                    synapseDatabase(db),
		"listeners":                   []any{synapseListener(port)},
		"log_config":                  logging,
		"pid_file":                    filepath.Join(dir, "homeserver.pid"),
		"trusted_key_servers":         []any{},
		"suppress_key_server_warning": true,
	})
	return overlay
}

func synapseDatabase(db DB) map[string]any {
	return map[string]any{
		"name": "psycopg2",
		"args": map[string]any{"host": db.SocketDir, "user": db.User, "dbname": db.Name, "cp_min": 1, "cp_max": 5},
	}
}

func synapseListener(port int) map[string]any {
	return map[string]any{
		"port": port, "type": "http", "tls": false, "x_forwarded": true, "bind_addresses": []string{"127.0.0.1"},
		"resources": []any{map[string]any{"names": []string{"client", "federation"}, "compress": false}},
	}
}

func writeYAML(t testing.TB, path string, value any) {
	t.Helper()
	data, err := yaml.Marshal(value)
	if err != nil {
		t.Fatal("live:", err)
	}
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal("live:", err)
	}
}
