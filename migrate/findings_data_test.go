package migrate

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/maskit-dev/maskit/internal/golden"
)

// anomalies has one of every code, and of every path that changes the words.
func anomalies() []Anomaly {
	var all []Anomaly
	for _, table := range []string{"devices", "user_threepids", "user_external_ids", "access_tokens", "refresh_tokens"} {
		all = append(all, Anomaly{Code: CodeOrphanRows, Path: table, Count: 3, Users: 2})
	}
	for _, table := range []string{"users", "user_threepids", "devices", "access_tokens"} {
		all = append(all, Anomaly{Code: CodeDeactivatedRemains, Path: table, Count: 3, Users: 2})
	}
	for _, code := range []string{
		CodeNullCreationTime, CodeImplausibleTimes, CodeAppserviceLocalpart, CodeCaseTwins, CodeOddUsernames, CodeUnusableHash,
		CodeGuestsInDatabase, CodeLockedUsers, CodeSuspendedUsers, CodeShadowBannedUsers, CodeUnapprovedUsers, CodeUserTypes,
	} {
		all = append(all, Anomaly{Code: code, Path: "users", Count: 3})
	}
	for _, code := range []string{CodeHiddenDeviceTokens, CodeLostDeviceTokens, CodeDevicelessAdmins, CodePuppetTokens, CodeAppserviceTokens, CodeExpiredTokens, CodeUnrecognisedTokens} {
		all = append(all, Anomaly{Code: code, Path: "access_tokens", Count: 3, Users: 2})
	}
	limits := SessionLimits{Soft: 10, Hard: 20}
	evicting := SessionLimits{Soft: 10, Hard: 20, Evicts: true}
	return append(all,
		Anomaly{Code: CodeForeignUsers, Path: "users", Count: 3, ServerName: "example.com"},
		Anomaly{Code: CodeUnrecognisedTokens, Path: "refresh_tokens", Count: 3, Users: 2},
		Anomaly{Code: CodeSessionLifetimes, Path: "refresh_tokens", Count: 3, Users: 2},
		Anomaly{Code: CodeRegistrationTokens, Path: "registration_tokens", Count: 3},
		Anomaly{Code: CodeExpiredAccounts, Path: "account_validity", Count: 3},
		Anomaly{Code: CodeNonEmailThreepids, Path: "user_threepids", Count: 3, Users: 2},
		Anomaly{Code: CodeEmailTwins, Path: "user_threepids", Count: 3, Users: 2},
		Anomaly{Code: CodeUnreadableIP, Path: "devices", Count: 3, Users: 2},
		Anomaly{Code: CodeDehydratedDevices, Path: "dehydrated_devices", Count: 3, Users: 3},
		Anomaly{Code: CodeManyDevices, Path: "devices", Count: 3, Limits: limits},
		Anomaly{Code: CodeManyDevices, Path: "devices", Count: 3, Limits: evicting},
		Anomaly{Code: CodeInactiveDevices, Path: "devices", Count: 3, Users: 2, IdleSeconds: 30 * 24 * 60 * 60},
		Anomaly{Code: CodeExistingOAuthDelegated, Path: "user_external_ids", Count: 3, Provider: "oauth-delegated"},
		Anomaly{Code: CodeSynapseMissingOAuthProvider, Path: "user_external_ids", Count: 3, Users: 2, Provider: "saml"},
		Anomaly{Code: CodeSynapseMissingOAuthProvider, Path: "user_external_ids", Count: 3, Users: 2, Provider: "saml", Mapped: true},
		Anomaly{Code: CodeMASMissingOAuthProvider, Path: "user_external_ids", Count: 3, Users: 2, Provider: "oidc-x", Issuer: "https://x.example.org"},
	)
}

func skipAll() Policy {
	return Policy{
		OrphanRows: Skip, ForeignUsers: Skip, UnmappedLinks: Skip, HiddenDeviceTokens: Skip, NoCreationTime: Skip,
		UnusableHashes: Skip, DehydratedDevices: Skip,
	}
}

func TestWordsOfAnomalies(t *testing.T) {
	t.Parallel()
	one := func(n int64) int64 { return min(n, 1) }
	for name, policy := range map[string]Policy{"fail": {}, "skip": skipAll()} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var text strings.Builder
			for _, a := range anomalies() {
				a.Samples = []string{"@alice:example.com", "@bob:example.com"}
				text.WriteString(AnomalyFinding(a, policy).String() + "\n\n")
				a.Count, a.Users, a.Samples = 1, one(a.Users), nil
				text.WriteString(AnomalyFinding(a, policy).String() + "\n\n")
			}
			golden.Require(t, "testdata/findings_data_"+name+".golden", text.String())
		})
	}
}

func TestEveryAnomalyHasWordsAndAHint(t *testing.T) {
	t.Parallel()
	for _, a := range anomalies() {
		for _, policy := range []Policy{{}, skipAll()} {
			f := AnomalyFinding(a, policy)
			require.NotEqual(t, a.Code, f.Message, a.Code)
			require.NotEmpty(t, f.Hint, a.Code)
			require.Equal(t, []any{a.Code, a.Path, a.Count}, []any{f.Code, f.Path, f.Count})
			require.NotContains(t, f.String(), "%!", a.Code)
		}
	}
}

func TestAnomalyShowsTheLeastSamplesOnce(t *testing.T) {
	t.Parallel()
	a := Anomaly{Code: CodeCaseTwins, Samples: []string{"f", "c", "a", "c", "b", "e", "d"}}
	require.Equal(t, []string{"a", "b", "c", "d", "e"}, AnomalyFinding(a, Policy{}).Samples)
	require.Equal(t, []string{"f", "c", "a", "c", "b", "e", "d"}, a.Samples, "the caller's slice is not touched")
	require.Empty(t, AnomalyFinding(Anomaly{Code: CodeCaseTwins}, Policy{}).Samples)
}

func TestAnomalyOfUnknownCode(t *testing.T) {
	t.Parallel()
	f := AnomalyFinding(Anomaly{Code: "new-thing", Path: "users", Count: 2}, Policy{})
	require.Equal(t, "error: users: new-thing [new-thing]", f.String())
}

func TestDuration(t *testing.T) {
	t.Parallel()
	for seconds, want := range map[int64]string{600: "10 minutes", 3600: "1 hour", 86399: "23 hours", 86400: "1 day", 7776000: "90 days"} {
		require.Equal(t, want, duration(seconds))
	}
}

func TestTextsAreQuotedForSQL(t *testing.T) {
	t.Parallel()
	require.Equal(t, "'oidc-x'", literal("oidc-x"))
	require.Equal(t, "'it''s'", literal("it's"))
	require.Equal(t, ` E'a\\''b'`, literal(`a\'b`))
}
