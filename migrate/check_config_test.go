package migrate

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/mas"
	"github.com/maskit-dev/maskit/synapse"
)

const oidcProvider = `oidc_providers: [{idp_id: a, idp_name: A, issuer: "https://idp.example.com", client_id: synapse, client_secret: canary}]`

func TestCheckConfig(t *testing.T) {
	t.Parallel()
	scheme := func(change func(*mas.PasswordScheme)) func(*mas.Config) {
		return func(c *mas.Config) { change(&c.Passwords.Schemes[0]) }
	}
	pepper := func(text string) func(*mas.Config) {
		return scheme(func(s *mas.PasswordScheme) { s.Secret = mas.SecretValue{Inline: maskit.NewSecret(text)} })
	}
	const peppered = "password_config: {pepper: canary-pepper}"
	cases := map[string]struct {
		lines  []string
		change func(*mas.Config)
		engine string
		source Source
		want   []string
	}{
		"all is well": {},

		// The conditions of mas-cli syn2mas check.
		"ServerNameMismatch": {
			change: func(c *mas.Config) { c.Matrix.Homeserver = "other.com" }, want: []string{"error matrix.homeserver server-name-mismatch"},
		},
		"MissingPasswordScheme": {
			change: scheme(func(s *mas.PasswordScheme) { s.Version = 2 }), want: []string{"error passwords.schemes missing-password-scheme"},
		},
		"PasswordSchemeNotBcrypt": {
			change: scheme(func(s *mas.PasswordScheme) { *s = mas.PasswordScheme{Version: 1, Algorithm: mas.Argon2id} }),
			want:   []string{"error passwords.schemes[0].algorithm password-scheme-not-bcrypt"},
		},
		"PasswordSchemeNotBcrypt, MAS's default": {
			change: func(c *mas.Config) { c.Passwords = nil }, want: []string{"error passwords.schemes[0].algorithm password-scheme-not-bcrypt"},
		},
		"PasswordSchemeWrongPepper, another": {
			lines: []string{peppered}, change: pepper("canary-other"), want: []string{"error passwords.schemes[0].secret password-scheme-wrong-pepper"},
		},
		"PasswordSchemeWrongPepper, newline": {
			lines: []string{peppered}, change: pepper("canary-pepper\n"), want: []string{"error passwords.schemes[0].secret password-scheme-wrong-pepper"},
		},
		"PasswordSchemeWrongPepper, none in MAS": {lines: []string{peppered}, want: []string{"error passwords.schemes[0].secret password-scheme-wrong-pepper"}},
		"PasswordSchemeWrongPepper, none in Synapse": {
			change: pepper("canary-other"), want: []string{"error passwords.schemes[0].secret password-scheme-wrong-pepper"},
		},
		"the same pepper": {lines: []string{peppered}, change: pepper("canary-pepper")},
		"ShouldPortUserConsentAsTerms": {
			lines: []string{"user_consent: {version: 1, template_dir: /x}"}, want: []string{"warning branding.tos_uri should-port-user-consent-as-terms", "info user_consent user-consent"},
		},
		"terms in MAS": {
			lines: []string{"user_consent: {version: 1, template_dir: /x}"}, change: func(c *mas.Config) { c.Branding = &mas.Branding{TOSURI: "https://example.com/terms"} },
			want: []string{"info user_consent user-consent"},
		},
		"ExternalAuthSystem, password provider": {
			lines: []string{"password_config: {localdb_enabled: false}"}, want: []string{"warning password_config.localdb_enabled external-auth-system"},
		},

		// Passwords, beyond that.
		"pepper not read": {
			change: scheme(func(s *mas.PasswordScheme) { s.Secret = mas.SecretValue{File: "/pepper"} }), want: []string{"error passwords.schemes[0].secret_file file-not-read"},
		},
		"no normalisation": {
			change: scheme(func(s *mas.PasswordScheme) { s.UnicodeNormalization = false }), want: []string{"warning passwords.schemes[0].unicode_normalization unicode-normalization"},
		},
		"passwords disabled": {
			change: func(c *mas.Config) { c.Passwords.Enabled = mas.Set(false) }, want: []string{"warning passwords.enabled passwords-disabled"},
		},
		"disabled in both": {
			lines: []string{"password_config: {enabled: false}"}, change: func(c *mas.Config) { c.Passwords.Enabled = mas.Set(false) },
		},
		"passwords enabled anew": {lines: []string{"password_config: {enabled: false}"}, want: []string{"warning passwords.enabled passwords-enabled"}},
		"upgrade": {
			change: func(c *mas.Config) {
				c.Passwords.Schemes = append(c.Passwords.Schemes, mas.PasswordScheme{Version: 2, Algorithm: mas.Argon2id})
			},
			want: []string{"info passwords.schemes password-upgrade"},
		},
		"cost":          {lines: []string{"bcrypt_rounds: 10"}, want: []string{"info passwords.schemes bcrypt-cost"}},
		"the same cost": {lines: []string{"bcrypt_rounds: 10"}, change: scheme(func(s *mas.PasswordScheme) { s.Cost = mas.Set[uint32](10) })},
		"login by e-mail": {
			change: func(c *mas.Config) { c.Account = nil }, want: []string{"info account.login_with_email_allowed login-with-email"},
		},

		// Providers.
		"provider": {lines: []string{oidcProvider}, change: withProviders(provider(providerA, "oidc-a")), want: []string{"info oidc_providers sso-oidc"}},
		"provider missing": {
			lines: []string{oidcProvider}, want: []string{"warning oidc_providers[0] provider-not-mapped", "info oidc_providers sso-oidc"},
		},
		"provider disabled": {
			lines: []string{oidcProvider}, change: withProviders(provider(providerA, "oidc-a", disabled)),
			want: []string{"warning upstream_oauth2.providers[0].enabled provider-disabled", "info oidc_providers sso-oidc"},
		},
		"provider disabled, for mas-cli": {
			lines: []string{oidcProvider}, engine: "official", change: withProviders(provider(providerA, "oidc-a", disabled)),
			want: []string{"error upstream_oauth2.providers[0].enabled provider-disabled", "info oidc_providers sso-oidc"},
		},
		"disabled one beside the right one": {
			lines: []string{oidcProvider}, change: withProviders(provider(providerA, "oidc-a", disabled), provider(providerB, "oidc-a")),
			want: []string{"info oidc_providers sso-oidc"},
		},
		"id without its prefix": {
			lines: []string{oidcProvider}, change: withProviders(provider(providerA, "a")),
			want: []string{
				"warning oidc_providers[0] provider-not-mapped", "warning upstream_oauth2.providers[0].synapse_idp_id unknown-synapse-idp-id", "info oidc_providers sso-oidc",
			},
		},
		"another issuer": {
			lines: []string{oidcProvider}, change: withProviders(provider(providerA, "oidc-a", func(p *mas.UpstreamProvider) { p.Issuer = "https://other.example.com/" })),
			want: []string{"warning upstream_oauth2.providers[0].issuer provider-issuer-differs", "info oidc_providers sso-oidc"},
		},
		"another subject": {
			lines: []string{oidcProvider}, change: withProviders(provider(providerA, "oidc-a", func(p *mas.UpstreamProvider) { p.ClaimsImports.Subject.Template = "{{ user.oid }}" })),
			want: []string{"warning upstream_oauth2.providers[0].claims_imports.subject.template provider-subject-differs", "info oidc_providers sso-oidc"},
		},
		"the same subject": {
			lines:  []string{`oidc_providers: [{idp_id: a, issuer: "https://idp.example.com", client_id: x, client_secret: canary, user_mapping_provider: {config: {subject_template: "{{user.oid}}"}}}]`},
			change: withProviders(provider(providerA, "oidc-a", func(p *mas.UpstreamProvider) { p.ClaimsImports.Subject.Template = "{{ user.oid }}" })),
			want:   []string{"info oidc_providers sso-oidc"},
		},

		// Sessions.
		"inactive sessions": {
			change: func(c *mas.Config) {
				c.Experimental = &mas.Experimental{InactiveSessionExpiration: &mas.InactiveSessionExpiration{TTL: 2592000}}
			},
			want: []string{"warning experimental.inactive_session_expiration inactive-devices"},
		},
		"inactive sessions of others": {
			change: func(c *mas.Config) {
				c.Experimental = &mas.Experimental{InactiveSessionExpiration: &mas.InactiveSessionExpiration{TTL: 2592000, ExpireCompatSessions: mas.Set(false)}}
			},
		},
		"session limit": {
			change: func(c *mas.Config) {
				c.Experimental = &mas.Experimental{SessionLimit: &mas.SessionLimit{SoftLimit: 5, HardLimit: 10}}
			},
			want: []string{"warning experimental.session_limit many-devices"},
		},

		// MAS alone.
		"MAS does not start": {
			change: func(c *mas.Config) { c.Secrets.Encryption = mas.SecretValue{} }, want: []string{"error secrets.encryption required"},
		},
		"MAS is told to change nothing": {
			change: func(c *mas.Config) { c.Matrix.Kind = mas.HomeserverSynapseReadOnly }, want: []string{"warning matrix.kind kind-read-only"},
		},

		// Synapse afterwards.
		"what has to go": {
			lines: []string{
				"refresh_token_lifetime: 1h", "session_lifetime: 24h", "nonrefreshable_access_token_lifetime: 24h", "password_config: {enabled: true}",
				"enable_registration: true", "saml2_config: {enabled: true, sp_config: {}, config_path: /x}", "jwt_config: {enabled: true, secret: canary, algorithm: HS256}",
				"password_providers: [{module: ldap_auth_provider.LdapAuthProvider, config: {enabled: true}}]",
				"modules: [{module: shared_secret_authenticator.SharedSecretAuthProvider, config: {shared_secret: canary}}]",
				"experimental_features: {msc3861: {enabled: true, issuer: x, client_secret: canary}}",
			},
			want: []string{
				"info refresh_token_lifetime token-lifetime", "info session_lifetime token-lifetime", "info nonrefreshable_access_token_lifetime token-lifetime",
				"info password_config.enabled password-login", "info enable_registration registration-open", "info saml2_config sso-saml", "info jwt_config.enabled sso-jwt",
				"info password_providers password-provider", "info modules[0].module module-password-provider", "info experimental_features.msc3861 msc3861",
			},
		},
		"what cannot be told": {lines: []string{"modules: [{module: ours.Module}]"}, want: []string{"warning modules[0].module module-unknown"}},
		"what stays": {
			lines: []string{"experimental_features: {msc4388_mode: perhaps}", "password_config: 3"},
			want:  []string{"info experimental_features.msc4388_mode msc4388-mode", "info password_config wrong-type", "error password_config wrong-type"},
		},
		"versions": {
			source: Source{Delegate: synapse.Delegate{SynapseVersion: maskit.Version{Major: 1, Minor: 135}, MASVersion: maskit.Version{Minor: 19}}},
			want:   []string{"error mas mas-too-old", "error synapse synapse-too-old"},
		},
		"section as it is": {lines: []string{"matrix_authentication_service: {enabled: true, endpoint: \"http://mas:8080/\", secret: canary}"}},
		"an address without a path": {
			source: Source{Delegate: synapse.Delegate{Site: maskit.Site{MASURL: "http://mas:8080/"}, SecretPath: "secret"}}, want: []string{"error secret_path path-not-absolute"},
		},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var changes []func(*mas.Config)
			if tc.change != nil {
				changes = append(changes, tc.change)
			}
			tc.source.Files = homeserver(tc.lines...)
			s := Syn2MAS{Source: tc.source, Target: Target{Config: masConfig(t, changes...)}}
			if tc.engine != "" {
				s.Engine = namedEngine{name: tc.engine}
			}
			job, _, err := s.prepare(t.Context())
			require.NoError(t, err)
			findings := s.checkConfig(job)
			require.ElementsMatch(t, tc.want, found(findings))
			for _, f := range findings {
				requireNoSecret(t, f.String())
				require.NotEmpty(t, f.Message)
				require.NotEmpty(t, f.Hint, f.Code)
			}
		})
	}
}

func disabled(p *mas.UpstreamProvider) { p.Enabled = mas.Set(false) }

// Without one of the two configurations, the other is judged as far as it goes.
func TestCheckConfigWithoutHalf(t *testing.T) {
	t.Parallel()
	s := Syn2MAS{Source: Source{Files: homeserver("password_config: {enabled: true}")}}
	job, _, err := s.prepare(t.Context())
	require.NoError(t, err)
	require.Equal(t, []string{"info password_config.enabled password-login"}, found(s.checkConfig(job)))
	s = Syn2MAS{Target: Target{Config: masConfig(t, func(c *mas.Config) { c.Secrets.Encryption = mas.SecretValue{} })}}
	job, _, err = s.prepare(t.Context())
	require.NoError(t, err)
	require.Equal(t, []string{"error secrets.encryption required"}, found(s.checkConfig(job)))
	s = Syn2MAS{Source: Source{Files: []synapse.File{{Name: "h", Data: []byte("{")}}}, Target: Target{Config: masConfig(t)}}
	job, _, err = s.prepare(t.Context())
	require.NoError(t, err)
	require.Empty(t, found(s.checkConfig(job)))
}
