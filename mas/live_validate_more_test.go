package mas_test

import (
	"crypto/elliptic"
	"path/filepath"
	"strconv"
	"strings"
)

func itoa(i int) string { return strconv.Itoa(i) }

func upstreamMistakes(m *liveMAS) []mistake {
	row := func(name string, c change, at stage, says, path, code string) mistake {
		return mistake{name: "provider " + name, change: c, stage: at, says: says, path: idp + path, code: code}
	}
	id := func(name, id string, at stage, says string) mistake {
		return row("id "+name, set(idp+".id", id), at, says, ".id", "ulid-invalid")
	}
	localpart := func(key, value string) change { return set(idp+".claims_imports.localpart."+key, value) }
	skip := set(idp+".claims_imports.skip_confirmation", true)
	method := func(name string) change { return set(idp+".token_endpoint_auth_method", name) }
	apple := map[string]any{"team_id": "ABCDE12345", "key_id": "ABCDE12345", "private_key": m.ecKey.PEM().Reveal()}
	bothApple := map[string]any{"private_key_file": missing}
	for key, value := range apple {
		bothApple[key] = value
	}
	noSecret := set(idp+".client_secret", nil)
	twice := func(s *sandbox) {
		list := s.doc["upstream_oauth2"].(map[string]any)["providers"].([]any)
		set("upstream_oauth2.providers[1]", list[0])(s)
	}
	return []mistake{
		row("without method", set(idp+".token_endpoint_auth_method", nil), atCheck, "token_endpoint_auth_method", ".token_endpoint_auth_method", "required"),
		row("without secret", noSecret, atCheck, "client_secret", ".client_secret", "required"),
		row("with a superfluous secret", method("none"), atCheck, "client_secret", ".client_secret", "not-allowed"),
		row("without alg", all(method("private_key_jwt"), noSecret), atCheck, "token_endpoint_auth_signing_alg", ".token_endpoint_auth_signing_alg", "required"),
		row("with a superfluous alg", set(idp+".token_endpoint_auth_signing_alg", "RS256"), atCheck, "token_endpoint_auth_signing_alg", ".token_endpoint_auth_signing_alg", "not-allowed"),
		row("without issuer", set(idp+".issuer", nil), atCheck, "issuer", ".issuer", "required"),
		row("without client id", set(idp+".client_id", nil), atCheck, "client_id", ".client_id", "required"),
		row("skips with force", all(skip, localpart("action", "force")), atCheck, "skip_confirmation", ".claims_imports.localpart.action", "needs-action"),
		row("skips with a suggested name", all(skip, set(idp+".claims_imports.displayname.action", "suggest")), atCheck, "skip_confirmation", ".claims_imports.displayname.action", "needs-action"),
		row("skips with a suggested address", all(skip, set(idp+".claims_imports.email.action", "suggest")), atCheck, "skip_confirmation", ".claims_imports.email.action", "needs-action"),
		row("links with suggest", all(localpart("action", "suggest"), localpart("on_conflict", "set")), atCheck, "on_conflict", ".claims_imports.localpart.on_conflict", "needs-action"),
		{name: "upstream section empty", change: set("upstream_oauth2", map[string]any{}), stage: atCheck, says: "providers", path: "upstream_oauth2.providers", code: "required"},
		row("Apple without its key", all(method("sign_in_with_apple"), noSecret), atCheck, "sign_in_with_apple", ".sign_in_with_apple", "required"),
		row("not Apple with its key", set(idp+".sign_in_with_apple", apple), atCheck, "sign_in_with_apple", ".sign_in_with_apple", "not-allowed"),

		row("scope with two spaces", set(idp+".scope", "openid  email"), atBoot, "Invalid scope format", ".scope", "scope-invalid"),
		row("scope with a space at the end", set(idp+".scope", "openid "), atBoot, "Invalid scope format", ".scope", "scope-invalid"),
		row("scope with a quote", set(idp+".scope", `openid "email"`), atBoot, "Invalid scope format", ".scope", "scope-invalid"),

		{name: "provider twice", change: twice, stage: atUse, path: "upstream_oauth2.providers[1].id", code: "duplicate"},
		row("without endpoints", all(set(idp+".discovery_mode", "disabled"), set(idp+".issuer", nil)), atUse, "", ".authorization_endpoint", "required"),
		row("issuer malformed", set(idp+".issuer", "sso"), atUse, "", ".issuer", "url-invalid"),
		row("issuer http", set(idp+".issuer", "http://127.0.0.1:1/"), atUse, "", ".issuer", "url-not-https"),
		row("alg in lower case", set(idp+".id_token_signed_response_alg", "rs256"), atUse, "", ".id_token_signed_response_alg", "unknown-value"),
		row("alg that cannot be verified", set(idp+".id_token_signed_response_alg", "EdDSA"), atUse, "", ".id_token_signed_response_alg", "alg-unverifiable"),
		row("template syntax", localpart("template", "{{ user.name"), atUse, "", ".claims_imports.localpart.template", "template-invalid"),
		row("template filter", localpart("template", "{{ user.name | slugify }}"), atUse, "", ".claims_imports.localpart.template", "template-invalid"),
		row("both Apple keys", all(method("sign_in_with_apple"), noSecret, set(idp+".sign_in_with_apple", bothApple)), atUse, "", ".sign_in_with_apple.private_key", "both-set"),

		id("of 25", "01J0000000000000000000001", atCheck, "invalid length"),
		id("with U", "01JU0000000000000000000001", atCheck, "invalid character"),
		id("too large", "81J00000000000000000000009", atUse, ""),
		id("in lower case", "01j00000000000000000000001", atUse, ""),
	}
}

