package official_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/maskit-dev/maskit/migrate"
)

func TestRunMigratesAndKnowsThatItIsDone(t *testing.T) {
	t.Parallel()
	s := newSides(t)
	s.people(t)
	report, err := s.engine.Run(t.Context(), s.job)
	require.NoError(t, err, report.Findings)
	for _, f := range report.Findings {
		t.Log(f)
	}
	require.Equal(t, "official", report.Engine)
	require.Equal(t, "1.22.0", report.Version)
	require.Equal(t, []migrate.EntityReport{
		{Entity: migrate.Users, Migrated: 2, Skipped: map[string]int64{"appservice": 1}},
		{Entity: migrate.Passwords, Migrated: 1},
		{Entity: migrate.Emails, Migrated: 1},
		{Entity: migrate.Unsupported, Migrated: 1},
		{Entity: migrate.Links, Migrated: 1},
		{Entity: migrate.Sessions, Migrated: 2, Skipped: map[string]int64{"appservice": 1}},
		{Entity: migrate.AccessTokens, Migrated: 1, Skipped: map[string]int64{"appservice": 1}},
		{Entity: migrate.RefreshTokens},
	}, report.Entities)
	require.Equal(t, "0", s.leftovers(t))

	again, err := s.engine.Run(t.Context(), s.job)
	require.NoError(t, err)
	require.True(t, again.AlreadyDone)
}
