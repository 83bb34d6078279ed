package synapse_test

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/internal/live"
	"github.com/maskit-dev/maskit/synapse"
)

// seed is a setting that a homeserver.yaml may have, what the real Synapse says to
// it beside an enabled section, and what Lint calls it.
type seed struct {
	row, text string
	// refused starts what the current release says, and floor what 1.136 says;
	// "" if it accepts the setting, "as the current one" if floor is "=".
	refused, floor string
	code           string
}

const delegated = "when OAuth delegation is enabled"

// seeds has every row of the table, in every way in which Synapse evaluates it.
func seeds() []seed {
	const (
		sso      = "ConfigError: SSO cannot be enabled " + delegated
		provider = "ConfigError: Password auth providers cannot be enabled " + delegated
		oidc     = `{idp_id: corp, idp_name: Corp, issuer: "https://id.example.com", client_id: c, client_secret: hunter2}`
	)
	tuple := func(subject string) string { return "ConfigError: ('" + subject + " " + delegated }
	password, register := tuple("Password auth cannot be enabled"), tuple("Registration cannot be enabled")
	captcha, existing := tuple("CAPTCHA cannot be enabled"), tuple("Login via existing session cannot be enabled")
	lifetime := func(key string) string { return tuple(key + " cannot be set") }
	threepid := tuple("enable_3pid_changes cannot be enabled")
	return []seed{
		{"1", "password_config: {enabled: on}", password, "=", "password-login"},
		{"1", "password_config:\n  enabled: only_for_reauth\n  pepper: p", password, "=", "password-login"},
		{"1", "password_config: text", "AttributeError", "=", "!wrong-type"},
		{"1", "password_config: []", "AttributeError", "=", "!wrong-type"},
		{"1", "password_config: {policy: text}", "AttributeError", "=", "!wrong-type"},
		{"2", "enable_registration: \"yes\"", register, "=", "registration-open"},
		{"2", "enable_registration: 1", register, "=", "registration-open"},
		{"2", "disable_registration: off", register, "=", "registration-open"},
		{"2", "disable_registration: \"n\"\nenable_registration: no", register, "=", "registration-open"},
		{"2", "enable_registration:", "ValueError", "=", "wrong-type"},
		{"2", "enable_registration: 1.0", "ValueError", "=", "wrong-type"},
		{"2", "disable_registration: maybe\nenable_registration: on", "ValueError", "=", "wrong-type"},
		{"3", "user_consent: {version: null, template_dir: .}", tuple("User consent cannot be enabled"), "=", "user-consent"},
		{"3", "user_consent: {}", "KeyError", "=", "user-consent"},
		{"3", "user_consent: false", "TypeError", "=", "user-consent"},
		{"4a", "oidc_providers:\n- " + oidc, sso, "=", "sso-oidc"},
		{"4a", "oidc_providers: text", "ConfigError", "=", "wrong-type"},
		{"4a", "oidc_providers: {}", "ConfigError", "=", "wrong-type"},
		{"4a", "oidc_config: {enabled: \"false\", issuer: \"https://id.example.com\", client_id: c, client_secret: hunter2}", sso, "=", "sso-oidc"},
		{"4a", "oidc_config: no", "ConfigError", "=", "wrong-type"},
		{"4b", "saml2_config: {sp_config: {xmlsec_binary: /bin/true}}", sso, "=", "sso-saml"},
		{"4b", "saml2_config: [1]", "AttributeError", "=", "wrong-type"},
		{"4c", "cas_config: {server_url: \"https://cas.example.com\"}", sso, "=", "sso-cas"},
		{"4c", "cas_config: text", "AttributeError", "=", "wrong-type"},
		{"4d", "jwt_config: {enabled: \"off\", secret: hunter2, algorithm: HS256}", sso, "=", "sso-jwt"},
		{"4d", "jwt_config: {enabled: false}", "KeyError", "=", "jwt-incomplete"},
		{"4d", "jwt_config: text", "AttributeError", "=", "wrong-type"},
		{"5", "password_providers: [{module: ldap_auth_provider.LdapAuthProvider, config: {}}]", provider, "=", "password-provider"},
		{"5", "password_providers: text", "TypeError", "=", "wrong-type"},
		{"5", "ldap_config: {enabled: true, bind_password: hunter2}", provider, "=", "password-provider"},
		{"5", "ldap_config:", "AttributeError", "=", "null-section"},
		{"5", "ldap_config: []", "AttributeError", "=", "wrong-type"},
		{"6", "enable_registration_captcha: \"false\"", captcha, "=", "captcha"},
		{"7", "login_via_existing_session: {enabled: true, token_timeout: 5m}", existing, "=", "login-via-existing-session"},
		{"7", "login_via_existing_session: ~", "AttributeError", "=", "null-section"},
		{"7", "login_via_existing_session: false", "AttributeError", "=", "wrong-type"},
		{"8", "refresh_token_lifetime: 24h", lifetime("refresh_token_lifetime"), "=", "token-lifetime"},
		{"8", "refresh_token_lifetime: -1", lifetime("refresh_token_lifetime"), "=", "token-lifetime"},
		{"9", "nonrefreshable_access_token_lifetime: 1:30", lifetime("nonrefreshable_access_token_lifetime"), "=", "token-lifetime"},
		{"9", "nonrefreshable_access_token_lifetime: 1.5", "TypeError", "=", "wrong-type"},
		{"10", "session_lifetime: \" 5 m\"", lifetime("session_lifetime"), "=", "token-lifetime"},
		{"10", "session_lifetime: \"1_000\"", lifetime("session_lifetime"), "=", "token-lifetime"},
		{"10", "session_lifetime: abc", "TypeError", "=", "wrong-type"},
		{"10", "session_lifetime: \"\"", "IndexError", "=", "wrong-type"},
		{"10", "session_lifetime: true", "TypeError", "=", "wrong-type"},
		{"11", "enable_3pid_changes: yes", threepid, "=", "3pid-changes"},
		{"11", "enable_3pid_changes: \"no\"", threepid, "=", "3pid-changes"},
		{"12", "modules: text", "ConfigError", "=", "!wrong-type"},
		{"12", "modules: [text]", "ConfigError", "=", "!wrong-type"},
		{"12", "modules: [{module: nodot}]", "ValueError", "=", "!wrong-type"},
		{"12", "modules: [{module: \".\"}]", "ValueError", "=", "!wrong-type"},
		{"12", "modules: [{config: {}}]", "ConfigError", "=", "!wrong-type"},
		{"13", "experimental_features: {msc3861: {enabled: false}}", "ConfigError: ('experimental_features.msc3861 was removed", "", "msc3861"},
		{
			"13", "experimental_features: {msc3861: {enabled: true, issuer: \"https://a.example.com/\", client_id: c, client_secret: hunter2, admin_token: hunter2}}",
			"ConfigError: ('experimental_features.msc3861 was removed", "ConfigError: ('Experimental MSC3861 was replaced", "msc3861",
		},
		{"13", "experimental_features: {msc3861: null}", "", "AttributeError", "wrong-type"},
		{"13", "experimental_features: text", "AttributeError", "=", "!wrong-type"},
		{"14", "experimental_features: {msc4108_enabled: true}", "", "ConfigError: ('MSC4108 requires MSC3861", "unsupported-by-version"},
		{"14", "experimental_features: {msc4108_delegation_endpoint: \"\"}", "", "ConfigError: ('MSC4108 requires MSC3861", "unsupported-by-version"},
		{
			"14", "experimental_features: {msc4108_enabled: true, msc4108_delegation_endpoint: \"\"}",
			"ConfigError: ('You cannot have MSC4108 both", "ConfigError: ('MSC4108 requires MSC3861", "msc4108-twice",
		},
		{"15", "experimental_features: {msc4388_mode: off}", "ConfigError: (\"msc4388_mode must be one of", "", "msc4388-mode"},
		{"15", "experimental_features: {msc4388_mode: null}", "ConfigError: (\"msc4388_mode must be one of", "", "msc4388-mode"},
	}
}

