package migrate

import (
	"context"
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/internal/live"
	"github.com/maskit-dev/maskit/mas"
	"github.com/maskit-dev/maskit/synapse"
)

// clean is a database of Synapse that gives no cause for any finding, but has what is
// near to one. Every secret in it has SECRET in it.
const clean = `
INSERT INTO users (name, password_hash, creation_ts, admin, deactivated, is_guest, appservice_id, approved) VALUES
	('@alice:example.com', '$2b$12$SECRET7890123456789012345678901234567890123456789012.', 1530393962, 1, 0, 0, NULL, true),
	('@bob:example.com', '$2a$10$SECRET78901234567890123456789012345678901234567890123', 1530393962, 0, 0, 0, NULL, NULL),
	('@carol:example.com', NULL, 0, 0, 1, 0, NULL, NULL),
	('@_irc_:x:example.com', NULL, 1, 0, 0, 0, 'irc', NULL),
	('@_irc_Dave:example.com', 'SECRET', 1, 0, 0, 0, 'irc', NULL);
INSERT INTO user_threepids (user_id, medium, address, validated_at, added_at) VALUES
	('@alice:example.com', 'email', 'Alice@example.com', 1, 2), ('@bob:example.com', 'email', 'bob@example.com', 1, 2),
	('@_irc_Dave:example.com', 'email', 'alice@example.com', 1, 2);
INSERT INTO user_external_ids (auth_provider, external_id, user_id) VALUES ('oidc-known', '1', '@alice:example.com');
INSERT INTO devices (user_id, device_id, display_name, last_seen, ip, hidden) VALUES
	('@alice:example.com', 'PHONE', 'phone', 1700000000000, '203.0.113.1', false),
	('@alice:example.com', 'LAPTOP', NULL, NULL, '2001:db8::1', false),
	('@alice:example.com', 'TABLET', NULL, NULL, '-', false),
	('@alice:example.com', 'c2lnbmluZyBrZXk', NULL, 1, 'garbage', true),
	('@bob:example.com', 'PHONE', NULL, 1, NULL, false),
	('@_irc_Dave:example.com', 'BRIDGE', NULL, 1, 'garbage', false),
	('@nobody:example.com', 'c2lnbmluZyBrZXk', NULL, 1, NULL, true);
INSERT INTO refresh_tokens (id, user_id, device_id, token, next_token_id) VALUES (1, '@alice:example.com', 'LAPTOP', 'syr_SECRET', NULL);
INSERT INTO access_tokens (id, user_id, device_id, token, valid_until_ms, puppets_user_id, last_validated, refresh_token_id, used) VALUES
	(1, '@alice:example.com', 'PHONE', 'syt_SECRET1', NULL, NULL, 1, NULL, false),
	(2, '@alice:example.com', 'LAPTOP', 'syt_SECRET2', 1, NULL, 1, 1, false),
	(3, '@alice:example.com', 'TABLET', 'MDAxYmxvY2F0aW9uIGxpYnJlcHVzaC5uZXQKMDAxSECRETxx', NULL, NULL, 1, NULL, false),
	(4, '@alice:example.com', 'TABLET', 'mct_cxG6gZXyvelQWW9XqfNbm5KAQovodf_XvJz43', 1999999999999, NULL, 1, NULL, false),
	(5, '@bob:example.com', NULL, 'syt_SECRET5', NULL, NULL, 1, NULL, false),
	(6, '@alice:example.com', NULL, 'syt_SECRET6', 1, '@bob:example.com', 1, NULL, false),
	(7, '@_irc_Dave:example.com', 'BRIDGE', 'SECRET-of-a-bridge', 1, NULL, 1, NULL, false);
INSERT INTO account_validity (user_id, expiration_ts_ms, email_sent) VALUES ('@alice:example.com', 4000000000000, false);
INSERT INTO registration_tokens (token, uses_allowed, pending, completed, expiry_time) VALUES
	('SECRET-used', 1, 0, 1, NULL), ('SECRET-expired', NULL, 0, 0, 1);`

func checkedAt() time.Time { return time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC) }