func clientMistakes() []mistake {
	method := func(name string) change { return set(client+".client_auth_method", name) }
	noSecret := set(client+".client_secret", nil)
	jwks := func(key map[string]any) change {
		return all(method("private_key_jwt"), noSecret, set(client+".jwks", map[string]any{"keys": []any{key}}))
	}
	row := func(name string, c change, says, path, code string) mistake {
		return mistake{name: "client " + name, change: c, stage: atCheck, says: says, path: client + path, code: code}
	}
	point := map[string]any{"kty": "EC", "crv": "P-256", "x": "MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4", "y": "4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM"}
	private := map[string]any{"d": "870MB6gfuTJ4HtUnUvYMyJpr5eUZNP4Bk43bVdj3eAE"}
	for name, value := range point {
		private[name] = value
	}
	return []mistake{
		row("without secret", noSecret, "client_secret is required", ".client_secret", "required"),
		row("with a superfluous secret", method("none"), "client_secret is not allowed", ".client_secret", "not-allowed"),
		row("without method", set(client+".client_auth_method", nil), "client_auth_method", ".client_auth_method", "required"),
		row("with the method of Apple", all(method("sign_in_with_apple"), noSecret), "unknown variant", ".client_auth_method", "unknown-value"),
		row("without keys", all(method("private_key_jwt"), noSecret), "jwks or jwks_uri is required", ".jwks", "required"),
		row("with keys twice", all(jwks(point), set(client+".jwks_uri", "https://app.example.com/jwks")), "mutually exclusive", ".jwks", "both-set"),
		row("with superfluous keys", set(client+".jwks_uri", "https://app.example.com/jwks"), "jwks_uri is not allowed", ".jwks_uri", "not-allowed"),
		row("with a symmetric key", jwks(map[string]any{"kty": "oct", "k": "AAAA"}), "", ".jwks.keys[0]", "jwks-private-key"),
		row("redirected to a path", set(client+".redirect_uris", []any{"/callback"}), "relative URL without a base", ".redirect_uris[0]", "url-invalid"),
		row("id no ULID", set(client+".client_id", "0000000000000000000SYNAPS"), "invalid length", ".client_id", "ulid-invalid"),
		{name: "client with a private key", change: jwks(private), stage: atUse, path: client + ".jwks.keys[0]", code: "jwks-private-key"},
		{name: "client twice", change: func(s *sandbox) { set("clients[1]", s.doc["clients"].([]any)[0])(s) }, stage: atUse, path: "clients[1].client_id", code: "duplicate"},
	}
}

