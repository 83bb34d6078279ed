package migrate

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/mas"
	"github.com/maskit-dev/maskit/synapse"
)

func TestPrepare(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 8, 4, 12, 0, 0, 123456789, time.FixedZone("x", 3600))
	s := Syn2MAS{
		Source: Source{Files: homeserver()},
		Target: Target{
			Config: masConfig(t, withProviders(
				provider(providerA, "oidc-a"),
				provider(providerB, "oidc-b", func(p *mas.UpstreamProvider) { p.Enabled = mas.Set(false) }),
				provider("01HFRQHDJCCZ9ATKYA1P7AA7NG", ""),
			)),
			Scratch: maskit.NewSecret("postgresql://u@db/scratch?sslmode=disable"),
		},
		Rand: bytes.NewReader(make([]byte, 10+keySize)), Now: func() time.Time { return now },
	}
	job, findings, err := s.prepare(t.Context())
	require.NoError(t, err)
	require.Empty(t, found(findings))
	require.Equal(t, "00000000000000000000000000", job.RunID)
	require.Equal(t, strings.Repeat("00", keySize), job.Key.Reveal())
	require.Equal(t, time.Date(2026, 8, 4, 11, 0, 0, 123456000, time.UTC), job.Started)
	require.Equal(t, "synapse:canary@db:5432/synapse off", shown(job.Synapse))
	require.Equal(t, "mas:canary@db:5432/mas off", shown(job.MAS))
	require.Equal(t, "u:@db:5432/scratch off", shown(job.Scratch))
	require.Equal(t, map[string]maskit.ULID{"oidc-a": providerA}, job.Providers)
	require.Equal(t, "example.com", job.Legacy.ServerName)
	require.NotNil(t, job.Logger)
	job.Events(Event{})
	require.NoError(t, job.Judge(Findings{{Problem: maskit.Problem{Severity: maskit.SeverityWarning}}}))
	require.ErrorIs(t, job.Judge(Findings{{Problem: maskit.Problem{Code: CodeOrphanRows}}}), maskit.ErrInvalid)
}

func TestPrepareDrawsAnewEachTime(t *testing.T) {
	t.Parallel()
	s := Syn2MAS{Source: Source{Files: homeserver()}, Target: Target{Config: masConfig(t)}}
	one, _, err := s.prepare(t.Context())
	require.NoError(t, err)
	two, _, err := s.prepare(t.Context())
	require.NoError(t, err)
	require.NotEqual(t, one.RunID, two.RunID)
	require.False(t, one.Key.Equal(two.Key))
	s.Rand = strings.NewReader("short")
	_, _, err = s.prepare(t.Context())
	require.ErrorContains(t, err, "migrate: draw the id of the run")
}

