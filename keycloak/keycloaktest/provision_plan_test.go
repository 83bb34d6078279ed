package keycloaktest_test

import (
	"fmt"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// What somebody changes by hand gives the same plan on both servers, and takes as many
// requests to find out and to undo. With -update the real server writes the file.
func TestPlansAreTheSame(t *testing.T) {
	t.Parallel()
	const file = "testdata/plans.txt"
	onBoth(t, nil, func(t *testing.T, s subject) {
		said := s.driftStory(t)
		if updating() && s.fake == nil {
			require.NoError(t, os.WriteFile(file, []byte(said), 0o600))
		}
		want, err := os.ReadFile(file)
		require.NoError(t, err)
		requireSame(t, strings.Split(string(want), "\n"), strings.Split(said, "\n"))
	})
}

// driftStory creates everything, changes one thing after the other by hand, and writes
// down what the plans say and what they cost.
func (s subject) driftStory(t *testing.T) string {
	t.Helper()
	spec := whole(s.realm)
	spec.Realm.Create = false
	var out strings.Builder
	tell := func(what string) {
		p := s.provisioner(t) // which logs in once: a token may end in a busy hour
		plan, err := p.Plan(t.Context(), spec)
		require.NoError(t, err)
		requests := plan.Requests
		plan.Delete = true
		result, err := p.Apply(t.Context(), plan)
		require.NoError(t, err, what)
		text := strings.ReplaceAll(plainNames(plan.String()), s.realm, "{realm}")
		fmt.Fprintf(&out, "# %s: %d requests, then %d writes\n%s\n\n", what, requests, result.Writes, text)
		settled(t, p, spec)
	}
	tell("an empty realm")
	client := s.findClient(t, "matrix")
	at := "/clients/" + client["id"].(string)
	type d = map[string]any
	for _, c := range []struct {
		what, method, path string
		body               any
	}{
		{"the realm", "PUT", "", d{"displayName": "x", "resetPasswordAllowed": true, "passwordPolicy": "length(8)", "ssoSessionIdleTimeout": 99}},
		{"a realm attribute", "PUT", "", d{"attributes": d{"maskit": "x", "gone": "here"}}},
		{"the client", "PUT", at, d{"webOrigins": []string{"https://evil.example.com"}, "redirectUris": []string{"*"}, "enabled": false, "directAccessGrantsEnabled": true}},
		{"its attributes", "PUT", at, d{"webOrigins": []string{}, "attributes": d{"backchannel.logout.url": "", "pkce.code.challenge.method": "plain"}}},
		{"its secret", "PUT", at, d{"webOrigins": []string{}, "secret": "other"}},
		{"its flow", "PUT", at, d{"webOrigins": []string{}, "authenticationFlowBindingOverrides": d{"browser": ""}}},
		{"its scopes", "DELETE", at + "/default-client-scopes/" + s.scopeID(t, "basic"), nil},
		{"the group", "DELETE", "/groups/" + s.groupID(t, "/staff"), nil},
		{"the required action", "PUT", "/authentication/required-actions/CONFIGURE_TOTP", d{"alias": "CONFIGURE_TOTP", "name": "x", "enabled": false}},
		{"the profile", "PUT", "/users/profile", d{"attributes": []any{d{"name": "username"}, d{"name": "email"}}}},
		{"the identity provider", "PUT", "/identity-provider/instances/partner", d{"alias": "partner", "providerId": "oidc", "config": d{"clientId": "x"}}},
		{"the user", "DELETE", "/users/" + s.findUser(t, "alice"), nil},
	} {
		s.admin(t, c.method, c.path, c.body, nil)
		tell(c.what + " by hand")
	}
	return out.String()
}

// plainNames takes away what makes names of flows unique, and the order of scopes.
func plainNames(text string) string {
	text = regexp.MustCompile(`( login| reset) [a-z2-7]{8}"`).ReplaceAllString(text, `$1"`)
	return regexp.MustCompile(`scopes: .*`).ReplaceAllStringFunc(text, func(line string) string {
		return regexp.MustCompile(`\[[^]]*\]`).ReplaceAllStringFunc(line, func(list string) string {
			words := strings.Fields(strings.Trim(list, "[]"))
			slices.Sort(words)
			return fmt.Sprint(words)
		})
	})
}

func (s subject) scopeID(t *testing.T, name string) string {
	t.Helper()
	var list []map[string]any
	s.admin(t, "GET", "/client-scopes", nil, &list)
	for _, scope := range list {
		if scope["name"] == name {
			return scope["id"].(string)
		}
	}
	require.Fail(t, "no scope "+name)
	return ""
}

func (s subject) groupID(t *testing.T, path string) string {
	t.Helper()
	var group map[string]any
	s.admin(t, "GET", "/group-by-path"+path, nil, &group)
	return group["id"].(string)
}

// Whatever the order of specs, what others put into the realm stays as it is: 200 of
// them, each applied to what the one before left.
func TestRandomSpecsLeaveForeignThingsAlone(t *testing.T) {
	t.Parallel()
	s, p := prepared(t, true)
	random := newRandom(t)
	spec := random.spec(s.realm)
	persist(t, p, spec)
	before := s.foreign(t)
	for i := range 200 {
		spec := random.spec(s.realm)
		require.NoError(t, spec.Validate().Err())
		// A service account comes with a scope, which the step after it takes for drift.
		require.LessOrEqual(t, persist(t, p, spec), 1, "spec %d", i)
		settled(t, p, spec)
		requireState(t, before, s.foreign(t))
	}
	require.Empty(t, s.fake.Unknown())
}

// foreign is the part of the state that plant made.
func (s subject) foreign(t *testing.T) map[string]any {
	t.Helper()
	whole := s.state(t)
	out := map[string]any{}
	for key, value := range whole {
		if strings.Contains(key, "foreign") {
			out[key] = value
		}
	}
	realm, client := whole[""].(map[string]any), whole["client matrix"].(map[string]any)
	for _, key := range []string{"loginTheme", "browserSecurityHeaders", "eventsListeners", "otpPolicyType"} {
		out["realm "+key] = realm[key]
	}
	out["realm attribute"] = realm["attributes"].(map[string]any)["foreign"]
	out["client description"] = client["description"]
	out["client attribute"] = client["attributes"].(map[string]any)["foreign"]
	out["client scopes"] = fmt.Sprint(named(client["defaultClientScopes"], "foreign"), named(client["optionalClientScopes"], "address"))
	out["client mapper"] = named(client["protocolMappers"], "foreign")
	out["provider"], out["scope"] = named(whole["/identity-provider/instances"], "foreign"), named(whole["/client-scopes"], "foreign")
	delete(out["provider"].(map[string]any), "postBrokerLoginFlowAlias") // belongs to the gate
	out["profiles"] = whole["/client-policies/profiles"]
	for key, value := range out {
		require.NotNil(t, value, key)
	}
	return out
}

// named is the item of a list that is, or has, that name.
func named(list any, name string) any {
	items, _ := list.([]any)
	for _, item := range items {
		d, _ := item.(map[string]any)
		if item == name || d["name"] == name || d["alias"] == name {
			return item
		}
	}
	return nil
}
