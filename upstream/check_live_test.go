package upstream_test

import (
	"bytes"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/internal/live"
	"github.com/maskit-dev/maskit/mas"
	"github.com/maskit-dev/maskit/upstream"
	"github.com/maskit-dev/maskit/upstream/upstreamtest"
)

// liveClient makes a client in a realm as an administrator should, but for a change.
func liveClient(t *testing.T, realm live.KeycloakRealm, id string, change map[string]any) {
	t.Helper()
	client := map[string]any{
		"clientId": id, "protocol": "openid-connect", "publicClient": false, "secret": idpSecret,
		"standardFlowEnabled": true, "directAccessGrantsEnabled": false, "frontchannelLogout": false,
		"redirectUris": []string{upstreamtest.Env().CallbackURL()},
		"attributes":   map[string]string{"backchannel.logout.url": upstreamtest.Env().BackchannelLogoutURL()},
	}
	for name, value := range change {
		client[name] = value
	}
	realm.Admin(t, http.MethodPost, "/clients", client, nil)
}

func liveEntry(realm live.KeycloakRealm, id string) upstream.Entry {
	return upstream.Entry{
		ID: upstreamtest.Env().ID, Issuer: realm.Issuer, ClientID: id,
		ClientSecret:            mas.SecretValue{Inline: maskit.NewSecret(idpSecret)},
		TokenEndpointAuthMethod: mas.AuthClientSecretBasic, Scope: "openid profile email",
		DiscoveryMode: mas.DiscoveryInsecure, FetchUserinfo: true, OnBackchannelLogout: mas.LogoutAll,
	}
}

// liveSeen are the findings without those that say that the test's Keycloak speaks http.
func liveSeen(report upstream.CheckReport) []string {
	found := []string{}
	for _, p := range report.Problems {
		if p.Code != "disc-insecure" && p.Code != "disc-https" {
			found = append(found, p.Severity.String()+" "+p.Code)
		}
	}
	return found
}

// What a real Keycloak answers, with its pushed authorization requests and without.
func TestLiveCheckKeycloak(t *testing.T) {
	t.Parallel()
	realm := live.Keycloak(t, live.KeycloakCurrent).Realm(t, nil)
	liveClient(t, realm, "good", nil)
	liveClient(t, realm, "elsewhere", map[string]any{"redirectUris": []string{"https://elsewhere.example.com/"}})
	liveClient(t, realm, "pkce", map[string]any{"attributes": map[string]string{"pkce.code.challenge.method": "S256"}})
	liveClient(t, realm, "public", map[string]any{"publicClient": true})
	liveClient(t, realm, "flowless", map[string]any{"standardFlowEnabled": false})
	type change = func(*upstream.Entry, *upstream.CheckConfig)
	as := func(id string) change { return func(e *upstream.Entry, _ *upstream.CheckConfig) { e.ClientID = id } }
	for name, test := range map[string]struct {
		change change
		// pushed are the findings where the provider takes pushed requests, probed those of the other probes.
		pushed, probed []string
		credentials    upstream.Verdict
	}{
		"good": {as("good"), []string{}, []string{}, upstream.VerdictAccepted},
		"good, by post": {func(e *upstream.Entry, _ *upstream.CheckConfig) {
			e.ClientID, e.TokenEndpointAuthMethod = "good", mas.AuthClientSecretPost
		}, []string{}, []string{}, upstream.VerdictAccepted},
		"good, with control": {func(e *upstream.Entry, c *upstream.CheckConfig) { e.ClientID, c.ControlProbe = "good", true }, []string{}, []string{}, upstream.VerdictAccepted},
		"PKCE":               {as("pkce"), []string{}, []string{}, upstream.VerdictAccepted},
		"form_post": {func(e *upstream.Entry, _ *upstream.CheckConfig) {
			e.ClientID, e.ResponseMode = "good", mas.ResponseFormPost
		}, []string{}, []string{}, upstream.VerdictAccepted},
		"wrong secret": {func(e *upstream.Entry, _ *upstream.CheckConfig) {
			e.ClientID, e.ClientSecret.Inline = "good", maskit.NewSecret("wrong")
		}, []string{"error probe-client"}, []string{"error probe-secret"}, ""},
		"unknown client": {as("nobody"), []string{"error probe-client-unknown"}, []string{"error probe-client-unknown"}, upstream.VerdictClientUnknown},
		"wrong redirect": {as("elsewhere"), []string{"error probe-redirect-uri"}, []string{"error probe-redirect-uri"}, upstream.VerdictAccepted},
		"bad scope": {func(e *upstream.Entry, _ *upstream.CheckConfig) {
			e.ClientID, e.Scope = "good", "openid nonsense"
		}, []string{"warning disc-scopes", "error probe-scope"}, []string{"warning disc-scopes", "error probe-scope"}, upstream.VerdictAccepted},
		"no PKCE where it is required": {func(e *upstream.Entry, _ *upstream.CheckConfig) {
			e.ClientID, e.PKCEMethod = "pkce", mas.PKCENever
		}, []string{"warning disc-pkce", "error probe-pkce"}, []string{"warning disc-pkce", "error probe-pkce"}, upstream.VerdictAccepted},
		"public": {as("public"), []string{}, []string{}, upstream.VerdictAccepted},
		"public, with control": {
			func(e *upstream.Entry, c *upstream.CheckConfig) { e.ClientID, c.ControlProbe = "public", true },
			[]string{"info probe-secret-unchecked"},
			[]string{"info probe-secret-unchecked"},
			upstream.VerdictUnchecked,
		},
		"without the flow": {as("flowless"), []string{"error probe-flow"}, []string{"error probe-flow"}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			entry, cfg := liveEntry(realm, "good"), upstream.CheckConfig{Env: upstreamtest.Env(), Timeout: 2 * time.Minute, RequestTimeout: time.Minute}
			test.change(&entry, &cfg)
			report := check(t, entry, cfg)
			require.Equal(t, test.pushed, liveSeen(report), "%s", report.Problems)
			if test.credentials != "" {
				require.Equal(t, test.credentials, report.Credentials)
			}
			require.LessOrEqual(t, report.Requests, 6)

			cfg.HTTPClient = &http.Client{Transport: withoutPushing{&http.Transport{}}}
			report = check(t, entry, cfg)
			require.Equal(t, test.probed, liveSeen(report), "%s", report.Problems)
			require.NotContains(t, report.Problems.String(), idpSecret)
		})
	}
}

// withoutPushing hides that the provider takes pushed authorization requests.
type withoutPushing struct{ next http.RoundTripper }

func (w withoutPushing) RoundTrip(r *http.Request) (*http.Response, error) {
	response, err := w.next.RoundTrip(r)
	if err != nil || !strings.HasSuffix(r.URL.Path, discoveryPath) {
		return response, err
	}
	body, err := io.ReadAll(response.Body)
	if err != nil {
		return nil, err
	}
	_ = response.Body.Close()
	body = bytes.Replace(body, []byte("pushed_authorization_request_endpoint"), []byte("x"), 1)
	response.Body, response.ContentLength = io.NopCloser(bytes.NewReader(body)), int64(len(body))
	return response, nil
}