func TestPrepareFindings(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		source Source
		config *mas.Config
		target Target
		want   []string
	}{
		"nothing given": {want: []string{"error source.files required", "error target.config required"}},
		"official names": {
			source: Source{Files: homeserver(
				"enable_3pid_changes: true", "login_via_existing_session: {enabled: true}", "allow_guest_access: true", "enable_registration: true",
				"user_consent: {version: 1, template_dir: /x}", "enable_registration_captcha: true", "cas_config: {enabled: true, server_url: https://cas}",
				"jwt_config: {enabled: true, secret: canary, algorithm: HS256}",
			)},
			config: masConfig(t),
			want: []string{
				"error enable_3pid_changes threepid-changes-enabled",
				"error login_via_existing_session.enabled login-via-existing-session-enabled",
				"error allow_guest_access guests-enabled",
				"warning enable_registration disable-registration-after-migration",
				"warning user_consent disable-user-consent-after-migration",
				"warning enable_registration_captcha should-port-registration-captcha",
				"warning cas_config external-auth-system",
				"warning jwt_config external-auth-system",
			},
		},
		"captcha in MAS": {
			source: Source{Files: homeserver("enable_registration_captcha: true")},
			config: masConfig(t, func(c *mas.Config) { c.Captcha = &mas.Captcha{Service: mas.RecaptchaV2} }),
			want:   []string{},
		},
		"SQLite": {
			source: Source{Files: []synapse.File{{Name: "h", Data: []byte("server_name: example.com\ndatabase: {name: sqlite3, args: {database: /x.db}}\n")}}},
			config: masConfig(t), want: []string{"error database database-sqlite"},
		},
		"SQLite with a DSN": {
			source: Source{
				Files: []synapse.File{{Name: "h", Data: []byte("server_name: example.com\ndatabase: {name: sqlite3, args: {database: /x.db}}\n")}},
				DSN:   maskit.NewSecret("postgresql://db/x"),
			},
			config: masConfig(t), want: []string{"warning database database-sqlite"},
		},
		"no database but a DSN": {
			source: Source{Files: []synapse.File{{Name: "h", Data: []byte("server_name: example.com\n")}}, DSN: maskit.NewSecret("postgresql://db/x")},
			config: masConfig(t), want: []string{},
		},
		"another database": {
			source: Source{Files: homeserver()}, config: masConfig(t, func(c *mas.Config) { c.Database.URI = maskit.NewSecret("mysql://canary@db") }),
			want: []string{"error database database-not-postgresql"},
		},
		"addresses": {
			source: Source{Files: homeserver(), DSN: maskit.NewSecret("canary")},
			target: Target{DSN: maskit.NewSecret("canary"), Scratch: maskit.NewSecret("mysql://canary")}, config: masConfig(t),
			want: []string{"error source.dsn database-address-invalid", "error target.dsn database-address-invalid", "error target.scratch database-not-postgresql"},
		},
		"one id twice": {
			source: Source{Files: homeserver()},
			config: masConfig(t, withProviders(provider(providerA, "oidc"), provider(providerB, "oidc"))),
			want:   []string{"error upstream_oauth2.providers[1].synapse_idp_id duplicate-synapse-idp-id"},
		},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			tc.target.Config = tc.config
			s := Syn2MAS{Source: tc.source, Target: tc.target}
			job, findings, err := s.prepare(t.Context())
			require.NoError(t, err)
			require.NotNil(t, job)
			require.ElementsMatch(t, tc.want, found(findings))
			for _, f := range findings {
				require.NotContains(t, f.String(), "canary")
				require.NotEmpty(t, f.Hint)
			}
		})
	}
}

// What mas-cli does not read counts only where mas-cli does the work.
func TestPrepareForAnEngine(t *testing.T) {
	t.Parallel()
	files := []synapse.File{{Name: "h", Data: []byte("server_name: example.com\nenable_set_display_name: \"yes\"\n" +
		"database: {name: psycopg2, args: {host: \"a,b\", sslmode: disable, passfile: /p, options: -c x=y}}\n")}}
	s := Syn2MAS{Source: Source{Files: files}, Target: Target{Config: masConfig(t)}}
	_, findings, err := s.prepare(t.Context())
	require.NoError(t, err)
	require.Equal(t, []string{"warning database.args.options database-argument"}, found(findings))
	require.Equal(t, "give the address with this setting as Source.DSN", findings[0].Hint)
	s.Engine = namedEngine{name: "official"}
	_, findings, err = s.prepare(t.Context())
	require.NoError(t, err)
	require.ElementsMatch(t, []string{
		"error database.args.host database-hosts", "warning database.args.sslmode database-argument", "warning database.args.passfile database-argument",
		"warning database.args.options database-argument", "info enable_set_display_name adapted",
	}, found(findings))
	s.Source.DSN = maskit.NewSecret("postgresql://db/x")
	_, findings, err = s.prepare(t.Context())
	require.NoError(t, err)
	require.Equal(t, []string{"info enable_set_display_name adapted"}, found(findings))
}
