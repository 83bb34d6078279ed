package mas

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/maskit-dev/maskit"
)

// bundledPolicy is where the image of MAS has its policy.
const bundledPolicy = imageDir + "policy.wasm"

// policy checks the section policy: configuration reference of MAS 1.22, "policy",
// and the rules of the policy that ships with it.
func (c *checker) policy() {
	const at place = "policy"
	p := c.config.Policy
	if p == nil {
		return
	}
	bundled := p.WASMModule == "" || p.WASMModule == bundledPolicy
	if p.WASMModule != "" {
		c.stat(at.key("wasm_module"), p.WASMModule)
	}
	c.entrypoints(at, p, bundled)
	if p.Data != nil {
		c.policyData(at.key("data"), p.Data, bundled)
	}
}

// entrypoints checks the names of the rules. Each must exist in the module, or
// MAS does not start; of the bundled module the names are known.
func (c *checker) entrypoints(at place, p *Policy, bundled bool) {
	for _, e := range []struct{ key, value, name string }{
		{"client_registration_entrypoint", p.ClientRegistrationEntrypoint, "client_registration/violation"},
		{"register_entrypoint", p.RegisterEntrypoint, "register/violation"},
		{"authorization_grant_entrypoint", p.AuthorizationGrantEntrypoint, "authorization_grant/violation"},
		{"compat_login_entrypoint", p.CompatLoginEntrypoint, "compat_login/violation"},
		{"email_entrypoint", p.EmailEntrypoint, "email/violation"},
	} {
		if e.value != "" && bundled && e.value != e.name {
			c.fail(at.key(e.key), "entrypoint-unknown", "names a rule that the policy of MAS does not have", fmt.Sprintf("remove it, the default is %s", e.name))
		}
	}
	if p.PasswordEntrypoint != "" {
		c.noEffect(at.key("password_entrypoint"), "MAS asks it no more")
	}
}

// policyData checks what feeds the bundled policy. MAS hands it over as it is, and
// a rule that meets a wrong value is skipped in silence.
func (c *checker) policyData(at place, d *PolicyData, bundled bool) {
	c.customData(at, d.Custom, bundled)
	for i, user := range d.AdminUsers {
		c.adminUser(at.key("admin_users").at(i), user)
	}
	for i, client := range d.AdminClients {
		c.adminClient(at.key("admin_clients").at(i), client)
	}
	if r := d.ClientRegistration; r != nil && r.AllowInsecureURIs {
		c.warn(at.key("client_registration").key("allow_insecure_uris"), "insecure-clients", "lets any client be registered with plain http addresses", "remove it outside of tests")
	}
	if r := d.Registration; r != nil {
		c.allowed(at.key("registration").key("allowed_usernames"), r.AllowedUsernames, "no user name")
		c.banned(at.key("registration").key("banned_usernames"), r.BannedUsernames)
	}
	if e := d.Emails; e != nil {
		c.allowed(at.key("emails").key("allowed_addresses"), e.AllowedAddresses, "no e-mail address")
		c.banned(at.key("emails").key("banned_addresses"), e.BannedAddresses)
	}
	if d.AllowedDomains != nil && len(d.AllowedDomains) == 0 {
		c.fail(at.key("allowed_domains"), "allows-nothing", "is an empty list, so that no e-mail address is allowed", "name a domain, or remove it")
	}
	c.domains(at.key("allowed_domains"), d.AllowedDomains)
	c.domains(at.key("banned_domains"), d.BannedDomains)
	if r := d.Requester; r != nil {
		for i, ip := range r.BannedIPs {
			c.network(at.key("requester").key("banned_ips").at(i), ip)
		}
		c.banned(at.key("requester").key("banned_user_agents"), r.BannedUserAgents)
	}
}

func (c *checker) customData(at place, custom map[string]any, bundled bool) {
	for _, name := range slices.Sorted(maps.Keys(custom)) {
		switch {
		case name == "server_name" || name == "session_limit":
			c.noEffect(at.key(name), "MAS sets it itself")
		case bundled:
			c.fail(at.key(name), "unknown-key", "is read by no rule of the policy that ships with MAS", "remove it, or name a policy of your own in policy.wasm_module")
		}
	}
}

func (c *checker) adminUser(at place, user string) {
	if user == "" || strings.Trim(user, "abcdefghijklmnopqrstuvwxyz0123456789.=_/+-") != "" {
		c.fail(at, "username-invalid", "is not a user name", "write the name alone, in lower case: alice, not @alice:example.com")
	}
}

func (c *checker) adminClient(at place, id string) {
	if !c.ulid(at, maskit.ULID(id)) {
		return
	}
	for _, client := range c.config.Clients {
		if string(client.ClientID) != id {
			continue
		}
		if client.ClientAuthMethod == AuthNone {
			c.fail(at, "admin-client-public", "is a client without a secret, which cannot get a token by client_credentials", "give the client an authentication method")
		}
		return
	}
	c.note(at, "admin-client-unknown", "is no client of this configuration", "add it to clients, unless it registered itself")
}

// ulid checks an id. MAS stores another value than the one written for some
// malformed ones.
func (c *checker) ulid(at place, id maskit.ULID) bool {
	if id == "" {
		c.required(at, "a ULID, generated once and never changed")
		return false
	}
	if err := id.Validate(); err != nil {
		c.fail(at, "ulid-invalid", strings.TrimPrefix(err.Error(), "maskit: parse ULID: "), "write the id that MAS has; for a new provider or client, make one with mas.NewULID")
		return false
	}
	return true
}
