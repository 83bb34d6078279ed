package mas

import (
	"math"
	"strings"
	"testing"

	"github.com/maskit-dev/maskit"
)

func TestValidateDatabase(t *testing.T) {
	t.Parallel()
	parts := func(d Database) func(*Config) { return func(c *Config) { c.Database = &d } }
	uri := func(text string) func(*Config) {
		return func(c *Config) { c.Database.URI = maskit.NewSecret(text) }
	}
	const both = "postgresql://postgres/mas"
	runRules(t, []rule{
		{"section missing", func(c *Config) { c.Database = nil }, nil},
		{"libpq variables", parts(Database{}), nil},
		{"parts", parts(Database{Host: "postgres", Port: 5432, Username: "mas", Password: inline("pw"), Name: "mas"}), nil},
		{"uri and host", func(c *Config) { c.Database.Host = "postgres" }, only("database.host", "both-set", fails)},
		{"uri and every part", parts(Database{
			URI: maskit.NewSecret(both), Port: 1, Socket: "/run", Username: "mas", Password: inline("pw"), Name: "mas",
		}), []finding{
			{"database.port", "both-set", fails},
			{"database.socket", "both-set", fails},
			{"database.username", "both-set", fails},
			{"database.password", "both-set", fails},
			{"database.database", "both-set", fails},
		}},
		{"uri and password file", parts(Database{URI: maskit.NewSecret(both), Password: file("/pw")}), []finding{
			{"database.password_file", "not-checked", notes},
			{"database.password_file", "both-set", fails},
		}},
		{"host and socket", parts(Database{Host: "postgres", Socket: "/run"}), only("database.socket", "both-set", warns)},
		{"mysql", uri("mysql://mas@db/mas"), only("database.uri", "uri-scheme", fails)},
		{"password not encoded", uri("postgresql://mas:a%zz@db/mas"), only("database.uri", "uri-invalid", fails)},
		{"hash in password", uri("postgresql://mas:a#b@db/mas"), only("database.uri", "uri-invalid", fails)},
		{"hash at the end", uri("postgresql://mas:pw@db/mas#1"), only("database.uri", "uri-invalid", fails)},
		{"uri empty", uri(""), only("database.uri", "empty", fails)},
		{"uri is a file", uri("file:///etc/mas/uri"), only("database.uri", "placeholder", fails)},
		{"ssl mode unknown", func(c *Config) { c.Database.SSLMode = "verify_full" }, only("database.ssl_mode", "unknown-value", fails)},
		{"key without certificate", func(c *Config) { c.Database.SSLKey = file("/key") }, []finding{
			{"database.ssl_key_file", "not-checked", notes},
			{"database.ssl_certificate", "required", fails},
		}},
		{"certificate without key", func(c *Config) { c.Database.SSLCertificate = TextValue{File: "/cert"} }, []finding{
			{"database.ssl_certificate_file", "not-checked", notes},
			{"database.ssl_key", "required", fails},
		}},
		{"authority no certificate", func(c *Config) { c.Database.SSLCA = TextValue{Inline: "none"} }, only("database.ssl_ca", "certificate-invalid", fails)},
		{"pool empty", func(c *Config) { c.Database.MaxConnections = Set[uint32](0) }, only("database.max_connections", "pool-too-small", fails)},
		{"pool of one", func(c *Config) { c.Database.MaxConnections = Set[uint32](1) }, only("database.max_connections", "pool-too-small", fails)},
		{"pool of two", func(c *Config) { c.Database.MaxConnections = Set[uint32](2) }, nil},
		{"pool range", func(c *Config) { c.Database.MinConnections = 11 }, only("database.min_connections", "limit-order", fails)},
		{"no time to connect", func(c *Config) { c.Database.ConnectTimeout = Set[Seconds](0) }, only("database.connect_timeout", "out-of-range", fails)},
	})
}

