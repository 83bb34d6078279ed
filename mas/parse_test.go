package mas

import (
	"io/fs"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/require"

	"github.com/maskit-dev/maskit"
)

// files makes a file system of name and content in turn.
func files(nameAndText ...string) fstest.MapFS {
	fsys := fstest.MapFS{}
	for i := 0; i < len(nameAndText); i += 2 {
		fsys[nameAndText[i]] = &fstest.MapFile{Data: []byte(nameAndText[i+1])}
	}
	return fsys
}

// parseText parses one file, config.yaml.
func parseText(t *testing.T, text string) (*Config, maskit.Problems) {
	t.Helper()
	c, problems, err := Parse(files("config.yaml", text), "config.yaml")
	require.NoError(t, err)
	return c, problems
}

func TestParseGuideConfig(t *testing.T) {
	t.Parallel()
	_, problems := parseText(t, `http:
  public_base: https://account.example.com/
session:
  cookie_name: x
passwords:
  min_length: 12
database:
  connect_timeout: 30s
upstream_oauth2:
  providers:
    - id: 01JSHPZHAXC50QBKH67MH33TNF
      pkce_method: s256
`)
	require.Equal(t, `error: config.yaml:3:1: session: is not a known key, and would be ignored in silence [unknown-key] (fix: remove it: the cookie cannot be configured; sessions that are not used end by experimental.inactive_session_expiration.ttl)
error: config.yaml:6:3: passwords.min_length: is not a known key, and would be ignored in silence [unknown-key] (fix: remove it: the only rule for the strength of passwords is passwords.minimum_complexity, 0 to 4)
error: config.yaml:8:3: database.connect_timeout: must be an integer, is a string [wrong-type] (fix: write 30: durations are whole numbers of seconds, without a unit)
error: config.yaml:12:7: upstream_oauth2.providers[0].pkce_method: must be one of auto, always, never [unknown-value] (fix: write auto, always or never: always is what guides call s256, never is none; plain does not exist)`,
		problems.String())
}

func TestParseErrorMeansUnreadable(t *testing.T) {
	t.Parallel()
	fsys := files("dir/file", "x")
	for name, names := range map[string][]string{
		"no name": {}, "missing": {"missing.yaml"}, "a directory": {"dir"}, "not a path of fs.FS": {"/etc/mas.yaml"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, _, err := Parse(fsys, names...)
			require.ErrorContains(t, err, "mas: parse: ")
		})
	}
}

// endless is a file system of one file that says it is empty, and never ends.
type endless struct{ fs.FileInfo }

func (e endless) Open(string) (fs.File, error) { return e, nil }
func (e endless) Stat() (fs.FileInfo, error)   { return e, nil }
func (endless) Mode() fs.FileMode              { return 0o600 }
func (endless) IsDir() bool                    { return false }
func (endless) Size() int64                    { return 0 }
func (endless) Read(p []byte) (int, error)     { return len(p), nil }
func (endless) Close() error                   { return nil }

// pipe is a file system of one pipe, from which nobody may read: that would block.
type pipe struct{ endless }

func (p pipe) Open(string) (fs.File, error) { return p, nil }
func (p pipe) Stat() (fs.FileInfo, error)   { return p, nil }
func (pipe) Mode() fs.FileMode              { return fs.ModeNamedPipe | 0o600 }
func (pipe) Read([]byte) (int, error)       { panic("read from a pipe") }

func TestOnlyRegularFilesAreRead(t *testing.T) {
	t.Parallel()
	_, _, err := Parse(pipe{}, "pipe")
	require.EqualError(t, err, "mas: parse: pipe is not a regular file")

	c := validConfig(t)
	c.Matrix.Secret = SecretValue{File: "/pipe"}
	_, problems := c.Inline(pipe{})
	require.Equal(t, []string{"file-not-regular"}, codes(problems.Only(maskit.SeverityError)))
	require.Contains(t, codes(c.Validate(ValidateOptions{FS: pipe{}})), "file-not-regular")
}

