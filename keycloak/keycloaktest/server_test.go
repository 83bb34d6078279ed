package keycloaktest_test

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/internal/live"
	"github.com/maskit-dev/maskit/keycloak"
	"github.com/maskit-dev/maskit/keycloak/keycloaktest"
)

// seeded is a fake with the realm that people describes.
func seeded(t *testing.T, options keycloaktest.Options) subject {
	t.Helper()
	s := newFake(t, options)
	body := people()
	body["realm"], body["enabled"] = s.realm, true
	require.NoError(t, s.fake.Admin(t.Context(), "POST", "/realms", body, nil))
	return s
}

func TestFaults(t *testing.T) {
	t.Parallel()
	onGroups := func(r keycloaktest.Request) bool {
		return r.Method == http.MethodPost && r.Path == "/admin/realms/t-fake/groups"
	}
	for name, c := range map[string]struct {
		fault   keycloaktest.Fault
		status  int // 0 is a broken connection
		carried bool
	}{
		"status":           {keycloaktest.Fault{Status: 503}, 503, false},
		"status, carried":  {keycloaktest.Fault{Status: 503, Carried: true}, 503, true},
		"page":             {keycloaktest.Fault{HTML: true}, 200, false},
		"page, carried":    {keycloaktest.Fault{HTML: true, Carried: true}, 200, true},
		"cut before":       {keycloaktest.Fault{Cut: keycloaktest.CutBefore}, 0, false},
		"cut after":        {keycloaktest.Fault{Cut: keycloaktest.CutAfter}, 0, true},
		"delay":            {keycloaktest.Fault{Delay: time.Millisecond}, 201, true},
		"delay and status": {keycloaktest.Fault{Delay: time.Millisecond, Status: 500}, 500, false},
	} {
		for _, transport := range []string{"in process", "network"} {
			t.Run(name+" "+transport, func(t *testing.T) {
				t.Parallel()
				s := seeded(t, keycloaktest.Options{})
				client := s.plainClient()
				if transport == "network" {
					client.Transport = &http.Transport{DisableKeepAlives: true}
				}
				c.fault.Match, c.fault.Nth = onGroups, 2
				s.fake.Inject(c.fault)
				require.Equal(t, 201, s.postGroup(t, client, "first"))
				require.Equal(t, c.status, s.postGroup(t, client, "second"))
				require.Equal(t, 201, s.postGroup(t, client, "third"))
				err := s.fake.Admin(t.Context(), "GET", "/realms/t-fake/group-by-path/second", nil, nil)
				require.Equal(t, c.carried, err == nil, "%v", err)
				if !c.carried {
					require.ErrorIs(t, err, maskit.ErrNotFound)
				}
				var got []int
				for _, r := range s.fake.Requests() {
					if onGroups(r) {
						got = append(got, r.Status)
					}
				}
				require.Equal(t, []int{201, c.status, 201}, got)

				s.fake.Inject(keycloaktest.Fault{Status: 418})
				require.Equal(t, 418, s.postGroup(t, client, "x"), "any request")
				s.fake.Heal()
				require.Equal(t, 201, s.postGroup(t, client, "fourth"))
				s.fake.Forget()
				require.Empty(t, s.fake.Requests())
			})
		}
	}
}

// postGroup returns the status, or 0 if the connection broke.
func (s subject) postGroup(t *testing.T, client *http.Client, name string) int {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, s.url+"/admin/realms/t-fake/groups", strings.NewReader(`{"name":"`+name+`"}`))
	require.NoError(t, err)
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("Authorization", "Bearer "+s.token(t))
	response, err := client.Do(request)
	if err != nil {
		return 0
	}
	_ = response.Body.Close()
	return response.StatusCode
}

