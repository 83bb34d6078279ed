package mas

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestHintsForGuides(t *testing.T) {
	t.Parallel()
	provider := func(text string) string { return "upstream_oauth2:\n  providers:\n    - " + text + "\n" }
	cases := map[string]struct{ text, path, code, hint string }{
		"session":                 {"session: {lifetime: 1}", "session", "unknown-key", "inactive_session_expiration.ttl"},
		"logging":                 {"logging: {level: debug}", "logging", "unknown-key", "RUST_LOG"},
		"minimum length":          {"passwords: {min_length: 8}", "passwords.min_length", "unknown-key", "minimum_complexity"},
		"character classes":       {"passwords: {require_uppercase: true}", "passwords.require_uppercase", "unknown-key", "minimum_complexity"},
		"nested smtp":             {"email: {transport: smtp, smtp: {hostname: a}}", "email.smtp", "unknown-key", "one level up"},
		"mailgun":                 {"email: {transport: mailgun}", "email.transport", "unknown-value", "smtp, sendmail or blackhole"},
		"no transport":            {"email: {transport: none}", "email.transport", "unknown-value", "blackhole is what guides call none"},
		"proxy protocol in bind":  {"http: {listeners: [{binds: [{address: a, proxy_protocol: true}]}]}", "http.listeners[0].binds[0].proxy_protocol", "unknown-key", "one level up"},
		"endpoint for homeserver": {"matrix: {endpoint_for_homeserver: a}", "matrix.endpoint_for_homeserver", "unknown-key", "homeserver.yaml"},
		"registration":            {"account: {registration_enabled: false}", "account.registration_enabled", "unknown-key", "password_registration_enabled"},
		"e-mail verification":     {"account: {email_verification_enabled: true}", "account.email_verification_enabled", "unknown-key", "password_registration_email_required"},
		"policy registration":     {"policy: {data: {registration: {enabled: false}}}", "policy.data.registration.enabled", "unknown-key", "nothing reads it"},
		"s256":                    {provider("pkce_method: s256"), "upstream_oauth2.providers[0].pkce_method", "unknown-value", "always is what guides call s256"},
		"back-channel logout":     {provider("backchannel_logout: {enabled: true}"), "upstream_oauth2.providers[0].backchannel_logout", "unknown-key", "on_backchannel_logout: logout_all"},
		"override":                {provider("token_endpoint_override: a"), "upstream_oauth2.providers[0].token_endpoint_override", "unknown-key", "write token_endpoint"},
		"verified e-mail":         {provider("claims_imports: {email: {set_email_verification: import}}"), "upstream_oauth2.providers[0].claims_imports.email.set_email_verification", "unknown-key", "always verified"},
		"other claims":            {provider("claims_imports: {groups: {action: ignore}}"), "upstream_oauth2.providers[0].claims_imports.groups", "unknown-key", "stores no other claim"},
		"lower-case algorithm":    {provider("id_token_signed_response_alg: rs256"), "upstream_oauth2.providers[0].id_token_signed_response_alg", "unknown-value", ""},
		"captcha secret file":     {"captcha: {secret_key_file: a}", "captcha.secret_key_file", "unknown-key", "only be inline"},
		"database secret file":    {"database: {uri_file: a}", "database.uri_file", "unknown-key", "password_file"},
		"duration":                {"database: {idle_timeout: 10m}", "database.idle_timeout", "wrong-type", "write 600"},
		"string port":             {`http: {listeners: [{binds: [{port: "8080"}]}]}`, "http.listeners[0].binds[0].port", "wrong-type", "file descriptor 0"},
		"encryption as digits":    {"secrets: {encryption: 00000000000000000000000000000000000000000000000000000000000000e1}", "secrets.encryption", "wrong-type", "in quotes"},
		"encryption in base64":    {"secrets: {encryption: aGVsbG8gd29ybGQgaGVsbG8gd29ybGQgaGVsbG8gd28=}", "secrets.encryption", "encryption-key-base64", "64 hex digits"},
		"random signing key":      {"secrets: {keys: [{key: aGVsbG8gd29ybGQ}]}", "secrets.keys[0].key", "", ""},
		"secret by URI":           {"matrix: {secret: 'file:///run/secrets/matrix'}", "matrix.secret", "placeholder", "as secret_file"},
		"secret without file key": {"captcha: {secret_key: 'file:///run/x'}", "captcha.secret_key", "placeholder", "no key for a file"},
		"loaded from secret":      {"secrets: {encryption: LOADED_FROM_SECRET}", "secrets.encryption", "placeholder", "as encryption_file"},
		"file by URI":             {"matrix: {secret_file: 'file:///run/x'}", "matrix.secret_file", "file-uri", "plain path"},
		"secret variable":         {"database: {password: '${DB_PASSWORD}'}", "database.password", "placeholder", "as password_file"},
		"variable":                {"matrix: {homeserver: '${SERVER_NAME}'}", "matrix.homeserver", "placeholder", "replace the variable"},
		"variable with default":   {"matrix: {endpoint: 'http://${HOST:-synapse}:8008/'}", "matrix.endpoint", "placeholder", "replace the variable"},
		"variable in a list":      {"http: {trusted_proxies: [a, $(CIDR)]}", "http.trusted_proxies[1]", "placeholder", "replace the variable"},
		"variable in a map":       {provider("additional_authorization_parameters: {b: a, a: '${A}'}"), "upstream_oauth2.providers[0].additional_authorization_parameters.a", "placeholder", "replace the variable"},
		"misspelt":                {"matrix: {homserver: a}", "matrix.homserver", "unknown-key", `did you mean "homeserver"?`},
		"at the wrong place":      {"matrix: {public_base: a}", "matrix.public_base", "unknown-key", "belongs elsewhere: http.public_base"},
		"at two wrong places":     {"email: {ttl: 1, per_ip: 1}", "email.per_ip", "unknown-key", "belongs elsewhere: rate_limiting.account_recovery.per_ip or rate_limiting.login.per_ip"},
		"wrong at the root":       {"trusted_proxies: []", "trusted_proxies", "unknown-key", "belongs elsewhere: http.trusted_proxies"},
		"merge key":               {"x: &x {homeserver: a}\nmatrix:\n  <<: *x\n", `matrix."<<"`, "merge-key", "aliases"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, problems := parseText(t, c.text)
			for _, p := range problems {
				if p.Path == c.path {
					require.Contains(t, p.Code, c.code)
					require.Contains(t, p.Hint, c.hint)
					require.Equal(t, "config.yaml", p.Pos.File)
					require.NotZero(t, p.Pos.Line)
					return
				}
			}
			require.Fail(t, "not reported", "%s in\n%s", c.path, problems)
		})
	}
}

