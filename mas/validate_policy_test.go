package mas

import "testing"

func TestValidatePolicy(t *testing.T) {
	t.Parallel()
	data := func(change func(*PolicyData)) func(*Config) { return func(c *Config) { change(c.Policy.Data) } }
	runRules(t, []rule{
		{"section missing", func(c *Config) { c.Policy = nil }, nil},
		{"module of one's own", func(c *Config) {
			c.Policy.WASMModule, c.Policy.RegisterEntrypoint = "/etc/mas/policy.wasm", "acme/violation"
			c.Policy.Data.Custom = map[string]any{"acme": true}
		}, only("policy.wasm_module", "not-checked", notes)},
		{"entrypoint of another module", func(c *Config) { c.Policy.RegisterEntrypoint = "register/allow" }, only("policy.register_entrypoint", "entrypoint-unknown", fails)},
		{"entrypoint as it is", func(c *Config) { c.Policy.EmailEntrypoint = "email/violation" }, nil},
		{"entrypoint unused", func(c *Config) { c.Policy.PasswordEntrypoint = "password/violation" }, only("policy.password_entrypoint", "no-effect", warns)},
		{"custom key", data(func(d *PolicyData) { d.Custom = map[string]any{"admin_user": "alice"} }), only("policy.data.admin_user", "unknown-key", fails)},
		{"key that MAS sets", data(func(d *PolicyData) { d.Custom = map[string]any{"server_name": "x"} }), only("policy.data.server_name", "no-effect", warns)},
		{"admin by user id", data(func(d *PolicyData) { d.AdminUsers = []string{"@alice:example.com"} }), only("policy.data.admin_users[0]", "username-invalid", fails)},
		{"admin in upper case", data(func(d *PolicyData) { d.AdminUsers = []string{"Alice"} }), only("policy.data.admin_users[0]", "username-invalid", fails)},
		{"admin client no ULID", data(func(d *PolicyData) { d.AdminClients = []string{"tool"} }), only("policy.data.admin_clients[0]", "ulid-invalid", fails)},
		{"admin client unknown", data(func(d *PolicyData) { d.AdminClients = []string{string(otherULID)} }), only("policy.data.admin_clients[0]", "admin-client-unknown", notes)},
		{"admin client public", func(c *Config) { c.Clients[0].ClientAuthMethod, c.Clients[0].ClientSecret = AuthNone, SecretValue{} }, only("policy.data.admin_clients[0]", "admin-client-public", fails)},
		{"insecure clients", data(func(d *PolicyData) { d.ClientRegistration = &ClientRegistrationPolicy{AllowInsecureURIs: true} }), only("policy.data.client_registration.allow_insecure_uris", "insecure-clients", warns)},
		{"no name allowed", data(func(d *PolicyData) { d.Registration.AllowedUsernames = &Patterns{} }), only("policy.data.registration.allowed_usernames", "allows-nothing", fails)},
		{"no address allowed", data(func(d *PolicyData) { d.Emails.AllowedAddresses = &Patterns{Literals: []string{}} }), only("policy.data.emails.allowed_addresses", "allows-nothing", fails)},
		{"no domain allowed", data(func(d *PolicyData) { d.AllowedDomains = []string{} }), only("policy.data.allowed_domains", "allows-nothing", fails)},
		{"nothing banned", data(func(d *PolicyData) { d.Emails.BannedAddresses = &Patterns{} }), only("policy.data.emails.banned_addresses", "no-effect", warns)},
		{"regex of another engine", data(func(d *PolicyData) { d.Registration.BannedUsernames.Regexes = []string{"(?=a)b"} }), only("policy.data.registration.banned_usernames.regexes[0]", "regex-invalid", fails)},
		{"regex that matches all", data(func(d *PolicyData) { d.Registration.BannedUsernames.Regexes = []string{""} }), only("policy.data.registration.banned_usernames.regexes[0]", "matches-everything", fails)},
		{"substring that matches all", data(func(d *PolicyData) { d.Registration.BannedUsernames.Substrings = []string{"a", ""} }), only("policy.data.registration.banned_usernames.substrings[1]", "matches-everything", fails)},
		{"domain with at", data(func(d *PolicyData) { d.BannedDomains = []string{"@example.com"} }), only("policy.data.banned_domains[0]", "domain-invalid", fails)},
		{"domain with open brace", data(func(d *PolicyData) { d.AllowedDomains = []string{"{a,b"} }), only("policy.data.allowed_domains[0]", "domain-invalid", fails)},
		{"banned network malformed", data(func(d *PolicyData) { d.Requester.BannedIPs = []string{"10.0.0.0/33"} }), only("policy.data.requester.banned_ips[0]", "network-invalid", fails)},
		{"banned agent that matches all", data(func(d *PolicyData) { d.Requester.BannedUserAgents.Suffixes = []string{""} }), only("policy.data.requester.banned_user_agents.suffixes[0]", "matches-everything", fails)},
	})
}
