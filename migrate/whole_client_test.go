package migrate_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/url"
	"slices"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"github.com/maskit-dev/maskit/internal/live"
)

// matrix is a Matrix client in front of nginx.
type matrix struct {
	t    *testing.T
	base string
}

// answer is what of an answer of the client-server API matters, whatever was asked.
type answer struct {
	status       int
	UserID       string `json:"user_id"`
	DeviceID     string `json:"device_id"`
	AccessToken  string `json:"access_token"`
	RefreshToken string `json:"refresh_token"`
	IsGuest      bool   `json:"is_guest"`
	Code         string `json:"errcode"`
	SoftLogout   bool   `json:"soft_logout"`
}

// who is the answer without tokens.
func (a answer) who() answer {
	a.AccessToken, a.RefreshToken = "", ""
	return a
}

func (m matrix) call(method, path, token string, body any) answer {
	m.t.Helper()
	data := []byte("{}")
	if body != nil {
		var err error
		data, err = json.Marshal(body)
		require.NoError(m.t, err)
	}
	request, err := http.NewRequestWithContext(m.t.Context(), method, m.base+"_matrix/client/"+path, bytes.NewReader(data))
	require.NoError(m.t, err)
	if method == http.MethodGet {
		request.Body = http.NoBody
	}
	request.Header.Set("Content-Type", "application/json")
	if token != "" {
		request.Header.Set("Authorization", "Bearer "+token)
	}
	response, err := (&http.Client{Timeout: time.Minute}).Do(request)
	require.NoError(m.t, err)
	defer func() { require.NoError(m.t, response.Body.Close()) }()
	text, err := io.ReadAll(response.Body)
	require.NoError(m.t, err)
	a := answer{status: response.StatusCode}
	require.NoError(m.t, json.Unmarshal(text, &a), "%s %s: %d %s", method, path, response.StatusCode, text)
	return a
}

func (m matrix) whoami(token string) answer {
	m.t.Helper()
	return m.call(http.MethodGet, "v3/account/whoami", token, nil)
}

// logIn logs in by password, with a new device.
func (m matrix) logIn(person live.Person, device string) answer {
	m.t.Helper()
	return m.call(http.MethodPost, "v3/login", "", map[string]any{
		"type": "m.login.password", "identifier": map[string]any{"type": "m.id.user", "user": person.Localpart}, "password": person.Password, "device_id": device,
	})
}

func (m matrix) logOut(token string) {
	m.t.Helper()
	require.Equal(m.t, http.StatusOK, m.call(http.MethodPost, "v3/logout", token, nil).status)
}

func (m matrix) refresh(token string) answer {
	m.t.Helper()
	return m.call(http.MethodPost, "v3/refresh", "", map[string]any{"refresh_token": token})
}

// is the answer to whoami of somebody with a device.
func is(person live.Person, device string) answer {
	return answer{status: http.StatusOK, UserID: person.UserID, DeviceID: device}
}

// signOn logs somebody in by the identity provider, as a client that opens a browser.
func (w *world) signOn(t *testing.T, name string) answer {
	t.Helper()
	browser := live.NewKeycloakBrowser(t)
	atProvider := browser.Open(w.site.AccountURL + "upstream/authorize/" + string(w.provider))
	callback, err := w.idp.LogIn(t.Context(), atProvider.URL.String(), name)
	require.NoError(t, err)
	browser.Open(callback.String())
	page := browser.Open(w.site.AccountURL + "_matrix/client/v3/login/sso/redirect?redirectUrl=" + url.QueryEscape("http://client.invalid/"))
	require.Contains(t, page.URL.Path, "/complete-compat-sso/", page.Title)
	page.Forms["continue"] = live.KeycloakForm{Action: page.URL.String(), Fields: url.Values{"csrf": page.Forms[""].Fields["csrf"]}}
	page = browser.Submit(page, "continue", nil)
	require.Equal(t, "client.invalid", page.URL.Host)
	return matrix{t, w.site.ClientAPIURL}.call(http.MethodPost, "v3/login", "", map[string]any{"type": "m.login.token", "token": page.Callback.Get("loginToken")})
}

// devices are the devices that Synapse has, hidden ones included: "@alice:example.com PHONE".
func (w *world) devices(t *testing.T) []string {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), w.synapseDB.URI())
	require.NoError(t, err)
	rows, err := conn.Query(t.Context(), "SELECT user_id || ' ' || device_id FROM devices")
	require.NoError(t, err)
	devices, err := pgx.CollectRows(rows, pgx.RowTo[string])
	require.NoError(t, errors.Join(err, conn.Close(context.WithoutCancel(t.Context()))))
	slices.Sort(devices)
	return devices
}
