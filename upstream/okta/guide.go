package okta

import (
	"cmp"
	"slices"
	"strings"

	"github.com/maskit-dev/maskit/mas"
	"github.com/maskit-dev/maskit/upstream"
)

// SetupSteps implements [upstream.Guide], in the words of the Okta Admin Console.
func (c Config) SetupSteps(env upstream.Env) []upstream.Step {
	steps := []upstream.Step{c.appStep(env), c.credentialsStep(env), c.assignStep()}
	if c.AuthorizationServer != "" {
		steps = append(steps, c.policyStep())
	}
	if len(c.Claims.Require.Groups) > 0 {
		steps = append(steps, c.groupsStep())
	}
	return upstream.Unverified(steps...)
}

func (c Config) appStep(env upstream.Env) upstream.Step {
	return upstream.Step{
		Title: "Create an app integration (Applications, Create App Integration)",
		Settings: []upstream.Setting{
			{Name: "Sign-in method", Value: "OIDC - OpenID Connect"},
			{Name: "Application type", Value: "Web Application"},
			{Name: "Grant type", Value: "Authorization Code, nothing else"},
			{Name: "Sign-in redirect URIs", Value: env.CallbackURL()},
			{Name: "Sign-out redirect URIs", Value: "(none)"},
			{Name: "Require PKCE as additional verification", Value: "On"},
			{Name: "Issuer, on the tab Sign On", Value: "https://" + c.Domain},
		},
		Detail: "The issuer must name the host that MAS is configured with, not be dynamic.",
	}
}

// credentialsStep makes both sides agree on how MAS authenticates.
func (c Config) credentialsStep(env upstream.Env) upstream.Step {
	step := upstream.Step{
		Title:    "Set the client credentials",
		Settings: []upstream.Setting{{Name: "Client ID", Value: c.Client.ID}},
	}
	add := func(name, value string) {
		step.Settings = append(step.Settings, upstream.Setting{Name: name, Value: value})
	}
	if c.AuthMethod == mas.AuthPrivateKeyJWT {
		add("Client authentication", "Public key / Private key")
		add("Use a URL to fetch keys dynamically", env.JWKSURL())
		return step
	}
	add("Client authentication", "Client secret")
	add("token_endpoint_auth_method (API)", string(cmp.Or(c.AuthMethod, mas.AuthClientSecretBasic)))
	step.Detail = "Copy the secret into the configuration."
	return step
}

func (c Config) assignStep() upstream.Step {
	return upstream.Step{
		Title:    "Assign the people who may sign in (tab Assignments)",
		Settings: []upstream.Setting{{Name: "Assign", Value: "people or groups"}},
		Detail:   "Okta refuses the others with access_denied.",
	}
}

// policyStep: without a policy, a custom authorization server refuses every login.
func (c Config) policyStep() upstream.Step {
	return upstream.Step{
		Title: "Let the authorization server " + c.AuthorizationServer + " serve the app (Security, API, Access Policies)",
		Settings: []upstream.Setting{
			{Name: "Policy assigned to", Value: c.Client.ID},
			{Name: "Rule, grant type", Value: "Authorization Code"},
			{Name: "Rule, scopes", Value: strings.Join(c.oidc().WithDefaults().Client.Scopes, ", ")},
		},
		Detail: "Without a policy and a rule, every login fails. Custom authorization servers need the licence API Access Management.",
	}
}

func (c Config) groupsStep() upstream.Step {
	groups := strings.Join(slices.Sorted(slices.Values(c.Claims.Require.Groups)), ", ")
	if c.AuthorizationServer == "" {
		return upstream.Step{
			Title: "Send groups (tab Sign On, OpenID Connect ID Token)",
			Settings: []upstream.Setting{
				{Name: "Groups claim type", Value: "Filter"},
				{Name: "Groups claim filter", Value: "groups, by a regex that matches all of: " + groups},
			},
		}
	}
	return upstream.Step{
		Title: "Send groups (Security, API, the authorization server)",
		Settings: []upstream.Setting{
			{Name: "Scopes, name", Value: c.sources().Groups.Scope},
			{Name: "Claims, name", Value: "groups"},
			{Name: "Claims, include in token type", Value: "ID Token, Always"},
			{Name: "Claims, value type", Value: "Groups"},
			{Name: "Claims, filter", Value: "a regex that matches all of: " + groups},
			{Name: "Claims, include in", Value: "the scope " + c.sources().Groups.Scope},
		},
	}
}
