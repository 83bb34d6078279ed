package keycloaktest_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/rsa"
	"encoding/json"
	"io"
	"log/slog"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/internal/live"
	"github.com/maskit-dev/maskit/keycloak"
	"github.com/maskit-dev/maskit/keycloak/keycloaktest"
)

// subject is a realm of a server that is tested: of the fake, or of a real Keycloak.
type subject struct {
	url, realm     string
	user, password string
	version        live.KeycloakVersion
	// fake is nil for the real server.
	fake *keycloaktest.Server
	// held is a token of the administrator, which lives for a minute.
	held *heldToken
}

type heldToken struct {
	text string
	got  time.Time
}

func (s subject) issuer() string { return s.url + "/realms/" + s.realm }

// onBoth runs a test on the fake, and on the real server where there is one.
func onBoth(t *testing.T, settings map[string]any, run func(t *testing.T, s subject)) {
	t.Helper()
	onBothOf(t, live.KeycloakCurrent, settings, run)
}

// releases are the real servers, and which of them the fake can behave as.
func releases() map[live.KeycloakVersion]*keycloaktest.Version {
	current, floor := keycloaktest.V267, keycloaktest.V260
	return map[live.KeycloakVersion]*keycloaktest.Version{live.KeycloakCurrent: &current, live.KeycloakFloor: &floor, live.KeycloakOld: nil}
}

// onEvery is onBoth for every release.
func onEvery(t *testing.T, settings map[string]any, run func(t *testing.T, s subject)) {
	t.Helper()
	for version := range releases() {
		t.Run(string(version), func(t *testing.T) {
			t.Parallel()
			onBothOf(t, version, settings, run)
		})
	}
}

// onBothOf is onBoth for one release.
func onBothOf(t *testing.T, version live.KeycloakVersion, settings map[string]any, run func(t *testing.T, s subject)) {
	t.Helper()
	t.Run("real", func(t *testing.T) {
		if !updating() {
			t.Parallel()
		}
		realm := live.Keycloak(t, version).Realm(t, settings)
		run(t, subject{url: realm.Server.URL, realm: realm.Name, version: version, user: realm.Server.AdminUser, password: realm.Server.AdminPassword, held: &heldToken{}})
	})
	imitated := releases()[version]
	if imitated == nil {
		return
	}
	t.Run("fake", func(t *testing.T) {
		if !updating() {
			t.Parallel()
		}
		s := newFake(t, keycloaktest.Options{Version: *imitated})
		s.version = version
		body := map[string]any{"enabled": true}
		maps.Copy(body, settings)
		body["realm"] = s.realm
		require.NoError(t, s.fake.Admin(t.Context(), "POST", "/realms", body, nil))
		run(t, s)
	})
}

// signingKey is one key for all tests: to make one takes its time.
var signingKey = sync.OnceValue(func() *rsa.PrivateKey {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		panic(err)
	}
	return key
})

// newFake serves a fake. Its realm does not exist yet.
func newFake(t *testing.T, options keycloaktest.Options) subject {
	t.Helper()
	options.SigningKey = signingKey()
	fake := keycloaktest.New(options)
	server := httptest.NewServer(fake)
	t.Cleanup(server.Close)
	return subject{url: server.URL, realm: "t-fake", user: "admin", password: "admin", fake: fake, held: &heldToken{}}
}

// admin calls the admin API of the realm with a token, and fails unless the answer is 2xx.
func (s subject) admin(t *testing.T, method, path string, in, out any) {
	t.Helper()
	body, err := json.Marshal(in)
	require.NoError(t, err)
	status, _, answer := s.raw(t, s.token(t), method, "/admin/realms/"+s.realm+path, "application/json", string(body))
	require.Equal(t, 2, status/100, "%s %s: %d %s", method, path, status, answer)
	if out != nil {
		require.NoError(t, json.Unmarshal(answer, out))
	}
}

// raw sends a request and returns the status, the Location and the body.
func (s subject) raw(t *testing.T, token, method, path, contentType, body string) (status int, location string, answer []byte) {
	t.Helper()
	request, err := http.NewRequestWithContext(context.WithoutCancel(t.Context()), method, s.url+path, strings.NewReader(body))
	require.NoError(t, err)
	if token != "" {
		request.Header.Set("Authorization", "Bearer "+token)
	}
	if body != "" && contentType != "" {
		request.Header.Set("Content-Type", contentType)
	}
	response, err := s.plainClient().Do(request)
	require.NoError(t, err)
	defer func() { _ = response.Body.Close() }()
	answer, err = io.ReadAll(response.Body)
	require.NoError(t, err)
	return response.StatusCode, strings.TrimPrefix(response.Header.Get("Location"), s.url), bytes.TrimSpace(answer)
}

// plainClient follows no redirects, and goes to the fake without a network.
func (s subject) plainClient() *http.Client {
	return &http.Client{Transport: s.transport(), CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
}

func (s subject) transport() http.RoundTripper {
	if s.fake == nil {
		return nil
	}
	return s.fake
}

// form posts a form to the realm, and returns the status and the decoded answer.
func (s subject) form(t *testing.T, path string, fields url.Values) (int, map[string]any) {
	t.Helper()
	status, _, answer := s.raw(t, "", http.MethodPost, "/realms/"+s.realm+path, "application/x-www-form-urlencoded", fields.Encode())
	var out map[string]any
	_ = json.Unmarshal(answer, &out)
	return status, out
}

// token is one of the administrator.
func (s subject) token(t *testing.T) string {
	t.Helper()
	if time.Since(s.held.got) < 30*time.Second {
		return s.held.text
	}
	master := s
	master.realm = "master"
	status, answer := master.form(t, "/protocol/openid-connect/token", url.Values{
		"grant_type": {"password"}, "client_id": {"admin-cli"}, "username": {s.user}, "password": {s.password},
	})
	require.Equal(t, http.StatusOK, status, "%v", answer)
	s.held.text, s.held.got = answer["access_token"].(string), time.Now()
	return s.held.text
}

// provisioner is one that logs in as administrator.
func (s subject) provisioner(t *testing.T) *keycloak.Provisioner {
	t.Helper()
	p, err := keycloak.New(keycloak.Config{
		AdminURL: s.url, HTTPClient: &http.Client{Transport: s.transport()}, Auth: keycloak.AdminPassword{User: s.user, Password: maskit.NewSecret(s.password)},
		Logger: slog.New(slog.NewTextHandler(watchedLog{t}, &slog.HandlerOptions{Level: slog.LevelDebug})),
	})
	require.NoError(t, err)
	return p
}

// watchedLog fails the test when a secret or a token is logged.
type watchedLog struct{ t *testing.T }

func (w watchedLog) Write(line []byte) (int, error) {
	for _, secret := range append(secretsOf(), "eyJ") { // as every token begins
		if strings.Contains(string(line), secret) {
			w.t.Error("logged:", secret)
		}
	}
	return len(line), nil
}
