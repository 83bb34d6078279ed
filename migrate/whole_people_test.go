package migrate_test

import (
	"errors"
	"net/http"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/maskit-dev/maskit/internal/live"
	"github.com/maskit-dev/maskit/migrate"
)

// testPeople does what people and bridges do after a cut-over.
func (w *world) testPeople(t *testing.T) {
	t.Helper()
	for _, test := range []struct {
		name string
		run  func(*testing.T)
	}{
		{"refresh tokens", w.testRefresh},
		{"passwords", w.testPasswords},
		{"single sign-on", w.testSingleSignOn},
		{"application services", w.testAppservice},
		{"accounts that may not", w.testAccounts},
		{"logout", w.testLogout},
	} {
		t.Run(test.name, test.run)
	}
	if t.Failed() {
		t.FailNow()
	}
	live, err := w.migration().VerifyLive(t.Context(), migrate.LiveOptions{})
	require.NoError(t, err)
	require.NoError(t, live.Err())
	require.Positive(t, live.Tokens)
}

func (w *world) testRefresh(t *testing.T) {
	client := matrix{t, w.site.ClientAPIURL}
	before := w.devices(t)
	for _, device := range w.people.Bob.Devices {
		fresh := client.refresh(device.RefreshToken)
		require.Equal(t, http.StatusOK, fresh.status, fresh)
		require.NotEqual(t, device.AccessToken, fresh.AccessToken)
		require.Equal(t, is(w.people.Bob, device.ID), client.whoami(fresh.AccessToken))
		again := client.refresh(fresh.RefreshToken)
		require.Equal(t, is(w.people.Bob, device.ID), client.whoami(again.AccessToken))
		w.refreshed[device.ID] = again.AccessToken
	}
	require.Equal(t, before, w.devices(t))
}

func (w *world) testPasswords(t *testing.T) {
	client := matrix{t, w.site.ClientAPIURL}
	before := w.devices(t)
	for _, person := range []live.Person{w.people.Admin, w.people.Alice, w.people.Nora, w.people.Idle, w.people.Puppet} {
		made := client.logIn(person, "NEW")
		require.Equal(t, is(person, "NEW"), made.who(), person.Localpart)
		require.Equal(t, is(person, "NEW"), client.whoami(made.AccessToken))
		before = append(before, person.UserID+" NEW")
		person.Password += "!"
		require.Equal(t, answer{status: http.StatusForbidden, Code: "M_FORBIDDEN"}, client.logIn(person, "WRONG"))
	}
	slices.Sort(before)
	require.Equal(t, before, w.devices(t))
}

func (w *world) testSingleSignOn(t *testing.T) {
	before := w.devices(t)
	made := w.signOn(t, "alice")
	require.Equal(t, http.StatusOK, made.status)
	require.Equal(t, w.people.Alice.UserID, made.UserID)
	require.Equal(t, is(w.people.Alice, made.DeviceID), matrix{t, w.site.ClientAPIURL}.whoami(made.AccessToken))
	after := append(before, made.UserID+" "+made.DeviceID)
	slices.Sort(after)
	require.Equal(t, after, w.devices(t))
}

// Synapse itself knows the tokens of application services, and asks nobody.
func (w *world) testAppservice(t *testing.T) {
	client := matrix{t, w.site.ClientAPIURL}
	p := w.people
	as := func(query string) answer {
		return client.call(http.MethodGet, "v3/account/whoami"+query, p.AppserviceToken, nil)
	}
	require.Equal(t, "@_bridge_bot:example.com", as("").UserID)
	require.Equal(t, p.Bridged.UserID, as("?user_id="+p.Bridged.UserID).UserID)
	if w.synapse.install.Version == live.SynapseCurrent { // before 1.141 it was an experiment that had to be enabled
		require.Equal(t, is(p.Bridged, p.Bridged.Devices[0].ID), as("?user_id="+p.Bridged.UserID+"&device_id="+p.Bridged.Devices[0].ID))
	}
	require.Equal(t, "M_FORBIDDEN", as("?user_id="+p.Alice.UserID).Code)
	require.Equal(t, "M_UNKNOWN_TOKEN", client.whoami(p.Bridged.Devices[0].AccessToken).Code, "a token that the user of a bridge had of Synapse is not moved")
	made := client.call(http.MethodPost, "v3/register", p.AppserviceToken, map[string]any{
		"type": "m.login.application_service", "username": "_bridge_new", "inhibit_login": true,
	})
	require.Equal(t, answer{status: http.StatusOK, UserID: "@_bridge_new:example.com"}, made)
}

