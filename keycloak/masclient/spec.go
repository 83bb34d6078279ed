package masclient

import (
	"slices"
	"strings"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/keycloak"
	"github.com/maskit-dev/maskit/upstream"
	upkc "github.com/maskit-dev/maskit/upstream/keycloak"
)

// Spec is what the realm of the provider needs so that people can log in to MAS with it.
func Spec(env upstream.Env, provider upkc.Config) (keycloak.Spec, maskit.Problems) {
	entry, problems := provider.Entry(env)
	client := keycloak.Client{ID: entry.ClientID, Site: env.Site, Provider: env.ID, Secret: entry.ClientSecret.Inline}
	switch entry.TokenEndpointAuthMethod {
	case "private_key_jwt":
		client.Auth = keycloak.ClientJWTAuth
	case "client_secret_basic", "client_secret_post":
	default:
		problems = append(problems, maskit.Problem{
			Path: "token_endpoint_auth_method", Code: "auth-method-not-provisioned", Message: "is not one that this package sets up at Keycloak",
			Hint: "use client_secret_basic, or private_key_jwt, which needs no secret at all",
		})
	}
	if !upstream.LogsOut(entry) {
		client.BackchannelLogoutURL = keycloak.Set("")
	}
	if alg := string(entry.IDTokenSignedResponseAlg); alg != "" {
		client.Attributes = map[string]string{"id.token.signed.response.alg": alg}
	}
	client.OptionalScopes = optional(entry.Scope)
	return keycloak.Spec{Realm: keycloak.Realm{Name: provider.Realm}, Client: client}, problems
}

// optional are the scopes that MAS asks for and that are no default scopes: a client may
// ask for its optional ones. Openid is none of Keycloak's scopes.
func optional(scope string) []string {
	var names []string
	for _, name := range strings.Fields(scope) {
		if !slices.Contains([]string{"openid", "basic", "profile", "email"}, name) {
			names = append(names, name)
		}
	}
	return names
}
