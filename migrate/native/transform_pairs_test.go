package native

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/maskit-dev/maskit/migrate"
)

func TestRefreshTokenRow(t *testing.T) {
	t.Parallel()
	u := alice()
	u.devices = []device{{id: []byte("DEV")}}
	u.access = []accessToken{{device: []byte("DEV"), token: []byte("syt_a"), validated: stamp(3), until: stamp(9), refresh: some(1)}}
	u.refresh = []refreshToken{{id: 1, device: []byte("DEV"), token: []byte("syr_a")}}
	rows, tally := moved(t, testJob(), u)
	require.Equal(t, []map[string]string{{
		"compat_refresh_token_id": id("refresh-token", at(3), "syr_a"), "compat_session_id": id("session", at(3), "alice", "DEV"),
		"compat_access_token_id": id("access-token", at(3), "syt_a"), "refresh_token": "syr_a", "created_at": rfc(at(3)),
	}}, rows[migrate.RefreshTokens])
	require.Equal(t, rfc(at(9)), rows[migrate.AccessTokens][0]["expires_at"])
	require.Empty(t, tally.notes())
	require.Empty(t, tally.skips())
}

func TestPairs(t *testing.T) {
	t.Parallel()
	dev, other := []byte("DEV"), []byte("OTHER")
	access := func(token string, refresh int64, used bool) accessToken {
		return accessToken{device: dev, token: []byte(token), refresh: some(refresh), used: used}
	}
	first, second := refreshToken{id: 7, device: dev, token: []byte("syr_7"), next: some(8)}, refreshToken{id: 8, device: dev, token: []byte("syr_8")}
	for _, tc := range []struct {
		name            string
		access          []accessToken
		refresh         []refreshToken
		pairs           []string
		skips           []string
		devicesAreThere bool
	}{
		{
			"both were used: only the newest",
			[]accessToken{access("syt_7", 7, true), access("syt_8", 8, true)},
			[]refreshToken{first, second},
			[]string{"syr_8 syt_8"},
			[]string{"compat_access_tokens refreshed 1", "compat_refresh_tokens refreshed 1"},
			true,
		},
		{
			"the newest was not used: both",
			[]accessToken{access("syt_7", 7, true), access("syt_8", 8, false)},
			[]refreshToken{first, second},
			[]string{"syr_7 syt_7", "syr_8 syt_8"},
			nil, true,
		},
		{
			"the successor has no access token any more",
			[]accessToken{access("syt_7", 7, true)},
			[]refreshToken{first},
			[]string{"syr_7 syt_7"},
			nil, true,
		},
		{
			"two pairs of one device that have nothing to do with each other",
			[]accessToken{access("syt_8", 8, true), access("syt_9", 9, false)},
			[]refreshToken{second, {id: 9, device: dev, token: []byte("syr_9")}},
			[]string{"syr_8 syt_8", "syr_9 syt_9"},
			nil, true,
		},
		{"the access token was deleted", nil, []refreshToken{second}, nil, []string{"compat_refresh_tokens refreshed 1"}, true},
		{
			"the access token is of another device",
			[]accessToken{{device: other, token: []byte("syt_8"), refresh: some(8)}},
			[]refreshToken{second},
			nil,
			[]string{"compat_access_tokens refreshed 1", "compat_refresh_tokens refreshed 1"},
			true,
		},
		{
			"the access token has no device",
			[]accessToken{{token: []byte("syt_8"), refresh: some(8)}},
			[]refreshToken{second},
			nil,
			[]string{"compat_access_tokens lost-device-tokens 1", "compat_refresh_tokens refreshed 1"},
			true,
		},
		{
			"the device is gone",
			[]accessToken{access("syt_8", 8, false)},
			[]refreshToken{second},
			nil,
			[]string{"compat_access_tokens lost-device-tokens 1", "compat_refresh_tokens lost-device-tokens 1"},
			false,
		},
		{
			"by hand: two access tokens of one refresh token",
			[]accessToken{access("syt_z", 8, true), access("syt_a", 8, true)},
			[]refreshToken{second},
			[]string{"syr_8 syt_a"},
			[]string{"compat_access_tokens refreshed 1"},
			true,
		},
		{
			"by hand: one of two successors was not used",
			[]accessToken{access("syt_7", 7, true), access("syt_a", 8, true), access("syt_z", 8, false)},
			[]refreshToken{first, second},
			[]string{"syr_7 syt_7", "syr_8 syt_a"},
			[]string{"compat_access_tokens refreshed 1"},
			true,
		},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			u := alice()
			if tc.devicesAreThere {
				u.devices = []device{{id: dev}, {id: other}}
			}
			u.access, u.refresh = tc.access, tc.refresh
			for range 2 { // whatever the order of rows
				rows, tally := moved(t, testJob(), u)
				require.Equal(t, tc.pairs, pairsOf(rows))
				require.Equal(t, tc.skips, tally.skips())
				u.access, u.refresh = slices.Clone(u.access), slices.Clone(u.refresh)
				slices.Reverse(u.access)
				slices.Reverse(u.refresh)
			}
		})
	}
}

