package mas

// Policy is the section policy: the Rego policy, compiled to WebAssembly, that
// MAS asks before registrations, logins and authorizations.
type Policy struct {
	// WASMModule is the compiled policy. Default: that of the image.
	WASMModule string `yaml:"wasm_module"`
	// ClientRegistrationEntrypoint and its siblings name rules in the module. Default: client_registration/violation.
	ClientRegistrationEntrypoint string `yaml:"client_registration_entrypoint"`
	// RegisterEntrypoint judges registrations. Default: register/violation.
	RegisterEntrypoint string `yaml:"register_entrypoint"`
	// AuthorizationGrantEntrypoint judges authorizations. Default: authorization_grant/violation.
	AuthorizationGrantEntrypoint string `yaml:"authorization_grant_entrypoint"`
	// CompatLoginEntrypoint judges Matrix logins. Default: compat_login/violation.
	CompatLoginEntrypoint string `yaml:"compat_login_entrypoint" since:"1.8"`
	// PasswordEntrypoint is not used by MAS any more. Default: password/violation.
	PasswordEntrypoint string `yaml:"password_entrypoint"`
	// EmailEntrypoint judges e-mail addresses. Default: email/violation.
	EmailEntrypoint string `yaml:"email_entrypoint"`
	// Data feeds the policy.
	Data *PolicyData `yaml:"data"`
}

// PolicyData is what the policy that ships with MAS reads. MAS accepts a value of
// the wrong type in silence and then does not apply the rule, so the types here
// are the only check.
type PolicyData struct {
	// AdminUsers are the localparts of those who may ask for the admin scope.
	AdminUsers []string `yaml:"admin_users"`
	// AdminClients are the ids of clients that may, by client_credentials.
	AdminClients []string `yaml:"admin_clients"`
	// ClientRegistration relaxes the rules of dynamic client registration.
	ClientRegistration *ClientRegistrationPolicy `yaml:"client_registration"`
	// Registration restricts user names.
	Registration *RegistrationPolicy `yaml:"registration"`
	// Emails restricts e-mail addresses.
	Emails *EmailPolicy `yaml:"emails"`
	// AllowedDomains are globs of which one must match the domain of an e-mail address.
	AllowedDomains []string `yaml:"allowed_domains"`
	// BannedDomains are globs of which none may match the domain of an e-mail address.
	BannedDomains []string `yaml:"banned_domains"`
	// Requester bans clients by address or user agent.
	Requester *RequesterPolicy `yaml:"requester"`
	// Custom holds everything else, for a policy of your own. Keys here are an error
	// while WASMModule is the one of MAS, which does not read them. Values are what
	// JSON can hold; Render refuses a maskit.Secret, because it writes them in public.
	Custom map[string]any `yaml:",inline"`
}

// ClientRegistrationPolicy relaxes the rules of dynamic client registration.
type ClientRegistrationPolicy struct {
	// AllowHostMismatch lets the URIs of a client have different hosts.
	AllowHostMismatch bool `yaml:"allow_host_mismatch"`
	// AllowInsecureURIs lets them be http.
	AllowInsecureURIs bool `yaml:"allow_insecure_uris"`
	// AllowMissingClientURI lets client_uri be absent.
	AllowMissingClientURI bool `yaml:"allow_missing_client_uri"`
}

// RegistrationPolicy restricts user names.
type RegistrationPolicy struct {
	// AllowedUsernames, if set, must match.
	AllowedUsernames *Patterns `yaml:"allowed_usernames"`
	// BannedUsernames must not match.
	BannedUsernames *Patterns `yaml:"banned_usernames"`
}

// EmailPolicy restricts e-mail addresses.
type EmailPolicy struct {
	// AllowedAddresses, if set, must match.
	AllowedAddresses *Patterns `yaml:"allowed_addresses"`
	// BannedAddresses must not match.
	BannedAddresses *Patterns `yaml:"banned_addresses"`
}

// RequesterPolicy bans clients.
type RequesterPolicy struct {
	// BannedIPs are client addresses or CIDRs.
	BannedIPs []string `yaml:"banned_ips"`
	// BannedUserAgents match the User-Agent header.
	BannedUserAgents *Patterns `yaml:"banned_user_agents"`
}

// Patterns match a text if any of them does.
type Patterns struct {
	// Literals equal the text.
	Literals []string `yaml:"literals"`
	// Substrings are contained in it.
	Substrings []string `yaml:"substrings"`
	// Regexes match it.
	Regexes []string `yaml:"regexes"`
	// Prefixes start it.
	Prefixes []string `yaml:"prefixes"`
	// Suffixes end it.
	Suffixes []string `yaml:"suffixes"`
}
