package keycloaktest_test

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/maskit-dev/maskit/keycloak/keycloaktest"
)

// Whatever is sent to the admin API and to the token endpoint, there is an answer, and
// the realm can be read afterwards.
func FuzzRequests(f *testing.F) {
	for _, seed := range [][3]string{
		{"PUT", "", `{"attributes":{"a":null},"smtpServer":{"from":"a@b"},"browserSecurityHeaders":{"x":"y"},"passwordPolicy":"length(8)"}`},
		{"POST", "/clients", `{"clientId":"x","protocolMappers":[{"name":"m","protocolMapper":"oidc-sub-mapper","config":{"a":null}}],"serviceAccountsEnabled":true}`},
		{"POST", "/users", `{"username":"xyz","groups":["/g"],"credentials":[{"type":"otp","secretData":"{\"value\":\"x\"}"}],"attributes":{"a":null}}`},
		{"POST", "/groups", `{"name":"g","attributes":{"a":[1]}}`},
		{"PUT", "/users/profile", `{"attributes":[{"name":"username"},{"name":"email","permissions":{"view":[1]}}]}`},
		{"POST", "/authentication/flows", `{"alias":"f","topLevel":true}`},
		{"POST", "/authentication/flows/browser/copy", `{"newName":"f"}`},
		{"POST", "/identity-provider/instances", `{"alias":"x","providerId":"oidc","config":{"clientSecret":null}}`},
		{"POST", "/components", `{"providerId":"ldap","providerType":"org.keycloak.storage.UserStorageProvider","config":{"editMode":["x"],"a":[null]}}`},
		{"PUT", "/client-policies/profiles", `{"profiles":[{"name":"x","executors":[{}]}]}`},
		{"GET", "/clients?first=-1&max=-5&search=true", `null`},
		{"DELETE", "/roles/default-roles-t-fake", ``},
		{"GET", "/group-by-path//", ``},
	} {
		f.Add(seed[0], seed[1], seed[2])
	}
	f.Fuzz(func(t *testing.T, method, path, body string) {
		kc := keycloaktest.New(keycloaktest.Options{SigningKey: signingKey()})
		settings := people()
		settings["realm"], settings["enabled"] = "t-fake", true
		if err := kc.Admin(t.Context(), "POST", "/realms", settings, nil); err != nil {
			t.Fatal(err)
		}
		var in any
		if json.Valid([]byte(body)) {
			in = json.RawMessage(body)
		}
		for range 2 { // what was made is there the second time
			_ = kc.Admin(t.Context(), method, "/realms/t-fake"+path, in, nil)
		}
		for _, read := range []string{
			"", "/clients", "/client-scopes", "/users", "/groups", "/components", "/identity-provider/instances", "/authentication/flows",
			"/authentication/flows/browser/executions", "/authentication/required-actions", "/users/profile", "/client-policies/policies",
		} {
			if err := kc.Admin(t.Context(), "GET", "/realms/t-fake"+read, nil, nil); err != nil && method != "DELETE" && !strings.Contains(body, "realm") {
				t.Fatal(err)
			}
		}
		form, err := http.NewRequestWithContext(t.Context(), http.MethodPost, "http://kc.example.com/realms/t-fake/protocol/openid-connect/token", strings.NewReader(url.Values{
			"grant_type": {"password"}, "client_id": {"app"}, "client_secret": {"app-secret"}, "username": {"alice"}, "password": {"pw-alice"}, "scope": {body}, "client_assertion": {path},
		}.Encode()))
		if err != nil {
			t.Fatal(err)
		}
		form.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		response, err := kc.RoundTrip(form)
		if err != nil {
			t.Fatal(err)
		}
		_ = response.Body.Close()
	})
}