func TestValidateMatrix(t *testing.T) {
	t.Parallel()
	secret := func(text string) func(*Config) { return func(c *Config) { c.Matrix.Secret = inline(text) } }
	runRules(t, []rule{
		{"server name missing", func(c *Config) { c.Matrix.Homeserver = "" }, only("matrix.homeserver", "required", fails)},
		{"server name is a URL", func(c *Config) { c.Matrix.Homeserver = "https://example.com" }, only("matrix.homeserver", "server-name-is-url", fails)},
		{"server name malformed", func(c *Config) { c.Matrix.Homeserver = "exam ple" }, only("matrix.homeserver", "server-name-invalid", fails)},
		{"kind unknown", func(c *Config) { c.Matrix.Kind = "dendrite" }, only("matrix.kind", "unknown-value", fails)},
		{"kind absent", func(c *Config) { c.Matrix.Kind = "" }, nil},
		{"kind legacy", func(c *Config) { c.Matrix.Kind = HomeserverSynapseLegacy }, only("matrix.kind", "kind-legacy", warns)},
		{"kind read only", func(c *Config) { c.Matrix.Kind = HomeserverSynapseReadOnly }, only("matrix.kind", "kind-read-only", warns)},
		{"secret missing", func(c *Config) { c.Matrix.Secret = SecretValue{} }, only("matrix.secret", "required", fails)},
		{"secret twice", func(c *Config) { c.Matrix.Secret.File = "/secret" }, only("matrix.secret", "both-set", fails)},
		{"secret empty", secret(""), only("matrix.secret", "empty", fails)},
		{"secret with newline", secret(testSecret() + "\n" + testSecret()), only("matrix.secret", "secret-control-character", fails)},
		{"secret with space", secret(testSecret() + " "), only("matrix.secret", "secret-space", fails)},
		{"secret short", secret("short"), only("matrix.secret", "secret-short", warns)},
		{"secret by URI", secret("file:///run/secrets/shared"), only("matrix.secret", "placeholder", fails)},
		{"secret of a guide", secret("LOADED_FROM_SECRET"), only("matrix.secret", "placeholder", fails)},
		{"endpoint absent", func(c *Config) { c.Matrix.Endpoint = "" }, nil},
		{"endpoint no URL", func(c *Config) { c.Matrix.Endpoint = "synapse:8008" }, only("matrix.endpoint", "url-invalid", fails)},
		{"endpoint without slash", func(c *Config) { c.Matrix.Endpoint = "http://synapse:8008/path" }, only("matrix.endpoint", "url-no-slash", fails)},
		{"endpoint with query", func(c *Config) { c.Matrix.Endpoint = "http://synapse:8008/?a" }, only("matrix.endpoint", "url-query", fails)},
	})
}

func TestValidatePasswords(t *testing.T) {
	t.Parallel()
	const first = "passwords.schemes[0]"
	runRules(t, []rule{
		{"section missing", func(c *Config) { c.Passwords = nil }, nil},
		{"disabled and wrong", func(c *Config) {
			*c.Passwords = Passwords{Enabled: Set(false), Schemes: []PasswordScheme{{}}}
			*c.Account, c.Captcha = Account{}, nil
		}, nil},
		{"schemes absent", func(c *Config) { c.Passwords.Schemes = nil }, nil},
		{"schemes empty", func(c *Config) { c.Passwords.Schemes = []PasswordScheme{} }, only("passwords.schemes", "required", fails)},
		{"version missing", func(c *Config) { c.Passwords.Schemes[0].Version = 0 }, only(first+".version", "required", fails)},
		{"version twice", func(c *Config) { c.Passwords.Schemes[1].Version = 1 }, only("passwords.schemes[1].version", "duplicate", fails)},
		{"algorithm missing", func(c *Config) { c.Passwords.Schemes[1].Algorithm = "" }, only("passwords.schemes[1].algorithm", "required", fails)},
		{"algorithm unknown", func(c *Config) { c.Passwords.Schemes[1].Algorithm = "scrypt" }, only("passwords.schemes[1].algorithm", "unknown-value", fails)},
		{"cost of argon2id", func(c *Config) { c.Passwords.Schemes[1].Cost = Set[uint32](12) }, only("passwords.schemes[1].cost", "not-allowed", fails)},
		{"cost 3", func(c *Config) { c.Passwords.Schemes[0].Cost = Set[uint32](3) }, only(first+".cost", "out-of-range", fails)},
		{"cost 32", func(c *Config) { c.Passwords.Schemes[0].Cost = Set[uint32](32) }, only(first+".cost", "out-of-range", fails)},
		{"pepper twice", func(c *Config) { c.Passwords.Schemes[0].Secret.File = "/pepper" }, only(first+".secret", "both-set", fails)},
		{"pepper empty", func(c *Config) { c.Passwords.Schemes[0].Secret = inline("") }, only(first+".secret", "empty", fails)},
		{"complexity 5", func(c *Config) { c.Passwords.MinimumComplexity = Set[uint8](5) }, only("passwords.minimum_complexity", "out-of-range", fails)},
		{"complexity 0", func(c *Config) { c.Passwords.MinimumComplexity = Set[uint8](0) }, nil},
	})
}