// What looks like a variable or a reference and is none must pass.
func TestNoFalseAlarms(t *testing.T) {
	t.Parallel()
	_, problems := parseText(t, `
matrix: {homeserver: example.com, secret: "pa${ss"}
branding: {imprint: "costs $5 (or $ {x})", service_name: "$()"}
policy: {data: {registration: {banned_usernames: {regexes: ["^${admin}$"]}}}}
upstream_oauth2:
  providers:
    - claims_imports: {localpart: {template: "{{ user.preferred_username }}"}}
`)
	require.Empty(t, problems)
}

func TestHintsNameOnlyKeysThatExist(t *testing.T) {
	t.Parallel()
	known := keyHomes()
	for _, path := range []string{
		"session", "server", "keys", "encryption", "oidc", "smtp", "metrics", "ratelimiting", "passwords.min_length", "account.registration_enabled",
		"account.email_verification_enabled", "email.host", "database.url", "http.base_url", "matrix.server_name",
	} {
		hint := wrongKeyHint(path)
		require.NotEmpty(t, hint, path)
		word := strings.FieldsFunc(hint, func(r rune) bool { return r == ' ' || r == ',' || r == ';' || r == ':' })
		found := false
		for _, w := range word {
			found = found || known[lastKey(w)] != nil
		}
		require.True(t, found, "%s: %s", path, hint)
	}
}
