package main

import (
	"bytes"
	"crypto/rand"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/internal/golden"
	"github.com/maskit-dev/maskit/internal/live"
)

// outcome is what a run printed and returned.
type outcome struct {
	code           int
	stdout, stderr string
}

func program(t *testing.T, args ...string) outcome {
	t.Helper()
	return answering(t, "", args...)
}

// answering is a run of which the questions are answered.
func answering(t *testing.T, answers string, args ...string) outcome {
	t.Helper()
	var stdout, stderr bytes.Buffer
	code := run(t.Context(), args, terminal{strings.NewReader(answers), &stdout, &stderr})
	return outcome{code, stdout.String(), stderr.String()}
}

// realServer is the program with a spec of its own, at a real Keycloak.
type realServer struct {
	live.KeycloakRealm // which the program makes
	dir                string
	flags              []string
}

// onRealServer gives the sample the name of a realm of the test, which is to be removed.
func onRealServer(t *testing.T) realServer {
	t.Helper()
	server := live.Keycloak(t, live.KeycloakCurrent)
	name := "t-" + strings.ToLower(rand.Text())
	realm := live.KeycloakRealm{Name: name, Issuer: server.URL + "/realms/" + name, Server: server}
	dir := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(dir, "password"), []byte(server.AdminPassword), 0o600))
	spec := strings.Replace(string(sample), "name: example\n", "name: "+realm.Name+"\n", 1)
	require.NoError(t, os.WriteFile(filepath.Join(dir, "spec.yaml"), []byte(spec), 0o600))
	return realServer{realm, dir, []string{
		"-spec", filepath.Join(dir, "spec.yaml"), "-url", server.URL, "-user", server.AdminUser, "-password-file", filepath.Join(dir, "password"),
	}}
}

func (r realServer) run(t *testing.T, code int, args ...string) string {
	t.Helper()
	got := program(t, append(append([]string{}, r.flags...), args...)...)
	require.Equal(t, code, got.code, got.stdout+got.stderr)
	return got.stdout
}

func (r realServer) remove(t *testing.T) { r.Admin(t, http.MethodDelete, "", nil, nil) }

func (r realServer) secret(t *testing.T) string {
	t.Helper()
	file := filepath.Join(r.dir, "client-secret")
	info, err := os.Stat(file)
	require.NoError(t, err)
	require.Equal(t, os.FileMode(0o600), info.Mode())
	secret, err := maskit.SecretFromFile(file)
	require.NoError(t, err)
	return secret.Reveal()
}

// client is the client of MAS as the server has it.
func (r realServer) client(t *testing.T) map[string]any {
	t.Helper()
	var list []map[string]any
	r.Admin(t, http.MethodGet, "/clients?clientId=matrix-authentication-service", nil, &list)
	require.Len(t, list, 1)
	return list[0]
}

func (r realServer) text(stdout string) string {
	text := strings.NewReplacer(r.Name, "example", r.Server.URL, "http://keycloak", r.dir, "DIR").Replace(stdout)
	return regexp.MustCompile(`[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f-]{22}`).ReplaceAllString(text, "UUID")
}

// TestLiveWholeCycle is the example on a real Keycloak, from an empty server to a
// rotated secret.
func TestLiveWholeCycle(t *testing.T) {
	t.Parallel()
	r := onRealServer(t)
	defer r.remove(t)
	golden.Require(t, "testdata/plan.txt", r.text(r.run(t, exitPlanned, "plan")))

	stdout := r.run(t, exitDone, "apply", "-yes")
	secret := r.secret(t)
	require.NotContains(t, stdout, secret)
	require.Regexp(t, `Applied 15 changes in \d+ requests, \d+ writes of them\.`, stdout)
	require.Equal(t, secret, r.client(t)["secret"])

	require.Regexp(t, `^Realm \S+: nothing to do \(\d+ requests, 0 writes\)\.\n$`, r.run(t, exitDone, "plan"))
	require.Contains(t, r.run(t, exitDone, "apply", "-yes"), "nothing to do")
	golden.Require(t, "testdata/verify.txt", r.text(r.run(t, exitDone, "verify")))

	client := r.client(t)
	client["directAccessGrantsEnabled"] = true
	r.Admin(t, http.MethodPut, "/clients/"+client["id"].(string), client, nil)
	golden.Require(t, "testdata/drift.txt", r.text(r.run(t, exitPlanned, "plan")))
	require.Contains(t, r.run(t, exitError, "verify"), "directAccessGrantsEnabled: true → false")
	r.run(t, exitDone, "apply", "-yes")
	require.Equal(t, false, r.client(t)["directAccessGrantsEnabled"])

	stdout = r.run(t, exitDone, "rotate", "-yes", "-reload", "true")
	require.Contains(t, stdout, "logins could fail for")
	require.NotEqual(t, secret, r.secret(t))
	require.Equal(t, r.secret(t), r.client(t)["secret"])
	require.NotContains(t, stdout, r.secret(t))
	require.NoFileExists(t, filepath.Join(r.dir, "client-secret.next"))
	require.Contains(t, r.run(t, exitDone, "plan"), "nothing to do")

	exported := r.run(t, exitDone, "export")
	require.NotContains(t, exported, r.secret(t))
	require.NoError(t, os.WriteFile(filepath.Join(r.dir, "spec.yaml"), []byte(exported), 0o600))
	require.Contains(t, r.run(t, exitDone, "plan"), "nothing to do")
}
