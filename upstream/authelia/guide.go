package authelia

import (
	"strings"

	"github.com/maskit-dev/maskit/mas"
	"github.com/maskit-dev/maskit/upstream"
)

// SetupSteps implements [upstream.Guide], by the keys of Authelia's configuration.
func (c Config) SetupSteps(env upstream.Env) []upstream.Step {
	generic := c.oidc().WithDefaults()
	step := upstream.Step{
		Title: "Add a client below identity_providers.oidc.clients",
		Settings: []upstream.Setting{
			{Name: "client_id", Value: c.Client.ID},
			{Name: "public", Value: "false"},
			{Name: "redirect_uris", Value: "['" + env.CallbackURL() + "']"},
			{Name: "scopes", Value: "[" + strings.Join(generic.Client.Scopes, ", ") + "]"},
			{Name: "response_types", Value: "[code]"},
			{Name: "grant_types", Value: "[authorization_code]"},
			{Name: "token_endpoint_auth_method", Value: string(generic.AuthMethod)},
			{Name: "require_pkce", Value: "true"},
			{Name: "pkce_challenge_method", Value: "S256"},
			{Name: "require_pushed_authorization_requests", Value: "false"},
			{Name: "id_token_signed_response_alg", Value: "RS256"},
			{Name: "userinfo_signed_response_alg", Value: "none"},
			{Name: "authorization_policy", Value: "two_factor, or one of your own"},
			{Name: "consent_mode", Value: "implicit"},
		},
		Detail: "Authelia keeps a hash of the secret: authelia crypto hash generate pbkdf2 makes one.",
	}
	switch generic.AuthMethod {
	case mas.AuthPrivateKeyJWT:
		step.Settings = append(step.Settings,
			upstream.Setting{Name: "jwks_uri", Value: env.JWKSURL()},
			upstream.Setting{Name: "token_endpoint_auth_signing_alg", Value: string(generic.AuthSigningAlg)})
		step.Detail = "There is no secret: Authelia fetches the keys of MAS, and must reach that address."
	case mas.AuthClientSecretJWT:
		step.Settings = append(step.Settings, upstream.Setting{Name: "token_endpoint_auth_signing_alg", Value: string(generic.AuthSigningAlg)})
		step.Detail = "Authelia needs this secret in plain text, because it checks signatures with it."
	}
	return upstream.Unverified(step)
}