// Nobody is signed out without a word: a pair whose device is gone is counted like a token.
func TestAPairOnADeviceThatIsGoneIsNoted(t *testing.T) {
	t.Parallel()
	u := alice()
	u.access = []accessToken{{device: []byte("GONE"), token: []byte("syt_8"), refresh: optional{8, true}}}
	u.refresh = []refreshToken{{id: 8, device: []byte("GONE"), token: []byte("syr_8")}}
	_, tally := moved(t, testJob(), u)
	require.Equal(t, []string{"lost-device-tokens access_tokens 1 [@alice:example.com GONE]"}, tally.notes())
}

// pairsOf lists "refresh token, access token".
func pairsOf(rows collected) []string {
	tokens := map[string]string{}
	for _, row := range rows[migrate.AccessTokens] {
		tokens[row["compat_access_token_id"]] = row["access_token"]
	}
	var pairs []string
	for _, row := range rows[migrate.RefreshTokens] {
		pairs = append(pairs, row["refresh_token"]+" "+tokens[row["compat_access_token_id"]])
	}
	slices.Sort(pairs)
	return pairs
}

func TestAPairOnAHiddenDeviceStaysBehind(t *testing.T) {
	t.Parallel()
	u := alice()
	u.devices = []device{{id: []byte("KEY"), hidden: true}}
	u.access = []accessToken{{device: []byte("KEY"), token: []byte("syt_a"), refresh: some(1)}}
	u.refresh = []refreshToken{{id: 1, device: []byte("KEY"), token: []byte("syr_a")}}
	rows, tally := moved(t, testJob(), u)
	require.Empty(t, rows[migrate.AccessTokens])
	require.Empty(t, rows[migrate.RefreshTokens])
	require.Equal(t, []string{"hidden-device-tokens access_tokens 1 [@alice:example.com KEY]"}, tally.notes())
	require.Equal(t, []string{
		"compat_access_tokens hidden-device-tokens 1", "compat_refresh_tokens hidden-device-tokens 1", "compat_sessions hidden-device 1",
	}, tally.skips())
}

// As mas-cli reads them: the filter of puppets is that of tokens without a refresh token.
func TestAPuppetsPairIsMoved(t *testing.T) {
	t.Parallel()
	u := alice()
	u.devices = []device{{id: []byte("DEV")}}
	u.access = []accessToken{{device: []byte("DEV"), token: []byte("syt_a"), refresh: some(1), puppet: true}}
	u.refresh = []refreshToken{{id: 1, device: []byte("DEV"), token: []byte("syr_a")}}
	rows, _ := moved(t, testJob(), u)
	require.Equal(t, []string{"syr_a syt_a"}, pairsOf(rows))
}