func TestParseReadsNoMoreThanItTakes(t *testing.T) {
	t.Parallel()
	_, problems, err := Parse(endless{}, "endless.yaml")
	require.NoError(t, err)
	require.Equal(t, []string{"too-large"}, codes(problems))

	_, problems = (&Config{Matrix: Matrix{Secret: SecretValue{File: "/endless"}}}).Inline(endless{})
	require.Equal(t, []string{"file-too-large"}, codes(problems))

	c := validConfig(t)
	c.Matrix.Secret = SecretValue{File: "/endless"}
	require.Contains(t, codes(c.Validate(ValidateOptions{FS: endless{}})), "file-too-large")
}

func TestParseMergesAsMAS(t *testing.T) {
	t.Parallel()
	c, problems, err := Parse(files(
		"base.yaml", "matrix: {homeserver: example.com, endpoint: http://a/}\nhttp:\n  trusted_proxies: [10.0.0.0/8]\n",
		"over.yaml", "matrix: {endpoint: http://b/, secret: hunter2}\nhttp:\n  trusted_proxies: [127.0.0.1/8]\n",
	), "base.yaml", "over.yaml")
	require.NoError(t, err)
	require.Equal(t, "warning: over.yaml:3:20: http.trusted_proxies: adds to the list at base.yaml:3:20: MAS appends lists of several files, it does not replace them [doubled-list] (fix: keep the whole list in one file)", problems.String())
	require.Equal(t, "example.com", c.Matrix.Homeserver)
	require.Equal(t, "http://b/", c.Matrix.Endpoint)
	require.True(t, c.Matrix.Secret.Inline.Equal(maskit.NewSecret("hunter2")))
	require.Equal(t, []string{"10.0.0.0/8", "127.0.0.1/8"}, c.HTTP.TrustedProxies)
	require.Equal(t, "over.yaml:1:10", c.positions["matrix.endpoint"].String())
	require.Equal(t, "base.yaml:1:10", c.positions["matrix.homeserver"].String())
}

func TestParseKeepsWhatCanBeRead(t *testing.T) {
	t.Parallel()
	c, problems, err := Parse(files("bad.yaml", "a: [", "good.yaml", "matrix: {homeserver: example.com}\n"), "bad.yaml", "good.yaml")
	require.NoError(t, err)
	require.Equal(t, []string{"yaml-syntax"}, codes(problems))
	require.Equal(t, "example.com", c.Matrix.Homeserver)

	c, problems = parseText(t, "- hunter2\n")
	require.Equal(t, []string{"not-a-mapping"}, codes(problems))
	require.True(t, c.Equal(&Config{}))
}

func codes(problems maskit.Problems) []string {
	var out []string
	for _, p := range problems {
		out = append(out, p.Code)
	}
	return out
}

func TestParseTypesOfValues(t *testing.T) {
	t.Parallel()
	c, problems := parseText(t, `
database: {max_connections: 0x10, min_connections: +2, connect_timeout: 0}
passwords: {enabled: False, schemes: [], minimum_complexity: 0}
http: {public_base: yes, issuer: null, listeners: [{name: on, binds: [{fd: 0}], resources: []}]}
rate_limiting: {registration: {burst: 3, per_second: 1}}
captcha: {service: null}
account: {}
policy: {data: {admin_users: [], custom: {a: 1}}}
clients: [{jwks: {keys: [{kty: RSA, n: 1}]}}]
`)
	require.Empty(t, problems)
	require.Equal(t, Set(uint32(16)), c.Database.MaxConnections)
	require.Equal(t, uint32(2), c.Database.MinConnections)
	require.Equal(t, Set(Seconds(0)), c.Database.ConnectTimeout)
	require.Equal(t, Set(false), c.Passwords.Enabled)
	require.Equal(t, []PasswordScheme{}, c.Passwords.Schemes)
	require.Equal(t, "yes", c.HTTP.PublicBase, "MAS reads YAML 1.2")
	require.Equal(t, Set(uint(0)), c.HTTP.Listeners[0].Binds[0].FD)
	require.Equal(t, &Account{}, c.Account)
	require.Nil(t, c.Branding)
	require.Equal(t, &PolicyData{AdminUsers: []string{}, Custom: map[string]any{"custom": map[string]any{"a": int64(1)}}}, c.Policy.Data)
}

