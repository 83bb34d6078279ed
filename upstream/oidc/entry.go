package oidc

import (
	"strings"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/mas"
	"github.com/maskit-dev/maskit/upstream"
	"github.com/maskit-dev/maskit/upstream/claims"
)

// entry writes the settings, with their defaults, in MAS's words.
func (c Config) entry(env upstream.Env, imports mas.ClaimsImports) upstream.Entry {
	entry := upstream.Entry{
		ID:                                env.ID,
		SynapseIDPID:                      c.Client.SynapseIDPID,
		Issuer:                            c.Issuer,
		HumanName:                         c.Client.HumanName,
		BrandName:                         c.BrandName,
		ClientID:                          c.Client.ID,
		ClientSecret:                      c.Client.Secret,
		TokenEndpointAuthMethod:           c.AuthMethod,
		SignInWithApple:                   c.SignInWithApple,
		TokenEndpointAuthSigningAlg:       c.AuthSigningAlg,
		IDTokenSignedResponseAlg:          c.IDTokenAlg,
		Scope:                             strings.Join(c.Client.Scopes, " "),
		DiscoveryMode:                     c.Discovery,
		PKCEMethod:                        c.PKCE,
		FetchUserinfo:                     c.FetchUserinfo,
		UserinfoSignedResponseAlg:         c.UserinfoAlg,
		AuthorizationEndpoint:             c.Endpoints.Authorization,
		UserinfoEndpoint:                  c.Endpoints.Userinfo,
		TokenEndpoint:                     c.Endpoints.Token,
		JWKSURI:                           c.Endpoints.JWKS,
		ResponseMode:                      c.ResponseMode,
		ClaimsImports:                     imports,
		AdditionalAuthorizationParameters: c.parameters(env),
		OnBackchannelLogout:               c.BackchannelLogout,
		RegistrationTokenRequired:         c.Client.RegistrationTokenRequired,
	}
	entry.ForwardLoginHint = c.Client.ForwardLoginHint && !env.MASAtLeast(templatedParameters()) //nolint:staticcheck // deprecated since 1.20, the only way before
	return entry
}

// templatedParameters is the MAS that began to render authorization parameters as
// templates. Older ones send them as they stand.
func templatedParameters() maskit.Version { return maskit.Version{Major: 1, Minor: 20} }

// loggedOutParameter is the MAS that began to give these templates the variable logged_out.
func loggedOutParameter() maskit.Version { return maskit.Version{Major: 1, Minor: 22} }

// parameters are the additional authorization parameters, nil if there are none.
func (c Config) parameters(env upstream.Env) map[string]string {
	out := make(map[string]string, len(c.Client.AuthorizationParameters))
	templated := env.MASAtLeast(templatedParameters())
	for name, value := range c.Client.AuthorizationParameters {
		if templated {
			value = claims.Text(value)
		}
		out[name] = value
	}
	if c.Client.ForwardLoginHint && templated {
		out["login_hint"] = "{{ params.login_hint }}" // not sent when empty
	}
	if c.Client.ReauthenticateAfterLogout && env.MASAtLeast(loggedOutParameter()) {
		out["prompt"] = "{% if logged_out %}login{% endif %}"
	}
	if len(out) == 0 {
		return nil
	}
	return out
}