// says is what a release says to the setting.
func (s seed) says(version live.SynapseVersion) string {
	if version == live.SynapseCurrent || s.floor == "=" {
		return s.refused
	}
	return s.floor
}

// workshop is a homeserver.yaml that Synapse made, a Delegate for it, and a
// directory to put variants into.
type workshop struct {
	install  *live.SynapseInstall
	delegate synapse.Delegate
	dir      string
	base     string
}

func newWorkshop(t *testing.T, version live.SynapseVersion) workshop {
	t.Helper()
	w := workshop{install: live.Synapse(t, version)}
	generated := w.install.GenerateConfig(t, "example.com")
	data, err := os.ReadFile(generated.Path)
	require.NoError(t, err)
	parsed, err := maskit.ParseVersion(string(version))
	require.NoError(t, err)
	w.dir, w.base = generated.Dir, string(data)+"\n"
	w.delegate = synapse.Delegate{Site: site(), SecretPath: filepath.Join(w.dir, "shared-secret"), SynapseVersion: parsed}
	w.write(t, "shared-secret", "a shared secret")
	require.NoError(t, os.CopyFS(w.dir, os.DirFS("testdata/modules")))
	return w
}

func (w workshop) write(t *testing.T, name, text string) string {
	t.Helper()
	path := filepath.Join(w.dir, name)
	require.NoError(t, os.WriteFile(path, []byte(text), 0o600))
	return path
}