func TestUnknownAddresses(t *testing.T) {
	t.Parallel()
	s := seeded(t, keycloaktest.Options{})
	token := s.token(t)
	for address, status := range map[string]int{
		"GET /": 404, "GET /realms/t-fake/nothing": 404, "GET /admin/realms/t-fake/nothing": 404, "PATCH /admin/realms/t-fake": 405, "DELETE /realms/t-fake": 405,
		"POST /admin/realms/t-fake/partial-export": 501, "GET /admin/realms/t-fake/events": 501, "GET /realms/t-fake/broker/x/login": 501,
		"GET /realms/t-fake/protocol/saml": 501, "POST /realms/t-fake/protocol/openid-connect/revoke": 501,
	} {
		method, path, _ := strings.Cut(address, " ")
		got, _, _ := s.raw(t, token, method, path, "", "")
		require.Equal(t, status, got, address)
	}
	require.Len(t, s.fake.Unknown(), 10)
	s.fake.Forget()
	status, _, _ := s.raw(t, token, "GET", "/admin/realms/t-fake/group-by-path/none", "", "")
	require.Equal(t, 404, status)
	status, _, _ = s.raw(t, token, "GET", "/admin/realms/nobody/clients?clientId=x", "", "")
	require.Equal(t, 404, status)
	require.Empty(t, s.fake.Unknown(), "the address is known, what it names is not")
}

// What is sent to the realm master, and no representation, is refused as Keycloak does.
func TestRefusals(t *testing.T) {
	t.Parallel()
	onBoth(t, nil, func(t *testing.T, s subject) {
		clients := "/admin/realms/" + s.realm + "/clients"
		for _, c := range []struct {
			method, path, body string
			status             int
			want               string
		}{
			{"PUT", "/admin/realms/master", `{"realm":"other"}`, 400, `{"errorMessage":"Can't rename master realm"}`},
			{"DELETE", "/admin/realms/master", "", 400, `{"errorMessage":"Can't remove master realm"}`},
			{"POST", clients, "[]", 400, `{"error":"unknown_error","error_description":"Cannot parse the JSON"}`},
			{"POST", clients, "null", 500, `{"error":"unknown_error","error_description":"For more on this error consult the server log."}`},
			{"POST", clients, "", 500, `{"error":"unknown_error","error_description":"For more on this error consult the server log."}`},
			{"PATCH", "/admin/realms/" + s.realm, "{}", 405, `{"error":"HTTP 405 Method Not Allowed"}`},
		} {
			status, _, answer := s.raw(t, s.token(t), c.method, c.path, "application/json", c.body)
			require.Equal(t, c.status, status, "%s %s %s", c.method, c.path, c.body)
			require.JSONEq(t, c.want, string(answer), "%s %s %s", c.method, c.path, c.body)
		}
	})
}

func TestAdminCallsAreNotRequests(t *testing.T) {
	t.Parallel()
	s := seeded(t, keycloaktest.Options{})
	s.fake.Inject(keycloaktest.Fault{Status: 500})
	var out map[string]any
	require.NoError(t, s.fake.Admin(t.Context(), "GET", "/realms/t-fake", nil, &out))
	require.Equal(t, "t-fake", out["realm"])
	require.Empty(t, s.fake.Requests())
	err := s.fake.Admin(t.Context(), "POST", "/realms/t-fake/clients", map[string]any{"clientId": "app"}, nil)
	require.ErrorIs(t, err, maskit.ErrConflict)
	require.ErrorContains(t, err, "Client app already exists")
	require.Error(t, s.fake.Admin(t.Context(), "POST", "/realms", make(chan int), nil))
	require.Error(t, s.fake.Admin(t.Context(), "GET", "/realms/t-fake", nil, &[]int{}))
}

