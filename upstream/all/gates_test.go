package all_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/maskit-dev/maskit/upstream"
	"github.com/maskit-dev/maskit/upstream/all"
	"github.com/maskit-dev/maskit/upstream/claims"
	"github.com/maskit-dev/maskit/upstream/internal/vendortest"
)

// gate is a list of claims.Require that a kind can have, and the claim that it goes by.
type gate struct {
	kind, list string
	settings   string // beside the least
	claim      string // its keys, parted by spaces
	shape      claims.Shape
	scope      string // that MAS has to ask for
}

// gates are all that there are. Any other list is refused, see TestOtherGatesAreRefused.
func gates() []gate {
	const list, keys, text, address = claims.ShapeList, claims.ShapeKeys, claims.ShapeText, claims.ShapeAddress
	return []gate{
		{"adfs", "groups", "", "groups", list, "allatclaims"},
		{"adfs", "roles", "", "roles", list, "allatclaims"},
		{"adfs", "domains", "claims: {email: {trust: directory}", "upn", address, ""},
		{"auth0", "groups", "claim_namespace: https://example.com/", "https://example.com/groups", list, ""},
		{"auth0", "roles", "claim_namespace: https://example.com/", "https://example.com/roles", list, ""},
		{"auth0", "domains", "", "email", address, "email"},
		{"authelia", "groups", "", "groups", list, "groups"},
		{"authelia", "domains", "", "email", address, "email"},
		{"authentik", "groups", "", "groups", list, "profile"},
		{"authentik", "domains", "", "email", address, "email"},
		{"cognito", "groups", "", "cognito:groups", list, ""},
		{"cognito", "domains", "", "email", address, "email"},
		{"dex", "groups", "", "groups", list, "groups"},
		{"dex", "domains", "", "email", address, "email"},
		{"entra", "groups", "", "groups", list, ""},
		{"entra", "roles", "", "roles", list, ""},
		{"entra", "domains", "", "email", address, "email"},
		{"entra", "tenants", "", "tid", text, ""},
		{"gitlab", "groups", "", "groups", list, "openid"},
		{"gitlab", "domains", "", "email", address, "email"},
		{"google", "domains", "", "hd", text, ""},
		{"jumpcloud", "groups", "groups_claim: memberOf", "memberOf", list, ""},
		{"jumpcloud", "domains", "", "email", address, "email"},
		{"kanidm", "groups", "", "groups", list, "groups"},
		{"kanidm", "domains", "", "email", address, "email"},
		{"keycloak", "groups", "gate: mas", "groups", claims.ShapePaths, ""},
		{"keycloak", "roles", "", "realm_access roles", list, ""},
		{"keycloak", "domains", "", "email", address, "email"},
		{"keycloak", "acr", "", "acr", text, ""},
		{"oidc", "groups", "", "groups", list, ""},
		{"oidc", "roles", "", "roles", list, ""},
		{"oidc", "domains", "", "email", address, "email"},
		{"oidc", "acr", "", "acr", text, ""},
		{"okta", "groups", "", "groups", list, ""},
		{"okta", "groups", "authorization_server: default", "groups", list, "groups"},
		{"okta", "domains", "", "email", address, "email"},
		{"onelogin", "groups", "", "groups", list, "groups"},
		{"onelogin", "groups", "groups_separator: ';'", "groups", claims.ShapeWords, "groups"},
		{"onelogin", "domains", "", "email", address, "email"},
		{"ory", "groups", "groups_claim: groups", "groups", list, ""},
		{"ory", "domains", "", "email", address, "email"},
		{"ory", "acr", "", "acr", text, ""},
		{"pingfederate", "groups", "groups_claim: groups", "groups", list, ""},
		{"pingfederate", "domains", "", "email", address, "email"},
		{"pingfederate", "acr", "", "acr", text, ""},
		{"pingone", "groups", "groups_claim: groups", "groups", list, ""},
		{"pingone", "domains", "", "email", address, "email"},
		{"pingone", "acr", "", "acr", text, ""},
		{"rauthy", "groups", "", "groups", list, "groups"},
		{"rauthy", "roles", "", "roles", list, ""},
		{"rauthy", "domains", "", "email", address, "email"},
		{"shibboleth", "groups", "groups_claim: eduPersonEntitlement", "eduPersonEntitlement", list, ""},
		{"shibboleth", "domains", "", "email", address, "email"},
		{"shibboleth", "acr", "", "acr", text, ""},
		{"zitadel", "roles", "", "urn:zitadel:iam:org:project:roles", keys, ""},
		{"zitadel", "domains", "", "email", address, "email"},
	}
}

// name is what the list asks for: a domain or an id where it has to be one.
func (g gate) name() string {
	switch {
	case g.list == "domains":
		return "corp.example"
	case g.kind == "entra":
		return tenant
	case g.shape == claims.ShapePaths:
		return "/staff"
	}
	return "staff"
}

func (g gate) provider(t *testing.T) upstream.Provider {
	t.Helper()
	require := "{" + g.list + ": [" + g.name() + "]}"
	settings, rules, _ := strings.Cut(g.settings, "claims: {")
	if rules != "" {
		rules = ", " + strings.TrimSuffix(rules, "}") + "}"
	}
	return decode(t, g.kind, settings+"\nclaims: {require: "+require+rules+"}")
}