func mailMistakes() []mistake {
	smtp := func(changes map[string]any) change {
		section := map[string]any{"transport": "smtp", "mode": "plain", "hostname": "127.0.0.1", "from": "mas@example.com"}
		for key, value := range changes {
			section[key] = value
		}
		return set("email", section)
	}
	row := func(name string, c change, at stage, says, path, code string) mistake {
		return mistake{name: "email " + name, change: c, stage: at, says: says, path: "email." + path, code: code}
	}
	return []mistake{
		row("without transport", set("email", map[string]any{"from": "mas@example.com"}), atCheck, "missing field", "transport", "required"),
		row("user without password", smtp(map[string]any{"username": "mas"}), atCheck, "missing field", "password", "required"),
		row("password without user", smtp(map[string]any{"password": "pw"}), atCheck, "missing field", "username", "required"),
		row("nested", set("email", map[string]any{"transport": "smtp", "smtp": map[string]any{"hostname": "127.0.0.1"}}), atCheck, "missing field", "smtp", "unknown-key"),
		row("without mode", set("email", map[string]any{"transport": "smtp", "hostname": "127.0.0.1"}), atCheck, "missing field", "mode", "required"),
		row("without host", set("email", map[string]any{"transport": "smtp", "mode": "tls"}), atCheck, "missing field", "hostname", "required"),
		row("command with smtp", smtp(map[string]any{"command": "sendmail"}), atCheck, "command", "command", "not-allowed"),
		row("sendmail without command", set("email", map[string]any{"transport": "sendmail"}), atCheck, "missing field", "command", "required"),
		row("sendmail with host", set("email", map[string]any{"transport": "sendmail", "command": "sendmail", "hostname": "a"}), atCheck, "hostname", "hostname", "not-allowed"),
		row("from malformed", smtp(map[string]any{"from": "noreply"}), atCheck, "", "from", "mailbox-invalid"),
		row("from malformed, unused", set("email.from", "noreply"), atBoot, "invalid 'from' address", "from", "mailbox-invalid"),
		row("reply_to malformed, unused", set("email.reply_to", "noreply"), atBoot, "invalid 'reply_to' address", "reply_to", "mailbox-invalid"),
	}
}

func passwordMistakes() []mistake {
	captcha := func(service string, at stage, says string) mistake {
		return mistake{name: service + " without keys", change: set("captcha.service", service), stage: at, says: says, path: "captcha.site_key", code: "required"}
	}
	scheme := func(version int) map[string]any { return map[string]any{"version": version, "algorithm": "argon2id"} }
	return []mistake{
		{name: "no scheme", change: set("passwords.schemes", []any{}), stage: atCheck, says: "Requires at least one password scheme", path: "passwords.schemes", code: "required"},
		{name: "scheme twice", change: set("passwords.schemes[1]", scheme(1)), stage: atBoot, says: "same versions", path: "passwords.schemes[1].version", code: "duplicate"},
		{name: "scheme without version", change: set("passwords.schemes[0].version", nil), stage: atCheck, says: "missing field", path: "passwords.schemes[0].version", code: "required"},
		captcha("recaptcha_v2", atCheck, "missing field"),
		captcha("hcaptcha", atBoot, "missing site key"),
		captcha("cloudflare_turnstile", atBoot, "missing site key"),
		{name: "captcha without secret key", change: set("captcha", map[string]any{"service": "hcaptcha", "site_key": "5d0f"}), stage: atBoot, says: "missing secret key", path: "captcha.secret_key", code: "required"},
		{
			name: "captcha with dummy keys", change: all(set("captcha", map[string]any{"service": "hcaptcha", "site_key": "your-site-key", "secret_key": "changeme"})),
			stage: atUse, path: "captcha.site_key", code: "placeholder", warns: true,
		},
	}
}