func TestValidateAccount(t *testing.T) {
	t.Parallel()
	runRules(t, []rule{
		{"section missing", func(c *Config) { c.Account, c.Captcha = nil, nil }, nil},
		{"recovery without mail", func(c *Config) {
			c.Email = nil
			*c.Account = Account{PasswordRecoveryEnabled: true}
			c.Captcha = nil
		}, only("account.password_recovery_enabled", "needs-email", fails)},
		{"registration without mail", func(c *Config) {
			c.Email = &Email{Transport: EmailBlackhole}
			c.Account.PasswordRecoveryEnabled = false
		}, only("account.password_registration_enabled", "needs-email", fails)},
		{"registration without address", func(c *Config) {
			c.Email = nil
			*c.Account = Account{PasswordRegistrationEnabled: true, PasswordRegistrationEmailRequired: Set(false)}
		}, nil},
		{"token without registration", func(c *Config) {
			*c.Account = Account{PasswordRegistrationTokenRequired: true}
			c.Captcha = nil
		}, only("account.password_registration_token_required", "no-effect", warns)},
		{"token for all", func(c *Config) { c.Account.RegistrationTokenRequired = true }, only("account.registration_token_required", "deprecated", warns)},
		{"without passwords", func(c *Config) {
			c.Passwords.Enabled = Set(false)
			*c.Account = Account{PasswordRegistrationEnabled: true, PasswordRecoveryEnabled: true, PasswordRegistrationTokenRequired: true, LoginWithEmailAllowed: true}
			c.Captcha = nil
		}, []finding{
			{"account.password_registration_enabled", "no-effect", warns},
			{"account.password_recovery_enabled", "no-effect", warns},
			{"account.password_registration_token_required", "no-effect", warns},
			{"account.login_with_email_allowed", "no-effect", warns},
		}},
		{"no way in", func(c *Config) {
			*c.Passwords, *c.Account, c.Captcha = Passwords{Enabled: Set(false)}, Account{}, nil
			c.UpstreamOAuth2.Providers[0].Enabled = Set(false)
		}, only("upstream_oauth2.providers", "no-login", warns)},
		{"no way in at all", func(c *Config) {
			*c.Passwords, *c.Account, c.Captcha = Passwords{Enabled: Set(false)}, Account{}, nil
			c.UpstreamOAuth2 = nil
		}, only("upstream_oauth2.providers", "no-login", warns)},
	})
}

func TestValidateEmail(t *testing.T) {
	t.Parallel()
	quiet := func(e Email) func(*Config) {
		return func(c *Config) {
			c.Email = &e
			*c.Account, c.Captcha = Account{}, nil
		}
	}
	runRules(t, []rule{
		{"section missing", func(c *Config) { c.Email = nil; *c.Account, c.Captcha = Account{}, nil }, nil},
		{"transport missing", quiet(Email{}), only("email.transport", "required", fails)},
		{"transport unknown", quiet(Email{Transport: "ses"}), only("email.transport", "unknown-value", fails)},
		{"blackhole", quiet(Email{Transport: EmailBlackhole}), nil},
		{"blackhole with server", quiet(Email{Transport: EmailBlackhole, Hostname: "smtp"}), only("email.hostname", "no-effect", warns)},
		{"from malformed", func(c *Config) { c.Email.From = "noreply" }, only("email.from", "mailbox-invalid", fails)},
		{"from two", func(c *Config) { c.Email.From = "a@example.com, b@example.com" }, only("email.from", "mailbox-invalid", fails)},
		{"reply_to malformed", func(c *Config) { c.Email.ReplyTo = "<help" }, only("email.reply_to", "mailbox-invalid", fails)},
		{"from absent", func(c *Config) { c.Email.From = "" }, only("email.from", "sender-default", warns)},
		{"mode missing", func(c *Config) { c.Email.Mode = "" }, only("email.mode", "required", fails)},
		{"mode unknown", func(c *Config) { c.Email.Mode = "ssl" }, only("email.mode", "unknown-value", fails)},
		{"host missing", func(c *Config) { c.Email.Hostname = "" }, only("email.hostname", "required", fails)},
		{"host with port", func(c *Config) { c.Email.Hostname = "smtp.example.com:465" }, only("email.hostname", "host-invalid", fails)},
		{"user without password", func(c *Config) { c.Email.Password = SecretValue{} }, only("email.password", "required", fails)},
		{"password without user", func(c *Config) { c.Email.Username = "" }, only("email.username", "required", fails)},
		{"no login", func(c *Config) { c.Email.Username, c.Email.Password = "", SecretValue{} }, nil},
		{"password in the clear", func(c *Config) { c.Email.Mode = SMTPPlain }, only("email.mode", "plain-password", warns)},
		{"command with smtp", func(c *Config) { c.Email.Command = "sendmail" }, only("email.command", "not-allowed", fails)},
		{"sendmail", quiet(Email{Transport: EmailSendmail, From: "a@example.com", Command: "sendmail"}), nil},
		{"sendmail without command", quiet(Email{Transport: EmailSendmail, From: "a@example.com"}), only("email.command", "required", fails)},
		{"sendmail with smtp keys", quiet(Email{
			Transport: EmailSendmail, From: "a@example.com", Command: "sendmail",
			Mode: SMTPTLS, Hostname: "smtp", Port: 25, Username: "mas", Password: inline("pw"),
		}), []finding{
			{"email.mode", "not-allowed", fails},
			{"email.hostname", "not-allowed", fails},
			{"email.port", "not-allowed", fails},
			{"email.username", "not-allowed", fails},
			{"email.password", "not-allowed", fails},
		}},
	})
}

