package official_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/internal/live"
	"github.com/maskit-dev/maskit/mas"
	"github.com/maskit-dev/maskit/migrate"
)

const goodSynapse = `server_name: example.com
database: {name: psycopg2, args: {}}
password_config: {pepper: a-pepper-of-synapse}
`

// severities are "error code path" of findings.
func severities(findings migrate.Findings) []string {
	var lines []string
	for _, f := range findings {
		lines = append(lines, strings.TrimSpace(f.Severity.String()+" "+f.Code+" "+f.Path))
	}
	return lines
}

func TestCheckKnowsEveryFindingOfMASCLI(t *testing.T) {
	t.Parallel()
	s := newSides(t)
	exec(t, s.synapse, user("@alice:example.com", ""), user("@guest:example.com", ""), `UPDATE users SET is_guest = 1 WHERE name LIKE '@guest%'`,
		`INSERT INTO user_threepids (user_id, medium, address, validated_at, added_at) VALUES ('@alice:example.com', 'msisdn', '15550100', 1, 2)`,
		`INSERT INTO user_external_ids (user_id, auth_provider, external_id) VALUES ('@alice:example.com', 'oauth-delegated', 'x'), ('@alice:example.com', 'it''s', 'y'), ('@alice:example.com', 'oidc-unknown', 'z')`)
	s.engine.CheckInPlace = true
	data := []string{
		"error existing-oauth-delegated user_external_ids",
		"error synapse-missing-oauth-provider user_external_ids",
		"warning guests-in-database users",
		"warning non-email-threepids-in-database user_threepids",
	}
	for _, test := range []struct {
		name, synapse string
		mas           func(*mas.Config)
		want          []string
	}{
		{
			name: "settings of Synapse that stop it",
			synapse: goodSynapse + `
enable_3pid_changes: true
login_via_existing_session: {enabled: true}
allow_guest_access: true
oidc_providers: [{idp_id: unknown, issuer: "https://sso.example.com/?a=\"b\"", client_id: x}]
`,
			want: []string{
				"error guests-enabled allow_guest_access", "error threepid-changes-enabled enable_3pid_changes",
				"error login-via-existing-session-enabled login_via_existing_session.enabled", "error mas-missing-oauth-provider user_external_ids",
			},
		},
		{
			name: "settings of Synapse to think of",
			synapse: goodSynapse + `
enable_registration: true
user_consent: {template_dir: x, version: 1}
enable_registration_captcha: true
cas_config: {enabled: true}
saml2_config: {enabled: true}
jwt_config: {enabled: true}
`,
			want: []string{
				"warning disable-registration-after-migration enable_registration", "warning disable-user-consent-after-migration user_consent",
				"warning should-port-user-consent-as-terms branding.tos_uri", "warning should-port-registration-captcha captcha",
				"warning external-auth-system", "warning external-auth-system", "warning external-auth-system",
			},
		},
		{
			name:    "passwords of a module",
			synapse: "server_name: example.com\ndatabase: {name: psycopg2, args: {}}\npassword_config: {pepper: a-pepper-of-synapse, localdb_enabled: false}\n",
			want:    []string{"warning external-auth-system"},
		},
		{
			name: "another pepper and another server", synapse: goodSynapse,
			mas: func(c *mas.Config) {
				c.Passwords.Schemes[0].Secret.Inline = maskit.NewSecret("another-pepper")
				c.Matrix.Homeserver = "example.org"
			},
			want: []string{"error password-scheme-wrong-pepper passwords.schemes", "error server-name-mismatch matrix.homeserver"},
		},
		{
			name: "no bcrypt", synapse: goodSynapse,
			mas:  func(c *mas.Config) { c.Passwords.Schemes = c.Passwords.Schemes[1:]; c.Passwords.Schemes[0].Version = 1 },
			want: []string{"error password-scheme-not-bcrypt passwords.schemes", "error password-scheme-wrong-pepper passwords.schemes"},
		},
		{
			name: "no scheme 1", synapse: goodSynapse,
			mas:  func(c *mas.Config) { c.Passwords.Schemes = c.Passwords.Schemes[1:] },
			want: []string{"error missing-password-scheme passwords.schemes"},
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			job := s.newJob(t)
			job.Legacy.File.Data = []byte(test.synapse)
			if test.mas != nil {
				test.mas(job.Config)
			}
			found, err := s.engine.Check(t.Context(), job)
			require.NoError(t, err)
			for _, f := range found {
				require.NotEmpty(t, f.Hint, "%v", f)
				require.NotEqual(t, "mas-cli", f.Code, "%v", f)
				require.NotContains(t, f.String(), "pepper-of-synapse")
			}
			require.Subset(t, severities(found), append(data, test.want...))
		})
	}
}

