package cognito

import (
	"strings"

	"github.com/maskit-dev/maskit/mas"
	"github.com/maskit-dev/maskit/upstream"
)

// SetupSteps implements [upstream.Guide], in the words of the Amazon Cognito console.
func (c Config) SetupSteps(env upstream.Env) []upstream.Step {
	secret := "Yes"
	if c.AuthMethod == mas.AuthNone {
		secret = "No"
	}
	return upstream.Unverified(
		upstream.Step{
			Title:    "Give the user pool a domain (Branding, Domain)",
			Settings: []upstream.Setting{{Name: "User pool ID", Value: c.UserPool}, {Name: "Domain", Value: "a Cognito domain or one of yours"}},
			Detail:   "People sign in there. Without one the metadata has no authorization endpoint that works.",
		},
		upstream.Step{
			Title: "Create an app client (Applications, App clients)",
			Settings: []upstream.Setting{
				{Name: "Application type", Value: "Traditional web application"},
				{Name: "Client ID", Value: c.Client.ID},
				{Name: "Generate a client secret", Value: secret},
				{Name: "Allowed callback URLs", Value: env.CallbackURL()},
				{Name: "OAuth 2.0 grant types", Value: "Authorization code grant"},
				{Name: "OpenID Connect scopes", Value: strings.Join(c.oidc().WithDefaults().Client.Scopes, ", ")},
				{Name: "Attribute read permissions", Value: "email, email_verified, name"},
			},
			Detail: "Copy the client secret into the configuration. Whether an app client has one is decided when it is made.",
		},
		upstream.Step{
			Title: "Check how people get into the pool (Authentication, Sign-up)",
			Settings: []upstream.Setting{
				{Name: "Self-registration", Value: "Disabled, unless everybody may have an account"},
				{Name: "Keep original attribute value active when an update is pending", Value: "email"},
			},
			Detail: "An address that its user changes is not verified until it is confirmed, and only verified ones are imported.",
		},
	)
}
