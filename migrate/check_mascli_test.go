package migrate

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/internal/live"
	"github.com/maskit-dev/maskit/mas"
	"github.com/maskit-dev/maskit/migrate/migratetest"
	"github.com/maskit-dev/maskit/synapse"
)

// said maps what mas-cli 1.22 says to codes, by a part of the text. The first counts.
func said() [][2]string {
	return [][2]string{
		{"missing a password hashing scheme", CodeMissingPasswordScheme},
		{"must use the Bcrypt algorithm", CodePasswordSchemeNotBcrypt},
		{"must have the same secret as the `pepper`", CodePasswordSchemeWrongPepper},
		{"Guest support is enabled", CodeGuestsEnabled},
		{"`enable_3pid_changes` explicitly enabled", CodeThreepidChangesEnabled},
		{"`login_via_existing_session.enabled`", CodeLoginViaExistingSession},
		{"wrong `matrix.homeserver`", CodeServerNameMismatch},
		{"manually mapped as an upstream", CodeExternalAuthSystem},
		{"registration enabled", CodeDisableRegistration},
		{"not been configured with terms of service", CodeShouldPortUserConsentAsTerms},
		{"`user_consent` enabled", CodeDisableUserConsent},
		{"registration CAPTCHA", CodeShouldPortCaptcha},
		{" guests which", CodeGuestsInDatabase},
		{"non-email 3PIDs", CodeNonEmailThreepids},
		{"previously-configured MAS", CodeExistingOAuthDelegated},
		{"but the Synapse configuration does not contain this provider", CodeSynapseMissingOAuthProvider},
		{"must also be configured in the MAS configuration", CodeMASMissingOAuthProvider},
	}
}

// heard reads the output of mas-cli syn2mas check.
func heard(t *testing.T, stderr string) []string {
	t.Helper()
	lines := []string{}
	severity := ""
	for _, block := range strings.Split(stderr, "\n") {
		switch {
		case strings.Contains(block, "===== Errors"):
			severity = "error"
		case strings.Contains(block, "===== Warnings"):
			severity = "warning"
		case strings.HasPrefix(strings.TrimSpace(block), "•"):
			at := slices.IndexFunc(said(), func(s [2]string) bool { return strings.Contains(block, s[0]) })
			require.GreaterOrEqual(t, at, 0, block)
			lines = append(lines, severity+" "+said()[at][1])
		}
	}
	slices.Sort(lines)
	return lines
}

// official keeps the findings that mas-cli has, too.
func official(fs Findings) []string {
	lines := []string{}
	for _, f := range fs {
		if slices.ContainsFunc(said(), func(s [2]string) bool { return s[1] == f.Code }) {
			lines = append(lines, f.Severity.String()+" "+f.Code)
		}
	}
	slices.Sort(lines)
	return lines
}

