package keycloak_test

import (
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/keycloak"
	"github.com/maskit-dev/maskit/keycloak/keycloaktest"
)

// guardedRealm is a realm of a fake with a gate, codes, an identity provider and forgotten
// passwords.
func guardedRealm(t *testing.T) (liveRealm, keycloak.Spec) {
	t.Helper()
	l, _ := fakeRealm(t, keycloaktest.Options{})
	spec := gatedSpec(t, l.Name)
	spec.Realm.ResetPassword, spec.MFA.TOTP = keycloak.Set(true), keycloak.MFAClient
	spec.IdentityProviders = []keycloak.IdentityProvider{partner()}
	l.apply(t, spec)
	return l, spec
}

// executions are those of a flow whose name begins so: provider and requirement.
func (l liveRealm) executions(t *testing.T, prefix string) []string {
	t.Helper()
	var out []string
	for _, alias := range l.flows(t) {
		if !strings.HasPrefix(alias, prefix) {
			continue
		}
		var rows []map[string]any
		l.Admin(t, "GET", "/authentication/flows/"+url.PathEscape(alias)+"/executions", nil, &rows)
		for _, row := range rows {
			provider, _ := row["providerId"].(string)
			if provider == "" {
				provider = "flow"
			}
			out = append(out, strings.Repeat(" ", int(row["level"].(float64)))+provider+" "+row["requirement"].(string))
		}
	}
	return out
}

// The gate comes after the login, and lets nobody in unless it finds the role.
func TestOrderOfTheFlows(t *testing.T) {
	t.Parallel()
	l, _ := guardedRealm(t)
	gate := []string{
		"flow REQUIRED", " flow ALTERNATIVE", "  flow CONDITIONAL", "   conditional-user-role REQUIRED", "   allow-access-authenticator REQUIRED", " deny-access-authenticator ALTERNATIVE",
	}
	login := l.executions(t, "matrix login ")
	require.Equal(t, []string{"flow REQUIRED", " auth-cookie ALTERNATIVE", " identity-provider-redirector ALTERNATIVE", " flow ALTERNATIVE"}, login[:4])
	require.Equal(t, gate, login[len(login)-len(gate):])
	brokered := l.executions(t, "client-matrix after brokered login ")
	require.Equal(t, []string{
		"flow CONDITIONAL", " conditional-client-scope REQUIRED", " conditional-user-configured REQUIRED", " auth-otp-form REQUIRED",
		"flow CONDITIONAL", " conditional-client-scope REQUIRED", " auth-otp-form REQUIRED", " flow REQUIRED",
	}, brokered[:8])
	require.Equal(t, "allow-access-authenticator REQUIRED", brokered[len(brokered)-1], "else everybody is refused at other clients")
}

// What a spec says nothing of does not go from any flow.
func TestGuardsStayUnlessTheSpecSaysSo(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		change func(*keycloak.Spec)
		want   string // problem; empty: nothing is to be done
	}{
		"neither":         {func(s *keycloak.Spec) { s.Client.RequireGroup, s.MFA.TOTP = keycloak.Opt[string]{}, "" }, ""},
		"no codes":        {func(s *keycloak.Spec) { s.Client.RequireGroup, s.MFA.TOTP = keycloak.Opt[string]{}, keycloak.MFAOff }, ""},
		"no gate":         {func(s *keycloak.Spec) { s.Client.RequireGroup, s.MFA.TOTP = keycloak.Set(""), "" }, ""},
		"the codes alone": {func(s *keycloak.Spec) { s.Client.RequireGroup = keycloak.Opt[string]{} }, "client.require_group: gate-would-go"},
		"the gate alone":  {func(s *keycloak.Spec) { s.MFA.TOTP = "" }, "mfa.totp: codes-would-go"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			l, spec := guardedRealm(t)
			c.change(&spec)
			plan := l.plan(t, spec)
			if c.want == "" {
				require.Empty(t, plan.Deletions, "%s", plan)
				return
			}
			require.Contains(t, found(plan.Problems.Only(maskit.SeverityError)), c.want)
		})
	}
	l, spec := guardedRealm(t)
	spec.Client.RequireGroup, spec.MFA.TOTP = keycloak.Set(""), keycloak.MFAOff
	require.Len(t, l.plan(t, spec).Deletions, 3)
}

// What is found wrong only when a change is about to be made stops it.
func TestProblemsThatComeUpMeanwhile(t *testing.T) {
	t.Parallel()
	l, _ := fakeRealm(t, keycloaktest.Options{})
	spec := gatedSpec(t, l.Name)
	spec.IdentityProviders = []keycloak.IdentityProvider{partner()}
	plan := l.plan(t, spec)
	l.Admin(t, "POST", "/clients", map[string]any{"clientId": "matrix", "protocol": "saml"}, nil)
	result, err := l.p.Apply(t.Context(), plan)
	require.ErrorIs(t, err, maskit.ErrInvalid)
	require.ErrorContains(t, err, "client-protocol")
	require.Zero(t, result.Writes)
}

// A profile that is shown without what every profile has is not written back.
func TestProfileThatIsShownInPart(t *testing.T) {
	t.Parallel()
	l, _ := fakeRealm(t, keycloaktest.Options{})
	l.Admin(t, "PUT", "/users/profile", map[string]any{}, nil)
	spec := small(t, l.Name)
	spec.UserProfile.Attributes = []keycloak.ProfileAttribute{{Name: "employee_id"}}
	plan := l.plan(t, spec)
	_, err := l.p.Apply(t.Context(), plan)
	require.ErrorContains(t, err, "empties the profile")
	var profile map[string]any
	l.Admin(t, "GET", "/users/profile", nil, &profile)
	require.Empty(t, profile["attributes"])
}