func dataJob() *Job {
	return &Job{
		Started: checkedAt(),
		Legacy: synapse.Legacy{ServerName: "example.com", OIDC: []synapse.OIDCProvider{
			{SynapseIDPID: "oidc-known", Issuer: "https://known.example.org"}, {SynapseIDPID: "oidc-new", Issuer: "https://new.example.org"},
		}},
		Providers: map[string]maskit.ULID{"oidc-known": "01JAYS74TCG3BTWKADN5Q4518C", "saml": "01JAYS74TCG3BTWKADN5Q4518D"},
		Config:    &mas.Config{},
		Events:    func(Event) {},
	}
}

// database is Synapse's database of a test, with rows.
type database struct {
	db  live.DB
	job *Job
}

func newDatabase(t *testing.T, version live.SynapseVersion, rows string) database {
	t.Helper()
	d := database{db: live.SynapseDatabase(t, version), job: dataJob()}
	d.exec(t, rows)
	return d
}

func (d database) connect(ctx context.Context) (*pgx.Conn, error) {
	return pgx.Connect(ctx, d.db.URI())
}

func (d database) exec(t *testing.T, sql string) {
	t.Helper()
	conn, err := d.connect(t.Context())
	require.NoError(t, err)
	defer func() { require.NoError(t, conn.Close(t.Context())) }()
	_, err = conn.Exec(t.Context(), sql)
	require.NoError(t, err)
}

func (d database) check(t *testing.T) Findings {
	t.Helper()
	findings, _, err := checkData(t.Context(), d.job, d.connect)
	require.NoError(t, err)
	encoded, err := json.Marshal(findings)
	require.NoError(t, err)
	require.NotContains(t, string(encoded), "SECRET", "a finding shows a secret")
	return findings
}

// brief is what of a finding depends on the rows.
func brief(findings Findings) []string {
	var lines []string
	for _, f := range findings {
		lines = append(lines, strings.Join([]string{f.Severity.String(), f.Code, f.Path, number(f.Count, "rows"), strings.Join(f.Samples, ", ")}, "|"))
	}
	return lines
}

func TestCleanDataHasNoFinding(t *testing.T) {
	t.Parallel()
	for _, version := range []live.SynapseVersion{live.SynapseCurrent, live.SynapseFloor} {
		t.Run(string(version), func(t *testing.T) {
			t.Parallel()
			require.Empty(t, brief(newDatabase(t, version, "").check(t)), "without a row")
			require.Empty(t, brief(newDatabase(t, version, clean).check(t)))
		})
	}
}

func TestEveryFindingOfData(t *testing.T) {
	t.Parallel()
	for group, cases := range dataCases() {
		t.Run(group, func(t *testing.T) {
			t.Parallel()
			d := newDatabase(t, live.SynapseCurrent, "")
			for _, tc := range cases {
				t.Run(tc.name, func(t *testing.T) {
					d.exec(t, "TRUNCATE users, user_threepids, user_external_ids, devices, access_tokens, refresh_tokens, dehydrated_devices, account_validity, registration_tokens CASCADE")
					d.exec(t, clean+tc.rows)
					if d.job = dataJob(); tc.set != nil {
						tc.set(d.job)
					}
					findings := d.check(t)
					require.Equal(t, tc.want, brief(findings))
					d.mend(t, findings)
				})
			}
		})
	}
}

// mend executes all fixes that are SQL, after which these findings are gone and no error
// has come.
func (d database) mend(t *testing.T, findings Findings) {
	t.Helper()
	same := func(f Finding) func(Finding) bool {
		return func(other Finding) bool { return other.Code == f.Code && other.Path == f.Path }
	}
	var mended Findings
	for _, f := range findings {
		if verb, _, _ := strings.Cut(f.Fix, " "); slices.Contains([]string{"UPDATE", "DELETE", "INSERT", "DO"}, verb) {
			d.exec(t, f.Fix)
			mended = append(mended, f)
		}
	}
	if len(mended) == 0 {
		return
	}
	errors := findings.Only(maskit.SeverityError)
	for _, left := range d.check(t) {
		require.False(t, slices.ContainsFunc(mended, same(left)), "still there: %s", left)
		require.True(t, left.Severity != maskit.SeverityError || slices.ContainsFunc(errors, same(left)), "a fix leads to %s", left)
	}
}

