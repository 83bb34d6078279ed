package keycloak

import (
	"strings"

	"github.com/maskit-dev/maskit/mas"
	"github.com/maskit-dev/maskit/upstream"
)

// SetupSteps implements [upstream.Guide], in the words of the admin console of
// Keycloak 26.
func (c Config) SetupSteps(env upstream.Env) []upstream.Step {
	steps := []upstream.Step{c.clientStep(env), c.credentialsStep(env)}
	entry, _ := c.Entry(env) // the problems are for whoever uses the entry
	if upstream.LogsOut(entry) {
		steps = append(steps, logoutStep(env))
	}
	steps = append(steps, c.gateSteps()...)
	return append(steps, c.realmStep())
}

func (c Config) clientStep(env upstream.Env) upstream.Step {
	return upstream.Step{
		Title: "Create an OpenID Connect client in the realm " + c.Realm,
		Settings: []upstream.Setting{
			{Name: "Client ID", Value: c.Client.ID},
			{Name: "Client authentication", Value: "On"},
			{Name: "Authentication flow", Value: "Standard flow, nothing else"},
			{Name: "Home URL", Value: env.Site.Issuer()},
			{Name: "Valid redirect URIs", Value: env.CallbackURL()},
			{Name: "Web origins", Value: "(none)"},
			{Name: "Proof Key for Code Exchange Code Challenge Method", Value: "S256"},
		},
		Detail: "The redirect URI is compared exactly: no wildcard is needed. The last setting is under Advanced.",
	}
}

// credentialsStep makes both sides agree on how MAS authenticates.
func (c Config) credentialsStep(env upstream.Env) upstream.Step {
	generic := c.oidc().WithDefaults()
	step := upstream.Step{Title: "Set the client's credentials"}
	add := func(name, value string) {
		step.Settings = append(step.Settings, upstream.Setting{Name: name, Value: value})
	}
	switch generic.AuthMethod {
	case mas.AuthPrivateKeyJWT:
		add("Client Authenticator", "Signed JWT")
		add("Signature algorithm", string(generic.AuthSigningAlg))
		add("Use JWKS URL", "On")
		add("JWKS URL", env.JWKSURL())
		step.Detail = "The last two are on the tab Keys. Keycloak must reach that address."
	case mas.AuthClientSecretJWT:
		add("Client Authenticator", "Signed JWT with Client Secret")
		add("Signature algorithm", string(generic.AuthSigningAlg))
		step.Detail = "Copy the client secret from here into the configuration."
	default:
		add("Client Authenticator", "Client Id and Secret")
		step.Detail = "Copy the client secret from here into the configuration."
	}
	if c.IDTokenAlg != "" {
		add("ID token signature algorithm (Advanced)", string(c.IDTokenAlg))
	}
	return step
}

func logoutStep(env upstream.Env) upstream.Step {
	return upstream.Step{
		Title: "Let Keycloak tell MAS about logouts",
		Settings: []upstream.Setting{
			{Name: "Front channel logout", Value: "Off"},
			{Name: "Backchannel logout URL", Value: env.BackchannelLogoutURL()},
			{Name: "Backchannel logout session required", Value: "On"},
			{Name: "Backchannel logout revoke offline sessions", Value: "On"},
		},
		Detail: "Keycloak must reach that address. It tells nothing when a user is disabled or deleted: log the user out first.",
	}
}

// realmStep lists the settings of the realm that the claims rely on.
func (c Config) realmStep() upstream.Step {
	step := upstream.Step{
		Title: "Check the login settings of the realm",
		Settings: []upstream.Setting{
			{Name: "User registration", Value: "Off"},
			{Name: "Edit username", Value: "Off"},
			{Name: "Verify email", Value: "On"},
		},
		Detail: "User names become Matrix user names for good, and an address is imported only once it is verified.",
	}
	if c.IDPHint != "" {
		step.Settings = append(step.Settings, upstream.Setting{Name: "Alias of the identity provider", Value: strings.TrimSpace(c.IDPHint)})
	}
	return step
}
