package pingone

import (
	"strings"

	"github.com/maskit-dev/maskit/mas"
	"github.com/maskit-dev/maskit/upstream"
)

// SetupSteps implements [upstream.Guide].
func (c Config) SetupSteps(env upstream.Env) []upstream.Step {
	generic := c.oidc().WithDefaults()
	steps := []upstream.Step{{
		Title: "Add an application of the type OIDC Web App",
		Settings: []upstream.Setting{
			{Name: "Response Type", Value: "Code"},
			{Name: "Grant Type", Value: "Authorization Code"},
			{Name: "PKCE Enforcement", Value: "OPTIONAL"},
			{Name: "Redirect URIs", Value: env.CallbackURL()},
			{Name: "Token Endpoint Authentication Method", Value: string(generic.AuthMethod)},
			{Name: "Resources", Value: strings.Join(generic.Client.Scopes, " ")},
		},
		Detail: "Enable the application, and copy client id and secret into the configuration. PKCE can be required once the metadata lists S256: MAS goes by that.",
	}, {
		Title: "Map the attributes that people are made from",
		Settings: []upstream.Setting{
			{Name: "preferred_username", Value: "Username"},
			{Name: "name", Value: "Formatted"},
			{Name: "email", Value: "Email Address"},
			{Name: "email_verified", Value: "Email Verified"},
		},
	}}
	if generic.AuthMethod == mas.AuthPrivateKeyJWT {
		steps[0].Settings = append(steps[0].Settings, upstream.Setting{Name: "JWKS URL", Value: env.JWKSURL()})
	}
	return upstream.Unverified(steps...)
}
