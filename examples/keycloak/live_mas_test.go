package main

import (
	"bytes"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/internal/live"
	"github.com/maskit-dev/maskit/mas"
	"github.com/maskit-dev/maskit/synapse"
	"github.com/maskit-dev/maskit/upstream"
	upkc "github.com/maskit-dev/maskit/upstream/keycloak"
	"github.com/maskit-dev/maskit/upstream/oidc"
)

// deployment is Synapse, MAS and a realm of Keycloak: one site and one id of the
// provider make the settings of all three.
type deployment struct {
	realServer
	site     maskit.Site
	identity mas.Identity
	synapse  *live.Server
	user     live.KeycloakUser
}

// TestLiveLoginToMatrix has a person log in to Matrix at the realm that the program made,
// with a password and a one-time code, and an administrator of Keycloak end that session.
func TestLiveLoginToMatrix(t *testing.T) {
	t.Parallel()
	cli, install := live.MASCLI(t), live.Synapse(t, live.SynapseCurrent)
	d := deployment{realServer: onRealServer(t), user: live.KeycloakUser{Name: "alice", Password: "correct horse battery staple"}}
	defer d.remove(t)
	port, internal := live.FreePort(t), live.FreePort(t)
	d.site = maskit.Site{
		ServerName: "example.com", AccountURL: fmt.Sprintf("http://127.0.0.1:%d/", port), MASURL: fmt.Sprintf("http://127.0.0.1:%d/", port),
		ClientAPIURL: "http://127.0.0.1:1/",
	}
	d.makeIdentity(t)
	d.startSynapse(t, install)
	d.provisionKeycloak(t)
	d.startMAS(t, cli, port, internal)

	token, user := d.logIn(t)
	require.Equal(t, "@alice:example.com", user)
	status, body := d.whoami(t, token)
	require.Equal(t, http.StatusOK, status, body)
	require.Contains(t, body, "@alice:example.com")

	var users []map[string]any
	d.Admin(t, http.MethodGet, "/users?exact=true&username=alice", nil, &users)
	d.Admin(t, http.MethodPost, "/users/"+users[0]["id"].(string)+"/logout", nil, nil)
	require.Eventually(t, func() bool {
		status, body = d.whoami(t, token)
		return status == http.StatusUnauthorized
	}, 20*time.Second, 200*time.Millisecond)
	require.Contains(t, body, "M_UNKNOWN_TOKEN")
}

func (d *deployment) makeIdentity(t *testing.T) {
	t.Helper()
	identity, err := mas.NewIdentity(rand.Reader)
	require.NoError(t, err)
	d.identity, err = identity.WithProvider("keycloak", rand.Reader)
	require.NoError(t, err)
}

func (d *deployment) startSynapse(t *testing.T, install *live.SynapseInstall) {
	t.Helper()
	generated := install.GenerateConfig(t, d.site.ServerName)
	secret := filepath.Join(generated.Dir, "mas-secret")
	require.NoError(t, keep(secret, d.identity.SharedSecret))
	files, problems, err := synapse.ReadFiles(os.DirFS(generated.Dir), "homeserver.yaml")
	require.NoError(t, err)
	require.NoError(t, problems.Err())
	patched, problems := synapse.Delegate{Site: d.site, SecretPath: secret}.Patch(files)
	require.NoError(t, problems.Err())
	require.NoError(t, os.WriteFile(generated.Path, patched.Files[0].Data, 0o600))
	d.synapse = install.Start(t, live.Postgres(t), generated.Path)
	d.site.SynapseURL = d.synapse.URL + "/"
}

// provisionKeycloak runs the program with the sample, for this site and with a person.
func (d *deployment) provisionKeycloak(t *testing.T) {
	t.Helper()
	file := filepath.Join(d.dir, "spec.yaml")
	spec, err := os.ReadFile(file)
	require.NoError(t, err)
	text := strings.NewReplacer(
		"https://account.example.com/", d.site.AccountURL,
		"01JSHPZHAXC50QBKH67MH33TNF", string(d.identity.Providers["keycloak"]),
	).Replace(string(spec)) + `  - username: alice
    email: alice@example.com
    first_name: Alice
    last_name: Liddell
    password_file: alice
    groups: [/matrix-users]
`
	require.NoError(t, os.WriteFile(file, []byte(text), 0o600))
	require.NoError(t, os.WriteFile(filepath.Join(d.dir, "alice"), []byte(d.user.Password), 0o600))
	d.run(t, exitDone, "apply", "-yes")
}

