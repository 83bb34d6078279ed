package official_test

import (
	"context"
	"crypto/rand"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/internal/live"
	"github.com/maskit-dev/maskit/mas"
	"github.com/maskit-dev/maskit/mas/mascli"
	"github.com/maskit-dev/maskit/migrate"
	"github.com/maskit-dev/maskit/migrate/official"
	"github.com/maskit-dev/maskit/synapse"
)

// sides are a Synapse and a MAS that know each other, and an engine between them.
type sides struct {
	synapse, mas live.DB
	engine       official.Engine
	job          *migrate.Job

	mu     sync.Mutex
	events []migrate.Event
}

// providerID is the provider of MAS that takes over "oidc-keycloak".
const providerID = "01HFVBY12TMNTYTBV8W921M5FA"

func newSides(t *testing.T) *sides {
	t.Helper()
	cli := live.MASCLI(t)
	s := &sides{
		synapse: live.SynapseDatabase(t, live.SynapseCurrent), mas: live.MASDatabase(t),
		engine: official.Engine{Runner: mascli.Local{Binary: cli.Binary, Share: cli.Share, Dir: t.TempDir()}},
	}
	s.job = s.newJob(t)
	return s
}

func (s *sides) newJob(t *testing.T) *migrate.Job {
	t.Helper()
	legacy, problems := synapse.PreMigration([]synapse.File{{Name: "homeserver.yaml", Data: []byte(`
server_name: example.com
database: {name: psycopg2, args: {user: somebody, password: synapse-db-password, dbname: elsewhere}}
password_config: {pepper: a-pepper-of-synapse}
oidc_providers:
  - {idp_id: keycloak, idp_name: Keycloak, issuer: "https://sso.example.com/", client_id: synapse, client_secret: oidc-client-secret}
  - {idp_id: unknown, idp_name: Another, issuer: "https://other.example.com/", client_id: synapse, client_secret: oidc-client-secret}
`)}})
	require.NoError(t, problems.Err())
	return &migrate.Job{
		RunID: "01HFVBY12TMNTYTBV8W921M5FB", Started: time.Now(), Key: maskit.NewSecret(strings.Repeat("0", 64)),
		Legacy: legacy, Config: masConfig(t), Synapse: connection(t, s.synapse), MAS: connection(t, s.mas),
		Providers: map[string]maskit.ULID{"oidc-keycloak": ulid(t)},
		Judge:     func(f migrate.Findings) error { return f.Err() }, Logger: slog.New(slog.DiscardHandler),
		Events: func(e migrate.Event) {
			s.mu.Lock()
			defer s.mu.Unlock()
			s.events = append(s.events, e)
		},
	}
}

func ulid(t *testing.T) maskit.ULID {
	t.Helper()
	id, err := maskit.ParseULID(providerID)
	require.NoError(t, err)
	return id
}

// masConfig is one that fits Synapse's.
func masConfig(t *testing.T) *mas.Config {
	t.Helper()
	identity, err := mas.NewIdentity(rand.Reader)
	require.NoError(t, err)
	config := &mas.Config{
		Matrix: mas.Matrix{Homeserver: "example.com", Endpoint: "http://localhost:8008/", Secret: mas.SecretValue{Inline: maskit.NewSecret("matrix-shared-secret")}},
		Passwords: &mas.Passwords{Schemes: []mas.PasswordScheme{
			{Version: 1, Algorithm: mas.Bcrypt, UnicodeNormalization: true, Secret: mas.SecretValue{Inline: maskit.NewSecret("a-pepper-of-synapse")}},
			{Version: 2, Algorithm: mas.Argon2id},
		}},
		UpstreamOAuth2: &mas.UpstreamOAuth2{Providers: []mas.UpstreamProvider{{
			ID: ulid(t), SynapseIDPID: "oidc-keycloak", Issuer: "https://sso.example.com/", ClientID: "mas",
			TokenEndpointAuthMethod: "client_secret_basic", ClientSecret: mas.SecretValue{Inline: maskit.NewSecret("upstream-client-secret")},
		}}},
	}
	config.Secrets = mas.Secrets{Encryption: mas.SecretValue{Inline: identity.EncryptionKey}, Keys: identity.SigningKeys}
	return config
}

func connection(t *testing.T, db live.DB) *pgx.ConnConfig {
	t.Helper()
	config, err := pgx.ParseConfig(db.URI())
	require.NoError(t, err)
	return config
}

func exec(t *testing.T, db live.DB, statements ...string) {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), db.URI())
	require.NoError(t, err)
	defer conn.Close(context.WithoutCancel(t.Context())) //nolint:errcheck // of a test
	for _, statement := range statements {
		_, err := conn.Exec(t.Context(), statement)
		require.NoError(t, err, statement)
	}
}

func text(t *testing.T, db live.DB, query string) string {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), db.URI())
	require.NoError(t, err)
	defer conn.Close(context.WithoutCancel(t.Context())) //nolint:errcheck // of a test
	var value string
	require.NoError(t, conn.QueryRow(t.Context(), query).Scan(&value), query)
	return value
}

// hash is a bcrypt hash of no meaning.
const hash = "$2b$12$0123456789012345678901uuuuuuuuuuuuuuuuuuuuuuuuuuuuuuu"

// people fills Synapse: alice with everything, bob who is deactivated, and a bridge.
func (s *sides) people(t *testing.T) {
	t.Helper()
	exec(t, s.synapse,
		user("@alice:example.com", ""), user("@bob:example.com", ""), user("@_irc_x:example.com", "irc"),
		`UPDATE users SET deactivated = 1, password_hash = NULL WHERE name = '@bob:example.com'`,
		device("@alice:example.com", "PHONE"), device("@alice:example.com", "LAPTOP"), device("@_irc_x:example.com", "BRIDGE"),
		token(1, "@alice:example.com", "PHONE"), token(2, "@_irc_x:example.com", "BRIDGE"),
		`INSERT INTO user_threepids (user_id, medium, address, validated_at, added_at) VALUES ('@alice:example.com', 'email', 'alice@example.com', 1, 2), ('@alice:example.com', 'msisdn', '15550100', 1, 2)`,
		`INSERT INTO user_external_ids (user_id, auth_provider, external_id) VALUES ('@alice:example.com', 'oidc-keycloak', 'subject-1')`,
	)
}

func user(name, appservice string) string {
	service := "NULL"
	if appservice != "" {
		service = "'" + appservice + "'"
	}
	return fmt.Sprintf(`INSERT INTO users (name, password_hash, creation_ts, admin, is_guest, deactivated, locked, appservice_id) VALUES ('%s', '%s', 1700000000, 0, 0, 0, false, %s)`, name, hash, service)
}

func device(user, id string) string {
	return fmt.Sprintf(`INSERT INTO devices (user_id, device_id, display_name, last_seen, ip, user_agent, hidden) VALUES ('%s', '%s', 'a device', 1700000000000, '203.0.113.1', 'agent', false)`, user, id)
}

func token(id int, user, device string) string {
	return fmt.Sprintf(`INSERT INTO access_tokens (id, user_id, device_id, token, last_validated) VALUES (%d, '%s', '%s', 'syt_secret_access_token_%d', 1700000000000)`, id, user, device, id)
}

// leftovers is how many tables of an unfinished run MAS has.
func (s *sides) leftovers(t *testing.T) string {
	t.Helper()
	return text(t, s.mas, `SELECT count(*)::text FROM pg_tables WHERE tablename LIKE 'syn2mas%'`)
}

func codes(findings migrate.Findings) []string {
	var codes []string
	for _, f := range findings {
		codes = append(codes, f.Code)
	}
	return codes
}
