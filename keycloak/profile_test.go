package keycloak_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/maskit-dev/maskit/keycloak"
)

// A profile that is sent without its attributes would be emptied.
func TestProfileIsNeverEmptied(t *testing.T) {
	t.Parallel()
	for name, answer := range map[string]struct {
		status int
		body   any
		code   string
	}{
		"nothing":         {http.StatusOK, map[string]any{}, ""},
		"no attributes":   {http.StatusOK, map[string]any{"attributes": []any{}}, ""},
		"some attributes": {http.StatusOK, map[string]any{"attributes": []any{map[string]any{"name": "username"}}}, ""},
		"no profile":      {http.StatusNotFound, map[string]any{"error": "HTTP 404 Not Found"}, "no-user-profile"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newBench(t)
			b.intercept = func(w http.ResponseWriter, r *http.Request) bool {
				if !strings.HasSuffix(r.URL.Path, "/users/profile") {
					return false
				}
				reply(w, answer.status, answer.body)
				return true
			}
			spec := profileSpec("staff")
			plan, err := b.p.Plan(t.Context(), spec)
			require.NoError(t, err)
			if answer.code != "" {
				require.Contains(t, codes(plan.Problems), answer.code)
			}
			_, err = b.p.Apply(t.Context(), plan)
			require.Error(t, err)
			require.Empty(t, b.writes())
		})
	}
}

func TestValidateUserProfile(t *testing.T) {
	t.Parallel()
	spec := keycloak.Spec{Realm: keycloak.Realm{Name: "staff"}, UserProfile: keycloak.UserProfile{
		Unmanaged: "some",
		Attributes: []keycloak.ProfileAttribute{
			{}, {Name: "a b"}, {Name: "dept", View: []string{"admin", "all"}, Edit: []string{"x"}, RequiredFor: []string{"y"}}, {Name: "dept"},
		},
	}}
	var got []string
	for _, p := range spec.Validate() {
		got = append(got, p.Path+": "+p.Code)
	}
	require.Equal(t, []string{
		"user_profile.unmanaged: unknown-value", "user_profile.attributes[0].name: required", "user_profile.attributes[1].name: attribute-name",
		"user_profile.attributes[2].view[1]: unknown-value", "user_profile.attributes[2].edit[0]: unknown-value", "user_profile.attributes[2].required_for[0]: unknown-value",
		"user_profile.attributes[3].name: duplicate",
	}, got)
}

func TestProfileFile(t *testing.T) {
	t.Parallel()
	for _, spec := range []keycloak.Spec{profileSpec("staff"), {
		Realm:       keycloak.Realm{Name: "staff"},
		UserProfile: keycloak.UserProfile{Attributes: []keycloak.ProfileAttribute{{Name: "a", View: []string{}, Validations: map[string]map[string]any{}}}},
	}} {
		text, err := spec.YAML()
		require.NoError(t, err)
		again, problems := keycloak.ParseSpec("spec.yaml", text)
		require.Empty(t, problems)
		want, err := again.YAML()
		require.NoError(t, err)
		require.Equal(t, string(want), string(text))
		require.Equal(t, len(spec.UserProfile.Attributes), len(again.UserProfile.Attributes))
		require.Equal(t, spec.UserProfile.Attributes[0].View, again.UserProfile.Attributes[0].View)
		require.Equal(t, spec.UserProfile.Attributes[0].Validations == nil, again.UserProfile.Attributes[0].Validations == nil)
	}
}
