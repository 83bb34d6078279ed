package mas

import (
	"strings"
	"sync"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/require"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/mas/keys"
)

const (
	testULID  = maskit.ULID("01J00000000000000000000001")
	otherULID = maskit.ULID("01J00000000000000000000002")
)

// keyOf returns a key of the kind, the same for all tests of a run.
func keyOf(t testing.TB, kind keys.Kind) keys.SigningKey {
	t.Helper()
	key, err := generatedKeys()(kind)
	require.NoError(t, err)
	return key
}

// generatedKeys is a table behind a lock: an RSA key takes a while.
var generatedKeys = sync.OnceValue(func() func(keys.Kind) (keys.SigningKey, error) {
	var lock sync.Mutex
	made := map[keys.Kind]keys.SigningKey{}
	return func(kind keys.Kind) (keys.SigningKey, error) {
		lock.Lock()
		defer lock.Unlock()
		if key, ok := made[kind]; ok {
			return key, nil
		}
		key, err := keys.Generate(kind)
		made[kind] = key
		return key, err
	}
})

func inline(text string) SecretValue { return SecretValue{Inline: maskit.NewSecret(text)} }

func file(name string) SecretValue { return SecretValue{File: name} }

func testSecret() string { return strings.Repeat("s3cret0", 6) }

// validConfig has something in every section, and no problem at all.
func validConfig(t testing.TB) *Config {
	t.Helper()
	return &Config{
		HTTP: validHTTP(),
		Database: &Database{
			URI: maskit.NewSecret("postgresql://mas:pa%40ss@postgres:5432/mas"), SSLMode: SSLVerifyFull, MaxConnections: Set[uint32](10),
		},
		Matrix: Matrix{
			Kind: HomeserverSynapseModern, Homeserver: "example.com",
			Secret: inline(testSecret()), Endpoint: "http://synapse:8008/",
		},
		Secrets: Secrets{
			Encryption: inline(strings.Repeat("0123456789abcdef", 4)),
			Keys: []SigningKey{
				{Key: SecretValue{Inline: keyOf(t, keys.RSA).PEM()}},
				{KID: "ec", Key: SecretValue{Inline: keyOf(t, keys.P256).PEM()}},
			},
		},
		Passwords: &Passwords{
			MinimumComplexity: Set[uint8](3),
			Schemes: []PasswordScheme{
				{Version: 1, Algorithm: Bcrypt, UnicodeNormalization: true, Cost: Set[uint32](12), Secret: inline("pepper")},
				{Version: 2, Algorithm: Argon2id},
			},
		},
		Account: &Account{PasswordRegistrationEnabled: true, PasswordRecoveryEnabled: true},
		Email: &Email{
			From: `"Example accounts" <noreply@example.com>`, ReplyTo: "help@example.com", Transport: EmailSMTP, Mode: SMTPTLS,
			Hostname: "smtp.example.com", Port: 465, Username: "mas", Password: inline("mail-password"),
		},
		UpstreamOAuth2: &UpstreamOAuth2{Providers: []UpstreamProvider{validProvider()}},
		Clients: []Client{{
			ClientID: testULID, ClientAuthMethod: AuthClientSecretBasic, ClientSecret: inline("client-secret"),
			RedirectURIs: []string{"https://app.example.com/callback", "com.example.app:/callback"},
		}},
		Policy:       validPolicy(),
		RateLimiting: &RateLimiting{Login: &LoginLimits{PerIP: &RateLimit{Burst: 3, PerSecond: 0.05}}},
		Captcha:      &Captcha{Service: HCaptcha, SiteKey: "5d0f2e52-6f0b", SecretKey: maskit.NewSecret("0x77aB")},
		Branding:     &Branding{ServiceName: "Example", PolicyURI: "https://example.com/privacy", TOSURI: "https://example.com/terms"},
		Telemetry: &Telemetry{
			Tracing: &Tracing{Exporter: TracingOTLP, Endpoint: "http://otel:4318", SampleRate: Set(0.1), Propagators: []Propagator{PropagatorTraceContext}},
			Metrics: &Metrics{Exporter: MetricsPrometheus},
			Sentry:  &Sentry{DSN: maskit.NewSecret("https://public@sentry.example.com/1"), SampleRate: Set(1.0)},
		},
		Experimental: &Experimental{
			AccessTokenTTL: Set[Seconds](300), CompatTokenTTL: Set[Seconds](300),
			InactiveSessionExpiration: &InactiveSessionExpiration{TTL: 86400},
			SessionLimit:              &SessionLimit{SoftLimit: 10, HardLimit: 20},
		},
	}
}

