package migrate_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/migrate"
)

func TestRunReportForPeople(t *testing.T) {
	t.Parallel()
	started := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	done := migrate.RunReport{
		Engine: "native", Started: started, Finished: started.Add(24100 * time.Millisecond),
		Entities: []migrate.EntityReport{
			{Entity: migrate.Users, Migrated: 1_000_000, Skipped: map[string]int64{"foreign-users": 3, "appservice": 1200}},
			{Entity: migrate.Sessions, Migrated: 1_780_000},
		},
		Timings: []migrate.Timing{
			{Stage: migrate.StageLoad, Object: "users", Seconds: 8},
			{Stage: migrate.StageLoad, Seconds: 9.25},
			{Stage: migrate.StageBuild, Object: "users_username_trgm", Seconds: 4.5},
			{Stage: migrate.StageBuild, Object: "tiny", Seconds: 0.1},
			{Stage: migrate.StageBuild, Seconds: 12},
		},
	}
	again := done
	again.AlreadyDone = true
	stop := migrate.Finding{Problem: maskit.Problem{Path: "users", Code: "case-twins", Message: "m"}, Fix: "f"}
	warning := migrate.Finding{Problem: maskit.Problem{Path: "devices", Code: "puppet-tokens", Message: "w", Severity: maskit.SeverityWarning}, Fix: "f"}
	warned := done
	warned.Entities, warned.Timings, warned.Findings = nil, nil, migrate.Findings{warning, {Problem: maskit.Problem{Message: "i", Severity: maskit.SeverityInfo}}}
	warned.AlreadyDone = true
	tests := map[string]struct {
		report migrate.RunReport
		want   string
	}{
		"done": {done, `The native engine migrated 2,780,000 rows in 24.1 s.
  users                                 1,000,000  left out: 1,200 appservice, 3 foreign-users
  compat_sessions                       1,780,000
Where the time went: load 9.2 s, build 12.0 s, the slowest to build were users_username_trgm 4.5 s`},
		"done before": {again, "It was done before. " + `The native engine migrated 2,780,000 rows in 24.1 s.
  users                                 1,000,000  left out: 1,200 appservice, 3 foreign-users
  compat_sessions                       1,780,000
Where the time went: load 9.2 s, build 12.0 s, the slowest to build were users_username_trgm 4.5 s`},
		"what was found comes last, and what is to know is left out": {
			warned, "It was done before. The native engine migrated 0 rows in 24.1 s.\n\nWARNINGS: check says what to do about them (1)\n  - devices: w [puppet-tokens]",
		},
		"stopped by a finding": {
			migrate.RunReport{Engine: "native", Findings: migrate.Findings{stop, warning}},
			"ERRORS (1)\n\n  users: m [case-twins]\n      fix:      f\n\nWARNINGS: check says what to do about them (1)\n  - devices: w [puppet-tokens]\n\nNothing was migrated.",
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			require.Equal(t, test.want, test.report.String())
		})
	}
}
