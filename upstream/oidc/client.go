package oidc

import "github.com/maskit-dev/maskit/mas"

// Client is MAS as a client of the provider. Every module has these settings, in its own
// configuration under the same keys:
//
//	Client oidc.Client `yaml:",inline"`
type Client struct {
	// ID is the id of MAS at the provider. Required.
	ID string `yaml:"client_id"`
	// Secret is its secret. Required for the client_secret_* methods, forbidden for the
	// others.
	Secret mas.SecretValue `yaml:"client_secret" file:"client_secret_file"`
	// HumanName is what the login page shows. Default: made from the issuer by MAS;
	// required without one, if the module states none.
	HumanName string `yaml:"human_name"`
	// Scopes are asked for. Without openid there is no ID token. Default: openid,
	// profile, email, if the module states no others; what a required claim needs is added.
	Scopes []string `yaml:"scopes"`
	// AuthorizationParameters are added to the authorization request as they stand:
	// they are no templates. Default: none.
	AuthorizationParameters map[string]string `yaml:"authorization_parameters"`
	// ForwardLoginHint passes the login_hint of a Matrix client on. Default: no.
	ForwardLoginHint bool `yaml:"forward_login_hint"`
	// ReauthenticateAfterLogout asks the provider for a new sign-in (prompt=login) within
	// five minutes after a logout, since MAS does not log out there. It needs MAS 1.22.
	// Default: no.
	ReauthenticateAfterLogout bool `yaml:"reauthenticate_after_logout"`
	// RegistrationTokenRequired asks new users for a registration token (MAS 1.19).
	// Default: no.
	RegistrationTokenRequired bool `yaml:"registration_token_required"`
	// SynapseIDPID is the idp_id that the provider had in Synapse, with the prefix oidc-, or
	// oidc alone if it had none. The migration needs it. Default: none.
	SynapseIDPID string `yaml:"synapse_idp_id"`
}

// WithScopes returns a copy that asks for the scopes unless it asks for others.
func (c Client) WithScopes(scopes ...string) Client {
	if len(c.Scopes) == 0 {
		c.Scopes = scopes
	}
	return c
}

// WithHumanName returns a copy that has the name unless it has another.
func (c Client) WithHumanName(name string) Client {
	if c.HumanName == "" {
		c.HumanName = name
	}
	return c
}

// WithParameter returns a copy that has the authorization parameter too, unless the value
// is empty. One that the caller has set stays; a module reports both as a problem.
func (c Client) WithParameter(name, value string) Client {
	if _, set := c.AuthorizationParameters[name]; set || value == "" {
		return c
	}
	parameters := map[string]string{name: value}
	for k, v := range c.AuthorizationParameters {
		parameters[k] = v
	}
	c.AuthorizationParameters = parameters
	return c
}
