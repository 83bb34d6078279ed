package adfs

import (
	"cmp"
	"strings"

	"github.com/maskit-dev/maskit/mas"
	"github.com/maskit-dev/maskit/upstream"
)

// SetupSteps implements [upstream.Guide], in the words of AD FS Management.
func (c Config) SetupSteps(env upstream.Env) []upstream.Step {
	return upstream.Unverified(
		upstream.Step{
			Title: "Add an application group (Application Groups, Server application accessing a web API)",
			Settings: []upstream.Setting{
				{Name: "Client Identifier", Value: c.Client.ID},
				{Name: "Redirect URI", Value: env.CallbackURL()},
				c.credential(env),
				{Name: "Web API, Identifier", Value: c.Client.ID},
				{Name: "Access Control Policy", Value: "Permit specific group, or another that names who may sign in"},
				{Name: "Permitted scopes", Value: strings.Join(c.oidc().WithDefaults().Client.Scopes, ", ")},
			},
			Detail: "The identifier of the web API has to be that of the client: claims of its rules then reach the ID token.",
		},
		upstream.Step{
			Title:    "Issue the claims (web API, Issuance Transform Rules, Send LDAP Attributes as Claims)",
			Settings: c.rules(),
			Detail:   "The right-hand side is the name of the outgoing claim, to be typed as it stands.",
		},
	)
}

func (c Config) credential(env upstream.Env) upstream.Setting {
	if cmp.Or(c.AuthMethod, mas.AuthClientSecretPost) == mas.AuthPrivateKeyJWT {
		return upstream.Setting{Name: "JWKS URI", Value: env.JWKSURL()}
	}
	return upstream.Setting{Name: "Generate a shared secret", Value: "Yes; copy it into the configuration"}
}

// rules are the claims that the settings rely on.
func (c Config) rules() []upstream.Setting {
	rules := []upstream.Setting{
		{Name: "User-Principal-Name", Value: "upn"},
		{Name: "Display-Name", Value: "name"},
		{Name: "E-Mail-Addresses", Value: "email"},
	}
	if len(c.Claims.Require.Groups) > 0 {
		rules = append(rules, upstream.Setting{Name: "Token-Groups - Unqualified Names", Value: "groups"})
	}
	if len(c.Claims.Require.Roles) > 0 {
		rules = append(rules, upstream.Setting{Name: "Send Group Membership as a Claim", Value: "roles"})
	}
	return rules
}
