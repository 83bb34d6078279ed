package main

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/maskit-dev/maskit/internal/golden"
	"github.com/maskit-dev/maskit/internal/live"
	"github.com/maskit-dev/maskit/keycloak/keycloaktest"
)

// These tests take over a realm that was set up by hand, without a change, and then bring
// it to the safe settings by one plan. See testdata/byhand for the steps: setup.sh,
// exported.yaml, safe.yaml and plan.txt.

func TestAdoptInMemory(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(keycloaktest.New(keycloaktest.Options{}))
	defer server.Close()
	realmAt(t, live.KeycloakServer{URL: server.URL, AdminUser: "admin", AdminPassword: "admin"}).adopt(t)
}

func TestLiveAdopt(t *testing.T) {
	t.Parallel()
	r := onRealServer(t)
	defer r.remove(t)
	r.adopt(t)
}

func (r realServer) adopt(t *testing.T) {
	t.Helper()
	r.setUpByHand(t)
	others := r.others(t)

	got := program(t, r.with("export", "-realm", r.Name, "-client", "matrix")...)
	require.Equal(t, exitDone, got.code, got.stderr)
	require.Contains(t, got.stderr, "identity_providers[0].secret: is not known")
	exported := got.stdout
	require.NotContains(t, got.stdout+got.stderr, "made-by-hand-long-ago")
	r.showByHand(t, "exported.yaml", exported)
	r.write(t, "spec.yaml", exported)
	require.Contains(t, r.run(t, exitDone, "plan"), "nothing to do")
	require.Contains(t, r.run(t, exitDone, "apply"), "nothing to do")
	require.NoFileExists(t, filepath.Join(r.dir, "client-secret"))

	r.write(t, "spec.yaml", strings.Replace(readByHand(t, "safe.yaml"), "name: staff\n", "name: "+r.Name+"\n", 1))
	r.showByHand(t, "plan.txt", r.run(t, exitPlanned, "plan"))
	r.run(t, exitDone, "apply", "-yes", "-delete")
	require.Contains(t, r.run(t, exitDone, "plan"), "nothing to do")
	r.run(t, exitDone, "verify")
	require.Equal(t, "made-by-hand-long-ago", r.secret(t), "which MAS has already")
	require.Equal(t, others, r.others(t))
}

// others is what no spec is about.
func (r realServer) others(t *testing.T) []map[string]any {
	t.Helper()
	return []map[string]any{r.clientNamed(t, "wiki"), r.clientNamed(t, "account")}
}

func readByHand(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("testdata", "byhand", name))
	require.NoError(t, err)
	return string(text)
}

func (r realServer) showByHand(t *testing.T, name, text string) {
	t.Helper()
	golden.Require(t, filepath.Join("testdata", "byhand", name), masked(strings.ReplaceAll(text, r.Name, "staff")))
}

// setUpByHand does what setup.sh says.
func (r realServer) setUpByHand(t *testing.T) {
	t.Helper()
	variables := map[string]string{"REALM": r.Name}
	for line := range strings.Lines(readByHand(t, "setup.sh")) {
		line = os.Expand(strings.TrimSpace(line), func(name string) string { return variables[name] })
		name, question, isVariable := strings.Cut(line, "=$(kcadm.sh get clients ")
		switch {
		case line == "" || strings.HasPrefix(line, "#"):
		case isVariable:
			require.Contains(t, question, "-q clientId=matrix ")
			variables[name] = r.clientNamed(t, "matrix")["id"].(string)
		default:
			r.kcadm(t, words(line))
		}
	}
}

// words splits a command as a shell does, as far as quotes are single ones.
func words(line string) []string {
	quoted := false
	return strings.FieldsFunc(strings.Map(func(c rune) rune {
		switch {
		case c == '\'':
			quoted = !quoted
			return -1
		case c == ' ' && !quoted:
			return '\n'
		}
		return c
	}, line), func(c rune) bool { return c == '\n' })
}

// kcadm does what kcadm.sh create does: -r names the realm, and each -s sets something.
func (r realServer) kcadm(t *testing.T, command []string) {
	t.Helper()
	require.Equal(t, []string{"kcadm.sh", "create"}, command[:2])
	path, body := "/"+command[2], map[string]any{}
	for i := 3; i < len(command); i += 2 {
		if command[i] == "-r" {
			path = "/realms/" + command[i+1] + path
			continue
		}
		require.Equal(t, "-s", command[i])
		key, text, _ := strings.Cut(command[i+1], "=")
		into := body
		if parent, child, nested := strings.Cut(key, "."); nested {
			if body[parent] == nil {
				body[parent] = map[string]any{}
			}
			into, key = body[parent].(map[string]any), child
		}
		var value any
		if json.Unmarshal([]byte(text), &value) != nil {
			value = text
		}
		into[key] = value
	}
	r.Server.Admin(t, http.MethodPost, path, body, nil)
}