func validHTTP() *HTTP {
	return &HTTP{
		PublicBase: "https://account.example.com/",
		Listeners: []Listener{
			{
				Name: "public",
				Resources: []Resource{
					{Name: ResourceDiscovery},
					{Name: ResourceHuman},
					{Name: ResourceOAuth},
					{Name: ResourceCompat},
					{Name: ResourceGraphQL},
					{Name: ResourceAssets},
				},
				Binds: []Bind{{Address: "0.0.0.0:8080"}},
			},
			{
				Name:      "internal",
				Resources: []Resource{{Name: ResourceHealth}, {Name: ResourcePrometheus}},
				Binds:     []Bind{{Host: "0.0.0.0", Port: 8081}},
			},
		},
		TrustedProxies: []string{"10.0.0.0/8", "fd00::1"},
	}
}

func validProvider() UpstreamProvider {
	return UpstreamProvider{
		ID: testULID, Issuer: "https://sso.example.com/realms/staff", HumanName: "Example", ClientID: "matrix",
		ClientSecret: inline("provider-secret"), TokenEndpointAuthMethod: AuthClientSecretBasic, Scope: "openid profile email",
		SynapseIDPID: "oidc-keycloak", OnBackchannelLogout: LogoutAll,
		AdditionalAuthorizationParameters: map[string]string{"prompt": "{% if logged_out %}login{% endif %}"},
		ClaimsImports: ClaimsImports{
			Localpart:   LocalpartImport{Action: ImportRequire, Template: strictName},
			Displayname: ClaimImport{Action: ImportForce, Template: "{{ user.name or user.preferred_username or '' }}"},
			Email:       ClaimImport{Action: ImportForce, Template: verifiedEmail},
			AccountName: AccountNameImport{Template: "{{ user.preferred_username }}"},
		},
	}
}

// Two templates in the way that upstream/claims writes them.
const (
	strictName = `{%- set l = ((user.preferred_username) or '') | lower -%}{%- set ns = namespace(ok=true) -%}` +
		`{%- for c in l -%}{%- if c not in 'abcdefghijklmnopqrstuvwxyz0123456789._=/+-' -%}{%- set ns.ok = false -%}{%- endif -%}{%- endfor -%}` +
		`{%- if ns.ok -%}{{- l -}}{%- endif -%}`
	verifiedEmail = `{%- if user.email_verified in [true, 'true'] -%}{{- user.email or '' -}}{%- endif -%}`
)

func validPolicy() *Policy {
	return &Policy{Data: &PolicyData{
		AdminUsers: []string{"alice"}, AdminClients: []string{string(testULID)},
		Registration:   &RegistrationPolicy{BannedUsernames: &Patterns{Literals: []string{"admin"}, Regexes: []string{"^test[0-9]+$"}}},
		Emails:         &EmailPolicy{AllowedAddresses: &Patterns{Suffixes: []string{"@example.com"}}},
		AllowedDomains: []string{"example.com", "*.example.{org,net}"},
		Requester:      &RequesterPolicy{BannedIPs: []string{"192.0.2.1", "2001:db8::/32"}, BannedUserAgents: &Patterns{Prefixes: []string{"curl/"}}},
	}}
}

// finding is what a rule must report: nothing else, and nothing less.
type finding struct {
	path     string
	code     string
	severity maskit.Severity
}

func findings(problems maskit.Problems) []finding {
	var out []finding
	for _, p := range problems {
		out = append(out, finding{p.Path, p.Code, p.Severity})
	}
	return out
}

// Severities, short enough for tables.
const (
	fails = maskit.SeverityError
	warns = maskit.SeverityWarning
	notes = maskit.SeverityInfo
)

// rule is one case: a change of the valid configuration, and what it makes of it.
type rule struct {
	name   string
	change func(*Config)
	want   []finding
}

// only is the finding of a case that has one.
func only(path, code string, severity maskit.Severity) []finding {
	return []finding{{path, code, severity}}
}

func runRules(t *testing.T, rules []rule) {
	t.Helper()
	for _, r := range rules {
		t.Run(r.name, func(t *testing.T) {
			t.Parallel()
			config := validConfig(t)
			r.change(config)
			got := config.Validate(ValidateOptions{})
			require.ElementsMatch(t, r.want, findings(got), "%s", got)
			for _, p := range got {
				require.NotEmpty(t, p.Message)
				require.False(t, strings.HasSuffix(p.Message, "."), p.Message)
			}
		})
	}
}

func TestValidateBaselineHasNoProblem(t *testing.T) {
	t.Parallel()
	require.Empty(t, validConfig(t).Validate(ValidateOptions{}).String())
	require.Empty(t, validConfig(t).Validate(ValidateOptions{FS: fstest.MapFS{}}).String())
}

func TestValidateNilConfig(t *testing.T) {
	t.Parallel()
	require.Equal(t, only("", "required", fails), findings((*Config)(nil).Validate(ValidateOptions{})))
}