func rateMistakes() []mistake {
	rate := func(name, path string, burst, rate any, at stage, says, key, code string) mistake {
		return mistake{
			name: "rate " + name, change: set("rate_limiting."+path, map[string]any{"burst": burst, "per_second": rate}),
			stage: at, says: says, path: "rate_limiting." + path + "." + key, code: code,
		}
	}
	const invalid = "rate-limiting configuration is not valid"
	return []mistake{
		rate("0", "registration", 1, 0.0, atCheck, "per_second", "per_second", "required"),
		rate("negative", "login.per_ip", 1, -1.0, atCheck, "", "per_second", "out-of-range"),
		rate("too large", "login.per_account", 1, 2e9, atCheck, "", "per_second", "out-of-range"),
		rate("burst 0", "account_recovery.per_ip", 0, 1.0, atCheck, "", "burst", "required"),
		rate("tiny", "registration", 1, 1e-12, atBoot, "", "per_second", "out-of-range"),
		rate("tiny for its burst", "registration", 4294967295, 0.1, atUse, "", "per_second", "out-of-range"),
		rate("0 of e-mails", "email_authentication.per_ip", 1, 0.0, atBoot, invalid, "per_second", "required"),
		rate("too large of e-mails", "email_authentication.emails_per_session", 1, 1e10, atBoot, invalid, "per_second", "out-of-range"),
	}
}

func policyMistakes() []mistake {
	row := func(path, says string) mistake {
		return mistake{name: "missing " + path, change: set(path, missing), stage: atBoot, says: says, path: path, code: "file-missing"}
	}
	return []mistake{
		row("policy.wasm_module", notFound),
		row("templates.path", ""),
		row("templates.assets_manifest", ""),
		row("templates.translations_path", ""),
		{name: "entrypoint unknown", change: set("policy.register_entrypoint", "register/nothing"), stage: atBoot, says: "entrypoint", path: "policy.register_entrypoint", code: "entrypoint-unknown"},
		{name: "policy data that is a list", change: set("policy.data", []any{"a"}), stage: atBoot, path: "policy.data", code: "wrong-type"},
	}
}

// policyData is handed to the policy as it is: what is wrong with it switches rules off.
func policyData() []mistake {
	row := func(path string, value any, code string) mistake {
		return mistake{name: path, change: set("policy.data."+path, value), stage: atUse, path: "policy.data." + path, code: code}
	}
	return []mistake{
		row("admin_clients", "alice", "wrong-type"),
		row("admin_users[0]", "@alice:example.com", "username-invalid"),
		row("registration.banned_usernames.regexes[0]", "(?=a)", "regex-invalid"),
		row("registration.allowed_usernames", map[string]any{}, "allows-nothing"),
		row("registration.enabled", false, "unknown-key"),
		row("requester.banned_ips[0]", "10.0.0.0/33", "network-invalid"),
		row("allowed_domains", []any{}, "allows-nothing"),
	}
}

func databaseMistakes() []mistake {
	row := func(name string, c change, at stage, says, path, code string) mistake {
		return mistake{name: "database " + name, change: c, stage: at, says: says, path: "database." + path, code: code}
	}
	mysql := func(s *sandbox) {
		uri := s.doc["database"].(map[string]any)["uri"].(string)
		_, rest, _ := strings.Cut(uri, "://")
		set("database.uri", "mysql://"+rest)(s)
	}
	return []mistake{
		row("uri and host", set("database.host", "127.0.0.1"), atCheck, "uri must not be specified", "host", "both-set"),
		row("without connections", set("database.max_connections", 0), atCheck, "", "max_connections", "pool-too-small"),
		row("key without certificate", set("database.ssl_key", "key"), atCheck, "ssl_certificate", "ssl_certificate", "required"),
		row("of another kind", mysql, atUse, "", "uri", "uri-scheme"),
		row("with one connection", set("database.max_connections", 1), hangs, "", "max_connections", "pool-too-small"),
		row("with a wrong range", set("database.min_connections", 5), atUse, "", "min_connections", "limit-order"),
	}
}

func otherMistakes() []mistake {
	row := func(name string, c change, says, path, code string) mistake {
		return mistake{name: name, change: c, stage: atCheck, says: says, path: path, code: code}
	}
	limit := func(soft, hard any) map[string]any {
		return map[string]any{"soft_limit": soft, "hard_limit": hard, "dangerous_hard_limit_eviction": true}
	}
	const limits = "experimental.session_limit"
	return []mistake{
		row("sentry dsn malformed", set("telemetry.sentry.dsn", "sentry"), "", "telemetry.sentry.dsn", "dsn-invalid"),
		row("sentry sample rate 2", set("telemetry.sentry.sample_rate", 2.0), "telemetry", "telemetry.sentry.sample_rate", "out-of-range"),
		row("trace sample rate 2", set("telemetry.tracing.sample_rate", 2.0), "telemetry", "telemetry.tracing.sample_rate", "out-of-range"),
		row("soft limit above hard", set(limits, limit(3, 2)), "hard_limit", limits+".hard_limit", "limit-order"),
		row("hard limit missing", set(limits, map[string]any{"soft_limit": 3}), "hard_limit", limits+".hard_limit", "required"),
		row("eviction of the only session", set(limits, limit(1, 1)), "hard_limit", limits+".hard_limit", "limit-order"),
	}
}

