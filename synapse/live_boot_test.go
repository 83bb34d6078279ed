package synapse_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/internal/live"
	"github.com/maskit-dev/maskit/synapse"
)

// everyRow carries all conflicts at once, beside what is none. The modules check
// what becomes of their configuration.
const everyRow = `
# Accounts.
password_config:
  enabled: on   # as ever
  pepper: hunter2
enable_registration: yes
enable_registration_without_verification: true
disable_registration: "no"
user_consent: {version: "1.0", template_dir: .}
enable_registration_captcha: "true"
enable_3pid_changes: true
# Logins.
oidc_providers:
  - {idp_id: corp, idp_name: Corp, issuer: "https://id.example.com", client_id: c, client_secret: hunter2}
oidc_config: {enabled: true, issuer: "https://old.example.com", client_id: c, client_secret: hunter2}
saml2_config: {sp_config: {xmlsec_binary: /bin/true}}
cas_config: {server_url: "https://cas.example.com"}
jwt_config: {enabled: true, secret: hunter2, algorithm: HS256}
password_providers: [{module: ldap_auth_provider.LdapAuthProvider, config: {}}]
ldap_config: {enabled: true, bind_password: hunter2}
login_via_existing_session: {enabled: true}
# Tokens.
refresh_token_lifetime: 24h
nonrefreshable_access_token_lifetime: 1:30
session_lifetime: 7d
modules:
  # The first goes, the second stays.
  - module: ldap_auth_provider.LdapAuthProviderModule
    config: {bind_password: hunter2}
  - module: doorman.Doorman
    config: {greeting: hi, quiet: yes, mode: 0644, "on": "on"}
experimental_features:
  msc3266_enabled: true
  msc3861: {enabled: false}
  msc4108_enabled: true
  msc4108_delegation_endpoint: https://rendezvous.example.com
  msc4388_mode: off
`

// myths are the settings that are said to conflict with delegation, and do not.
const myths = `
password_config: {localdb_enabled: true, pepper: hunter2, policy: {enabled: true, minimum_length: 12}}
refreshable_access_token_lifetime: 24h
account_threepid_delegates: {msisdn: "https://sms.example.com"}
allow_guest_access: true
registration_requires_token: true
registrations_require_3pid: [email]
account_validity: {enabled: true, period: 6w}
sso: {update_profile_information: true, client_whitelist: ["https://element.example.com/"]}
ui_auth: {session_timeout: 15s}
email: {smtp_host: localhost, notif_from: "Matrix <matrix@example.com>"}
recaptcha_public_key: hunter2
recaptcha_private_key: hunter2
recaptcha_siteverify_api: https://www.recaptcha.net/recaptcha/api/siteverify
enable_registration: off
enable_registration_captcha: 0
enable_registration_without_verification: true
inhibit_user_in_use_error: true
bcrypt_rounds: 12
enable_3pid_lookup: true
oidc_providers:
oidc_config: {enabled: false, issuer: "https://old.example.com"}
saml2_config: {enabled: false, sp_config: {xmlsec_binary: /bin/true}}
cas_config: {enabled: null, server_url: "https://cas.example.com"}
jwt_config: {enabled: false, secret: hunter2, algorithm: HS256}
password_providers: []
ldap_config: {enabled: 0}
login_via_existing_session: {require_ui_auth: false}
user_consent: ~
refresh_token_lifetime: 0
nonrefreshable_access_token_lifetime: "00"
session_lifetime: null
enable_3pid_changes: ""
modules: [{module: doorman.Doorman, config: {greeting: hi, quiet: yes, mode: 0644, "on": "on"}}]
experimental_features: {msc3861: {}, msc4108_enabled: false, msc4388_mode: "off"}
`

// TestSynapseBoots starts the real Synapse on what Patch and Overlay make: row 12
// shows at the boot only.
func TestSynapseBoots(t *testing.T) {
	t.Parallel()
	for _, version := range []live.SynapseVersion{live.SynapseCurrent, live.SynapseFloor} {
		t.Run(string(version), func(t *testing.T) {
			t.Parallel()
			w := newWorkshop(t, version)
			t.Run("not with a module that checks passwords", w.refusesPasswordModule)
			t.Run("with all rows patched", w.bootsPatched)
			t.Run("with all rows overlaid", w.bootsOverlaid)
			t.Run("with all myths", w.bootsMyths)
		})
	}
}

func (w workshop) refusesPasswordModule(t *testing.T) {
	text := w.base + "modules:\n- module: ldap_auth_provider.LdapAuthProviderModule\n" + w.section()
	path := w.write(t, "module.yaml", text)
	require.True(t, w.install.CheckConfigs(t, []string{path})[0].Accepted, "synapse.config notices nothing")
	output := w.install.StartRefused(t, live.Postgres(t), path)
	require.Contains(t, output, "Cannot use password auth provider callbacks when OAuth delegation is enabled")
	problems := w.delegate.Lint(homeserver(text)).Only(maskit.SeverityError)
	require.Len(t, problems, 1)
	require.Equal(t, "module-password-provider", problems[0].Code) // everyRow has the module, and boots without it
	_, problems = w.delegate.Patch(homeserver(text))
	require.NoError(t, problems.Err())
}

func (w workshop) bootsPatched(t *testing.T) {
	text := w.base + everyRow
	patched, problems := w.delegate.Patch(homeserver(text))
	require.NoError(t, problems.Err())
	require.NotContains(t, string(patched.Files[0].Data), "client_secret: hunter2")
	require.Contains(t, string(patched.Files[0].Data), "pepper: hunter2")
	w.boot(t, w.write(t, "patched.yaml", string(patched.Files[0].Data)))
	reverted, err := synapse.Revert(patched.Files, patched.Undo)
	require.NoError(t, err)
	require.Equal(t, text, string(reverted[0].Data))
}

func (w workshop) bootsOverlaid(t *testing.T) {
	text := w.base + everyRow
	overlaid, problems := w.delegate.Overlay(homeserver(text))
	require.NoError(t, problems.Err())
	require.NotContains(t, string(overlaid.File.Data), "hunter2")
	w.boot(t, w.write(t, "base.yaml", text), w.write(t, synapse.OverlayName, string(overlaid.File.Data)))
}

func (w workshop) bootsMyths(t *testing.T) {
	text := w.base + myths
	for _, p := range w.delegate.Lint(homeserver(text + w.section())) {
		isNoise := p.Code == "module-unknown" || p.Path == "synapse"
		require.True(t, isNoise, p)
	}
	patched, problems := w.delegate.Patch(homeserver(text))
	require.NoError(t, problems.Err())
	require.True(t, strings.HasPrefix(string(patched.Files[0].Data), text), "a myth was touched")
	again, _ := w.delegate.Patch(homeserver(text + w.section()))
	require.Equal(t, text+w.section(), string(again.Files[0].Data))
	w.boot(t, w.write(t, "myths.yaml", string(patched.Files[0].Data)))
}

// boot starts a homeserver that must come up.
func (w workshop) boot(t *testing.T, paths ...string) {
	t.Helper()
	for _, path := range paths {
		data, err := os.ReadFile(path)
		require.NoError(t, err)
		require.NotEmpty(t, data, filepath.Base(path))
	}
	w.install.Start(t, live.Postgres(t), paths...).Stop()
}
