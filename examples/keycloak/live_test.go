package main

import (
	"crypto/rand"
	"net/http"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/maskit-dev/maskit/internal/live"
)

// realServer is the sample with a name of its own for the realm, and a real Keycloak.
type realServer struct {
	place
	live.KeycloakRealm // which the program makes
}

// onRealServer names a realm, which the test has to remove.
func onRealServer(t *testing.T) realServer {
	t.Helper()
	return realmAt(t, live.Keycloak(t, live.KeycloakCurrent))
}

// realmAt names a realm of a server.
func realmAt(t *testing.T, server live.KeycloakServer) realServer {
	t.Helper()
	name := "t-" + strings.ToLower(rand.Text())
	p := place{dir: t.TempDir()}
	p.flags = []string{
		"-spec", filepath.Join(p.dir, "spec.yaml"), "-url", server.URL, "-user", server.AdminUser, "-password-file", filepath.Join(p.dir, "password"),
	}
	p.hide = strings.NewReplacer(name, "example", server.URL, "http://keycloak", p.dir, "DIR")
	p.write(t, "password", server.AdminPassword)
	p.write(t, "spec.yaml", strings.Replace(string(sample), "name: example\n", "name: "+name+"\n", 1))
	return realServer{p, live.KeycloakRealm{Name: name, Issuer: server.URL + "/realms/" + name, Server: server}}
}

func (r realServer) remove(t *testing.T) { r.Admin(t, http.MethodDelete, "", nil, nil) }

// client is the client of MAS as the server has it.
func (r realServer) client(t *testing.T) map[string]any {
	t.Helper()
	return r.clientNamed(t, "matrix-authentication-service")
}

func (r realServer) clientNamed(t *testing.T, id string) map[string]any {
	t.Helper()
	var list []map[string]any
	r.Admin(t, http.MethodGet, "/clients?clientId="+id, nil, &list)
	require.Len(t, list, 1)
	return list[0]
}

func TestLiveWholeCycle(t *testing.T) {
	t.Parallel()
	r := onRealServer(t)
	defer r.remove(t)
	r.cycle(t, func() {
		client := r.client(t)
		client["fullScopeAllowed"] = true
		r.Admin(t, http.MethodPut, "/clients/"+client["id"].(string), client, nil)
	})
	secret := r.secret(t)
	require.Equal(t, secret, r.client(t)["secret"])
	stdout := r.run(t, exitDone, "rotate", "-yes", "-reload", "true")
	require.Contains(t, stdout, "logins could fail for")
	require.NotEqual(t, secret, r.secret(t))
	require.Equal(t, r.secret(t), r.client(t)["secret"])
	require.NotContains(t, stdout, r.secret(t))
	require.Contains(t, r.run(t, exitDone, "plan"), "nothing to do")
	r.exports(t)
}

// TestLiveServiceAccount plans as an account of the realm that has the documented roles.
func TestLiveServiceAccount(t *testing.T) {
	t.Parallel()
	r := onRealServer(t)
	r.run(t, exitDone, "apply", "-yes")
	defer r.remove(t)
	r.Admin(t, http.MethodPost, "/clients", map[string]any{"clientId": "provisioner", "secret": "of-the-service-account", "serviceAccountsEnabled": true}, nil)
	var user map[string]any
	r.Admin(t, http.MethodGet, "/clients/"+r.clientNamed(t, "provisioner")["id"].(string)+"/service-account-user", nil, &user)
	management := r.clientNamed(t, "realm-management")["id"].(string)
	var roles []map[string]any
	for _, name := range []string{"manage-realm", "manage-clients", "manage-users", "manage-identity-providers", "view-users"} {
		var role map[string]any
		r.Admin(t, http.MethodGet, "/clients/"+management+"/roles/"+name, nil, &role)
		roles = append(roles, role)
	}
	r.Admin(t, http.MethodPost, "/users/"+user["id"].(string)+"/role-mappings/clients/"+management, roles, nil)

	r.write(t, "account", "of-the-service-account\n")
	r.flags = []string{
		"-spec", filepath.Join(r.dir, "spec.yaml"), "-url", r.Server.URL, "-login-realm", r.Name,
		"-client-id", "provisioner", "-client-secret-file", filepath.Join(r.dir, "account"),
	}
	r.show(t, "nothing.txt", r.run(t, exitDone, "plan"))
	r.show(t, "verify.txt", r.run(t, exitDone, "verify"))
}
