package keys_test

import (
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/internal/live"
	"github.com/maskit-dev/maskit/mas/keys"
)

// masEntry is an item of secrets.keys whose key and password are files.
type masEntry struct {
	kid      string
	text     string
	password maskit.Secret
}

// masConfig writes a configuration of the real MAS with entries as its keys, in
// JSON, which is YAML too, and returns its name and the port of its listener.
func masConfig(t *testing.T, db live.DB, entries ...masEntry) (name string, port int) {
	t.Helper()
	dir, port := t.TempDir(), live.FreePort(t)
	file := func(name, content string) string {
		name = filepath.Join(dir, name)
		require.NoError(t, os.WriteFile(name, []byte(content), 0o600))
		return name
	}
	list := make([]map[string]string, len(entries))
	for i, entry := range entries {
		list[i] = map[string]string{"key_file": file(fmt.Sprintf("%d.key", i), entry.text)}
		if kid := entry.kid; kid != "" {
			list[i]["kid"] = kid
		}
		if !entry.password.IsZero() {
			list[i]["password_file"] = file(fmt.Sprintf("%d.password", i), entry.password.Reveal())
		}
	}
	type object = map[string]any
	config, err := json.Marshal(object{
		"http": object{
			"public_base": fmt.Sprintf("http://127.0.0.1:%d/", port),
			"listeners": []any{object{
				"binds":     []any{object{"host": "127.0.0.1", "port": port}},
				"resources": []any{object{"name": "health"}, object{"name": "oauth"}, object{"name": "discovery"}},
			}},
		},
		"database": object{"uri": db.URI(), "max_connections": 4},
		"matrix":   object{"homeserver": "example.com", "secret": "shared", "endpoint": "http://127.0.0.1:1/"},
		"secrets":  object{"encryption": encryptionKey, "keys": list},
		"email":    object{"transport": "blackhole"},
	})
	require.NoError(t, err)
	return file("config.yaml", string(config)), port
}

// The real MAS reads all that we accept, and publishes the key set that we compute.
func TestLiveMASReadsWhatParseAccepts(t *testing.T) {
	t.Parallel()
	cli, db := live.MASCLI(t), live.Postgres(t)
	entries := readableEntries(t)
	config, port := masConfig(t, db, entries...)
	base := fmt.Sprintf("http://127.0.0.1:%d", port)
	cli.StartServer(t, base, base+"/health", config)

	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, base+"/oauth2/keys.json", http.NoBody)
	require.NoError(t, err)
	response, err := (&http.Client{}).Do(request)
	require.NoError(t, err)
	defer func() { _ = response.Body.Close() }()
	published, err := io.ReadAll(response.Body)
	require.NoError(t, err)
	require.Empty(t, response.Header.Get("Cache-Control"), "as the comment of Pace says")

	ours := make([]keys.Entry, len(entries))
	for i, entry := range entries {
		key, err := keys.Parse(maskit.NewSecret(entry.text), entry.password)
		require.NoError(t, err)
		ours[i] = keys.Entry{KID: entry.kid, Key: key}
	}
	computed, err := keys.JWKS(ours...)
	require.NoError(t, err)
	require.JSONEq(t, string(computed), string(published))
}

// readableEntries holds every readable key, some with a kid. A key in two formats
// stands there twice, which MAS does not mind.
func readableEntries(t *testing.T) []masEntry {
	t.Helper()
	var entries []masEntry
	readable, scripts := readableKeys(t), opensslWrites()
	for _, name := range slices.Sorted(maps.Keys(readable)) {
		entries = append(entries, masEntry{text: readable[name].text})
	}
	for _, name := range slices.Sorted(maps.Keys(scripts)) {
		entries = append(entries, masEntry{kid: name, text: openssl(t, scripts[name].script), password: scripts[name].password()})
	}
	return entries
}

// The real MAS does not start with what we refuse, and nothing before the start tells.
func TestLiveMASRefusesWhatParseRefuses(t *testing.T) {
	t.Parallel()
	cli, db := live.MASCLI(t), live.Postgres(t)
	plain := toPEM("PRIVATE KEY", toPKCS8(t, rfcP256(t)))
	entries := map[string]masEntry{
		"superfluous password":       {text: plain, password: maskit.NewSecret("x")},
		"superfluous empty password": {text: plain, password: maskit.NewSecret("")},
		"missing password":           {text: openssl(t, sslP256+sslTopk8)},
		"wrong password":             {text: openssl(t, sslP256+sslTopk8), password: maskit.NewSecret("correct horse\n")},
	}
	for name, c := range unreadableKeys(t) {
		entries[name] = masEntry{text: c.text}
	}
	for name, c := range brokenKeys(t) {
		entries[name] = masEntry{text: c.text}
	}
	for name, c := range opensslWritesUnreadable() {
		if c.reason != keys.ReasonTooCostly { // the one thing in which we are stricter
			entries["openssl: "+name] = masEntry{text: openssl(t, c.script), password: c.password()}
		}
	}
	for name, entry := range entries {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := keys.Parse(maskit.NewSecret(entry.text), entry.password)
			require.ErrorIs(t, err, maskit.ErrInvalid)
			config, _ := masConfig(t, db, entry)
			require.Equal(t, 0, cli.Run(t, "config", "check", "--config", config).Code)
			server := cli.Run(t, "server", "--config", config)
			require.NotZero(t, server.Code)
			require.Contains(t, server.Stderr+server.Stdout, "could not import keys from config")
		})
	}
}
