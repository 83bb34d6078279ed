package apple

import (
	"net/url"

	"github.com/maskit-dev/maskit/upstream"
)

// SetupSteps implements [upstream.Guide], in the words of Apple's developer site.
func (c Config) SetupSteps(env upstream.Env) []upstream.Step {
	domain := ""
	if u, err := url.Parse(env.Site.AccountURL); err == nil {
		domain = u.Hostname()
	}
	return upstream.Unverified(
		upstream.Step{
			Title:    "Have an App ID with Sign in with Apple (Certificates, Identifiers & Profiles, Identifiers)",
			Settings: []upstream.Setting{{Name: "Capabilities", Value: "Sign in with Apple, as a primary App ID"}, {Name: "Team ID (Membership details)", Value: c.TeamID}},
			Detail:   "This takes a paid membership of the Apple Developer Program.",
		},
		upstream.Step{
			Title: "Register a Services ID (Identifiers, +, Services IDs)",
			Settings: []upstream.Setting{
				{Name: "Identifier", Value: c.Client.ID},
				{Name: "Sign in with Apple", Value: "enabled, with the App ID as primary"},
				{Name: "Domains and Subdomains", Value: domain},
				{Name: "Return URLs", Value: env.CallbackURL()},
			},
			Detail: "Apple takes https only, and neither localhost nor an IP address.",
		},
		upstream.Step{
			Title: "Create a key (Keys, +)",
			Settings: []upstream.Setting{
				{Name: "Sign in with Apple", Value: "enabled, for the App ID"},
				{Name: "Key ID", Value: c.KeyID},
			},
			Detail: "Download the .p8 file, which is possible once, and give it to MAS as private_key_file. MAS signs a secret of one minute with it for each login, so that nothing has to be renewed.",
		},
		upstream.Step{
			Title:    "Register the sender of MAS's mails (Services, Sign in with Apple for Email Communication)",
			Settings: []upstream.Setting{{Name: "Email Sources", Value: "the From address of MAS"}},
			Detail:   "Mails to addresses of the relay (privaterelay.appleid.com) are dropped otherwise.",
		},
	)
}
