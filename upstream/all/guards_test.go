package all_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/maskit-dev/maskit/upstream"
	"github.com/maskit-dev/maskit/upstream/all"
	"github.com/maskit-dev/maskit/upstream/internal/vendortest"
)

// Whoever gets a claim that passes from one person to another would get the account.
func TestNobodyIsToldApartByWhatChanges(t *testing.T) {
	t.Parallel()
	for _, kind := range all.Registry().Kinds() {
		for code, names := range map[string][]string{
			"subject-mutable": {"email", "preferred_username", "username", "upn", "unique_name", "nickname", "login", "name", "global_name", "cognito:username"},
			"subject-shared":  {"tid", "hd", "groups", "roles", "email_verified"},
		} {
			for _, name := range names {
				require.Contains(t, codes(t, kind, "claims: {subject: '"+name+"'}"), "claims.subject "+code, "%s: %s", kind, name)
			}
		}
	}
}

// Linking by name takes an acknowledgement, whatever the vendor and the way of linking. Where
// two people can have one name, or pass it on, it says so.
func TestLinkingByNameIsGuarded(t *testing.T) {
	t.Parallel()
	oneAuthority := map[string]bool{ // whose names are whole, and not said to change
		"authelia": true, "authentik": true, "dex": true, "facebook": true, "keycloak": true, "oidc": true,
		"ory": true, "pingfederate": true, "rauthy": true, "shibboleth": true,
	}
	for _, kind := range all.Registry().Kinds() {
		code := "account-takeover"
		if oneAuthority[kind] {
			code = "links-by-name"
		}
		for _, conflict := range []string{"add", "set", "replace"} {
			more := "claims: {localpart: {action: require, on_conflict: " + conflict + "}}"
			const path = "claims.localpart.on_conflict"
			require.Contains(t, codes(t, kind, more), path+" "+code, "%s: %s", kind, conflict)
			more += "\nacknowledge: [{code: " + code + ", path: " + path + "}]"
			require.NotContains(t, codes(t, kind, more), path+" "+code, "%s: %s", kind, conflict)
		}
	}
}

// Scopes without openid leave nobody to be told apart by, but at GitHub, which has no ID tokens.
func TestScopesNeedOpenID(t *testing.T) {
	t.Parallel()
	for _, kind := range all.Registry().Kinds() {
		switch got := codes(t, kind, "scopes: [email, identify]"); kind {
		case "github":
			require.Empty(t, got)
		case "oidc": // its scopes and its userinfo are both the caller's
			require.Equal(t, []string{"fetch_userinfo no-claims"}, got)
		default:
			require.Equal(t, []string{"scopes scope-no-openid"}, got, kind)
		}
	}
}

// namesOf are the claims that user names are made of.
func namesOf(name any) map[string]any {
	out := map[string]any{"sub": "s-1", "oid": "o-1", "id": 7, "email_verified": true, "xms_edov": true, "verified": true}
	for _, claim := range []string{"preferred_username", "nickname", "username", "login", "upn", "cognito:username", "email", "name", "global_name", "unique_name"} {
		out[claim] = name
	}
	return out
}

// A claim of whatever type makes a name that Matrix allows, or none; a null makes nothing.
func TestOddNames(t *testing.T) {
	t.Parallel()
	const cyrillicA, kelvin = "\u0430", "\u212a"
	names := []any{
		nil, true, false, 0, 12, 1.5, "", " ",
		[]any{},
		[]any{"al"},
		map[string]any{},
		map[string]any{"a": nil},
		"none", "{{ user.sub }}",
		cyrillicA + "lice", kelvin + "elly", "ALICE", "al\u200bice", "al ice", "@alice:example.com", "alice@example.com", "__", "_alice", "123", "../x", strings.Repeat("a", 300), "al\x00ice", "ﬁ", "İ",
	}
	for _, kind := range all.Registry().Kinds() {
		entry := vendortest.Entry(t, decode(t, kind, ""))
		for _, name := range names {
			got := explain(t, entry, namesOf(name))
			require.Equal(t, strings.ToLower(got.Localpart.Value), got.Localpart.Value, "%s: %v", kind, name)
			require.Empty(t, strings.Trim(got.Localpart.Value, "abcdefghijklmnopqrstuvwxyz0123456789._=/+-"), "%s: %v", kind, name)
			if name == nil {
				require.Empty(t, got.Localpart.Value+got.Email.Value+got.DisplayName.Value+got.AccountName.Value, kind)
			}
			if text, _ := name.(string); strings.Contains(text, cyrillicA) || strings.Contains(text, kelvin) {
				require.NotContains(t, []string{"alice", "kelly"}, got.Localpart.Value, kind)
			}
		}
	}
}

// explain renders the claims wherever the entry has MAS look for them.
func explain(t *testing.T, entry upstream.Entry, claims map[string]any) upstream.Explanation {
	t.Helper()
	data, err := json.Marshal(claims)
	require.NoError(t, err)
	parsed, err := upstream.ParseClaims(data) // numbers are as Explain wants them
	require.NoError(t, err)
	sent := upstream.Claims{IDToken: parsed}
	if entry.FetchUserinfo {
		sent = upstream.Claims{IDToken: map[string]any{"sub": claims["sub"]}, Userinfo: parsed}
	}
	got, problems := upstream.Explain(entry, sent)
	require.NoError(t, problems.Err())
	return got
}
