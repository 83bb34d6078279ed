package official

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/mas/mascli"
	"github.com/maskit-dev/maskit/migrate"
	"github.com/maskit-dev/maskit/synapse"
)

func TestFailures(t *testing.T) {
	t.Parallel()
	job := &migrate.Job{Legacy: synapse.Legacy{ServerName: "example.com"}}
	for name, test := range map[string]struct {
		causes, tail []string
		code, path   string
		samples      []string
	}{
		"orphan":                        {causes: []string{"user @nobody:example.com was not found for migration but a row in access_tokens was found for them"}, code: "orphan-rows", path: "access_tokens", samples: []string{"@nobody:example.com"}},
		"foreign domain":                {causes: []string{`failed to extract localpart of FullUserId("@x:other.org"): wrong server name: expected "example.com", got "other.org"`}, code: "foreign-users", path: "users", samples: []string{"@x:other.org"}},
		"no id at all":                  {causes: []string{`failed to extract localpart of FullUserId("a\"b")`, "user ID does not start with `@` sigil"}, code: "foreign-users", path: "users", samples: []string{`a"b`}},
		"colon of a service":            {causes: []string{`failed to extract localpart of FullUserId("@a:b:example.com"): wrong server name: expected "example.com", got "b:example.com"`}, code: "appservice-localpart", path: "users", samples: []string{"@a:b:example.com"}},
		"no time":                       {causes: []string{"error when reading synapse DB (reading users)", "database error whilst reading Synapse users", "unexpected null; try decoding as an `Option`"}, code: "null-creation-time", path: "users"},
		"unmapped provider":             {causes: []string{`missing a mapping for the auth provider with ID "oidc-x" (used by @a:example.com and maybe other users)`}, code: "mas-missing-oauth-provider", path: "user_external_ids", samples: []string{"@a:example.com"}},
		"hidden device":                 {causes: []string{"error when writing to MAS DB (failed to finish MAS writer)", "database error whilst failed to recreate constraint compat_access_tokens_compat_session_id_fkey on compat_access_tokens"}, code: "hidden-device-tokens", path: "access_tokens"},
		"disabled provider":             {causes: []string{"failed to recreate constraint upstream_oauth_links_provider_fkey on upstream_oauth_links"}, code: "provider-disabled", path: "upstream_oauth_providers"},
		"another constraint":            {causes: []string{"failed to recreate constraint users_username_unique: duplicate key"}, code: "constraint-violated", path: "users_username_unique"},
		"not empty":                     {causes: []string{"The MAS database is not empty: rows found in at least `user_emails`. Please drop"}, code: "mas-not-empty", path: "user_emails"},
		"lock":                          {tail: []string{"2026-08-04T10:00:05Z ERROR mas_cli: Failed to acquire syn2mas lock on the database."}, code: "migration-running"},
		"half of a run":                 {causes: []string{"inconsistent database: only one of"}, code: "unfinished-run"},
		"Synapse runs":                  {causes: []string{"database error whilst locking Synapse tables", `could not obtain lock on relation "users"`}, code: "synapse-running"},
		"no MAS":                        {causes: []string{"Query against users failed — is this actually a MAS database?"}, code: "not-a-mas-database"},
		"no Synapse":                    {causes: []string{"could not connect to Synapse Postgres database"}, code: "database-unreachable", path: "synapse database"},
		"a role that may not do it all": {causes: []string{"permission denied for table users"}, code: "privilege"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			found, known := failure(&mascli.ExitError{Code: 1, Causes: test.causes, Tail: test.tail}, job)
			require.True(t, known)
			require.Len(t, found, 1)
			f := found[0]
			require.Equal(t, []any{maskit.SeverityError, test.code, test.path}, []any{f.Severity, f.Code, f.Path})
			require.Equal(t, test.samples, f.Samples)
			require.NotEmpty(t, f.Message)
			require.NotEmpty(t, f.Hint)
		})
	}
	found, known := failure(&mascli.ExitError{Code: 101, Tail: []string{"thread 'main' panicked"}}, job)
	require.False(t, known)
	require.Empty(t, found)
}

func TestUnknownTextOfACheckIsAFinding(t *testing.T) {
	t.Parallel()
	found := checkFindings(mascli.CheckReport{Errors: []string{"Something new"}, Warnings: []string{"Another thing"}}, migrate.Policy{})
	require.Equal(t, "Something new", found[0].Message)
	require.Equal(t, []any{"mas-cli", maskit.SeverityError, "mas-cli", maskit.SeverityWarning}, []any{found[0].Code, found[0].Severity, found[1].Code, found[1].Severity})
}

func FuzzFindings(f *testing.F) {
	f.Add(`failed to extract localpart of FullUserId("@x:other.org"): wrong server name: expected "example.com", got "other.org"`)
	f.Add("Synapse database contains 5 users associated to the OpenID Connect or OAuth2 provider 'it's' but the Synapse configuration does not contain this provider.")
	f.Add(`provider 'x' (issuer: "https://a") used by 5 users which must also be configured in the MAS configuration`)
	f.Add("failed to recreate constraint ")
	f.Fuzz(func(t *testing.T, text string) {
		job := &migrate.Job{}
		found, known := failure(&mascli.ExitError{Code: 1, Causes: []string{text}}, job)
		require.Equal(t, known, len(found) == 1)
		found = append(found, checkFindings(mascli.CheckReport{Errors: []string{text}}, migrate.Policy{})...)
		for _, finding := range found {
			require.Equal(t, maskit.SeverityError, finding.Severity)
			require.GreaterOrEqual(t, finding.Count, int64(0))
		}
	})
}
