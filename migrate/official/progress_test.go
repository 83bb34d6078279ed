package official

import (
	"math"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/maskit-dev/maskit/migrate"
)

const (
	stamp = "2026-08-04T10:00:0"
	info  = ".000000Z  INFO "
)

// follow gives the lines to a progress, and returns it with the events.
func follow(lines ...string) (*progress, []migrate.Event) {
	var events []migrate.Event
	p := newProgress(&migrate.Job{Events: func(e migrate.Event) { events = append(events, e) }})
	p.totals = map[string]int64{"users": 200, "user_emails": 3, "user_unsupported_third_party_ids": 2, "compat_access_tokens": 10, "compat_refresh_tokens": 4}
	for _, line := range lines {
		p.line(line)
	}
	return p, events
}

func TestProgressOfARun(t *testing.T) {
	t.Parallel()
	p, events := follow(
		stamp+"0"+info+"syn2mas::mas_writer:838 Starting new syn2mas migration",
		stamp+"5"+info+"progress migrating users: 50 (7 skipped) /~0 (~inf%) trace.id=0123456789abcdef0123456789abcdef",
		stamp+"9"+info+"syn2mas::migration:330 193 users migrated (7 skipped) in 9.0s trace.id=0123456789abcdef0123456789abcdef",
		stamp+"9"+info+"progress migrating threepids: 1 (0 skipped) /~3 (~33.3%)",
		stamp+"9"+info+"progress migrating nonrefreshable_access_tokens: 2 (0 skipped) /~18446744073709551610 (~NaN%)",
		stamp+"9"+info+"progress still waiting for rebuild of index users_username_trgm",
		stamp+"9"+info+"syn2mas::mas_writer:1 index users_username_trgm rebuilt in 3.5s",
		stamp+"9"+info+"syn2mas::mas_writer:1 constraint users_pkey rebuilt in 0.1s",
	)
	require.Equal(t, []migrate.Event{
		{Stage: migrate.StageLoad, Message: "MAS's tables are ready"},
		{Stage: migrate.StageLoad, Entity: migrate.Users, Rows: 50, Total: 200, Rate: 10, Remaining: 15 * time.Second},
		{Stage: migrate.StageLoad, Entity: migrate.Users, Rows: 193, Total: 193, Done: true},
		{Stage: migrate.StageLoad, Entity: migrate.Emails, Rows: 1, Total: 5},
		{Stage: migrate.StageLoad, Entity: migrate.AccessTokens, Rows: 2, Total: 6},
		{Stage: migrate.StageBuild, Object: "users_username_trgm"},
		{Stage: migrate.StageBuild, Object: "users_username_trgm", Done: true},
		{Stage: migrate.StageBuild, Object: "users_pkey", Done: true},
	}, events)
	require.Equal(t, []migrate.Timing{
		{Stage: migrate.StageLoad, Object: "users", Seconds: 9},
		{Stage: migrate.StageBuild, Object: "users_username_trgm", Seconds: 3.5},
		{Stage: migrate.StageBuild, Object: "users_pkey", Seconds: 0.1},
	}, p.timings)
	require.Equal(t, migrate.EntityReport{Entity: migrate.Users, Migrated: 193, Skipped: map[string]int64{"appservice": 7}}, p.entities()[0])
}

func TestEveryStageIsKnown(t *testing.T) {
	t.Parallel()
	for text, entity := range map[string]migrate.Entity{
		"1 users": migrate.Users, "1 third-party IDs": migrate.Emails, "1 upstream links (external IDs)": migrate.Links,
		"1 non-refreshable access tokens": migrate.AccessTokens, "1 refreshable token pairs": migrate.RefreshTokens, "1 devices": migrate.Sessions,
	} {
		_, events := follow(stamp + "0" + info + "syn2mas::migration:1 " + text + " migrated (0 skipped) in 0.0s")
		require.Equal(t, []migrate.Event{{Stage: migrate.StageLoad, Entity: entity, Rows: 1, Total: 1, Done: true}}, events, text)
	}
}

func TestLogLinesThatMeanNothing(t *testing.T) {
	t.Parallel()
	for _, line := range []string{
		"", "garbage", "===== Errors =====", "• users migrated (", stamp, stamp + "0" + info, stamp + "0" + info + "progress",
		stamp + "0" + info + "progress migrating users: -1 (0 skipped) /~0",
		stamp + "0" + info + "progress migrating users: 99999999999999999999 (0 skipped) /~0",
		stamp + "0" + info + "progress migrating dragons: 5 (0 skipped) /~0",
		stamp + "0" + info + "progress migrating users",
		stamp + "0" + info + "x NaN users migrated (inf skipped) in NaNs",
		stamp + "0" + info + "x users migrated",
		stamp + "0" + info + "x index foo",
		"2026-08-04T10:00:00Z LOUD x 1 users migrated (0 skipped) in 0.0s",
	} {
		p, events := follow(line)
		require.Empty(t, events, line)
		require.Empty(t, p.timings, line)
	}
	p, events := follow(stamp + "0" + info + "x 1 users migrated (0 skipped) in NaNs")
	require.Len(t, events, 1)
	require.Empty(t, p.timings, "a time that is none")
}

func TestWarningsOfARun(t *testing.T) {
	t.Parallel()
	lines := []string{stamp + "0.000000Z  WARN syn2mas::migration:246 AS user @a:b:example.com has invalid localpart, ignoring!"}
	for range 7 {
		lines = append(lines, stamp+`0.000000Z  WARN syn2mas::migration:650 Failed to parse device IP, ignoring error=invalid IP address syntax mxid=@alice:example.com device_id=PHONE ip=nonsense`)
	}
	p, _ := follow(lines...)
	found := p.findings(&migrate.Job{})
	require.Len(t, found, 2)
	require.Equal(t, migrate.CodeAppserviceLocalpart, found[0].Code)
	require.Equal(t, []string{"@a:b:example.com"}, found[0].Samples)
	require.Equal(t, migrate.CodeUnreadableIP, found[1].Code)
	require.Equal(t, int64(7), found[1].Count)
	require.Equal(t, []string{"@alice:example.com PHONE"}, found[1].Samples)
}

func FuzzProgress(f *testing.F) {
	f.Add("2026-08-04T10:00:05.000000Z  INFO progress migrating users: 50 (7 skipped) /~0 (~inf%)")
	f.Add("2026-08-04T10:00:05.000000Z  INFO x 1 users migrated (0 skipped) in 0.1s\n2026-08-04T10:00:05Z INFO x index a rebuilt in 1s")
	f.Add("2026-08-04T10:00:05.000000Z  WARN x AS user @a has invalid localpart, ignoring!")
	f.Fuzz(func(t *testing.T, text string) {
		p, events := follow(strings.Split(text, "\n")...)
		for _, e := range events {
			require.False(t, e.Rows < 0 || e.Total < 0 || e.Remaining < 0 || e.Rate < 0 || math.IsNaN(e.Rate) || math.IsInf(e.Rate, 0), "%+v", e)
		}
		for _, timing := range p.timings {
			require.False(t, timing.Seconds < 0 || math.IsNaN(timing.Seconds) || math.IsInf(timing.Seconds, 0))
		}
		for _, finding := range p.findings(&migrate.Job{}) {
			require.LessOrEqual(t, len(finding.Samples), migrate.MaxSamples)
		}
	})
}
