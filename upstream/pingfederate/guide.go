package pingfederate

import (
	"strings"

	"github.com/maskit-dev/maskit/mas"
	"github.com/maskit-dev/maskit/upstream"
)

// SetupSteps implements [upstream.Guide].
func (c Config) SetupSteps(env upstream.Env) []upstream.Step {
	generic := c.oidc().WithDefaults()
	step := upstream.Step{
		Title: "Create an OAuth client",
		Settings: []upstream.Setting{
			{Name: "Client ID", Value: c.Client.ID},
			{Name: "Client Authentication", Value: authLabel(generic.AuthMethod)},
			{Name: "Redirection URIs", Value: env.CallbackURL()},
			{Name: "Allowed Grant Types", Value: "Authorization Code"},
			{Name: "Require Pushed Authorization Requests", Value: "Off"},
			{Name: "Scopes", Value: strings.Join(generic.Client.Scopes, " ")},
			{Name: "ID Token Signing Algorithm", Value: "RSA using SHA-256"},
		},
	}
	if generic.AuthMethod == mas.AuthPrivateKeyJWT {
		step.Settings = append(step.Settings, upstream.Setting{Name: "JWKS URL", Value: env.JWKSURL()})
	}
	entry, _ := c.Entry(env) // the problems are for whoever uses the entry
	if upstream.LogsOut(entry) {
		step.Settings = append(step.Settings, upstream.Setting{Name: "Back-Channel Logout URI", Value: env.BackchannelLogoutURL()})
	}
	return upstream.Unverified(step, upstream.Step{
		Title:    "Let the OpenID Connect policy send what people are made from",
		Settings: []upstream.Setting{{Name: "Attribute contract", Value: "sub, preferred_username, name, email, email_verified"}},
		Detail:   "A sub must never pass from one person to another. If the policy keeps the others out of ID tokens, set fetch_userinfo.",
	})
}

func authLabel(method mas.AuthMethod) string {
	switch method {
	case mas.AuthPrivateKeyJWT, mas.AuthClientSecretJWT:
		return "Private Key JWT or Client Secret JWT, as " + string(method)
	default:
		return "Client Secret"
	}
}
