package native

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	real "github.com/maskit-dev/maskit/internal/live"
	"github.com/maskit-dev/maskit/migrate"
)

// smallSchema is the columns of Synapse's tables that are read.
const smallSchema = `
CREATE TABLE users (name text UNIQUE, password_hash text, creation_ts bigint, admin smallint NOT NULL DEFAULT 0, is_guest smallint NOT NULL DEFAULT 0,
	appservice_id text, deactivated smallint NOT NULL DEFAULT 0, locked boolean NOT NULL DEFAULT false);
CREATE TABLE user_threepids (user_id text NOT NULL, medium text NOT NULL, address text NOT NULL, added_at bigint NOT NULL);
CREATE TABLE user_external_ids (auth_provider text NOT NULL, external_id text NOT NULL, user_id text NOT NULL);
CREATE TABLE devices (user_id text NOT NULL, device_id text NOT NULL, display_name text, last_seen bigint, ip text, user_agent text, hidden boolean);
CREATE TABLE dehydrated_devices (user_id text NOT NULL, device_id text NOT NULL);
CREATE TABLE access_tokens (user_id text NOT NULL, device_id text, token text NOT NULL, valid_until_ms bigint, puppets_user_id text,
	last_validated bigint, refresh_token_id bigint, used boolean);
CREATE TABLE refresh_tokens (id bigint, user_id text NOT NULL, device_id text NOT NULL, token text NOT NULL, next_token_id bigint);
INSERT INTO users (name, creation_ts) SELECT '@' || n || ':example.com', 1
	FROM unnest('{a,B,b,A,a-b,a_b,aB,a.b,ab,ä,a=b,10,9,/x,é,z}'::text[]) n;
INSERT INTO devices SELECT name, 'DEV' || n, NULL, NULL, NULL, NULL, false FROM users, generate_series(1, 2) n;
INSERT INTO access_tokens (user_id, device_id, token) SELECT user_id, device_id, 'syt_' || user_id || device_id FROM devices;
INSERT INTO user_threepids VALUES ('@a-:example.com', 'email', 'x@example.com', 1);
ANALYZE;`

// Synapse wants the C locale, but can be told not to. Then the indexes have another
// order than the bytes, and so have the statistics.
func TestADatabaseOfAnotherCollation(t *testing.T) {
	t.Parallel()
	config, err := pgx.ParseConfig(real.Postgres(t).URI())
	require.NoError(t, err)
	job := testJob()
	job.Synapse = config.Copy()
	admin := connect(t, job)
	name := "t_icu_" + strings.TrimPrefix(config.Database, "t_")
	_, err = admin.Exec(t.Context(), "CREATE DATABASE "+name+" TEMPLATE template0 LOCALE_PROVIDER icu ICU_LOCALE 'en'")
	require.NoError(t, err)
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(t.Context()), time.Minute)
		defer cancel()
		_, err := admin.Exec(ctx, "DROP DATABASE "+name+" WITH (FORCE)")
		require.NoError(t, err)
	})
	job.Synapse.Database = name
	execute(t, job, smallSchema)
	for _, workers := range []int{1, 4} {
		rows, sum := read(t, job, sourceOptions{Workers: workers}, everything(t))
		require.Len(t, rows[migrate.Users], 16)
		require.Len(t, rows[migrate.Sessions], 32)
		require.Len(t, rows[migrate.AccessTokens], 32)
		require.Equal(t, []string{"orphan-rows user_threepids 1 [@a-:example.com]"}, sum.notes())
	}
}