// severalFiles are mistakes of merging: MAS appends the lists of several files.
func severalFiles() []mistake {
	second := func(path string, value func(*sandbox) any) change {
		return func(s *sandbox) {
			s.second = setIn(nil, strings.Split(path, "."), value(s)).(map[string]any)
		}
	}
	same := func(keys ...string) func(*sandbox) any {
		return func(s *sandbox) any {
			var node any = s.doc
			for _, key := range keys {
				node = node.(map[string]any)[key]
			}
			return node
		}
	}
	other := func(*sandbox) any {
		return []any{map[string]any{"kid": "b", "key": privatePEM(generateEC(elliptic.P384()))}}
	}
	twice := func(s *sandbox) {
		s.suffix = "matrix:\n  homeserver: other.example.com\n  secret: " + strings.Repeat("t", 32) + "\n"
	}
	return []mistake{
		{name: "listeners in two files", change: second("http.listeners", same("http", "listeners")), stage: atBoot, says: "could not bind address", path: "http.listeners[2].binds[0].address", code: "address-in-use"},
		{name: "schemes in two files", change: second("passwords.schemes", same("passwords", "schemes")), stage: atBoot, says: "same versions", path: "passwords.schemes[1].version", code: "duplicate"},
		{name: "keys in two files", change: second("secrets.keys", other), stage: atUse, path: "secrets.keys", code: "doubled-list", warns: true},
		{name: "providers in two files", change: second("upstream_oauth2.providers", same("upstream_oauth2", "providers")), stage: atUse, path: "upstream_oauth2.providers[1].id", code: "duplicate"},
		{name: "clients in two files", change: second("clients", same("clients")), stage: atUse, path: "clients[1].client_id", code: "duplicate"},
		{name: "section twice", change: twice, stage: atUse, path: "matrix", code: "duplicate-key"},
		{name: "section null", change: set("http", yamlNull{}), stage: atCheck, says: "found unit", path: "http", code: "null-section"},
	}
}

// yamlNull is a key without a value.
type yamlNull struct{}

func (yamlNull) MarshalYAML() (any, error) { return nil, nil }

// stricter lists what the real MAS accepts and serves, and we refuse, beyond the
// mistakes of stage atUse in the other lists.
func stricter() []mistake {
	row := func(path string, value any, code string) mistake {
		return mistake{name: "stricter " + path, change: set(path, value), stage: atUse, path: path, code: code}
	}
	exposed := func(resource string) mistake {
		return mistake{
			name: "stricter " + resource + " in public", change: set(web+".resources[6]", map[string]any{"name": resource}),
			stage: atUse, path: web + ".resources[6].name", code: "exposed",
		}
	}
	return []mistake{
		exposed("health"),
		exposed("connection-info"),
		row("passwords.minimum_complexity", 5, "out-of-range"),
		row("experimental.access_token_ttl", 1, "out-of-range"),
		row("experimental.compat_token_ttl", 0, "out-of-range"),
		row("experimental.inactive_session_expiration.ttl", 1, "out-of-range"),
		row("branding.logo_uri", "https://example.com/logo.svg", "unsupported-by-version"),
		row(web+".resources[1].playground", true, "not-allowed"),
		row(idp+".claims_imports.localpart.template", "{{ user.email.removesuffix('@a') }}", "template-invalid"),
	}
}