func TestCheckDataOfNoSynapse(t *testing.T) {
	t.Parallel()
	d := database{db: live.Postgres(t), job: dataJob()}
	_, _, err := checkData(t.Context(), d.job, d.connect)
	require.EqualError(t, err, "migrate: look through Synapse's database: there is no table users: this is no database of a Synapse, or the role does not see its schema")
}

func TestCheckDataHeedsTheStatementTimeout(t *testing.T) {
	t.Parallel()
	d := newDatabase(t, live.SynapseCurrent, clean)
	blocker, err := d.connect(t.Context())
	require.NoError(t, err)
	defer func() { require.NoError(t, blocker.Close(context.WithoutCancel(t.Context()))) }()
	_, err = blocker.Exec(t.Context(), "BEGIN; LOCK TABLE user_external_ids")
	require.NoError(t, err)
	_, _, err = checkData(t.Context(), d.job, func(ctx context.Context) (*pgx.Conn, error) {
		conn, err := d.connect(ctx)
		if err == nil {
			_, err = conn.Exec(ctx, "SET statement_timeout = 300")
		}
		return conn, err
	})
	require.ErrorContains(t, err, "raise statement_timeout of the role")
}

func TestCheckDataStopsWithTheContext(t *testing.T) {
	t.Parallel()
	d := newDatabase(t, live.SynapseCurrent, clean)
	ctx, cancel := context.WithCancel(t.Context())
	d.job.Events = func(Event) { cancel() }
	_, _, err := checkData(ctx, d.job, d.connect)
	require.ErrorIs(t, err, context.Canceled)
}

func TestCheckDataCountsAndWritesNothing(t *testing.T) {
	t.Parallel()
	d := newDatabase(t, live.SynapseCurrent, clean)
	_, counts, err := checkData(t.Context(), d.job, d.connect)
	require.NoError(t, err)
	require.Equal(t, map[string]int64{
		"users": 5, "user_threepids": 3, "user_external_ids": 1, "devices": 7, "access_tokens": 7, "refresh_tokens": 1,
	}, counts.Source)
	_, _, err = checkData(t.Context(), d.job, func(ctx context.Context) (*pgx.Conn, error) {
		conn, err := d.connect(ctx)
		if err == nil {
			_, err = conn.Exec(ctx, "SET default_transaction_read_only = on")
		}
		return conn, err
	})
	require.NoError(t, err)
}

// TestFindingsSayWhoIsConcerned holds what the words take from the rows.
func TestFindingsSayWhoIsConcerned(t *testing.T) {
	t.Parallel()
	d := newDatabase(t, live.SynapseFloor, clean+`
		INSERT INTO access_tokens (id, user_id, device_id, token) VALUES (90, '@bob:example.com', 'GONE', 'syt_SECRET90'), (91, '@bob:example.com', 'LOST', 'syt_SECRET91');
		INSERT INTO user_external_ids VALUES ('oidc-new', '1', '@bob:example.com'), ('oidc-new', '2', '@bob:example.com'), ('saml', '1', '@alice:example.com');
		INSERT INTO users (name, creation_ts) VALUES ('@x:other.org', 1)`)
	d.job.Config = &mas.Config{Experimental: &mas.Experimental{
		SessionLimit:              &mas.SessionLimit{SoftLimit: 3, HardLimit: 7},
		InactiveSessionExpiration: &mas.InactiveSessionExpiration{TTL: 86400},
	}}
	words := map[string]string{}
	for _, f := range d.check(t) {
		words[f.Code] += f.Message + "; " + f.Effect
	}
	for code, want := range map[string]string{
		CodeLostDeviceTokens:            "2 sessions of 1 user would be signed out",
		CodeMASMissingOAuthProvider:     "2 links of 1 user of the provider oidc-new (https://new.example.org), which MAS does not have",
		CodeSynapseMissingOAuthProvider: "1 link of 1 user of the provider saml, which MAS has",
		CodeForeignUsers:                "1 user whose id is not @name:example.com",
		CodeManyDevices:                 "session_limit of MAS allows (3), or more; 1 user must end old sessions before a new one, and beyond 7",
		CodeInactiveDevices:             "2 devices of 2 users, unused for 1 day:",
	} {
		require.Contains(t, words[code], want)
	}
}
