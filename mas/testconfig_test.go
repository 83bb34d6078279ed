package mas

import (
	"strings"

	"github.com/maskit-dev/maskit"
)

func secretText(s string) SecretValue { return SecretValue{Inline: maskit.NewSecret(s)} }

// block is a PEM block of no meaning.
func block(kind string) string {
	return "-----BEGIN " + kind + "-----\n" + strings.Repeat("bWFza2l0\n", 2) + "-----END " + kind + "-----\n"
}

// bundle is a configuration with every section and every kind of secret, all of them
// inline. It is valid by the schema of MAS; its keys are none.
func bundle() *Config {
	c := &Config{
		Database: &Database{
			Host: "postgres", Port: 5432, Username: "mas", Password: secretText("db-password"), Name: "mas", SSLMode: SSLVerifyFull,
			SSLCA: TextValue{Inline: block("CERTIFICATE")}, SSLCertificate: TextValue{Inline: block("CERTIFICATE")}, SSLKey: secretText(block("PRIVATE KEY")),
			MaxConnections: Set[uint32](10), MinConnections: 2, ConnectTimeout: Set[Seconds](30),
		},
		Matrix: Matrix{Kind: HomeserverSynapseModern, Homeserver: "example.com", Secret: secretText("matrix-secret"), Endpoint: "http://synapse:8008/"},
		Secrets: Secrets{
			Encryption: secretText(strings.Repeat("0123456789abcdef", 4)),
			Keys: []SigningKey{
				{KID: "RSA_1", Key: secretText(block("PRIVATE KEY"))},
				{KID: "ec-1", Key: secretText(block("ENCRYPTED PRIVATE KEY")), Password: secretText("key-password")},
			},
		},
		Passwords: &Passwords{Enabled: Set(true), MinimumComplexity: Set[uint8](3), Schemes: []PasswordScheme{
			{Version: 1, Algorithm: Bcrypt, UnicodeNormalization: true, Cost: Set[uint32](12), Secret: secretText("pepper")},
			{Version: 2, Algorithm: Argon2id},
		}},
		Account: &Account{EmailChangeAllowed: Set(false), LoginWithEmailAllowed: true},
		Email: &Email{
			From: "noreply@example.com", ReplyTo: "help@example.com", Transport: EmailSMTP, Mode: SMTPStartTLS,
			Hostname: "smtp.example.com", Port: 587, Username: "mas", Password: secretText("mail-password"),
		},
		Captcha:   &Captcha{Service: HCaptcha, SiteKey: "10000000-ffff-ffff-ffff-000000000001", SecretKey: maskit.NewSecret("captcha-secret")},
		Branding:  &Branding{ServiceName: "Example", PolicyURI: "https://example.com/privacy", TOSURI: "https://example.com/terms", Imprint: "yes"},
		Telemetry: &Telemetry{Tracing: &Tracing{Exporter: TracingOTLP, Endpoint: "http://otel:4318/", Propagators: []Propagator{PropagatorTraceContext}, SampleRate: Set(0.25)}, Metrics: &Metrics{Exporter: MetricsPrometheus}, Sentry: &Sentry{DSN: maskit.NewSecret("https://public@sentry.example.com/1"), Environment: "production"}},
		Templates: &Templates{Path: "/usr/local/share/mas-cli/templates/"},
		OAuth:     &OAuth{DeviceCodeGrantEnabled: Set(true)},
		Experimental: &Experimental{
			AccessTokenTTL: Set[Seconds](300), InactiveSessionExpiration: &InactiveSessionExpiration{TTL: 2592000},
			SessionLimit: &SessionLimit{SoftLimit: 50, HardLimit: 100},
		},
	}
	c.HTTP, c.Policy, c.RateLimiting = bundleHTTP(), bundlePolicy(), bundleLimits()
	c.UpstreamOAuth2, c.Clients = bundleProviders(), bundleClients()
	return c
}