func TestValidateCaptcha(t *testing.T) {
	t.Parallel()
	runRules(t, []rule{
		{"section missing", func(c *Config) { c.Captcha = nil }, nil},
		{"section empty", func(c *Config) { c.Captcha = &Captcha{} }, nil},
		{"service missing", func(c *Config) { c.Captcha.Service = "" }, only("captcha", "no-effect", warns)},
		{"service unknown", func(c *Config) { c.Captcha.Service = "recaptcha" }, only("captcha.service", "unknown-value", fails)},
		{"keys missing", func(c *Config) { *c.Captcha = Captcha{Service: CloudflareTurnstile} }, []finding{
			{"captcha.site_key", "required", fails},
			{"captcha.secret_key", "required", fails},
		}},
		{"dummy keys", func(c *Config) {
			c.Captcha.SiteKey, c.Captcha.SecretKey = "your-site-key", maskit.NewSecret("CHANGEME")
		}, []finding{
			{"captcha.site_key", "placeholder", warns},
			{"captcha.secret_key", "placeholder", warns},
		}},
		{"secret key by URI", func(c *Config) { c.Captcha.SecretKey = maskit.NewSecret("file:///k") }, only("captcha.secret_key", "placeholder", fails)},
		{"secret key empty", func(c *Config) { c.Captcha.SecretKey = maskit.NewSecret("") }, only("captcha.secret_key", "empty", fails)},
		{"no registration to guard", func(c *Config) { *c.Account = Account{} }, only("captcha", "no-effect", warns)},
	})
}

func TestValidateRateLimits(t *testing.T) {
	t.Parallel()
	for _, place := range []struct {
		path string
		set  func(*RateLimiting, *RateLimit)
	}{
		{"registration", func(r *RateLimiting, l *RateLimit) { r.Registration = l }},
		{"account_recovery.per_ip", func(r *RateLimiting, l *RateLimit) { r.AccountRecovery = &AccountRecoveryLimits{PerIP: l} }},
		{"account_recovery.per_address", func(r *RateLimiting, l *RateLimit) { r.AccountRecovery = &AccountRecoveryLimits{PerAddress: l} }},
		{"login.per_ip", func(r *RateLimiting, l *RateLimit) { r.Login = &LoginLimits{PerIP: l} }},
		{"login.per_account", func(r *RateLimiting, l *RateLimit) { r.Login = &LoginLimits{PerAccount: l} }},
		{"email_authentication.per_ip", func(r *RateLimiting, l *RateLimit) {
			r.EmailAuthentication = &EmailAuthenticationLimits{PerIP: l}
		}},
		{"email_authentication.per_address", func(r *RateLimiting, l *RateLimit) {
			r.EmailAuthentication = &EmailAuthenticationLimits{PerAddress: l}
		}},
		{"email_authentication.emails_per_session", func(r *RateLimiting, l *RateLimit) {
			r.EmailAuthentication = &EmailAuthenticationLimits{EmailsPerSession: l}
		}},
		{"email_authentication.attempt_per_session", func(r *RateLimiting, l *RateLimit) {
			r.EmailAuthentication = &EmailAuthenticationLimits{AttemptPerSession: l}
		}},
	} {
		limit := func(burst uint32, rate float64) func(*Config) {
			return func(c *Config) { place.set(c.RateLimiting, &RateLimit{Burst: burst, PerSecond: rate}) }
		}
		burst, rate := "rate_limiting."+place.path+".burst", "rate_limiting."+place.path+".per_second"
		t.Run(place.path, func(t *testing.T) {
			t.Parallel()
			runRules(t, []rule{
				{"good", limit(1, 1.0/3600), nil},
				{"largest", limit(1, 1e9), nil},
				{"no burst", limit(0, 1), only(burst, "required", fails)},
				{"no rate", limit(1, 0), only(rate, "required", fails)},
				{"negative", limit(1, -1), only(rate, "out-of-range", fails)},
				{"too large", limit(1, 2e9), only(rate, "out-of-range", fails)},
				{"infinite", limit(1, math.Inf(1)), only(rate, "out-of-range", fails)},
				{"not a number", limit(1, math.NaN()), only(rate, "out-of-range", fails)},
				{"too small", limit(1, 1e-12), only(rate, "out-of-range", fails)},
				{"bucket that never fills", limit(math.MaxUint32, 1e-3), only(rate, "out-of-range", fails)},
			})
		})
	}
}

