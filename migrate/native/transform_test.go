package native

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/maskit-dev/maskit/migrate"
)

const bcrypt = "$2b$12$abcdefghijklmnopqrstuuRm1x3mLmWlq2vQzZ2nA5b8T2oX7Z8yW"

// created is when Alice was made: 2018-06-30 21:26:02.
func created() time.Time { return time.Unix(1530393962, 0).UTC() }

func alice() *user {
	return &user{name: []byte("@alice:example.com"), hash: []byte(bcrypt), created: optional{1530393962, true}}
}

func some(ms int64) optional { return optional{ms, true} }

func rfc(t time.Time) string { return t.UTC().Format(time.RFC3339Nano) }

func TestUserRow(t *testing.T) {
	t.Parallel()
	plain := func() map[string]string {
		return map[string]string{
			"user_id": id("user", created(), "alice"), "username": "alice", "created_at": rfc(created()),
			"locked_at": "-", "deactivated_at": "-", "can_request_admin": "false", "is_guest": "false",
		}
	}
	for _, tc := range []struct {
		name   string
		change func(*user)
		want   map[string]string
	}{
		{"plain", func(*user) {}, nil},
		{"admin may request admin", func(u *user) { u.admin = true }, map[string]string{"can_request_admin": "true"}},
		{"guest", func(u *user) { u.guest = true }, map[string]string{"is_guest": "true"}},
		{"locked since creation", func(u *user) { u.locked = true }, map[string]string{"locked_at": rfc(created())}},
		{"deactivated since creation", func(u *user) { u.deactivated = true }, map[string]string{"deactivated_at": rfc(created())}},
		{
			"localpart of digits", func(u *user) { u.name = []byte("@123:example.com") },
			map[string]string{"username": "123", "user_id": id("user", created(), "123")},
		},
		{
			"localpart keeps its case", func(u *user) { u.name = []byte("@Alice:example.com") },
			map[string]string{"username": "Alice", "user_id": id("user", created(), "Alice")},
		},
		{
			"empty localpart", func(u *user) { u.name = []byte("@:example.com") },
			map[string]string{"username": "", "user_id": id("user", created(), "")},
		},
		{
			"before 1970", func(u *user) { u.created = some(-1) },
			map[string]string{"created_at": "1969-12-31T23:59:59Z", "user_id": id("user", time.UnixMilli(0), "alice")},
		},
		{
			"creation in milliseconds by mistake", func(u *user) { u.created = some(1530393962000) },
			map[string]string{"created_at": "9999-12-31T23:59:59Z", "user_id": id("user", time.Date(9999, 12, 31, 23, 59, 59, 0, time.UTC), "alice")},
		},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			u, want := alice(), plain()
			tc.change(u)
			for name, value := range tc.want {
				want[name] = value
			}
			rows, tally := moved(t, testJob(), u)
			require.Equal(t, []map[string]string{want}, rows[migrate.Users])
			require.Empty(t, tally.notes())
			require.Empty(t, tally.skips())
		})
	}
}

func TestUsersThatStayAway(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name, user string
		appservice bool
		reason     string
		notes      []string
	}{
		{"appservice user", "@irc_bob:example.com", true, "appservice", nil},
		{
			"appservice user with a colon in the localpart", "@b:b:example.com", true, "appservice", nil,
		},
		{"appservice user of another domain", "@b:other.org", true, "foreign-users", []string{"foreign-users users 1 [@b:other.org]"}},
		{"user of another domain", "@b:other.org", false, "foreign-users", []string{"foreign-users users 1 [@b:other.org]"}},
		{"user of a domain that ends like ours", "@b:sub:example.com", false, "foreign-users", []string{"foreign-users users 1 [@b:sub:example.com]"}},
		{"user of a port", "@b:example.com:8448", false, "foreign-users", []string{"foreign-users users 1 [@b:example.com:8448]"}},
		{"no sigil", "b:example.com", false, "foreign-users", []string{"foreign-users users 1 [b:example.com]"}},
		{"no domain", "@b", false, "foreign-users", []string{"foreign-users users 1 [@b]"}},
		{"nothing", "", false, "foreign-users", []string{"foreign-users users 1 []"}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			u := withEverything()
			u.name, u.appservice = []byte(tc.user), tc.appservice
			rows, tally := moved(t, testJob(), u)
			require.Empty(t, rows)
			require.Equal(t, tc.notes, tally.notes())
			want := strings.ReplaceAll(`compat_access_tokens REASON 3
compat_access_tokens puppet 1
compat_refresh_tokens REASON 1
compat_sessions REASON 1
compat_sessions hidden-device 1
upstream_oauth_links REASON 1
user_emails REASON 1
user_passwords REASON 1
user_unsupported_third_party_ids REASON 1
users REASON 1`, "REASON", tc.reason)
			require.ElementsMatch(t, strings.Split(want, "\n"), tally.skips())
		})
	}
}

// withEverything has a row of every table, and one of each kind of token.
func withEverything() *user {
	u := alice()
	u.threepids = []threepid{{[]byte("email"), []byte("Alice@Example.com"), 1554209349014}, {[]byte("msisdn"), []byte("4915112345"), 1555228549014}}
	u.links = []link{{[]byte("oidc-corp"), []byte("871.syn30")}}
	u.devices = []device{{id: []byte("DEV")}, {id: []byte("KEY"), hidden: true}}
	u.access = []accessToken{
		{device: []byte("DEV"), token: []byte("syt_plain"), validated: some(1600000000000)},
		{device: []byte("DEV"), token: []byte("syt_paired"), validated: some(1600000000001), refresh: some(7)},
		{token: []byte("syt_deviceless"), validated: some(1600000000002)},
		{device: []byte("DEV"), token: []byte("syt_puppet"), puppet: true},
	}
	u.refresh = []refreshToken{{id: 7, device: []byte("DEV"), token: []byte("syr_paired")}}
	return u
}