// section is that of the Delegate, whether it fits or not.
func (w workshop) section() string {
	return "matrix_authentication_service: {enabled: true, endpoint: \"" + site().MASURL + "\", secret_path: \"" + w.delegate.SecretPath + "\"}\n"
}

// TestSynapseAgrees puts every row, every mistake in the section, whole files, and what Convert
// makes before the real Synapse, all in one process: it refuses each setting
// beside the section, and Lint tells; it accepts what Patch makes, and the file
// with the overlay on top.
func TestSynapseAgrees(t *testing.T) {
	t.Parallel()
	for _, version := range []live.SynapseVersion{live.SynapseCurrent, live.SynapseFloor} {
		t.Run(string(version), func(t *testing.T) {
			t.Parallel()
			w := newWorkshop(t, version)
			w.judge(t, slices.Concat(w.rowTrials(t), w.sectionTrials(t), w.patchTrials(t), w.convertTrials(t)))
		})
	}
}

// trial is configurations that Synapse judges, and what must come out.
type trial struct {
	name    string
	configs [][]string
	check   func(t *testing.T, verdicts []live.ConfigVerdict)
}

func (w workshop) judge(t *testing.T, trials []trial) {
	t.Helper()
	var configs [][]string
	for _, trial := range trials {
		configs = append(configs, trial.configs...)
	}
	verdicts := w.install.CheckConfigs(t, configs...)
	for _, trial := range trials {
		mine := verdicts[:len(trial.configs)]
		verdicts = verdicts[len(trial.configs):]
		t.Run(trial.name, func(t *testing.T) { trial.check(t, mine) })
	}
}

func (w workshop) rowTrials(t *testing.T) []trial {
	t.Helper()
	var trials []trial
	for i, s := range seeds() {
		trials = append(trials, trial{"row " + s.row + " " + s.text, w.variants(t, i, s), func(t *testing.T, got []live.ConfigVerdict) {
			want := s.says(w.install.Version)
			require.Equal(t, want == "", got[0].Accepted, got[0].Reason)
			require.True(t, strings.HasPrefix(got[0].Reason, want), "%q, want %q", got[0].Reason, want)
			w.requireLint(t, s, w.install.Version)
			if !strings.HasPrefix(s.code, "!") {
				require.Empty(t, got[1].Reason, "patched")
				require.Empty(t, got[2].Reason, "overlaid")
			}
		}})
	}
	return trials
}

// variants writes a configuration with a setting: as it is, patched, and with the overlay.
func (w workshop) variants(t *testing.T, i int, s seed) [][]string {
	t.Helper()
	text := w.base + s.text + "\n"
	asIs := w.write(t, fmt.Sprintf("%d-as-is.yaml", i), text+w.section())
	patched, _ := w.delegate.Patch(homeserver(text))
	overlaid, _ := w.delegate.Overlay(homeserver(text))
	base := w.write(t, fmt.Sprintf("%d-base.yaml", i), text)
	return [][]string{
		{asIs},
		{w.write(t, fmt.Sprintf("%d-patched.yaml", i), string(patched.Files[0].Data))},
		{base, w.write(t, fmt.Sprintf("%d-zz-mas.yaml", i), string(overlaid.File.Data))},
	}
}

// requireLint compares the findings with what Synapse says. An error that Patch
// cannot mend is one after it too.
func (w workshop) requireLint(t *testing.T, s seed, version live.SynapseVersion) {
	t.Helper()
	text := w.base + s.text + "\n" + w.section()
	problems := w.delegate.Lint(homeserver(text))
	code, isLeft := strings.CutPrefix(s.code, "!")
	// What only another version refuses is removed all the same, or accepted.
	if s.says(version) == "" && s.code != "msc3861" {
		require.Empty(t, problems.Only(maskit.SeverityError))
		return
	}
	if version == live.SynapseFloor && s.row == "14" {
		code = "unsupported-by-version"
	}
	require.Equal(t, []string{code}, codes(problems))
	_, left := w.delegate.Patch(homeserver(text))
	require.Equal(t, isLeft, left.Err() != nil, left)
	requireHidden(t, problems)
}

// codes lists the codes of errors, each once.
func codes(problems maskit.Problems) []string {
	set := map[string]bool{}
	for _, p := range problems.Only(maskit.SeverityError) {
		set[p.Code] = true
	}
	return slices.Sorted(maps.Keys(set))
}
