package native

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/maskit-dev/maskit/migrate"
)

// stamp is the n-th second after 2020-09-13, as Synapse writes it.
func stamp(n int64) optional { return some(1600000000000 + n*1000) }

func at(n int64) time.Time { return time.UnixMilli(stamp(n).value) }

func TestSessionRow(t *testing.T) {
	t.Parallel()
	plain := func() map[string]string {
		return map[string]string{
			"compat_session_id": id("session", started(), "alice", "DEV"), "user_id": id("user", created(), "alice"), "device_id": "DEV",
			"human_name": "-", "created_at": rfc(started()), "is_synapse_admin": "false",
			"last_active_at": "-", "last_active_ip": "-", "user_agent": "-",
		}
	}
	ip := func(text string) func(*user) { return func(u *user) { u.devices[0].ip = []byte(text) } }
	unreadable := []string{"unreadable-device-ip devices 1 [@alice:example.com DEV]"}
	for _, tc := range []struct {
		name   string
		change func(*user)
		want   map[string]string
		notes  []string
	}{
		{"a device without a token begins with the migration", func(*user) {}, nil, nil},
		{"name, agent and time are copied", func(u *user) {
			u.devices[0].display, u.devices[0].agent, u.devices[0].seen = []byte("Phone 📱"), []byte(""), some(1623366000000)
		}, map[string]string{"human_name": "Phone 📱", "user_agent": "", "last_active_at": "2021-06-10T23:00:00Z"}, nil},
		{"an administrator's session is one", func(u *user) { u.admin = true }, map[string]string{"is_synapse_admin": "true"}, nil},
		{"IPv4", ip("203.0.113.1"), map[string]string{"last_active_ip": "203.0.113.1/32"}, nil},
		{"IPv6", ip("2001:db8::1"), map[string]string{"last_active_ip": "2001:db8::1/128"}, nil},
		{"IPv4 in IPv6", ip("::ffff:203.0.113.1"), map[string]string{"last_active_ip": "::ffff:203.0.113.1/128"}, nil},
		{"a dash is no address", ip("-"), nil, nil},
		{"an empty address is none", ip(""), nil, unreadable},
		{"a zone is none", ip("fe80::1%eth0"), nil, unreadable},
		{"leading zeros are none", ip("010.0.0.1"), nil, unreadable},
		{"a port is none", ip("203.0.113.1:80"), nil, unreadable},
		{"seen before 1970", func(u *user) { u.devices[0].seen = some(-1) }, map[string]string{"last_active_at": "1969-12-31T23:59:59.999Z"}, nil},
		{"seen after the year 9999", func(u *user) { u.devices[0].seen = some(1 << 62) }, map[string]string{"last_active_at": "9999-12-31T23:59:59.999Z"}, nil},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			u, want := alice(), plain()
			u.devices = []device{{id: []byte("DEV")}}
			tc.change(u)
			for name, value := range tc.want {
				want[name] = value
			}
			rows, tally := moved(t, testJob(), u)
			require.Equal(t, []map[string]string{want}, rows[migrate.Sessions])
			require.Equal(t, tc.notes, tally.notes())
			require.Empty(t, tally.skips())
		})
	}
}