func TestValidateTelemetry(t *testing.T) {
	t.Parallel()
	dsn := func(text string) func(*Config) {
		return func(c *Config) { c.Telemetry.Sentry.DSN = maskit.NewSecret(text) }
	}
	runRules(t, []rule{
		{"exporter unknown", func(c *Config) { c.Telemetry.Tracing.Exporter = "zipkin" }, []finding{
			{"telemetry.tracing.exporter", "unknown-value", fails},
			{"telemetry.tracing.endpoint", "no-effect", warns},
		}},
		{"propagator unknown", func(c *Config) { c.Telemetry.Tracing.Propagators[0] = "b3" }, only("telemetry.tracing.propagators[0]", "unknown-value", fails)},
		{"metrics exporter unknown", func(c *Config) { c.Telemetry.Metrics.Exporter = "statsd" }, []finding{
			{"telemetry.metrics.exporter", "unknown-value", fails},
			{"http.listeners[1].resources[1].name", "metrics-not-exported", fails},
		}},
		{"endpoint default", func(c *Config) { c.Telemetry.Tracing.Endpoint = "" }, only("telemetry.tracing.endpoint", "endpoint-default", notes)},
		{"endpoint malformed", func(c *Config) { c.Telemetry.Tracing.Endpoint = "otel:4318" }, only("telemetry.tracing.endpoint", "url-invalid", fails)},
		{"endpoint with a password", func(c *Config) { c.Telemetry.Tracing.Endpoint = "https://u:p@otel:4318" }, only("telemetry.tracing.endpoint", "url-userinfo", fails)},
		{"endpoint unused", func(c *Config) { c.Telemetry.Metrics.Endpoint = "http://otel:4318" }, only("telemetry.metrics.endpoint", "no-effect", warns)},
		{"trace rate 2", func(c *Config) { c.Telemetry.Tracing.SampleRate = Set(2.0) }, only("telemetry.tracing.sample_rate", "out-of-range", fails)},
		{"trace rate not a number", func(c *Config) { c.Telemetry.Tracing.SampleRate = Set(math.NaN()) }, only("telemetry.tracing.sample_rate", "out-of-range", fails)},
		{"sentry rate -1", func(c *Config) { c.Telemetry.Sentry.SampleRate = Set(-1.0) }, only("telemetry.sentry.sample_rate", "out-of-range", fails)},
		{"sentry trace rate 1.1", func(c *Config) { c.Telemetry.Sentry.TracesSampleRate = Set(1.1) }, only("telemetry.sentry.traces_sample_rate", "out-of-range", fails)},
		{"dsn empty", dsn(""), only("telemetry.sentry.dsn", "empty", fails)},
		{"dsn without key", dsn("https://sentry.example.com/1"), only("telemetry.sentry.dsn", "dsn-invalid", fails)},
		{"dsn without project", dsn("https://key@sentry.example.com/"), only("telemetry.sentry.dsn", "dsn-invalid", fails)},
		{"dsn malformed", dsn("sentry"), only("telemetry.sentry.dsn", "dsn-invalid", fails)},
		{"dsn of a guide", dsn("<dsn>"), only("telemetry.sentry.dsn", "placeholder", fails)},
	})
}