func bundleHTTP() *HTTP {
	return &HTTP{
		PublicBase: "https://account.example.com/", Issuer: "https://account.example.com/", TrustedProxies: []string{"10.0.0.0", "fd00::1"},
		Listeners: []Listener{
			{
				Name: "web", Prefix: "/auth", ProxyProtocol: true,
				Resources: []Resource{{Name: ResourceDiscovery}, {Name: ResourceHuman}, {Name: ResourceOAuth}, {Name: ResourceCompat}, {Name: ResourceGraphQL, UndocumentedOAuth2Access: true}, {Name: ResourceAssets, Path: "/assets/"}},
				Binds:     []Bind{{Address: "[::]:8080"}, {Host: "localhost", Port: 8083}, {Socket: "/run/mas.sock", Mode: "0660"}, {FD: Set[uint](1), Kind: FDUnix}},
				TLS:       &TLS{Certificate: TextValue{Inline: block("CERTIFICATE")}, Key: secretText(block("PRIVATE KEY")), Password: secretText("tls-password")},
			},
			{Name: "internal", Resources: []Resource{{Name: ResourceHealth}, {Name: ResourcePrometheus}}, Binds: []Bind{{Address: "0.0.0.0:8081"}}},
		},
	}
}

func bundlePolicy() *Policy {
	return &Policy{Data: &PolicyData{
		AdminUsers: []string{"alice"}, Emails: &EmailPolicy{AllowedAddresses: &Patterns{Suffixes: []string{"@example.com"}}},
		Registration: &RegistrationPolicy{BannedUsernames: &Patterns{Regexes: []string{`^admin\d*$`}, Literals: []string{"null", "0123"}}},
	}}
}

func bundleLimits() *RateLimiting {
	return &RateLimiting{
		Login: &LoginLimits{PerIP: &RateLimit{Burst: 3, PerSecond: 0.05}, PerAccount: &RateLimit{Burst: 1800, PerSecond: 0.5}}, Registration: &RateLimit{Burst: 3, PerSecond: 3.0 / 3600},
	}
}

func bundleProviders() *UpstreamOAuth2 {
	return &UpstreamOAuth2{Providers: []UpstreamProvider{
		{
			ID: "01JSHPZHAXC50QBKH67MH33TNF", Issuer: "https://id.example.com/realms/matrix", HumanName: "Example SSO", ClientID: "matrix-auth", ClientSecret: secretText("upstream-secret"),
			TokenEndpointAuthMethod: AuthClientSecretBasic, Scope: "openid profile email", PKCEMethod: PKCEAlways, OnBackchannelLogout: LogoutAll,
			ClaimsImports: ClaimsImports{
				Subject: SubjectImport{Template: "{{ user.sub }}"}, Localpart: LocalpartImport{Action: ImportRequire, Template: "{{ user.preferred_username | lower }}", OnConflict: ConflictSet},
				Email: ClaimImport{Action: ImportSuggest, Template: "{{ user.email or '' }}"},
			},
			AdditionalAuthorizationParameters: map[string]string{"login_hint": "{{ params.login_hint }}", "kc_idp_hint": "corp"},
		},
		{
			ID: "01K0000000000000000000000A", Issuer: "https://appleid.apple.com", BrandName: "apple", ClientID: "com.example.mas", TokenEndpointAuthMethod: AuthSignInWithApple,
			SignInWithApple: &SignInWithApple{PrivateKey: secretText(block("PRIVATE KEY")), TeamID: "T1", KeyID: "K1"}, ResponseMode: ResponseFormPost,
		},
	}}
}

func bundleClients() []Client {
	return []Client{
		{ClientID: "01J0000000000000000000000C", ClientAuthMethod: AuthClientSecretPost, ClientSecret: secretText("client-secret"), RedirectURIs: []string{"https://tool.example.com/callback"}},
		{ClientID: "01J0000000000000000000000D", ClientAuthMethod: AuthPrivateKeyJWT, ClientName: "Tool", JWKS: map[string]any{"keys": []any{exampleJWK()}}},
	}
}

// exampleJWK is the public key of RFC 7517, appendix A.1.
func exampleJWK() map[string]any {
	return map[string]any{
		"kty": "EC", "crv": "P-256", "kid": "1", "use": "enc",
		"x": "MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4", "y": "4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM",
	}
}
