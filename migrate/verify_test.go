package migrate

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/maskit-dev/maskit"
)

func TestVerifyEqual(t *testing.T) {
	t.Parallel()
	report := newMigrated(t).verify(t)
	require.Empty(t, lines(report))
	require.Empty(t, report.Structure)
	require.NoError(t, report.Err())
	require.True(t, report.Equal())
	require.Equal(t, []VerifiedEntity{
		{Entity: Users, Expected: 4, Found: 4},
		{Entity: Passwords, Expected: 2, Found: 2},
		{Entity: Emails, Expected: 1, Found: 1},
		{Entity: Unsupported, Expected: 1, Found: 1},
		{Entity: Links, Expected: 1, Found: 1},
		{Entity: Sessions, Expected: 4, Found: 4},
		{Entity: AccessTokens, Expected: 5, Found: 5},
		{Entity: RefreshTokens, Expected: 1, Found: 1},
	}, report.Entities)
	require.Contains(t, report.String(), "MAS's database has what Synapse's database says (compared in ")
	require.Contains(t, report.String(), "\n  compat_sessions: 4 rows, equal\n")
}

// TestVerifyNothing: an empty MAS after a migration that did not happen.
func TestVerifyNothing(t *testing.T) {
	t.Parallel()
	v := newVerified(t)
	v.execSynapse(t, verifySynapse)
	report := v.verify(t)
	require.ErrorIs(t, report.Err(), maskit.ErrInvalid)
	require.EqualValues(t, 2, report.DeviceUsers)
	require.Equal(t, VerifiedEntity{Entity: Sessions, Expected: 4, Missing: 4}, report.Entities[5])
	require.Equal(t, []string{
		"missing users @1:example.com", "missing users @alice:example.com", "missing users @bob:example.com", "missing users @carol:example.com",
		"missing user_passwords @alice:example.com", "missing user_passwords @bob:example.com",
		"missing user_emails @alice:example.com Alice@example.org",
		"missing user_unsupported_third_party_ids @alice:example.com msisdn 4915112345678",
		"missing upstream_oauth_links @alice:example.com 01J4Z0KEYC0AKAAAAAAAAAAAAA subject-a",
		"missing compat_sessions @alice:example.com ADEVICE", "missing compat_sessions @alice:example.com BDEVICE",
		"missing compat_sessions @bob:example.com CDEVICE", "missing compat_sessions @alice:example.com (no device)",
		"missing compat_access_tokens @alice:example.com (no device)", "missing compat_access_tokens @alice:example.com ADEVICE",
		"missing compat_access_tokens @alice:example.com ADEVICE", "missing compat_access_tokens @alice:example.com BDEVICE",
		"missing compat_access_tokens @bob:example.com CDEVICE", "missing compat_refresh_tokens @alice:example.com BDEVICE",
	}, lines(report))
}

// change is one fault in MAS's database, and all that Verify says about rows.
type change struct {
	name string
	sql  string
	want []string
}

func TestVerifyChanges(t *testing.T) {
	t.Parallel()
	v := newMigrated(t)
	v.exec(t, `SET session_replication_role = replica`) // no foreign keys
	for _, c := range verifyChanges() {
		t.Run(c.name, func(t *testing.T) { // one after the other: they share the databases
			restore := v.keep(t)
			v.exec(t, c.sql)
			report := v.verify(t)
			require.Equal(t, c.want, lines(report))
			require.Error(t, report.Err())
			restore()
		})
	}
	require.Empty(t, lines(v.verify(t)))
}

// keep copies MAS's rows and returns a function that brings them back.
func (v *verified) keep(t *testing.T) (restore func()) {
	t.Helper()
	v.exec(t, `DROP SCHEMA IF EXISTS kept CASCADE; CREATE SCHEMA kept`)
	for _, e := range Entities() {
		v.exec(t, fmt.Sprintf(`CREATE TABLE kept.%[1]s AS SELECT * FROM public.%[1]s`, e))
	}
	return func() {
		for _, e := range Entities() {
			v.exec(t, fmt.Sprintf(`DELETE FROM public.%[1]s; INSERT INTO public.%[1]s SELECT * FROM kept.%[1]s`, e))
		}
	}
}

func TestVerifyManyChanges(t *testing.T) {
	t.Parallel()
	v := newVerified(t)
	v.execSynapse(t, `INSERT INTO users (name, creation_ts) SELECT '@u' || n || ':example.com', 1700000000 FROM generate_series(1, 1000) n`)
	report := v.verify(t)
	require.Equal(t, VerifiedEntity{Entity: Users, Expected: 1000, Missing: 1000}, report.Entities[0])
	require.Len(t, report.Differences, MaxDifferences)
	require.Contains(t, report.String(), "  users: 0 rows instead of 1,000: 1,000 missing\n")
	require.Contains(t, report.String(), "  … and 980 more of users")
	require.Contains(t, report.Err().Error(), "users: MAS has other rows than Synapse says: 1,000 missing [rows-differ]")
}