// values are those of the claim that pass, and those that do not.
func (g gate) values() (pass, fail []any) {
	name := g.name()
	fail = []any{nil, true, 1, "", []any{}, map[string]any{}, "no-" + name + "-at-all", []any{[]any{name}}, map[string]any{"x": name}}
	if upper := strings.ToUpper(name); upper != name && g.shape != claims.ShapeAddress { // domains alone have no case
		fail = append(fail, upper, []any{upper}, map[string]any{upper: 1})
	}
	switch g.shape {
	case claims.ShapePaths:
		return []any{[]any{name}, []any{"/x", name + "/board"}}, append(fail, name, []any{name + "ing"}, []any{"/x" + name}, []any{"staff"}, map[string]any{name: 1})
	case claims.ShapeKeys:
		return []any{map[string]any{name: map[string]any{"1": "x"}, "y": nil}}, append(fail, name, []any{name}, []any{map[string]any{name: 1}})
	case claims.ShapeText:
		return []any{name}, append(fail, []any{name}, map[string]any{name: 1}, " "+name, name+" ")
	case claims.ShapeWords:
		return []any{name, "x;" + name, name + ";x"}, append(fail, []any{name}, map[string]any{name: 1}, name+"s;x", "x "+name)
	case claims.ShapeAddress:
		return []any{"al@" + name, "Al@" + strings.ToUpper(name)},
			append(fail, name, "@", []any{"al@" + name}, "al@sub."+name, "al@"+name+".evil.example", "al@evil-"+name, "al@"+name+"@evil.example", map[string]any{"al@" + name: 1})
	}
	return []any{[]any{name}, []any{"x", name}}, append(fail, name, map[string]any{name: 1}, []any{"x" + name, name + "x"}, []any{" " + name})
}

// claimsWith are the claims of somebody, with the value in the claim of the gate.
func (g gate) claimsWith(value any) map[string]any {
	all := map[string]any{
		"sub": "s-1", "oid": "o-1", "preferred_username": "al", "nickname": "al", "name": "Al",
		"email": "al@elsewhere.example", "email_verified": true, "xms_edov": true,
	}
	keys := strings.Fields(g.claim)
	at := all
	for _, key := range keys[:len(keys)-1] {
		inner := map[string]any{}
		at[key], at = inner, inner
	}
	at[keys[len(keys)-1]] = value
	if g.list == "domains" && g.shape == claims.ShapeText { // Google: the address belongs to the organisation
		all["email"] = "al@" + g.name()
	}
	return all
}

// Each gate opens for its claim alone, wherever the entry has MAS look for it.
func TestGates(t *testing.T) {
	t.Parallel()
	for _, g := range gates() {
		t.Run(g.kind+" "+g.list+" "+g.settings, func(t *testing.T) {
			t.Parallel()
			entry := vendortest.Entry(t, g.provider(t))
			if g.scope != "" {
				require.Contains(t, strings.Fields(entry.Scope), g.scope)
			}
			pass, fail := g.values()
			for _, value := range pass {
				require.Equal(t, upstream.OutcomeRegistered, explain(t, entry, g.claimsWith(value)).Outcome, "%v", value)
			}
			for _, value := range fail {
				require.Equal(t, upstream.OutcomeDenied, explain(t, entry, g.claimsWith(value)).Outcome, "%v", value)
			}
			without := g.claimsWith(nil)
			delete(without, strings.Fields(g.claim)[0])
			require.Equal(t, upstream.OutcomeDenied, explain(t, entry, without).Outcome, "no claim")
		})
	}
}

// A list of scopes of one's own lacks nothing that the gate needs.
func TestGatesBringTheirScopes(t *testing.T) {
	t.Parallel()
	for kind, want := range map[string]string{
		"authelia": "openid groups", "authentik": "openid profile", "dex": "openid groups", "kanidm": "openid groups",
		"onelogin": "openid groups", "rauthy": "openid groups", "gitlab": "openid",
	} {
		entry := vendortest.Entry(t, decode(t, kind, "scopes: [openid]\nclaims: {require: {groups: [staff]}}"))
		require.Equal(t, want, entry.Scope, kind)
	}
}

// An address that the vendor does not vouch for is of no domain.
func TestGateOfUnverifiedAddress(t *testing.T) {
	t.Parallel()
	for _, g := range gates() {
		if g.shape != claims.ShapeAddress || g.kind == "adfs" { // where administrators vouch for all
			continue
		}
		entry := vendortest.Entry(t, g.provider(t))
		for _, unverified := range []any{false, "false", nil, 0, "", "no", []any{true}} {
			sent := g.claimsWith("al@corp.example")
			sent["email_verified"], sent["xms_edov"] = unverified, unverified
			require.Equal(t, upstream.OutcomeDenied, explain(t, entry, sent).Outcome, "%s: %v", g.kind, unverified)
		}
	}
}

// What a vendor does not send cannot be required, and the hint says what to do instead.
func TestOtherGatesAreRefused(t *testing.T) {
	t.Parallel()
	have := map[string]bool{}
	for _, g := range gates() {
		have[g.kind+" "+g.list] = true
	}
	for _, kind := range all.Registry().Kinds() {
		for _, list := range []string{"groups", "roles", "domains", "tenants", "acr"} {
			if have[kind+" "+list] {
				continue
			}
			more := "claims: {require: {" + list + ": [" + tenant + "]}}"
			if list == "groups" && kind == "auth0" {
				more += "\nclaim_namespace: https://example.com/"
			}
			require.Contains(t, codes(t, kind, more), "claims.require."+list+" gate-unavailable", kind)
		}
	}
}