func TestValidateOtherSections(t *testing.T) {
	t.Parallel()
	const limit = "experimental.session_limit"
	runRules(t, []rule{
		{"policy_uri relative", func(c *Config) { c.Branding.PolicyURI = "/privacy" }, only("branding.policy_uri", "url-invalid", fails)},
		{"tos_uri http", func(c *Config) { c.Branding.TOSURI = "http://example.com/" }, only("branding.tos_uri", "url-not-https", warns)},
		{"logo_uri", func(c *Config) { c.Branding.LogoURI = "https://example.com/logo" }, only("branding.logo_uri", "unsupported-by-version", fails)},
		{"access token too short", func(c *Config) { c.Experimental.AccessTokenTTL = Set[Seconds](59) }, only("experimental.access_token_ttl", "out-of-range", fails)},
		{"access token shortest", func(c *Config) { c.Experimental.AccessTokenTTL = Set[Seconds](60) }, nil},
		{"compat token longest", func(c *Config) { c.Experimental.CompatTokenTTL = Set[Seconds](86400) }, nil},
		{"compat token too long", func(c *Config) { c.Experimental.CompatTokenTTL = Set[Seconds](86401) }, only("experimental.compat_token_ttl", "out-of-range", fails)},
		{"idle too short", func(c *Config) { c.Experimental.InactiveSessionExpiration.TTL = 599 }, only("experimental.inactive_session_expiration.ttl", "out-of-range", fails)},
		{"idle too long", func(c *Config) { c.Experimental.InactiveSessionExpiration.TTL = 7776001 }, only("experimental.inactive_session_expiration.ttl", "out-of-range", fails)},
		{"iframe malformed", func(c *Config) { c.Experimental.PlanManagementIframeURI = "plans" }, only("experimental.plan_management_iframe_uri", "url-invalid", fails)},
		{"soft limit missing", func(c *Config) { c.Experimental.SessionLimit.SoftLimit = 0 }, only(limit+".soft_limit", "required", fails)},
		{"hard limit missing", func(c *Config) { c.Experimental.SessionLimit.HardLimit = 0 }, only(limit+".hard_limit", "required", fails)},
		{"hard below soft", func(c *Config) { c.Experimental.SessionLimit.HardLimit = 9 }, only(limit+".hard_limit", "limit-order", fails)},
		{"eviction of the only session", func(c *Config) {
			*c.Experimental.SessionLimit = SessionLimit{SoftLimit: 1, HardLimit: 1, DangerousHardLimitEviction: true}
		}, only(limit+".hard_limit", "limit-order", fails)},
		{"threshold 0", func(c *Config) { c.Experimental.SessionLimit.MaxSessionThreshold = Set[uint64](0) }, only(limit+".max_session_threshold", "out-of-range", fails)},
	})
}

func TestValidateSecretsNeverShow(t *testing.T) {
	t.Parallel()
	const canary = "canary-7d1f"
	for _, wrong := range []string{"", "\n", " ", "%zz", "#", "://", "file://", "-----BEGIN PRIVATE KEY-----\n"} {
		secret := SecretValue{Inline: maskit.NewSecret(wrong + canary + wrong), File: ""}
		c := validConfig(t)
		c.Database.URI, c.Captcha.SecretKey, c.Telemetry.Sentry.DSN = secret.Inline, secret.Inline, secret.Inline
		c.Database.SSLKey, c.Database.Password = secret, secret
		c.Matrix.Secret, c.Email.Password = secret, secret
		c.Secrets = Secrets{Encryption: secret, Keys: []SigningKey{{Key: secret, Password: secret}}}
		c.Passwords.Schemes[0].Secret = secret
		c.Clients[0].ClientSecret = secret
		c.HTTP.Listeners[0].TLS = &TLS{Key: secret, Password: secret}
		p := &c.UpstreamOAuth2.Providers[0]
		p.ClientSecret = secret
		p.TokenEndpointAuthMethod, p.SignInWithApple = AuthSignInWithApple, &SignInWithApple{PrivateKey: secret}
		got := c.Validate(ValidateOptions{})
		if len(got.Only(fails)) < 5 {
			t.Fatalf("too few problems: %s", got)
		}
		if strings.Contains(got.String(), canary) {
			t.Fatalf("a problem shows a secret: %s", got)
		}
	}
}
