package auth0

import (
	"cmp"
	"slices"
	"strings"

	"github.com/maskit-dev/maskit/mas"
	"github.com/maskit-dev/maskit/upstream"
)

// SetupSteps implements [upstream.Guide], in the words of the Auth0 Dashboard.
func (c Config) SetupSteps(env upstream.Env) []upstream.Step {
	steps := []upstream.Step{c.applicationStep(env), c.credentialsStep(env)}
	if names := c.customClaims(); len(names) > 0 {
		steps = append(steps, upstream.Step{
			Title:    "Add custom claims to the ID token (Actions, Triggers, post-login)",
			Settings: []upstream.Setting{{Name: "api.idToken.setCustomClaim", Value: strings.Join(names, ", ")}},
			Detail:   "Each a list of names. Claims whose names are no URLs are dropped.",
		})
	}
	if c.BackchannelLogout == mas.LogoutAll || c.BackchannelLogout == mas.LogoutBrowserOnly {
		steps = append(steps, logoutStep(env))
	}
	return upstream.Unverified(steps...)
}

func (c Config) applicationStep(env upstream.Env) upstream.Step {
	return upstream.Step{
		Title: "Create an application (Applications, Create Application)",
		Settings: []upstream.Setting{
			{Name: "Application type", Value: "Regular Web Applications"},
			{Name: "Domain", Value: c.Domain},
			{Name: "Client ID", Value: c.Client.ID},
			{Name: "Allowed Callback URLs", Value: env.CallbackURL()},
			{Name: "JSON Web Token (JWT) Signature Algorithm", Value: "RS256"},
			{Name: "Grant Types", Value: "Authorization Code"},
		},
		Detail: "The last two are under Advanced Settings. Applications on HS256 cannot be used: MAS verifies no such signature. With a custom domain, the first shows another one.",
	}
}

// credentialsStep makes both sides agree on how MAS authenticates.
func (c Config) credentialsStep(env upstream.Env) upstream.Step {
	method := cmp.Or(c.AuthMethod, mas.AuthClientSecretPost)
	step := upstream.Step{Title: "Set the credentials of the application", Detail: "Copy the client secret into the configuration."}
	label := map[mas.AuthMethod]string{
		mas.AuthClientSecretPost:  "Client Secret (Post)",
		mas.AuthClientSecretBasic: "Client Secret (Basic)",
		mas.AuthPrivateKeyJWT:     "Private Key JWT",
	}[method]
	step.Settings = []upstream.Setting{{Name: "Authentication Method", Value: label}}
	if method == mas.AuthPrivateKeyJWT {
		step.Detail = "Add the public key of MAS, which is at " + env.JWKSURL() + ", and again whenever it is rotated."
	}
	return step
}

// customClaims are the claims that the rules require of the Action.
func (c Config) customClaims() []string {
	var names []string
	if len(c.Claims.Require.Groups) > 0 {
		names = append(names, c.sources().Groups.Claim...)
	}
	if len(c.Claims.Require.Roles) > 0 {
		names = append(names, c.sources().Roles.Claim...)
	}
	return slices.Clip(names)
}

func logoutStep(env upstream.Env) upstream.Step {
	return upstream.Step{
		Title: "Let Auth0 tell MAS about logouts (Enterprise plan)",
		Settings: []upstream.Setting{
			{Name: "Back-Channel Logout URI (oidc_logout.backchannel_logout_urls)", Value: env.BackchannelLogoutURL()},
			{Name: "Back-Channel Logout Initiators", Value: "All supported initiators"},
		},
		Detail: "Auth0 must reach that address.",
	}
}