func (d *deployment) startMAS(t *testing.T, cli *live.MAS, port, internal int) {
	t.Helper()
	entry, problems := upkc.Config{
		Client:  oidc.Client{ID: "matrix-authentication-service", Secret: mas.SecretValue{Inline: maskit.NewSecret(d.secret(t))}},
		BaseURL: d.Server.URL, Realm: d.Name, InsecureHTTP: true,
	}.Entry(upstream.Env{Site: d.site, ID: d.identity.Providers["keycloak"]})
	require.NoError(t, problems.Err())
	db := live.Postgres(t)
	config, problems := mas.NewBuilder(d.site, d.identity).
		Database(mas.Database{Socket: db.SocketDir, Username: db.User, Name: db.Name}).
		Listeners(
			listener("public", port, mas.ResourceDiscovery, mas.ResourceHuman, mas.ResourceOAuth, mas.ResourceCompat, mas.ResourceGraphQL, mas.ResourceAssets),
			listener("internal", internal, mas.ResourceHealth),
		).
		Upstream(entry).Build()
	require.NoError(t, problems.Err())
	rendered, problems := mas.Render(config, mas.RenderOptions{Layout: mas.LayoutSingle})
	require.NoError(t, problems.Err())
	path := filepath.Join(t.TempDir(), "config.yaml")
	require.NoError(t, os.WriteFile(path, rendered.Files[0].Data(), 0o600))
	cli.StartServer(t, d.site.AccountURL, fmt.Sprintf("http://127.0.0.1:%d/health", internal), path)
}

func listener(name string, port int, resources ...mas.ResourceName) mas.Listener {
	l := mas.Listener{Name: name, Binds: []mas.Bind{{Host: "127.0.0.1", Port: uint16(port)}}}
	for _, r := range resources {
		l.Resources = append(l.Resources, mas.Resource{Name: r})
	}
	return l
}

// logIn goes the way of a Matrix client that sends people to single sign-on, and returns
// the access token and the user.
func (d *deployment) logIn(t *testing.T) (token, user string) {
	t.Helper()
	browser := live.NewKeycloakBrowser(t)
	page := browser.Open(d.site.AccountURL + "_matrix/client/v3/login/sso/redirect?redirectUrl=" + url.QueryEscape("http://client.invalid/"))
	page = browser.Login(page.URL.String(), &d.user)
	require.Equal(t, []string{"kc-form-login", "kc-totp-settings-form"}, page.Steps, page.Message)
	require.NotEmpty(t, page.Callback.Get("code"))
	page = browser.Open(page.URL.String()) // back at MAS
	require.Contains(t, page.URL.Path, "/upstream/link/")
	require.Equal(t, "Alice Liddell", page.Forms[""].Fields.Get("display_name"))
	require.Equal(t, "alice@example.com", page.Forms[""].Fields.Get("email"))
	page = browser.Submit(page, "", nil) // the account is made
	require.Contains(t, page.URL.Path, "/complete-compat-sso/")
	page.Forms["continue"] = live.KeycloakForm{Action: page.URL.String(), Fields: url.Values{"csrf": page.Forms[""].Fields["csrf"]}}
	page = browser.Submit(page, "continue", nil)
	require.Equal(t, "client.invalid", page.URL.Host)
	var session struct {
		AccessToken string `json:"access_token"`
		UserID      string `json:"user_id"`
	}
	login, err := json.Marshal(map[string]string{"type": "m.login.token", "token": page.Callback.Get("loginToken")})
	require.NoError(t, err)
	status, body := d.request(t, http.MethodPost, d.site.AccountURL+"_matrix/client/v3/login", "", login)
	require.Equal(t, http.StatusOK, status, body)
	require.NoError(t, json.Unmarshal([]byte(body), &session))
	return session.AccessToken, session.UserID
}

// whoami asks Synapse who a token belongs to.
func (d *deployment) whoami(t *testing.T, token string) (int, string) {
	t.Helper()
	return d.request(t, http.MethodGet, d.synapse.URL+"/_matrix/client/v3/account/whoami", token, nil)
}

func (d *deployment) request(t *testing.T, method, address, token string, body []byte) (int, string) {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), method, address, bytes.NewReader(body))
	require.NoError(t, err)
	request.Header.Set("Content-Type", "application/json")
	if token != "" {
		request.Header.Set("Authorization", "Bearer "+token)
	}
	response, err := (&http.Client{Timeout: 30 * time.Second}).Do(request)
	require.NoError(t, err)
	defer func() { require.NoError(t, response.Body.Close()) }()
	answer, err := io.ReadAll(response.Body)
	require.NoError(t, err)
	return response.StatusCode, string(answer)
}