func (w *world) testAccounts(t *testing.T) {
	client := matrix{t, w.site.ClientAPIURL}
	p := w.people
	for name, test := range map[string]struct {
		got, want answer
	}{
		"deactivated, token":    {client.whoami(p.Gone.Devices[0].AccessToken), answer{status: http.StatusUnauthorized, Code: "M_UNKNOWN_TOKEN"}},
		"deactivated, password": {client.logIn(p.Gone, "GONE2"), answer{status: http.StatusForbidden, Code: "M_FORBIDDEN"}},
		"locked, token":         {client.whoami(p.Locked.Devices[0].AccessToken), answer{status: http.StatusUnauthorized, Code: "M_UNKNOWN_TOKEN"}},
		"locked, password":      {client.logIn(p.Locked, "LOCKED2"), answer{status: http.StatusUnauthorized, Code: "M_USER_LOCKED"}},
		"guest":                 {client.whoami(p.Guest.Devices[0].AccessToken), answer{status: http.StatusUnauthorized, Code: "M_UNKNOWN_TOKEN"}},
	} {
		require.Equal(t, test.want, test.got, name)
	}
}

// testLogout ends some sessions, and waits for the jobs of MAS that tell Synapse.
func (w *world) testLogout(t *testing.T) {
	client := matrix{t, w.site.ClientAPIURL}
	p, left := w.people, w.devices(t)
	end := func(person live.Person, device live.Device) {
		client.logOut(device.AccessToken)
		left = slices.DeleteFunc(left, func(d string) bool { return d == person.UserID+" "+device.ID })
	}
	end(p.Alice, p.Alice.Devices[1])
	end(p.Dehydrated, p.Dehydrated.Devices[0])
	end(p.Bob, live.Device{ID: p.Bob.Devices[0].ID, AccessToken: w.refreshed[p.Bob.Devices[0].ID]})
	require.Eventually(t, func() bool { return slices.Equal(left, w.devices(t)) }, time.Minute, 200*time.Millisecond, "want %q, have %q", left, w.devices(t))
	time.Sleep(time.Second)
	require.Equal(t, left, w.devices(t))
	require.Equal(t, "M_UNKNOWN_TOKEN", client.whoami(p.Alice.Devices[1].AccessToken).Code)
	require.Equal(t, is(p.Alice, p.Alice.Devices[0].ID), client.whoami(p.Alice.Devices[0].AccessToken))
}

// testBack goes back after people have worked with MAS.
func (w *world) testBack(t *testing.T) {
	t.Helper()
	client := matrix{t, w.site.ClientAPIURL}
	p := w.people
	made := client.logIn(p.Idle, "LATE")
	c := w.cutover()
	_, err := c.Back(t.Context(), migrate.RollbackOptions{})
	var losses *migrate.LossesError
	require.True(t, errors.As(err, &losses), "%v", err)
	w.requireSituation(t, migrate.SideMAS)
	require.Equal(t, is(p.Idle, "LATE"), client.whoami(made.AccessToken))

	report, err := c.Back(t.Context(), migrate.RollbackOptions{CopyBack: true, AcceptLosses: true})
	require.NoError(t, err)
	t.Log(report.String())
	w.requireSituation(t, migrate.SideSynapse)
	require.Equal(t, is(p.Idle, "LATE"), client.whoami(made.AccessToken), "a session that was made at MAS")
	require.Equal(t, is(p.Alice, p.Alice.Devices[0].ID), client.whoami(p.Alice.Devices[0].AccessToken))
	require.Equal(t, "M_UNKNOWN_TOKEN", client.whoami(p.Alice.Devices[1].AccessToken).Code)
	require.Equal(t, is(p.Nora, "BACK"), client.logIn(p.Nora, "BACK").who())
}
