-- What a migration from Synapse touches in the database of MAS 1.22: the eight tables
-- that it fills, with all their columns, constraints and indexes; the tables that
-- refer to them or that they refer to, with no more columns than that takes; and the
-- list of applied migrations. Written for tests on machines without mas-cli.

CREATE EXTENSION pg_trgm;

-- The list: as many rows as MAS 1.22 has, and its newest version.
CREATE TABLE _sqlx_migrations (
  version        bigint PRIMARY KEY,
  description    text NOT NULL,
  installed_on   timestamptz NOT NULL DEFAULT now(),
  success        boolean NOT NULL,
  checksum       bytea NOT NULL,
  execution_time bigint NOT NULL
);
INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time)
  SELECT 20260720134722 - n, 'stand-in', true, sha384(n::text::bytea), 0 FROM generate_series(0, 166) AS n;

CREATE TABLE upstream_oauth_providers (
  upstream_oauth_provider_id      uuid PRIMARY KEY,
  issuer                          text,
  scope                           text NOT NULL,
  client_id                       text NOT NULL,
  encrypted_client_secret         text,
  token_endpoint_signing_alg      text,
  token_endpoint_auth_method      text NOT NULL,
  created_at                      timestamptz NOT NULL,
  claims_imports                  jsonb NOT NULL DEFAULT '{}',
  jwks_uri_override               text,
  authorization_endpoint_override text,
  token_endpoint_override         text,
  discovery_mode                  text NOT NULL DEFAULT 'oidc',
  pkce_mode                       text NOT NULL DEFAULT 'auto',
  human_name                      text,
  brand_name                      text,
  additional_parameters           jsonb,
  disabled_at                     timestamptz,
  response_mode                   text DEFAULT 'query',
  fetch_userinfo                  boolean NOT NULL DEFAULT false,
  userinfo_endpoint_override      text,
  id_token_signed_response_alg    text NOT NULL DEFAULT 'RS256',
  userinfo_signed_response_alg    text,
  ui_order                        integer NOT NULL DEFAULT 0,
  forward_login_hint              boolean NOT NULL DEFAULT false,
  on_backchannel_logout           text NOT NULL DEFAULT 'do_nothing',
  registration_token_required     boolean NOT NULL DEFAULT false
);

CREATE TABLE users (
  user_id           uuid PRIMARY KEY,
  username          text NOT NULL CONSTRAINT users_username_unique UNIQUE,
  created_at        timestamptz NOT NULL,
  locked_at         timestamptz,
  can_request_admin boolean NOT NULL DEFAULT false,
  is_guest          boolean NOT NULL DEFAULT false,
  deactivated_at    timestamptz
);
CREATE INDEX users_lower_username_idx ON users (lower(username));
CREATE INDEX users_username_trgm_idx ON users USING gin (username gin_trgm_ops);

CREATE TABLE user_passwords (
  user_password_id uuid PRIMARY KEY,
  user_id          uuid NOT NULL REFERENCES users,
  hashed_password  text NOT NULL,
  created_at       timestamptz NOT NULL,
  version          integer NOT NULL,
  upgraded_from_id uuid REFERENCES user_passwords ON DELETE SET NULL
);
CREATE INDEX user_passwords_user_fk ON user_passwords (user_id);

CREATE TABLE user_emails (
  user_email_id uuid PRIMARY KEY,
  user_id       uuid NOT NULL REFERENCES users ON DELETE CASCADE,
  email         text NOT NULL,
  created_at    timestamptz NOT NULL
);
CREATE INDEX user_emails_email_idx ON user_emails (email);
CREATE INDEX user_emails_lower_email_idx ON user_emails (lower(email));
CREATE INDEX user_emails_user_fk ON user_emails (user_id);

CREATE TABLE user_unsupported_third_party_ids (
  user_id    uuid NOT NULL REFERENCES users ON DELETE CASCADE,
  medium     text NOT NULL,
  address    text NOT NULL,
  created_at timestamptz NOT NULL,
  PRIMARY KEY (user_id, medium, address)
);

CREATE TABLE upstream_oauth_links (
  upstream_oauth_link_id     uuid PRIMARY KEY,
  upstream_oauth_provider_id uuid NOT NULL CONSTRAINT upstream_oauth_links_provider_fkey REFERENCES upstream_oauth_providers,
  user_id                    uuid CONSTRAINT upstream_oauth_link_user_fkey REFERENCES users,
  subject                    text NOT NULL,
  created_at                 timestamptz NOT NULL,
  human_account_name         text,
  CONSTRAINT upstream_oauth_links_subject_unique UNIQUE (upstream_oauth_provider_id, subject)
);
CREATE INDEX upstream_oauth_links_provider_fk ON upstream_oauth_links (upstream_oauth_provider_id);
CREATE INDEX upstream_oauth_links_user_fk ON upstream_oauth_links (user_id);
CREATE INDEX idx_upstream_oauth_links_orphaned ON upstream_oauth_links (upstream_oauth_link_id) WHERE user_id IS NULL;
CREATE INDEX upstream_oauth_links_human_account_name_trgm_idx ON upstream_oauth_links USING gin (human_account_name gin_trgm_ops);