// On every condition of "mas-cli syn2mas check" 1.22, it and Check say the same.
func TestCheckAgreesWithMASCLI(t *testing.T) {
	t.Parallel()
	cli := live.MASCLI(t)
	p := newPair(t, true, true)
	scheme := func(change func(*mas.PasswordScheme)) func(*mas.Config) {
		return func(c *mas.Config) { change(&c.Passwords.Schemes[0]) }
	}
	const link = "INSERT INTO user_external_ids (auth_provider, external_id, user_id) VALUES ('%', 'x', '@a:example.com')"
	cases := map[string]struct {
		lines  string
		config func(*mas.Config)
		rows   string
		want   []string
	}{
		"nothing":                   {want: []string{}},
		"ThreepidChangesEnabled":    {lines: "enable_3pid_changes: true", want: []string{"error threepid-changes-enabled"}},
		"LoginViaExistingSession":   {lines: "login_via_existing_session: {enabled: true}", want: []string{"error login-via-existing-session-enabled"}},
		"GuestsEnabled":             {lines: "allow_guest_access: true", want: []string{"error guests-enabled"}},
		"ServerNameMismatch":        {config: func(c *mas.Config) { c.Matrix.Homeserver = "other.com" }, want: []string{"error server-name-mismatch"}},
		"MissingPasswordScheme":     {config: scheme(func(s *mas.PasswordScheme) { s.Version = 3 }), want: []string{"error missing-password-scheme"}},
		"PasswordSchemeNotBcrypt":   {config: scheme(func(s *mas.PasswordScheme) { s.Algorithm = mas.Argon2id }), want: []string{"error password-scheme-not-bcrypt"}},
		"the default schemes":       {config: func(c *mas.Config) { c.Passwords = nil }, want: []string{"error password-scheme-not-bcrypt", "error password-scheme-wrong-pepper"}},
		"PasswordSchemeWrongPepper": {config: scheme(func(s *mas.PasswordScheme) { s.Secret.Inline = maskit.NewSecret("x") }), want: []string{"error password-scheme-wrong-pepper"}},
		"no pepper in MAS":          {config: scheme(func(s *mas.PasswordScheme) { s.Secret = mas.SecretValue{} }), want: []string{"error password-scheme-wrong-pepper"}},
		"no pepper in Synapse":      {lines: "password_config: {enabled: true}", want: []string{"error password-scheme-wrong-pepper"}},
		"passwords off":             {config: func(c *mas.Config) { c.Passwords.Enabled = mas.Set(false) }, want: []string{}},
		"DisableRegistration":       {lines: "enable_registration: true", want: []string{"warning disable-registration-after-migration"}},
		"UserConsent":               {lines: "user_consent: {version: 1, template_dir: /x}", want: []string{"warning disable-user-consent-after-migration", "warning should-port-user-consent-as-terms"}},
		"UserConsent, terms in MAS": {lines: "user_consent: {version: 1, template_dir: /x}", config: func(c *mas.Config) { c.Branding = &mas.Branding{TOSURI: "https://example.com/tos"} }, want: []string{"warning disable-user-consent-after-migration"}},
		"Captcha":                   {lines: "enable_registration_captcha: true\nrecaptcha_public_key: a\nrecaptcha_private_key: b", want: []string{"warning should-port-registration-captcha"}},
		"Captcha, and one in MAS": {lines: "enable_registration_captcha: true\nrecaptcha_public_key: a\nrecaptcha_private_key: b", config: func(c *mas.Config) {
			c.Captcha = &mas.Captcha{Service: mas.RecaptchaV2, SiteKey: "a", SecretKey: maskit.NewSecret("b")}
		}, want: []string{}},
		"CAS":                         {lines: "cas_config: {enabled: true, server_url: \"https://cas.example.com\"}", want: []string{"warning external-auth-system"}},
		"SAML2":                       {lines: "saml2_config: {enabled: true, sp_config: {metadata: {}}}", want: []string{"warning external-auth-system"}},
		"JWT":                         {lines: "jwt_config: {enabled: true, secret: x, algorithm: HS256}", want: []string{"warning external-auth-system"}},
		"password provider":           {lines: "password_config: {localdb_enabled: false, pepper: odd pepper}", want: []string{"warning external-auth-system"}},
		"GuestsInDatabase":            {rows: "INSERT INTO users (name, is_guest, creation_ts) VALUES ('@1:example.com', 1, 1)", want: []string{"warning guests-in-database"}},
		"NonEmailThreepids":           {rows: "INSERT INTO user_threepids (user_id, medium, address, validated_at, added_at) VALUES ('@a:example.com', 'msisdn', '1', 1, 1)", want: []string{"warning non-email-threepids-in-database"}},
		"ExistingOAuthDelegated":      {rows: strings.ReplaceAll(link, "%", "oauth-delegated"), want: []string{"error existing-oauth-delegated"}},
		"SynapseMissingOAuthProvider": {rows: strings.ReplaceAll(link, "%", "saml"), want: []string{"error synapse-missing-oauth-provider"}},
		"MasMissingOAuthProvider": {
			rows:   strings.ReplaceAll(link, "%", "oidc-gitlab"),
			config: func(c *mas.Config) { c.UpstreamOAuth2.Providers = c.UpstreamOAuth2.Providers[:1] }, want: []string{"error mas-missing-oauth-provider"},
		},
		"a provider that both have": {rows: strings.ReplaceAll(link, "%", "oidc-gitlab"), want: []string{}},
	}
	sql(t, p.synapse, "INSERT INTO users (name, creation_ts) VALUES ('@a:example.com', 1)")
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) { // not parallel: mas-cli has a lock
			m := p.m
			m.Source.Files = append(slices.Clone(m.Source.Files), synapse.File{Name: "more.yaml", Data: []byte(tc.lines)})
			m.Target.Config = m.Target.Config.Clone()
			if tc.config != nil {
				tc.config(m.Target.Config)
			}
			if tc.rows != "" {
				sql(t, p.synapse, tc.rows)
				defer sql(t, p.synapse, "DELETE FROM users WHERE is_guest = 1", "DELETE FROM user_threepids", "DELETE FROM user_external_ids")
			}
			report, err := m.Check(t.Context())
			require.NoError(t, err)
			require.Equal(t, tc.want, official(report.Findings))
			require.Equal(t, tc.want, heard(t, masCheck(t, cli, m).Stderr))
		})
	}
}

// masCheck runs the check of mas-cli on the same configurations.
func masCheck(t *testing.T, cli *live.MAS, m Syn2MAS) live.MASResult {
	t.Helper()
	dir := t.TempDir()
	legacy, _ := synapse.PreMigration(m.Source.Files)
	config, err := (&migratetest.Site{Config: m.Target.Config}).MASFile()
	require.NoError(t, err)
	masPath, synapsePath := filepath.Join(dir, "mas.yaml"), filepath.Join(dir, "homeserver.yaml")
	require.NoError(t, os.WriteFile(masPath, config, 0o600))
	require.NoError(t, os.WriteFile(synapsePath, legacy.File.Data, 0o600))
	result := cli.Run(t, "--config", masPath, "syn2mas", "check", "--synapse-config", synapsePath)
	require.Contains(t, []int{0, 10, 11}, result.Code, result.Stderr)
	return result
}
