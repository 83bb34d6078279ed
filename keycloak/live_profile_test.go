package keycloak_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/maskit-dev/maskit/keycloak"
)

func (l liveRealm) profile(t *testing.T) (profile map[string]any, attributes map[string]map[string]any) {
	t.Helper()
	l.Admin(t, "GET", "/users/profile", nil, &profile)
	attributes = map[string]map[string]any{}
	for _, a := range profile["attributes"].([]any) {
		attributes[a.(map[string]any)["name"].(string)] = a.(map[string]any)
	}
	return profile, attributes
}

// setProfile changes the profile by hand.
func (l liveRealm) setProfile(t *testing.T, change func(profile map[string]any, attributes map[string]map[string]any)) {
	t.Helper()
	profile, attributes := l.profile(t)
	change(profile, attributes)
	l.Admin(t, "PUT", "/users/profile", profile, nil)
}

func profileSpec(realm string) keycloak.Spec {
	return keycloak.Spec{
		Realm: keycloak.Realm{Name: realm},
		UserProfile: keycloak.UserProfile{
			Attributes: []keycloak.ProfileAttribute{{
				Name: "employee_id", DisplayName: keycloak.Set("Employee ID"), Multivalued: keycloak.Set(true), Group: keycloak.Set("user-metadata"),
				View: []string{"admin"}, Edit: []string{"admin"}, RequiredFor: []string{"admin"},
				Validations: map[string]map[string]any{"length": {"max": 20}, "person-name-prohibited-characters": {}},
				Annotations: map[string]string{"inputHelperTextBefore": "On your badge."},
			}, {Name: "lastName", RequiredFor: []string{}}},
			Unmanaged: keycloak.UnmanagedAdminEdit,
		},
	}
}

func TestLiveUserProfile(t *testing.T) {
	t.Parallel()
	l := newRealm(t)
	_, before := l.profile(t)
	l.setProfile(t, func(profile map[string]any, _ map[string]map[string]any) {
		profile["attributes"] = append(profile["attributes"].([]any), map[string]any{"name": "foreign", "validations": map[string]any{"email": map[string]any{}}})
		profile["groups"] = append(profile["groups"].([]any), map[string]any{"name": "foreign-group"})
	})
	spec := profileSpec(l.Name)
	plan := l.plan(t, spec)
	require.Len(t, plan.Changes, 3, "%s", plan)
	require.Equal(t, 3, l.apply(t, spec).Writes)
	l.settled(t, spec)
	require.LessOrEqual(t, l.plan(t, spec).Requests, 3)

	profile, got := l.profile(t)
	require.Equal(t, map[string]any{
		"name": "employee_id", "displayName": "Employee ID", "multivalued": true, "group": "user-metadata",
		"permissions": map[string]any{"view": []any{"admin"}, "edit": []any{"admin"}}, "required": map[string]any{"roles": []any{"admin"}},
		"validations": map[string]any{"length": map[string]any{"max": 20.0}, "person-name-prohibited-characters": map[string]any{}},
		"annotations": map[string]any{"inputHelperTextBefore": "On your badge."},
	}, got["employee_id"])
	delete(before["lastName"], "required")
	require.Equal(t, before["lastName"], got["lastName"])
	require.Equal(t, before["email"], got["email"])
	require.Equal(t, map[string]any{"email": map[string]any{}}, got["foreign"]["validations"])
	require.Equal(t, "ADMIN_EDIT", profile["unmanagedAttributePolicy"])
	require.Len(t, profile["groups"], 2)

	// Changed by hand, it is restored; what others set stays.
	l.setProfile(t, func(profile map[string]any, attributes map[string]map[string]any) {
		a := attributes["employee_id"]
		a["displayName"], a["multivalued"], a["group"], a["required"] = "other", false, "foreign-group", map[string]any{}
		a["permissions"] = map[string]any{"view": []string{"admin", "user"}, "edit": []string{"user"}}
		a["validations"] = map[string]any{"length": map[string]any{"max": 21}}
		a["annotations"] = map[string]any{"inputHelperTextBefore": "other", "foreign": "stays"}
		attributes["lastName"]["required"] = map[string]any{}
		delete(profile, "unmanagedAttributePolicy")
	})
	plan = l.plan(t, spec)
	require.Len(t, plan.Changes, 3, "%s", plan)
	require.Len(t, plan.Changes[0].Fields, 8, "%s", plan)
	l.apply(t, spec)
	l.settled(t, spec)
	_, now := l.profile(t)
	got["employee_id"]["annotations"].(map[string]any)["foreign"] = "stays"
	require.Equal(t, got, now)

	// Settings can be taken back one by one.
	bare := spec
	bare.UserProfile = keycloak.UserProfile{Unmanaged: keycloak.UnmanagedOff, Attributes: []keycloak.ProfileAttribute{{
		Name: "employee_id", DisplayName: keycloak.Set(""), Multivalued: keycloak.Set(false), Group: keycloak.Set(""), View: []string{}, Edit: []string{},
		RequiredFor: []string{}, Validations: map[string]map[string]any{}, Annotations: map[string]string{"inputHelperTextBefore": ""},
	}}}
	l.apply(t, bare)
	l.settled(t, bare)
	profile, now = l.profile(t)
	require.NotContains(t, profile, "unmanagedAttributePolicy")
	require.Equal(t, map[string]any{
		"name": "employee_id", "multivalued": false, "permissions": map[string]any{"view": []any{}, "edit": []any{}}, "validations": map[string]any{},
		"annotations": map[string]any{"foreign": "stays"},
	}, now["employee_id"])
}

// An attribute is declared together with the realm, and is not dropped then.
func TestLiveUserProfileOfANewRealm(t *testing.T) {
	t.Parallel()
	l := newName(t)
	spec := keycloak.Spec{
		Realm:       keycloak.Realm{Name: l.Name, Create: true},
		UserProfile: keycloak.UserProfile{Attributes: []keycloak.ProfileAttribute{{Name: "dept"}}},
	}
	l.apply(t, spec)
	l.settled(t, spec)
	l.Admin(t, "POST", "/users", map[string]any{"username": "alice", "attributes": map[string]any{"dept": []string{"R&D"}, "other": []string{"x"}}}, nil)
	var users []map[string]any
	l.Admin(t, "GET", "/users?exact=true&username=alice", nil, &users)
	require.Equal(t, map[string]any{"dept": []any{"R&D"}}, users[0]["attributes"])
	_, attributes := l.profile(t)
	require.Equal(t, map[string]any{"view": []any{"admin", "user"}, "edit": []any{"admin"}}, attributes["dept"]["permissions"])
}