func TestASessionIsAsOldAsItsOldestToken(t *testing.T) {
	t.Parallel()
	token := func(name string, validated optional) accessToken {
		return accessToken{device: []byte("DEV"), token: []byte("syt_" + name), validated: validated}
	}
	paired := token("pair", stamp(1))
	paired.refresh = some(7)
	used := token("used", stamp(0))
	used.refresh, used.used = some(6), true
	successor := token("successor", stamp(10))
	successor.refresh, successor.used = some(7), true
	puppet := token("puppet", stamp(0))
	puppet.puppet = true
	for _, tc := range []struct {
		name   string
		tokens []accessToken
		want   time.Time
	}{
		{"one", []accessToken{token("a", stamp(5))}, at(5)},
		{"the oldest first", []accessToken{token("a", stamp(5)), token("b", stamp(9))}, at(5)},
		{"the oldest last", []accessToken{token("b", stamp(9)), token("a", stamp(5))}, at(5)},
		{"one without a time does not count", []accessToken{token("a", optional{}), token("b", stamp(9))}, at(9)},
		{"none with a time", []accessToken{token("a", optional{})}, started()},
		{"one with a refresh token counts", []accessToken{token("b", stamp(9)), paired}, at(1)},
		{"one that stays behind does not", []accessToken{token("b", stamp(9)), used, successor, puppet}, at(9)},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			u := alice()
			u.devices = []device{{id: []byte("DEV")}}
			u.access = tc.tokens
			u.refresh = []refreshToken{
				{id: 6, device: []byte("DEV"), token: []byte("syr_used"), next: some(7)},
				{id: 7, device: []byte("DEV"), token: []byte("syr_pair"), next: some(8)},
			}
			rows, _ := moved(t, testJob(), u)
			require.Len(t, rows[migrate.Sessions], 1)
			require.Equal(t, rfc(tc.want), rows[migrate.Sessions][0]["created_at"])
			require.Equal(t, id("session", tc.want, "alice", "DEV"), rows[migrate.Sessions][0]["compat_session_id"])
		})
	}
}

func TestHiddenDevicesAreNoSessions(t *testing.T) {
	t.Parallel()
	u := alice()
	u.devices = []device{{id: []byte("DEV")}, {id: []byte("KEY"), hidden: true, dehydrated: true}}
	rows, tally := moved(t, testJob(), u)
	require.Len(t, rows[migrate.Sessions], 1)
	require.Equal(t, "DEV", rows[migrate.Sessions][0]["device_id"])
	require.Equal(t, []string{"compat_sessions hidden-device 1"}, tally.skips())
	require.Empty(t, tally.notes())
}

func TestDehydratedDevices(t *testing.T) {
	t.Parallel()
	notes := []string{"dehydrated-devices dehydrated_devices 1 [@alice:example.com DRY]"}
	u := alice()
	u.devices = []device{{id: []byte("DRY"), dehydrated: true}}
	u.access = []accessToken{{device: []byte("DRY"), token: []byte("syt_dry")}}

	rows, tally := moved(t, testJob(), u)
	require.Len(t, rows[migrate.Sessions], 1)
	require.Len(t, rows[migrate.AccessTokens], 1)
	require.Equal(t, notes, tally.notes())
	require.Empty(t, tally.skips())

	job := testJob()
	job.Policy.DehydratedDevices = migrate.Skip
	rows, tally = moved(t, job, u)
	require.Empty(t, rows[migrate.Sessions])
	require.Empty(t, rows[migrate.AccessTokens])
	require.Equal(t, notes, tally.notes())
	require.Equal(t, []string{"compat_access_tokens dehydrated-devices 1", "compat_sessions dehydrated-devices 1"}, tally.skips())
}

// More devices than are searched one by one.
func TestManyDevices(t *testing.T) {
	t.Parallel()
	const devices = 3 * fewDevices
	transformer, err := newTransformer(testJob(), false)
	require.NoError(t, err)
	for round := range 2 {
		u := alice()
		for i := range int64(devices) {
			name := fmt.Appendf(nil, "DEV%d-%d", round, i)
			u.devices = append(u.devices, device{id: name})
			u.access = append(u.access, accessToken{device: name, token: append([]byte("syt_"), name...), validated: stamp(i)})
		}
		// The devices of an earlier user are forgotten.
		u.access = append(u.access, accessToken{device: fmt.Appendf(nil, "DEV%d-0", 1-round), token: []byte("syt_lost")})
		out, sink := &batch{}, &collector{t: t}
		transformer.transform(u, out)
		require.NoError(t, out.flush(t.Context(), sink, &buffers{}))
		sessions := map[string]string{}
		for _, row := range sink.rows[migrate.Sessions] {
			sessions[row["compat_session_id"]] = row["device_id"]
		}
		require.Len(t, sessions, devices)
		require.Len(t, sink.rows[migrate.AccessTokens], devices)
		for _, row := range sink.rows[migrate.AccessTokens] {
			require.Equal(t, row["access_token"], "syt_"+sessions[row["compat_session_id"]])
		}
		require.Equal(t, []string{"compat_access_tokens lost-device-tokens 1"}, out.skips())
	}
}
