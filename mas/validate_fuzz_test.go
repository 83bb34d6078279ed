package mas

import (
	"strings"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/require"

	"github.com/maskit-dev/maskit"
)

// FuzzValidate feeds whatever Parse makes of a text to Validate: it must not panic, and
// every problem must say something.
func FuzzValidate(f *testing.F) {
	for _, seed := range []string{
		"http: {public_base: 'https://a/', listeners: [{binds: [{address: '[::]:1'}, {host: a, port: 1}], resources: [{name: human}], prefix: '//', tls: {}}]}",
		"upstream_oauth2: {providers: [{id: 01, issuer: '%', scope: ' ', claims_imports: {localpart: {template: '{{ a[', on_conflict: set}}}]}",
		"clients: [{client_auth_method: private_key_jwt, jwks: {keys: [{kty: EC, crv: P-256}, 1]}, redirect_uris: ['::']}]",
		"policy: {data: {allowed_domains: ['{', ']'], registration: {banned_usernames: {regexes: ['(']}}, x: 1}}",
		"secrets: {encryption: 1, keys_dir: a, keys: [{key: '-----BEGIN PRIVATE KEY-----', password: a}]}",
		"database: {uri: 'postgres://%'}\ntelemetry: {sentry: {dsn: 'https://@'}}\nrate_limiting: {registration: {burst: 1, per_second: .nan}}",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		config, _, err := Parse(fstest.MapFS{"c": {Data: []byte(text)}}, "c")
		require.NoError(t, err)
		for _, fsys := range []ValidateOptions{{}, {FS: fstest.MapFS{"a/b": {Data: []byte(text)}}, MASVersion: maskit.Version{Minor: 20}}} {
			for _, p := range config.Validate(fsys) {
				require.NotEmpty(t, p.Code)
				require.NotEmpty(t, strings.TrimSpace(p.Message))
			}
		}
	})
}

func BenchmarkValidate(b *testing.B) {
	config := validConfig(b)
	for range 9 {
		config.UpstreamOAuth2.Providers = append(config.UpstreamOAuth2.Providers, validProvider())
	}
	b.ReportAllocs()
	for b.Loop() {
		config.Validate(ValidateOptions{})
	}
}
