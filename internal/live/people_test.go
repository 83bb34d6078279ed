package live

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestSynapseWithPeople(t *testing.T) {
	t.Parallel()
	for _, version := range []SynapseVersion{SynapseCurrent, SynapseFloor} {
		t.Run(string(version), func(t *testing.T) {
			t.Parallel()
			db, people := SynapseWithPeople(t, version)
			require.Equal(t, "@alice:example.com", people.Alice.UserID)
			require.Equal(t, []string{
				"0|0|0|f", "0|0|0|t", "0|0|1|f", "0|1|0|f", "1|0|0|f",
			}, rowsOf(t, db, "SELECT DISTINCT concat_ws('|', admin, is_guest, deactivated, locked) FROM users ORDER BY 1"))
			require.Equal(t, []string{"bridge"}, rowsOf(t, db, "SELECT appservice_id FROM users WHERE appservice_id IS NOT NULL AND name LIKE '@_bridge_eve:%'"))
			require.Equal(t, []string{"email", "msisdn"}, rowsOf(t, db, "SELECT medium FROM user_threepids ORDER BY 1"))
			require.Equal(t, []string{"oidc-keycloak|" + people.ExternalID()}, rowsOf(t, db, "SELECT auth_provider || '|' || external_id FROM user_external_ids"))
			require.Equal(t, []string{"@alice:example.com"}, rowsOf(t, db, "SELECT user_id FROM devices WHERE hidden"))
			require.Equal(t, []string{"@admin:example.com as @puppet:example.com"},
				rowsOf(t, db, "SELECT user_id || ' as ' || puppets_user_id FROM access_tokens WHERE puppets_user_id IS NOT NULL"))
			require.Equal(t, []string{people.Dehydrated.Devices[1].ID},
				rowsOf(t, db, "SELECT device_id FROM dehydrated_devices JOIN devices USING (user_id, device_id)"))
			require.Equal(t, []string{"BOBSFIRST 1 0 f", "BOBSFRESH 2 1 f", "BOBSFRESH 1 0 f", "BOBSUSED 2 1 f", "BOBSUSED 1 0 t"}, rowsOf(t, db, `
				SELECT concat_ws(' ', r.device_id, count(*) OVER (PARTITION BY r.device_id ORDER BY r.id DESC), count(r.next_token_id) OVER (PARTITION BY r.id), a.used)
				FROM refresh_tokens r JOIN access_tokens a ON a.refresh_token_id = r.id ORDER BY r.device_id, r.id`))
			requireTokens(t, db, people)
		})
	}
}

// requireTokens compares what people know with what the database has.
func requireTokens(t *testing.T, db DB, people People) {
	t.Helper()
	for _, person := range []Person{people.Admin, people.Alice, people.Bob, people.Nora, people.Locked, people.Bridged, people.Dehydrated} {
		for _, device := range person.Devices {
			if device.AccessToken != "" {
				require.Equal(t, []string{person.UserID + device.ID},
					rowsOf(t, db, "SELECT user_id || device_id FROM access_tokens WHERE token = $1", device.AccessToken))
			}
			if device.RefreshToken != "" {
				require.Equal(t, []string{person.UserID + device.ID},
					rowsOf(t, db, "SELECT user_id || device_id FROM refresh_tokens WHERE token = $1 AND next_token_id IS NULL", device.RefreshToken))
			}
		}
	}
}

func TestPeopleLogInAgain(t *testing.T) {
	t.Parallel()
	db, people := SynapseWithPeople(t, SynapseCurrent)
	install := Synapse(t, SynapseCurrent)
	api := synapseAPI{url: install.Start(t, db, install.PeopleConfig(t).Path).URL}
	maker := peopleMaker{t: t, api: api}
	for _, person := range []Person{people.Admin, people.Alice, people.Nora, people.Idle} {
		maker.logIn(&person, "AGAIN", false)
	}
	var me login
	api.as(people.Alice.Devices[1].AccessToken).call(t, "GET", "/_matrix/client/v3/account/whoami", nil, &me)
	require.Equal(t, login{UserID: people.Alice.UserID, DeviceID: "ALICELAPTOP"}, me)
	api.as(people.AppserviceToken).call(t, "GET", "/_matrix/client/v3/account/whoami?user_id="+people.Bridged.UserID, nil, &me)
	require.Equal(t, people.Bridged.UserID, me.UserID)
}
