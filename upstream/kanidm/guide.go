package kanidm

import (
	"strings"

	"github.com/maskit-dev/maskit/upstream"
)

// SetupSteps implements [upstream.Guide], as commands of Kanidm's book.
func (c Config) SetupSteps(env upstream.Env) []upstream.Step {
	scopes := strings.Join(c.oidc().WithDefaults().Client.Scopes, " ")
	name := c.Client.ID
	return upstream.Unverified(
		upstream.Step{
			Title: "Create the client",
			Settings: []upstream.Setting{
				{Name: "Create", Value: "kanidm system oauth2 create " + name + " Matrix " + env.Site.Issuer()},
				{Name: "Redirect URI", Value: "kanidm system oauth2 add-redirect-url " + name + " " + env.CallbackURL()},
				{Name: "Scopes", Value: "kanidm system oauth2 update-scope-map " + name + " <group> " + scopes},
				{Name: "Short names", Value: "kanidm system oauth2 prefer-short-username " + name},
			},
			Detail: "Only members of the group get the scopes, and so can log in. Leave PKCE on.",
		},
		upstream.Step{
			Title:    "Copy the secret into the configuration",
			Settings: []upstream.Setting{{Name: "Secret", Value: "kanidm system oauth2 show-basic-secret " + name}},
		},
	)
}
