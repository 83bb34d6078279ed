package native

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/maskit-dev/maskit/migrate"
)

func TestAccessTokenRow(t *testing.T) {
	t.Parallel()
	session := id("session", at(5), "alice", "DEV")
	for _, tc := range []struct {
		name  string
		token accessToken
		want  map[string]string
	}{
		{"lasts for ever", accessToken{device: []byte("DEV"), token: []byte("syt_a")}, map[string]string{
			"compat_access_token_id": id("access-token", started(), "syt_a"), "compat_session_id": session, "access_token": "syt_a",
			"created_at": rfc(started()), "expires_at": "-",
		}},
		{"an expired one stays expired", accessToken{device: []byte("DEV"), token: []byte("syt_a"), validated: stamp(8), until: stamp(9)}, map[string]string{
			"compat_access_token_id": id("access-token", at(8), "syt_a"), "compat_session_id": session, "access_token": "syt_a",
			"created_at": rfc(at(8)), "expires_at": rfc(at(9)),
		}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			u := alice()
			u.devices = []device{{id: []byte("DEV")}}
			u.access = []accessToken{{device: []byte("DEV"), token: []byte("syt_oldest"), validated: stamp(5)}, tc.token}
			rows, tally := moved(t, testJob(), u)
			require.Equal(t, tc.want, rows[migrate.AccessTokens][1])
			require.Empty(t, tally.notes())
			require.Empty(t, tally.skips())
		})
	}
}

func TestATokenWithoutADeviceHasASessionOfItsOwn(t *testing.T) {
	t.Parallel()
	u := alice()
	u.admin = true
	u.access = []accessToken{{token: []byte("syt_a"), validated: stamp(1)}, {token: []byte("syt_b")}}
	rows, tally := moved(t, testJob(), u)
	session := map[string]string{
		"compat_session_id": id("deviceless-session", at(1), "syt_a"), "user_id": id("user", created(), "alice"), "device_id": "-",
		"human_name": "-", "created_at": rfc(at(1)), "is_synapse_admin": "false",
		"last_active_at": "-", "last_active_ip": "-", "user_agent": "-",
	}
	require.Len(t, rows[migrate.Sessions], 2)
	require.Equal(t, session, rows[migrate.Sessions][0])
	require.Equal(t, rfc(started()), rows[migrate.Sessions][1]["created_at"])
	require.Equal(t, session["compat_session_id"], rows[migrate.AccessTokens][0]["compat_session_id"])
	require.Equal(t, id("deviceless-session", started(), "syt_b"), rows[migrate.AccessTokens][1]["compat_session_id"])
	require.Empty(t, tally.notes())
	require.Empty(t, tally.skips())
}

func TestTokensThatStayBehind(t *testing.T) {
	t.Parallel()
	hidden := device{id: []byte("KEY"), hidden: true}
	for _, tc := range []struct {
		name         string
		device       device
		token        accessToken
		skips, notes []string
	}{
		{
			"log in as",
			device{id: []byte("DEV")},
			accessToken{device: []byte("DEV"), token: []byte("syt_a"), puppet: true},
			[]string{"compat_access_tokens puppet 1"},
			nil,
		},
		{
			"log in as, without a device",
			device{id: []byte("DEV")},
			accessToken{token: []byte("syt_a"), puppet: true},
			[]string{"compat_access_tokens puppet 1"},
			nil,
		},
		{
			"the device is gone",
			device{id: []byte("DEV")},
			accessToken{device: []byte("GONE"), token: []byte("syt_a")},
			[]string{"compat_access_tokens lost-device-tokens 1"},
			[]string{"lost-device-tokens access_tokens 1 [@alice:example.com GONE]"},
		},
		{
			"the device is hidden", hidden,
			accessToken{device: []byte("KEY"), token: []byte("syt_a")},
			[]string{"compat_access_tokens hidden-device-tokens 1", "compat_sessions hidden-device 1"},
			[]string{"hidden-device-tokens access_tokens 1 [@alice:example.com KEY]"},
		},
		{
			"log in as, on a hidden device", hidden,
			accessToken{device: []byte("KEY"), token: []byte("syt_a"), puppet: true},
			[]string{"compat_access_tokens puppet 1", "compat_sessions hidden-device 1"},
			nil,
		},
		{
			"its refresh token is gone",
			device{id: []byte("DEV")},
			accessToken{device: []byte("DEV"), token: []byte("syt_a"), refresh: some(1)},
			[]string{"compat_access_tokens refreshed 1"},
			nil,
		},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			u := alice()
			u.devices, u.access = []device{tc.device}, []accessToken{tc.token}
			rows, tally := moved(t, testJob(), u)
			require.Empty(t, rows[migrate.AccessTokens])
			require.Equal(t, tc.skips, tally.skips())
			require.Equal(t, tc.notes, tally.notes())
		})
	}
}

func TestTokensThatMASWillNotKnow(t *testing.T) {
	t.Parallel()
	u := alice()
	u.devices = []device{{id: []byte("DEV")}}
	u.access = []accessToken{
		{device: []byte("DEV"), token: []byte("by-hand")},
		{device: []byte("DEV"), token: []byte("syt_pair"), refresh: some(1)},
		// A macaroon of old: "0018location example.com".
		{device: []byte("DEV"), token: []byte("MDAxOGxvY2F0aW9uIGV4YW1wbGUuY29tCg")},
	}
	u.refresh = []refreshToken{{id: 1, device: []byte("DEV"), token: []byte("by-hand-too")}}
	rows, tally := moved(t, testJob(), u)
	require.Len(t, rows[migrate.AccessTokens], 3)
	require.Len(t, rows[migrate.RefreshTokens], 1)
	require.Equal(t, []string{
		"unrecognised-tokens access_tokens 1 [@alice:example.com DEV]", "unrecognised-tokens refresh_tokens 1 [@alice:example.com DEV]",
	}, tally.notes())
}
