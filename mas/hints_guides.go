package mas

import "strings"

// wrongKeyHint returns the fix for a key that guides and older versions have and MAS
// does not, by its path without list numbers; "" for any other key.
// Source: configuration reference and schemas of MAS 0.12 to 1.22.
func wrongKeyHint(path string) string {
	for _, hint := range []func(string) string{wrongSectionHint, wrongProviderKeyHint, wrongClaimHint, wrongSettingHint} {
		if h := hint(path); h != "" {
			return h
		}
	}
	return ""
}

// wrongSectionHint knows sections that do not exist, and misspelt ones.
func wrongSectionHint(path string) string {
	switch path {
	case "session", "sessions":
		return "remove it: the cookie cannot be configured; sessions that are not used end by experimental.inactive_session_expiration.ttl"
	case "logging", "log":
		return "remove it: the log level is the environment variable RUST_LOG"
	case "cache", "redis":
		return "remove it: MAS keeps nothing but its PostgreSQL database"
	case "server", "listeners", "web":
		return "write http.listeners"
	case "signing", "keys", "signing_keys", "jwt":
		return "write secrets.keys"
	case "encryption", "encryption_key":
		return "write secrets.encryption"
	case "homeserver", "synapse":
		return "write matrix"
	case "upstream", "upstream_oauth", "upstream_oidc", "oidc", "oidc_providers", "providers":
		return "write upstream_oauth2.providers"
	case "smtp":
		return "write email, with transport: smtp and the keys of the server directly below it"
	case "metrics", "tracing", "sentry":
		return "write telemetry." + path
	case "ratelimiting", "rate_limits", "rate_limit":
		return "write rate_limiting"
	case "features":
		return "remove it: what people may do is in account and passwords"
	}
	return ""
}

// wrongProviderKeyHint knows keys of guides for upstream providers.
func wrongProviderKeyHint(path string) string {
	key, ok := strings.CutPrefix(path, "upstream_oauth2.providers[].")
	if !ok {
		return ""
	}
	switch key {
	case "backchannel_logout", "backchannel_logout_enabled", "backchannel_logout_uri":
		return "write on_backchannel_logout: logout_all; the signature of logout tokens is always checked"
	case "authorization_endpoint_override", "token_endpoint_override", "userinfo_endpoint_override", "jwks_uri_override":
		return "write " + strings.TrimSuffix(key, "_override")
	case "name", "display_name", "idp_name":
		return "write human_name"
	case "icon", "idp_icon", "idp_brand":
		return "write brand_name"
	case "idp_id":
		return "write synapse_idp_id, with the prefix oidc- that Synapse gives it"
	case "scopes":
		return "write scope: one string, the scopes separated by single spaces"
	case "client_auth_method":
		return "write token_endpoint_auth_method"
	case "discover":
		return "write discovery_mode: oidc, insecure or disabled"
	case "user_mapping_provider", "claims_import", "claims", "attribute_mapping":
		return "write claims_imports"
	case "redirect_uri", "callback_url":
		return "remove it: MAS derives it from http.public_base and the id: upstream/callback/<id>"
	case "allow_existing_users":
		return "write claims_imports.localpart.on_conflict: set"
	}
	return ""
}

// wrongClaimHint knows keys of guides for claims_imports.
func wrongClaimHint(path string) string {
	key, ok := strings.CutPrefix(path, "upstream_oauth2.providers[].claims_imports.")
	if !ok {
		return ""
	}
	switch {
	case key == "email.set_email_verification":
		return "remove it: imported addresses are always verified since MAS 0.13; let the template render nothing for one that is not"
	case key == "username" || key == "user_name":
		return "write localpart"
	case key == "display_name" || key == "name":
		return "write displayname"
	case !strings.Contains(key, "."):
		return "remove it: MAS imports subject, localpart, displayname, email and account_name, and stores no other claim"
	case strings.HasSuffix(key, ".claim"):
		return `write template: "{{ user.<claim> }}"`
	case strings.HasPrefix(key, "subject."):
		return "remove it: only template can be set, the subject is always imported"
	case strings.HasPrefix(key, "account_name."):
		return "remove it: only template can be set"
	}
	return ""
}

// wrongSettingHint knows keys of guides in the other sections.
func wrongSettingHint(path string) string {
	switch path {
	case "passwords.min_length", "passwords.minimum_length", "passwords.require_lowercase", "passwords.require_uppercase",
		"passwords.require_number", "passwords.require_symbol", "passwords.require_digit":
		return "remove it: the only rule for the strength of passwords is passwords.minimum_complexity, 0 to 4"
	case "account.registration_enabled":
		return "write account.password_registration_enabled; sign-up through a provider is governed by its claims_imports.localpart.action"
	case "account.email_verification_enabled":
		return "write account.password_registration_email_required"
	case "policy.data.registration.enabled", "policy.data.registration.require_email":
		return "remove it: nothing reads it; write account.password_registration_enabled and account.password_registration_email_required"
	case "email.smtp", "email.sendmail":
		return "move what it holds one level up: hostname, port and mode stand directly below email"
	case "email.host", "email.server":
		return "write email.hostname"
	case "email.user":
		return "write email.username"
	case "email.tls", "email.encryption":
		return "write email.mode: plain, starttls or tls"
	case "matrix.endpoint_for_homeserver":
		return "remove it: where Synapse finds MAS is matrix_authentication_service.endpoint in homeserver.yaml"
	case "matrix.server_name":
		return "write matrix.homeserver"
	case "http.listeners[].binds[].proxy_protocol":
		return "move it one level up: it stands beside binds and holds for the whole listener"
	case "http.listeners[].binds[].tls":
		return "move it one level up, beside binds"
	case "http.base_url", "http.public_url", "http.public_base_url":
		return "write http.public_base"
	case "database.url", "database.connection_string":
		return "write database.uri"
	case "database.uri_file":
		return "there is none: use host, username, database and password_file (MAS 1.22), or the secret overlay of the split layout"
	case "database.user":
		return "write database.username"
	case "database.name", "database.dbname":
		return "write database.database"
	case "captcha.secret_key_file":
		return "there is none: captcha.secret_key can only be inline; keep it in the secret overlay of the split layout"
	case "telemetry.sentry.dsn_file":
		return "there is none: telemetry.sentry.dsn can only be inline; keep it in the secret overlay of the split layout"
	case "branding.logo", "branding.primary_color", "branding.colors":
		return "remove it: colours and logos need templates or assets of your own"
	}
	return ""
}

// wrongValueHint returns the fix for a value that could not be read, by the path of its key.
func wrongValueHint(path string) string {
	switch path {
	case "upstream_oauth2.providers[].pkce_method":
		return "write auto, always or never: always is what guides call s256, never is none; plain does not exist"
	case "email.transport":
		return "write smtp, sendmail or blackhole: blackhole is what guides call none; a mail service is reached by smtp"
	case "secrets.encryption":
		return "put the 64 hex digits in quotes; never replace a key that MAS has run with"
	case "upstream_oauth2.providers[].on_backchannel_logout":
		return "write do_nothing, logout_browser_only or logout_all"
	case "http.listeners[].binds[].port":
		return "write the number without quotes; MAS takes a string here for file descriptor 0"
	}
	return ""
}