// acceptable are configurations that we have nothing against.
func acceptable(m *liveMAS) map[string]change {
	cert := generateEC(elliptic.P256())
	return map[string]change{
		"as it is": func(*sandbox) {},
		"everything in files": all(
			set("secrets.encryption", nil), inFile("secrets.encryption_file", strings.Repeat("AB", 32)[:64]),
			set("secrets.keys[0].key", nil), inFile("secrets.keys[0].key_file", m.rsaKey.PEM().Reveal()+"\n"),
			set("matrix.secret", nil), inFile("matrix.secret_file", strings.Repeat("s", 32)+"\n"),
			set(idp+".client_secret", nil), inFile(idp+".client_secret_file", "provider\n"),
			set(client+".client_secret", nil), inFile(client+".client_secret_file", "client\n"),
			inFile("passwords.schemes[0].secret_file", "pepper"),
		),
		"encrypted key": all(set("secrets.keys[1].key", encrypted(m.ecKey)), inFile("secrets.keys[1].password_file", "open")),
		"key directory": func(s *sandbox) {
			name := s.write("keys/rsa.pem", m.rsaKey.PEM().Reveal())
			set("secrets.keys_dir", filepath.Dir(name))(s)
			set("secrets.keys", nil)(s)
		},
		"sub-path": all(
			func(s *sandbox) {
				base := s.doc["http"].(map[string]any)["public_base"].(string)
				set("http.public_base", base+"auth/")(s)
			},
			set(web+".prefix", "/auth"),
		),
		"tls": set(web+".tls", map[string]any{"certificate": certificate(cert), "key": privatePEM(cert)}),
		"metrics": all(
			set(internal+".resources[1]", map[string]any{"name": "prometheus"}), set("telemetry.metrics.exporter", "prometheus"),
		),
		"admin API": func(s *sandbox) {
			set(internal+".resources[1]", map[string]any{"name": "adminapi"})(s)
		},
		"unix socket": func(s *sandbox) {
			set(internal+".binds[1]", map[string]any{"socket": filepath.Join(s.dir, "mas.sock"), "mode": "0600"})(s)
		},
		"smtp": set("email", map[string]any{
			"transport": "smtp", "mode": "plain", "hostname": "127.0.0.1", "port": 1, "from": `"Example" <mas@example.com>`,
			"username": "mas", "password": "pw",
		}),
		"sendmail":     set("email", map[string]any{"transport": "sendmail", "command": "sendmail", "from": "mas@example.com"}),
		"no passwords": set("passwords", map[string]any{"enabled": false}),
		"two schemes": set("passwords.schemes", []any{
			map[string]any{"version": 1, "algorithm": "bcrypt", "cost": 12, "secret": "pepper", "unicode_normalization": true},
			map[string]any{"version": 2, "algorithm": "argon2id"},
		}),
		"slow rate": set("rate_limiting.registration", map[string]any{"burst": 1, "per_second": 1e-10}),
		"fast rate": set("rate_limiting.registration", map[string]any{"burst": 4294967295, "per_second": 1e9}),
		"policy": set("policy.data", map[string]any{
			"admin_users": []any{"alice"}, "allowed_domains": []any{"*.example.com"},
			"registration": map[string]any{"banned_usernames": map[string]any{"regexes": []any{"^a+$"}}},
		}),
		"private_key_jwt": all(
			set(idp+".token_endpoint_auth_method", "private_key_jwt"), set(idp+".client_secret", nil), set(idp+".token_endpoint_auth_signing_alg", "ES256"),
		),
		"no discovery": all(
			set(idp+".discovery_mode", "disabled"), set(idp+".authorization_endpoint", "https://127.0.0.1:1/a?x=1"),
			set(idp+".token_endpoint", "https://127.0.0.1:1/t"), set(idp+".jwks_uri", "https://127.0.0.1:1/j"), set(idp+".pkce_method", "always"),
		),
		"session limit": set("experimental.session_limit", map[string]any{"soft_limit": 1, "hard_limit": 2, "dangerous_hard_limit_eviction": true}),
		"telemetry":     set("telemetry", map[string]any{"tracing": map[string]any{"exporter": "none", "sample_rate": 0.5}, "sentry": map[string]any{"dsn": "https://public@127.0.0.1:1/1"}}),
		"custom schemes of clients": set(client, map[string]any{
			"client_id": "01J00000000000000000000002", "client_auth_method": "none", "redirect_uris": []any{"com.example.app:/callback"},
		}),
	}
}
