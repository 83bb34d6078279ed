package upstreamtest_test

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/maskit-dev/maskit/upstream/oidc"
	"github.com/maskit-dev/maskit/upstream/upstreamtest"
)

// One real MAS, with a real Synapse behind it, has all the providers of these tests.
func TestLiveMAS(t *testing.T) {
	t.Parallel()
	d := newDeployment(t)
	tests := map[string]func(*testing.T){
		"Logins":    prepareLogins(t, d),
		"Quirks":    prepareQuirks(t, d),
		"Logouts":   prepareLogouts(t, d),
		"Certified": prepareCertified(t, d),
	}
	d.startMAS(t)
	for name, test := range tests {
		t.Run(name, test)
	}
}

// quirkLogin is a login at a provider with a quirk.
type quirkLogin struct {
	quirkCase
	idp      *upstreamtest.IDP
	provider string
}

// prepareQuirks returns a test of what MAS does at each quirk, as its comment says, and
// that the remedy of the case is one.
func prepareQuirks(t *testing.T, d *deployment) func(*testing.T) {
	t.Helper()
	logins := map[string]quirkLogin{}
	for _, c := range quirkCases() {
		idp := upstreamtest.NewIDP(t, c.quirk)
		d.trust(idp)
		idp.PutUser(upstreamtest.User{Name: "quirky", Claims: quirky()})
		logins[string(c.quirk)] = quirkLogin{c, idp, d.addQuirk(t, idp, "naive", c.change)}
		if c.remedy != nil {
			provider := d.addQuirk(t, idp, "remedy", func(config *oidc.Config) { c.remedy(idp, config) })
			logins[string(c.quirk)+", remedied"] = quirkLogin{quirkCase{quirk: c.quirk}, idp, provider}
		}
	}
	return func(t *testing.T) {
		for name, login := range logins {
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				login.run(t, newPerson(t, d.site.AccountURL))
			})
		}
	}
}

// addQuirk registers the client by the naive entry, and MAS has the changed one.
func (d *deployment) addQuirk(t *testing.T, idp *upstreamtest.IDP, id string, change func(*oidc.Config)) string {
	t.Helper()
	env, config := d.env(t), naive(idp)
	config.Client.ID = id
	client := upstreamtest.ClientFor(mustEntry(t, config, env), env)
	if change != nil {
		change(&config)
	}
	d.add(idp, mustEntry(t, config, env), env)
	idp.PutClient(client)
	return string(env.ID)
}

func (l quirkLogin) run(t *testing.T, p person) {
	page := p.logIn(l.idp, l.provider, "quirky")
	if l.page != "" {
		require.Contains(t, page.text, l.page)
		return
	}
	form, ok := registration(page)
	require.True(t, ok, page.text)
	require.Equal(t, l.expectedForm(), form)
	if l.quirk == upstreamtest.NoPKCEList {
		var asked []upstreamtest.Request
		for _, r := range l.idp.Requests() {
			if r.Path == "/authorize" {
				asked = append(asked, r)
			}
		}
		require.Len(t, asked, 1)
		require.Equal(t, "email openid profile", asked[0].Query.Get("scope"))
		require.NotContains(t, asked[0].Query, "code_challenge")
	}
}

// prepareLogouts returns a test that a logout token ends the Matrix session.
func prepareLogouts(t *testing.T, d *deployment) func(*testing.T) {
	t.Helper()
	type logout struct {
		quirks []upstreamtest.Quirk
		status int
		ends   bool
	}
	tests := map[string]func(*testing.T){}
	for name, c := range map[string]logout{
		"clean": {nil, http.StatusOK, true},
		string(upstreamtest.LogoutTokenWithoutExp): {[]upstreamtest.Quirk{upstreamtest.LogoutTokenWithoutExp}, http.StatusBadRequest, false},
	} {
		idp := upstreamtest.NewIDP(t, c.quirks...)
		d.trust(idp)
		by := newSeeder(t, d, idp)
		user := "logout-" + strings.ToLower(name)
		idp.PutUser(upstreamtest.User{Name: user, Claims: named(user)})
		tests[name] = func(t *testing.T) {
			t.Parallel()
			p := newPerson(t, d.site.AccountURL)
			require.Equal(t, user, signedIn(p.logIn(idp, by.provider, user)))
			d.displayName(t, user) // before Synapse has the user, the login of a client fails
			token := p.matrixToken()
			require.Equal(t, http.StatusOK, d.whoami(t, token))

			deliveries, err := idp.LogOut(t.Context(), user)
			require.NoError(t, err)
			require.Len(t, deliveries, 1)
			require.Equal(t, c.status, deliveries[0].Status, deliveries[0].Body)
			require.Equal(t, c.ends, signedIn(p.open(d.site.AccountURL)) == "")
			if !c.ends {
				require.Equal(t, http.StatusOK, d.whoami(t, token))
				return
			}
			require.Eventually(t, func() bool { return d.whoami(t, token) == http.StatusUnauthorized }, 30*time.Second, 100*time.Millisecond)
		}
	}
	return func(t *testing.T) {
		for name, test := range tests {
			t.Run(name, test)
		}
	}
}

// matrixToken goes the way of a Matrix client, for somebody who is signed in.
func (p person) matrixToken() string {
	p.t.Helper()
	page := p.open(p.mas + "_matrix/client/v3/login/sso/redirect?redirectUrl=http%3A%2F%2Fclient.invalid%2F")
	form := url.Values{"csrf": {page.forms[0].inputs["csrf"].value}}
	location, err := url.Parse(p.fetch(http.MethodPost, page.url.String(), form).location)
	require.NoError(p.t, err)
	request, err := http.NewRequestWithContext(p.t.Context(), http.MethodPost, p.mas+"_matrix/client/v3/login",
		strings.NewReader(fmt.Sprintf(`{"type":"m.login.token","token":%q}`, location.Query().Get("loginToken"))))
	require.NoError(p.t, err)
	response, err := p.client.Do(request)
	require.NoError(p.t, err)
	body, err := io.ReadAll(response.Body)
	require.NoError(p.t, err)
	require.NoError(p.t, response.Body.Close())
	var session struct {
		AccessToken string `json:"access_token"`
	}
	require.NoError(p.t, json.Unmarshal(body, &session))
	require.NotEmpty(p.t, session.AccessToken, "%s", body)
	return session.AccessToken
}

// whoami asks Synapse about a token.
func (d *deployment) whoami(t *testing.T, token string) int {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, d.synapse.URL+"/_matrix/client/v3/account/whoami", http.NoBody)
	require.NoError(t, err)
	request.Header.Set("Authorization", "Bearer "+token)
	response, err := (&http.Client{Timeout: time.Minute}).Do(request)
	require.NoError(t, err)
	require.NoError(t, response.Body.Close())
	return response.StatusCode
}