// Time passes by the clock that is given.
func TestClock(t *testing.T) {
	t.Parallel()
	now := time.Date(2030, 1, 1, 0, 0, 0, 0, time.UTC)
	s := seeded(t, keycloaktest.Options{Now: func() time.Time { return now }})
	grant := url.Values{"grant_type": {"password"}, "client_id": {"app"}, "client_secret": {"app-secret"}, "username": {"alice"}, "password": {"pw-alice"}, "scope": {"openid"}}
	status, answer := s.form(t, tokenPath, grant)
	require.Equal(t, http.StatusOK, status)
	access := answer["access_token"].(string)
	require.InDelta(t, float64(now.Unix()+300), s.verified(t, access)["exp"], 0)
	info := func() int {
		status, _, _ := s.raw(t, access, http.MethodGet, "/realms/t-fake/protocol/openid-connect/userinfo", "", "")
		return status
	}
	require.Equal(t, http.StatusOK, info())
	now = now.Add(301 * time.Second)
	require.Equal(t, http.StatusUnauthorized, info())
	refresh := url.Values{"grant_type": {"refresh_token"}, "client_id": {"app"}, "client_secret": {"app-secret"}, "refresh_token": {answer["refresh_token"].(string)}}
	status, _ = s.form(t, tokenPath, refresh)
	require.Equal(t, http.StatusOK, status)
	now = now.Add(1801 * time.Second)
	status, answer = s.form(t, tokenPath, refresh)
	require.Equal(t, http.StatusBadRequest, status)
	require.Equal(t, "Session not active", answer["error_description"])

	browser := live.NewKeycloakBrowser(t)
	page := browser.Login(s.app("app").URL(), &live.KeycloakUser{Name: "alice", Password: "pw-alice"})
	require.NotEmpty(t, page.Callback.Get("code"))
	now = now.Add(61 * time.Second)
	status, _ = s.form(t, tokenPath, exchange(page))
	require.Equal(t, http.StatusBadRequest, status, "a code lives for a minute")
	now = now.Add(time.Hour)
	require.Contains(t, browser.Open(s.app("app").URL()).Forms, "kc-form-login", "the session is over")
}

func TestOptions(t *testing.T) {
	t.Parallel()
	kc := keycloaktest.New(keycloaktest.Options{
		URL: "https://sso.example.com/auth/", AdminUser: "root", AdminPassword: maskit.NewSecret("hidden"),
		CheckLDAP: func(action, address string) error { return fmt.Errorf("%s %s", action, address) },
	})
	server := httptest.NewServer(http.StripPrefix("/auth", kc))
	t.Cleanup(server.Close)
	p, err := keycloak.New(keycloak.Config{
		AdminURL: server.URL + "/auth", Auth: keycloak.AdminPassword{User: "root", Password: maskit.NewSecret("hidden")},
	})
	require.NoError(t, err)
	spec := small("staff")
	spec.Realm.Create = true
	require.NoError(t, attempt(t.Context(), t, p, spec))
	report, err := p.Verify(t.Context(), spec)
	require.NoError(t, err)
	require.Contains(t, report.Problems.Err().Error(), `the issuer is "https://sso.example.com/auth/realms/staff"`)
	err = kc.Admin(t.Context(), "POST", "/realms/staff/testLDAPConnection", map[string]any{"action": "testConnection", "connectionUrl": "ldap://x"}, nil)
	require.ErrorContains(t, err, "testConnection ldap://x")
	require.NotContains(t, fmt.Sprintf("%+v", kc.Requests()), "hidden")

	broken := keycloaktest.New(keycloaktest.Options{Rand: iotest.ErrReader(errors.New("dry"))})
	err = broken.Admin(t.Context(), "GET", "/realms/master", nil, nil)
	require.ErrorContains(t, err, "gave no bytes")
}

func TestOwnSigningKeys(t *testing.T) {
	t.Parallel()
	kc := keycloaktest.New(keycloaktest.Options{})
	client := &http.Client{Transport: kc}
	certs := func(realm string) string {
		request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "https://kc.example.com/realms/"+realm+"/protocol/openid-connect/certs", nil)
		require.NoError(t, err)
		response, err := client.Do(request)
		require.NoError(t, err)
		defer func() { _ = response.Body.Close() }()
		body, err := io.ReadAll(response.Body)
		require.NoError(t, err)
		return string(body)
	}
	require.NoError(t, kc.Admin(t.Context(), "POST", "/realms", map[string]any{"realm": "one", "enabled": true}, nil))
	require.Equal(t, certs("one"), certs("one"))
	require.NotEqual(t, certs("one"), certs("master"))
}