func TestGuestsAndDeactivatedUsersHaveNoSessions(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name   string
		change func(*user)
		reason string
	}{
		{"guest", func(u *user) { u.guest = true }, "guest"},
		{"deactivated", func(u *user) { u.deactivated = true }, "deactivated"},
		{"deactivated guest", func(u *user) { u.guest, u.deactivated = true, true }, "deactivated"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			u := withEverything()
			tc.change(u)
			rows, tally := moved(t, testJob(), u)
			for _, entity := range []migrate.Entity{migrate.Users, migrate.Passwords, migrate.Emails, migrate.Unsupported, migrate.Links} {
				require.Len(t, rows[entity], 1, entity)
			}
			for _, entity := range []migrate.Entity{migrate.Sessions, migrate.AccessTokens, migrate.RefreshTokens} {
				require.Empty(t, rows[entity], entity)
			}
			require.Empty(t, tally.notes())
			require.ElementsMatch(t, []string{
				"compat_access_tokens " + tc.reason + " 3", "compat_access_tokens puppet 1", "compat_refresh_tokens " + tc.reason + " 1",
				"compat_sessions " + tc.reason + " 1", "compat_sessions hidden-device 1",
			}, tally.skips())
		})
	}
}

func TestLockedUsersKeepTheirSessions(t *testing.T) {
	t.Parallel()
	u := withEverything()
	u.locked = true
	rows, _ := moved(t, testJob(), u)
	require.Len(t, rows[migrate.Sessions], 2)
	require.Len(t, rows[migrate.AccessTokens], 3)
	require.Len(t, rows[migrate.RefreshTokens], 1)
}

func TestNoCreationTime(t *testing.T) {
	t.Parallel()
	u := withEverything()
	u.created, u.deactivated = optional{}, true
	rows, tally := moved(t, testJob(), u)
	require.Equal(t, []string{"null-creation-time users 1 [@alice:example.com]"}, tally.notes())
	require.Equal(t, id("user", started(), "alice"), rows[migrate.Users][0]["user_id"])
	for entity, column := range map[migrate.Entity]string{migrate.Users: "deactivated_at", migrate.Passwords: "created_at", migrate.Links: "created_at"} {
		require.Equal(t, rfc(started()), rows[entity][0][column], entity)
	}
}

func TestPasswords(t *testing.T) {
	t.Parallel()
	row := func(hash string) []map[string]string {
		return []map[string]string{{
			"user_password_id": id("password", created(), "alice"), "user_id": id("user", created(), "alice"),
			"hashed_password": hash, "created_at": rfc(created()), "version": "1",
		}}
	}
	odd := []string{"unusable-password-hash users 1 [@alice:example.com]"}
	skipped := []string{"user_passwords unusable-password-hash 1"}
	argon := "$argon2id$v=19$m=19456,t=2,p=1$c2FsdHNhbHQ$aGFzaGhhc2hoYXNo"
	for _, tc := range []struct {
		name         string
		hash         []byte
		policy       migrate.Policy
		want         []map[string]string
		notes, skips []string
	}{
		{"bcrypt is copied", []byte(bcrypt), migrate.Policy{UnusableHashes: migrate.Skip}, row(bcrypt), nil, nil},
		{"NULL makes no row", nil, migrate.Policy{}, nil, nil, nil},
		{"the empty hash is copied, and noted", []byte{}, migrate.Policy{}, row(""), odd, nil},
		{"the empty hash is skipped by policy", []byte{}, migrate.Policy{UnusableHashes: migrate.Skip}, nil, odd, skipped},
		{"another hash is copied, and noted", []byte(argon), migrate.Policy{}, row(argon), odd, nil},
		{"another hash is skipped by policy", []byte(argon), migrate.Policy{UnusableHashes: migrate.Skip}, nil, odd, skipped},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			job, u := testJob(), alice()
			job.Policy, u.hash = tc.policy, tc.hash
			rows, tally := moved(t, job, u)
			require.Equal(t, tc.want, rows[migrate.Passwords])
			require.Equal(t, tc.notes, tally.notes())
			require.Equal(t, tc.skips, tally.skips())
		})
	}
}

func TestIsBcrypt(t *testing.T) {
	t.Parallel()
	for hash, want := range map[string]bool{
		bcrypt:                true,
		"$2a" + bcrypt[3:]:    true,
		"$2x" + bcrypt[3:]:    true,
		"$2y$05" + bcrypt[6:]: true,
		"$2b$12$" + strings.Repeat("./AZaz09", 6) + "abcde": true,
		"$2c" + bcrypt[3:]:    false,
		"$2$12" + bcrypt[5:]:  false,
		"$2b$1x" + bcrypt[6:]: false,
		bcrypt[:59]:           false,
		bcrypt + "a":          false,
		bcrypt[:59] + "=":     false,
		bcrypt[:59] + "\x00":  false,
		bcrypt[:59] + "[":     false,
		"":                    false,
	} {
		require.Equal(t, want, isBcrypt([]byte(hash)), hash)
	}
}