CREATE TABLE user_sessions (
  user_session_id uuid PRIMARY KEY,
  user_id         uuid NOT NULL REFERENCES users,
  created_at      timestamptz NOT NULL,
  finished_at     timestamptz
);

CREATE TABLE compat_sessions (
  compat_session_id uuid PRIMARY KEY,
  user_id           uuid NOT NULL REFERENCES users,
  device_id         text,
  created_at        timestamptz NOT NULL,
  finished_at       timestamptz,
  is_synapse_admin  boolean NOT NULL DEFAULT false,
  last_active_at    timestamptz,
  last_active_ip    inet,
  user_session_id   uuid REFERENCES user_sessions,
  user_agent        text,
  human_name        text
);
CREATE INDEX compat_sessions_user_fk ON compat_sessions (user_id) INCLUDE (last_active_at);
CREATE INDEX compat_sessions_user_session_fk ON compat_sessions (user_session_id);
CREATE INDEX compat_sessions_last_active_at_idx ON compat_sessions (last_active_at);
CREATE INDEX compat_sessions_active_user_idx ON compat_sessions (user_id) WHERE finished_at IS NULL;
CREATE INDEX compat_sessions_finished_at_idx ON compat_sessions (finished_at) WHERE finished_at IS NOT NULL;
CREATE INDEX compat_sessions_inactive_ips_idx ON compat_sessions (last_active_at)
  WHERE last_active_ip IS NOT NULL AND last_active_at IS NOT NULL;

CREATE TABLE compat_access_tokens (
  compat_access_token_id uuid PRIMARY KEY,
  compat_session_id      uuid NOT NULL REFERENCES compat_sessions,
  access_token           text NOT NULL CONSTRAINT compat_access_tokens_access_token_unique UNIQUE,
  created_at             timestamptz NOT NULL,
  expires_at             timestamptz
);
CREATE INDEX compat_access_tokens_session_fk ON compat_access_tokens (compat_session_id);

CREATE TABLE compat_refresh_tokens (
  compat_refresh_token_id uuid PRIMARY KEY,
  compat_session_id       uuid NOT NULL REFERENCES compat_sessions,
  compat_access_token_id  uuid NOT NULL REFERENCES compat_access_tokens,
  refresh_token           text NOT NULL CONSTRAINT compat_refresh_tokens_refresh_token_unique UNIQUE,
  created_at              timestamptz NOT NULL,
  consumed_at             timestamptz
);
CREATE INDEX compat_refresh_tokens_session_fk ON compat_refresh_tokens (compat_session_id);
CREATE INDEX compat_refresh_tokens_access_token_fk ON compat_refresh_tokens (compat_access_token_id);

-- Others that refer to the eight.

CREATE TABLE compat_sso_logins (
  compat_sso_login_id uuid PRIMARY KEY,
  compat_session_id   uuid REFERENCES compat_sessions ON DELETE SET NULL
);

CREATE TABLE oauth2_sessions (
  oauth2_session_id uuid PRIMARY KEY,
  user_id           uuid REFERENCES users ON DELETE CASCADE
);

CREATE TABLE personal_sessions (
  personal_session_id uuid PRIMARY KEY,
  owner_user_id       uuid REFERENCES users,
  actor_user_id       uuid NOT NULL REFERENCES users
);

CREATE TABLE upstream_oauth_authorization_sessions (
  upstream_oauth_authorization_session_id uuid PRIMARY KEY,
  upstream_oauth_provider_id              uuid NOT NULL
    CONSTRAINT upstream_oauth_authorization_sessions_provider_fkey REFERENCES upstream_oauth_providers,
  upstream_oauth_link_id                  uuid
    CONSTRAINT upstream_oauth_authorization_sessions_link_fkey REFERENCES upstream_oauth_links
);

CREATE TABLE user_recovery_tickets (
  user_recovery_ticket_id uuid PRIMARY KEY,
  user_email_id           uuid NOT NULL REFERENCES user_emails ON DELETE CASCADE
);

CREATE TABLE user_session_authentications (
  user_session_authentication_id uuid PRIMARY KEY,
  user_session_id                uuid NOT NULL REFERENCES user_sessions,
  user_password_id               uuid REFERENCES user_passwords ON DELETE SET NULL
);

CREATE TABLE user_terms (
  user_terms_id uuid PRIMARY KEY,
  user_id       uuid NOT NULL REFERENCES users ON DELETE CASCADE
);