func TestCheckReadsNumbersAndNames(t *testing.T) {
	t.Parallel()
	s := newSides(t)
	exec(t, s.synapse, user("@alice:example.com", ""), user("@bob:example.com", ""),
		`INSERT INTO user_external_ids (user_id, auth_provider, external_id) VALUES ('@alice:example.com', 'it''s', 'y'), ('@bob:example.com', 'it''s', 'w'), ('@alice:example.com', 'oidc-unknown', 'z')`)
	s.engine.CheckInPlace = true
	found, err := s.engine.Check(t.Context(), s.job)
	require.NoError(t, err)
	require.Equal(t, []string{"error mas-missing-oauth-provider user_external_ids", "error synapse-missing-oauth-provider user_external_ids"}, severities(sorted(found)))
	require.Equal(t, int64(1), sorted(found)[0].Count)
	require.Contains(t, sorted(found)[0].Message, "oidc-unknown (https://other.example.com/)")
	require.Equal(t, int64(2), sorted(found)[1].Count)
	require.Contains(t, sorted(found)[1].Fix, "'it''s'")
}

func sorted(findings migrate.Findings) migrate.Findings {
	if len(findings) == 2 && findings[0].Code > findings[1].Code {
		return migrate.Findings{findings[1], findings[0]}
	}
	return findings
}

func TestCheckWritesNothingUnlessAskedTo(t *testing.T) {
	t.Parallel()
	s := newSides(t)
	s.people(t)
	runner := &recorder{Runner: s.engine.Runner}
	s.engine.Runner = runner
	exec(t, s.mas, `DELETE FROM _sqlx_migrations WHERE version = (SELECT max(version) FROM _sqlx_migrations)`)
	found, err := s.engine.Check(t.Context(), s.job)
	require.NoError(t, err)
	require.Equal(t, []string{"error pending-mas-migrations _sqlx_migrations"}, severities(found))
	for _, command := range runner.commands {
		require.NotContains(t, command.Args, "syn2mas")
	}
	require.Len(t, runner.commands, 2, "version and config check")

	s.job.Scratch = connection(t, live.MASDatabase(t))
	found, err = s.engine.Check(t.Context(), s.job)
	require.NoError(t, err)
	require.Equal(t, []string{"error pending-mas-migrations _sqlx_migrations", "warning non-email-threepids-in-database user_threepids"}, severities(found))
	require.Equal(t, "0", text(t, s.mas, `SELECT count(*)::text FROM upstream_oauth_providers`))

	report, err := s.engine.Run(t.Context(), s.job)
	require.ErrorIs(t, err, maskit.ErrInvalid)
	require.Equal(t, []string{"pending-mas-migrations"}, codes(report.Findings))
}

func TestCheckOfAConfigurationThatMASCLIRefuses(t *testing.T) {
	t.Parallel()
	s := newSides(t)
	s.job.Config.Secrets.Encryption.Inline = maskit.NewSecret("not-a-key-of-64-digits")
	found, err := s.engine.Check(t.Context(), s.job)
	require.NoError(t, err)
	require.Equal(t, []string{"error mas-cli target.config"}, severities(found))
	require.NotContains(t, found[0].String(), "not-a-key")

	s.engine.Runner = nil
	_, err = s.engine.Check(t.Context(), s.job)
	require.EqualError(t, err, "official: Engine.Runner is required")
}