// A nested null is a problem exactly where MAS fails to load it.
func TestParseNulls(t *testing.T) {
	t.Parallel()
	_, problems := parseText(t, `
http: {public_base: null, issuer: null, listeners: null}
secrets: {keys: null, encryption: null}
experimental: {access_token_ttl: null, session_limit: null}
account:
clients: ~
`)
	require.Equal(t, []string{
		"null-value http.public_base", "null-section http.listeners", "null-value experimental.access_token_ttl", "null-section account", "null-section clients",
	}, codesAndPaths(problems))
}

func codesAndPaths(problems maskit.Problems) []string {
	var out []string
	for _, p := range problems {
		out = append(out, p.Code+" "+p.Path)
	}
	return out
}

// What Parse has reported Validate does not report again, and what has changed
// since it does.
func TestParseAndValidateReportOnce(t *testing.T) {
	t.Parallel()
	c, problems := parseText(t, `
matrix: {homeserver: example.com, secret: file:///run/secret}
secrets: {encryption: aGVsbG8gd29ybGQgaGVsbG8gd29ybGQgaGVsbG8gd28=, keys: [{key: random}]}
upstream_oauth2: {providers: [{pkce_method: s256}]}
`)
	all := append(problems, c.Validate(ValidateOptions{})...)
	seen := map[[2]string]int{}
	for _, p := range all {
		seen[[2]string{p.Path, p.Code}]++
	}
	for key, times := range seen {
		require.Equal(t, 1, times, "%v", key)
	}
	for _, path := range []string{"matrix.secret", "secrets.encryption", "secrets.keys[0].key", "upstream_oauth2.providers[0].pkce_method"} {
		require.Contains(t, all.String(), path)
	}
}

// No problem holds a secret, whatever is wrong with it.
func TestParseProblemsHoldNoSecret(t *testing.T) {
	t.Parallel()
	const canary = "canary5c1e"
	templates := []string{
		"%s", "[%s]", "{a: %s}", "{%s: a}", "{a: [%s]}", "file:///%s", "${%s}", "!%s x", "*%s", "|\n      %s\n", "'%s", "\"%s", "%s: x", "12e3%s", "!!int %s", "LOADED_FROM_%s", "<%s>",
		"-----BEGIN RSA PRIVATE KEY-----%s", "\"%s\\n\"", "postgresql://u:%s@h/d", "[redacted] %s",
	}
	places := []string{
		"matrix: {secret: X}", "secrets: {encryption: X}", "secrets: {keys: [{key: X}]}", "secrets: {keys: [{key: k, password: X}]}", "secrets: {keys: X}",
		"database: {uri: X}", "database: {password: X}", "database: {ssl_key: X}", "email: {password: X}", "captcha: {secret_key: X}", "telemetry: {sentry: {dsn: X}}",
		"clients: [{client_secret: X}]", "upstream_oauth2: {providers: [{client_secret: X, id: X}]}", "upstream_oauth2: {providers: [{sign_in_with_apple: {private_key: X}}]}",
		"passwords: {schemes: [{secret: X, version: X}]}", "http: {listeners: [{tls: {key: X, password: X}}]}", "matrix: X", "secrets: X", "database:\n  password: X", "database:\n password: a\n  b: X",
		"matrix: {secret_file: X}", "database: {connect_timeout: X}", "rate_limiting: {registration: {per_second: X}}", "passwords: {enabled: X}", "email: {transport: X}",
	}
	for _, place := range places {
		for _, template := range templates {
			text := strings.ReplaceAll(place, "X", strings.ReplaceAll(template, "%s", canary))
			c, problems := parseText(t, text+"\n")
			if strings.Contains(template, "{%s:") || strings.Contains(template, "%s: x") {
				problems = withoutKey(problems, canary) // it stands where a key belongs
			}
			require.NotContains(t, problems.String(), canary, text)
			_, rendered := Render(c, RenderOptions{})
			require.NotContains(t, rendered.String(), canary, text)
		}
	}
}

// withoutKey drops the problems about a key of that name.
func withoutKey(problems maskit.Problems, key string) maskit.Problems {
	var out maskit.Problems
	for _, p := range problems {
		if p.Code != "unknown-key" || !strings.Contains(p.Path, key) {
			out = append(out, p)
		}
	}
	return out
}
