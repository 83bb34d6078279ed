package keycloak_test

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"
)

// Each kind of write to the user profile, to directories and to identity providers fails
// once: what was done stays, nothing is there twice, and the next try goes on.
func TestLiveWritesElsewhereFailOnce(t *testing.T) {
	t.Parallel()
	for name, fault := range map[string]func(w http.ResponseWriter, forward func()){
		"500":       func(w http.ResponseWriter, _ func()) { w.WriteHeader(http.StatusInternalServerError) },
		"cut after": func(w http.ResponseWriter, forward func()) { forward(); cut(w) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			l := newRealm(t)
			spec := l.oidcSpec(t, l.KeycloakRealm)
			spec.LDAP = ldapSpec(t, l.Name, "ldap://127.0.0.1:1", "hidden-directory").LDAP
			spec.UserProfile = profileSpec(l.Name).UserProfile
			faulty, proxy := l.through(t, fault)
			faulty.persist(t, spec)
			l.settled(t, spec)

			federation, mappers := l.ldap(t) // which demands that there is one
			require.Len(t, mappers, 10)
			federation["config"].(map[string]any)["connectionUrl"] = []string{"ldap://127.0.0.1:2"}
			l.Admin(t, "PUT", "/components/"+federation["id"].(string), federation, nil)
			provider, mappers := l.provider(t, "upstream")
			require.Len(t, mappers, 4)
			provider["displayName"] = "other"
			l.Admin(t, "PUT", "/identity-provider/instances/upstream", provider, nil)
			dept := mappers["dept"]
			dept["config"] = map[string]any{"claim": "other"}
			l.Admin(t, "PUT", "/identity-provider/instances/upstream/mappers/"+dept["id"].(string), dept, nil)
			l.setProfile(t, func(profile map[string]any, _ map[string]map[string]any) { delete(profile, "unmanagedAttributePolicy") })
			proxy.reset()
			faulty.persist(t, spec)
			l.settled(t, spec)
			again, _ := l.ldap(t)
			require.Equal(t, federation["id"], again["id"])
		})
	}
}
