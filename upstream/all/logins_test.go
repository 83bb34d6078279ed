package all_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/maskit-dev/maskit/upstream"
	"github.com/maskit-dev/maskit/upstream/all"
	"github.com/maskit-dev/maskit/upstream/internal/vendortest"
)

// login is what a vendor sends of somebody, as JSON: all of it, and what the ID token alone has
// of it where the rest comes from userinfo.
type login struct {
	kind, who string
	settings  string // beside the least
	idToken   string
	userinfo  string
	want      vendortest.Account
}

// logins are those of people as they are at the vendors: one with all that the vendor sends,
// one whose address nobody has verified, and one of whom there are nulls and no more.
func logins() []login {
	in := vendortest.Registered
	stopped := vendortest.Account{Outcome: upstream.OutcomeClaimRequired, Subject: "s-1"} // the name is required, and there is none
	const (
		alice      = `"sub": "s-1", "preferred_username": "Alice", "name": "Alice A."`
		upn        = `"sub": "s-1", "preferred_username": "Alice@example.com", "name": "Alice A."`
		verified   = `, "email": "a@example.com", "email_verified": true`
		unverified = `, "email": "a@example.com", "email_verified": false`
		nulls      = `{"sub": "s-1", "preferred_username": null, "name": null, "email": null, "email_verified": null}`
		thin       = `{"sub": "s-1"}`
	)
	return []login{
		{"adfs", "somebody", "", `{"sub": "s-1", "upn": "Alice@example.com", "unique_name": "EX\\alice", "email": "a@example.com"}`, "", in("s-1", "alice", `EX\alice`, "")},
		{"adfs", "not verified", "claims: {email: {trust: directory}}", `{"sub": "s-1", "upn": "alice@example.com", "email": "a@example.com"}`, "", in("s-1", "alice", "", "a@example.com")},
		{"adfs", "nulls", "", `{"sub": "s-1", "upn": null, "unique_name": null, "name": null, "email": null}`, "", in("s-1", "", "", "")},

		{"apple", "somebody", "", `{"sub": "s-1", "email": "x@privaterelay.appleid.com", "email_verified": "true"}`, "", in("s-1", "", "", "x@privaterelay.appleid.com")},
		{"apple", "not verified", "", `{"sub": "s-1", "email": "a@example.com", "email_verified": "false"}`, "", in("s-1", "", "", "")},
		{"apple", "nulls", "", nulls, "", in("s-1", "", "", "")},
		{"apple", "a name of the address", "claims: {localpart: {action: force}}", `{"sub": "s-1", "email": "Al@example.com", "email_verified": true}`, "", in("s-1", "al", "", "Al@example.com")},

		{"auth0", "somebody", "", `{"sub": "auth0|1", "nickname": "al.a", "name": "al.a@example.com"` + verified + `}`, "", in("auth0|1", "al.a", "al.a@example.com", "a@example.com")},
		{"auth0", "not verified", "", `{"sub": "auth0|1", "nickname": "al.a"` + unverified + `}`, "", in("auth0|1", "al.a", "al.a", "")},
		{"auth0", "nulls", "", `{"sub": "auth0|1", "nickname": null, "name": null, "email": null}`, "", in("auth0|1", "", "", "")},

		{"authelia", "somebody", "", thin, `{` + alice + verified + `}`, in("s-1", "alice", "Alice A.", "a@example.com")},
		{"authelia", "not verified", "", thin, `{` + alice + unverified + `}`, in("s-1", "alice", "Alice A.", "")},
		{"authelia", "nulls", "", thin, nulls, stopped},

		{"authentik", "somebody before 2025.10", "", `{` + alice + verified + `}`, "", in("s-1", "alice", "Alice A.", "a@example.com")},
		{"authentik", "not verified, as all since 2025.10", "", `{` + alice + unverified + `}`, "", in("s-1", "alice", "Alice A.", "")},
		{"authentik", "nulls", "", nulls, "", stopped},
		{"authentik", "of a directory", "claims: {email: {trust: directory}}", `{` + alice + unverified + `}`, "", in("s-1", "alice", "Alice A.", "a@example.com")},

		{"cognito", "somebody", "", `{"sub": "s-1", "cognito:username": "Alice"` + verified + `}`, "", in("s-1", "alice", "Alice", "a@example.com")},
		{"cognito", "not verified", "", `{"sub": "s-1", "cognito:username": "alice", "email": "a@example.com", "email_verified": "false"}`, "", in("s-1", "alice", "alice", "")},
		{"cognito", "nulls", "", `{"sub": "s-1", "cognito:username": null, "name": null, "email": null, "email_verified": "true"}`, "", in("s-1", "", "", "")},

		{"dex", "somebody of ldap", "", `{` + alice + verified + `, "groups": ["staff"]}`, "", in("s-1", "alice", "Alice A.", "a@example.com")},
		{"dex", "not verified", "", `{"sub": "s-1", "name": "alice"` + unverified + `}`, "", in("s-1", "", "alice", "")},
		{"dex", "nulls", "", nulls, "", in("s-1", "", "", "")},
		{"dex", "somebody of google", "claims: {localpart: {claim: email, before_at: true}}", `{"sub": "s-1", "name": "Al"` + verified + `}`, "", in("s-1", "a", "Al", "a@example.com")},

		{"discord", "somebody", "", thin, `{"id": "8035", "username": "al.a", "global_name": "Al", "email": "a@example.com", "verified": true}`, in("s-1", "al.a", "Al", "a@example.com")},
		{"discord", "not verified", "", thin, `{"id": "8035", "username": "al.a", "global_name": null, "email": "a@example.com", "verified": false}`, in("s-1", "al.a", "al.a", "")},
		{"discord", "nulls", "", thin, `{"id": "8035", "username": null, "global_name": null, "email": null, "verified": null}`, in("s-1", "", "", "")},

		{"entra", "somebody", "", `{"sub": "p", "oid": "o-1", "tid": "` + tenant + `", "preferred_username": "Alice@example.com", "name": "Alice A.", "email": "a@example.com", "xms_edov": true}`, "", in("o-1", "alice", "Alice A.", "a@example.com")},
		{"entra", "not verified", "", `{"sub": "p", "oid": "o-1", "preferred_username": "alice@example.com", "email": "a@example.com"}`, "", in("o-1", "alice", "alice@example.com", "")},
		{"entra", "nulls", "", `{"sub": "p", "oid": "o-1", "preferred_username": null, "name": null, "email": null, "xms_edov": null}`, "", in("o-1", "", "", "")},
		{"entra", "a guest", "claims: {localpart: {domains: [example.com], members_only: true}}", `{"sub": "p", "oid": "o-2", "preferred_username": "alice@example.com", "name": "Al", "acct": 1}`, "", in("o-2", "", "Al", "")},
		{"entra", "no oid", "", `{"sub": "p", "oid": null, "preferred_username": "alice@example.com"}`, "", vendortest.Denied()},

		{"facebook", "somebody", "", `{"sub": "s-1", "name": "Alice A.", "email": "a@example.com"}`, "", in("s-1", "", "Alice A.", "")},
		{"facebook", "not verified", "claims: {email: {trust: directory}}\nacknowledge: [{code: email-unverified}]", `{"sub": "s-1", "email": "a@example.com"}`, "", in("s-1", "", "", "a@example.com")},
		{"facebook", "nulls", "", `{"sub": "s-1", "name": null, "email": null}`, "", in("s-1", "", "", "")},

		{"github", "somebody", "", "", `{"id": 583231, "login": "OctoCat", "name": "Mona", "email": "a@example.com"}`, in("583231", "octocat", "Mona", "a@example.com")},
		{"github", "not verified, on a server", "host: git.example.com", "", `{"id": 7, "login": "mona", "email": "a@example.com"}`, in("7", "mona", "mona", "")},
		{"github", "nulls", "", "", `{"id": 7, "login": "mona", "name": null, "email": null}`, in("7", "mona", "mona", "")},
		{"github", "no id", "", "", `{"id": null, "login": "mona"}`, vendortest.Denied()},

		{"gitlab", "somebody", "", `{"sub": "42"` + verified + `}`, `{"sub": "42", "nickname": "Alice", "name": "Alice A."}`, in("42", "alice", "Alice A.", "a@example.com")},
		{"gitlab", "not verified", "", `{"sub": "42"` + unverified + `}`, `{"sub": "42", "nickname": "alice"}`, in("42", "alice", "alice", "")},
		{"gitlab", "nulls", "", `{"sub": "42", "email": null, "email_verified": null}`, `{"sub": "42", "nickname": null, "name": null}`, in("42", "", "", "")},

		{"google", "somebody", "", `{"sub": "s-1", "name": "Alice A."` + verified + `}`, "", in("s-1", "", "Alice A.", "a@example.com")},
		{"google", "not verified", "", `{"sub": "s-1", "name": "Alice A."` + unverified + `}`, "", in("s-1", "", "Alice A.", "")},
		{"google", "nulls", "", nulls, "", in("s-1", "", "", "")},
		{"google", "of the organisation", "claims: {require: {domains: [example.com]}}", `{"sub": "s-1", "hd": "example.com", "name": "Al"` + verified + `}`, "", in("s-1", "a", "Al", "a@example.com")},
		{"google", "of nobody's organisation", "claims: {require: {domains: [example.com]}}", `{"sub": "s-1", "name": "Al"` + verified + `}`, "", vendortest.Denied()},

		{"jumpcloud", "somebody", "", `{` + upn + verified + `}`, "", in("s-1", "alice", "Alice A.", "a@example.com")},
		{"jumpcloud", "not verified", "", `{` + upn + unverified + `}`, "", in("s-1", "alice", "Alice A.", "")},
		{"jumpcloud", "nulls", "", nulls, "", in("s-1", "", "", "")},

		{"kanidm", "somebody", "", `{"sub": "s-1", "preferred_username": "alice@idm.example.com", "name": "Alice A."` + verified + `}`, "", in("s-1", "alice", "Alice A.", "a@example.com")},
		{"kanidm", "not verified, with short names", "", `{` + alice + unverified + `}`, "", in("s-1", "alice", "Alice A.", "")},
		{"kanidm", "nulls", "", nulls, "", stopped},

		{"keycloak", "somebody", "", `{` + alice + verified + `, "sid": "x"}`, "", in("s-1", "alice", "Alice A.", "a@example.com")},
		{"keycloak", "not verified", "", `{` + alice + unverified + `}`, "", in("s-1", "alice", "Alice A.", "")},
		{"keycloak", "nulls", "", nulls, "", stopped},
		{"keycloak", "a name that Matrix has not", "", `{"sub": "s-1", "preferred_username": "zoë"}`, "", stopped},

		{"oidc", "somebody", "", `{` + alice + verified + `}`, "", in("s-1", "alice", "Alice A.", "a@example.com")},
		{"oidc", "not verified", "", `{` + alice + `, "email": "a@example.com"}`, "", in("s-1", "alice", "Alice A.", "")},
		{"oidc", "nulls", "", nulls, "", in("s-1", "", "", "")},

		{"okta", "somebody", "", thin, `{` + upn + verified + `}`, in("s-1", "alice", "Alice A.", "a@example.com")},
		{"okta", "not verified", "", thin, `{` + upn + unverified + `}`, in("s-1", "alice", "Alice A.", "")},
		{"okta", "nulls", "", thin, nulls, in("s-1", "", "", "")},

		{"onelogin", "somebody", "", thin, `{` + upn + verified + `}`, in("s-1", "alice", "Alice A.", "a@example.com")},
		{"onelogin", "not verified", "", thin, `{` + upn + `, "email": "a@example.com"}`, in("s-1", "alice", "Alice A.", "")},
		{"onelogin", "nulls", "", thin, nulls, in("s-1", "", "", "")},

		{"ory", "somebody", "", `{` + alice + verified + `}`, "", in("s-1", "alice", "Alice A.", "a@example.com")},
		{"ory", "not verified", "", `{` + alice + unverified + `}`, "", in("s-1", "alice", "Alice A.", "")},
		{"ory", "nulls", "", nulls, "", in("s-1", "", "", "")},

		{"pingfederate", "somebody", "", `{` + alice + verified + `}`, "", in("s-1", "alice", "Alice A.", "a@example.com")},
		{"pingfederate", "not verified", "", `{` + alice + unverified + `}`, "", in("s-1", "alice", "Alice A.", "")},
		{"pingfederate", "nulls", "", nulls, "", in("s-1", "", "", "")},
		{"pingfederate", "of a policy that keeps ID tokens thin", "fetch_userinfo: true", thin, `{` + alice + verified + `}`, in("s-1", "alice", "Alice A.", "a@example.com")},

		{"pingone", "somebody", "", `{` + upn + verified + `}`, "", in("s-1", "alice", "Alice A.", "a@example.com")},
		{"pingone", "not verified", "", `{` + upn + unverified + `}`, "", in("s-1", "alice", "Alice A.", "")},
		{"pingone", "nulls", "", nulls, "", in("s-1", "", "", "")},

		{"rauthy", "somebody", "", `{` + alice + verified + `}`, "", in("s-1", "alice", "Alice A.", "a@example.com")},
		{"rauthy", "not verified", "", `{` + alice + unverified + `}`, "", in("s-1", "alice", "Alice A.", "")},
		{"rauthy", "nulls", "", nulls, "", in("s-1", "", "", "")},

		{"shibboleth", "somebody", "", thin, `{` + alice + verified + `}`, in("s-1", "alice", "Alice A.", "a@example.com")},
		{"shibboleth", "not verified, by eduPersonPrincipalName", "", thin, `{` + upn + `, "email": "a@example.edu"}`, in("s-1", "", "Alice A.", "")},
		{"shibboleth", "nulls", "", thin, nulls, in("s-1", "", "", "")},

		{"zitadel", "somebody", "", thin, `{"sub": "s-1", "preferred_username": "alice@acme.zitadel.cloud", "name": "Alice A."` + verified + `}`, in("s-1", "alice", "Alice A.", "a@example.com")},
		{"zitadel", "not verified", "", thin, `{` + upn + unverified + `}`, in("s-1", "alice", "Alice A.", "")},
		{"zitadel", "nulls", "", thin, nulls, in("s-1", "", "", "")},
	}
}

func TestLogins(t *testing.T) {
	t.Parallel()
	cases := map[string]vendortest.Login{}
	for _, l := range logins() {
		cases[l.kind+", "+l.who] = vendortest.Login{Provider: decode(t, l.kind, l.settings), IDToken: l.idToken, Userinfo: l.userinfo, Want: l.want}
	}
	vendortest.Logins(t, cases)
}

// No kind is left out.
func TestLoginsOfEveryKind(t *testing.T) {
	t.Parallel()
	for _, kind := range all.Registry().Kinds() {
		for _, who := range []string{"somebody", "not verified", "nulls"} {
			has := slices.ContainsFunc(logins(), func(l login) bool { return l.kind == kind && strings.HasPrefix(l.who, who) })
			require.True(t, has, "%s: %s", kind, who)
		}
	}
}