func TestValidateReportsAllAtOnce(t *testing.T) {
	t.Parallel()
	got := (&Config{HTTP: &HTTP{TrustedProxies: []string{}}, Email: &Email{}}).Validate(ValidateOptions{})
	require.Equal(t, []finding{
		{"http.public_base", "required", fails},
		{"http.listeners", "required", fails},
		{"matrix.homeserver", "required", fails},
		{"matrix.secret", "required", fails},
		{"secrets.encryption", "required", fails},
		{"secrets.keys", "required", fails},
		{"email.transport", "required", fails},
	}, findings(got))
}

func TestValidatePositions(t *testing.T) {
	t.Parallel()
	const yaml = `http:
  public_base: https://account.example.com/auth
  trusted_proxies: []
  listeners:
    - name: web
      resources: [{name: human}, {name: graphql}, {name: assets}, {name: oauth}, {name: discovery}, {name: compat}]
      binds: [{port: 8080}]
    - name: internal
      resources: [{name: health}]
      binds: [{port: 8080}]
matrix:
  homeserver: example.com
`
	config, problems, err := Parse(fstest.MapFS{"config.yaml": {Data: []byte(yaml)}}, "config.yaml")
	require.NoError(t, err)
	require.Empty(t, problems)
	lines := map[string]int{}
	for _, p := range config.Validate(ValidateOptions{}).Only(fails) {
		lines[p.Path] = p.Pos.Line
	}
	require.Equal(t, map[string]int{
		"http.public_base":                2,
		"http.listeners[1].binds[0].port": 10,
		"matrix.secret":                   11, // missing: the section
		"secrets.encryption":              0,  // missing, and so is the section
		"secrets.keys":                    0,
	}, lines)
}

func TestValidateDoesNotRepeatParse(t *testing.T) {
	t.Parallel()
	const yaml = `http: {public_base: 5, listeners: none}
matrix: {homeserver: example.com, secret: "file:///etc/mas/secret"}
secrets: {encryption: c2VjcmV0c2VjcmV0c2VjcmV0c2VjcmV0, keys: [{key: [1]}]}
email: {transport: smpt}
`
	config, parsed, err := Parse(fstest.MapFS{"config.yaml": {Data: []byte(yaml)}}, "config.yaml")
	require.NoError(t, err)
	said := map[string]bool{}
	for _, p := range parsed.Only(fails) {
		said[p.Path] = true
	}
	for _, path := range []string{"http.public_base", "http.listeners", "matrix.secret", "secrets.encryption", "secrets.keys[0].key", "email.transport"} {
		require.True(t, said[path], "Parse reports %s: %s", path, parsed)
	}
	for _, p := range config.Validate(ValidateOptions{}).Only(fails) {
		require.False(t, said[p.Path], "%s", p)
	}
}

func TestValidateExplicitNothing(t *testing.T) {
	t.Parallel()
	const yaml = `http: {public_base: "", trusted_proxies: []}
rate_limiting: {registration: {burst: 0, per_second: 0}}
`
	config, parsed, err := Parse(fstest.MapFS{"config.yaml": {Data: []byte(yaml)}}, "config.yaml")
	require.NoError(t, err)
	require.Empty(t, parsed)
	got := findings(config.Validate(ValidateOptions{}))
	for _, path := range []string{"http.public_base", "rate_limiting.registration.burst", "rate_limiting.registration.per_second"} {
		require.Contains(t, got, finding{path, "required", fails})
	}
}

func TestValidateVersion(t *testing.T) {
	t.Parallel()
	config := validConfig(t)
	config.UpstreamOAuth2.Providers[0].ForwardLoginHint = true
	got := config.Validate(ValidateOptions{MASVersion: maskit.Version{Major: 1, Minor: 19}})
	require.Equal(t, only("upstream_oauth2.providers[0].additional_authorization_parameters.prompt", "template-unsupported", fails), findings(got))

	got = config.Validate(ValidateOptions{MASVersion: maskit.Version{Minor: 20}})
	require.Contains(t, findings(got), finding{"experimental.session_limit", "unsupported-by-version", fails})

	config = validConfig(t)
	config.Matrix.Kind = HomeserverSynapse
	got = config.Validate(ValidateOptions{MASVersion: maskit.Version{Minor: 20}})
	require.Contains(t, findings(got), finding{"matrix.kind", "kind-legacy", warns})

	got = config.Validate(ValidateOptions{MASVersion: maskit.Version{Minor: 19}})
	require.Contains(t, findings(got), finding{"mas", "mas-too-old", fails})
}

func TestPlace(t *testing.T) {
	t.Parallel()
	require.Equal(t, "a.b[2].c", string(place("").key("a").key("b").at(2).key("c")))
}

func TestPlaceQuotesOddKeys(t *testing.T) {
	t.Parallel()
	config := validConfig(t)
	config.UpstreamOAuth2.Providers[0].AdditionalAuthorizationParameters = map[string]string{"a.b\n": "{{"}
	require.Equal(t, only(`upstream_oauth2.providers[0].additional_authorization_parameters."a.b\n"`, "template-invalid", fails), findings(config.Validate(ValidateOptions{})))
}
