package google

import (
	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/mas"
	"github.com/maskit-dev/maskit/upstream"
	"github.com/maskit-dev/maskit/upstream/claims"
	"github.com/maskit-dev/maskit/upstream/oidc"
)

// Config is an OAuth client at Google, for anybody with a Google account or, by
// Claims.Require.Domains, for the people of Google Workspace organisations.
type Config struct {
	// Client is the OAuth client, of the type web application. Its secret is required.
	// HumanName defaults to Google.
	Client oidc.Client `yaml:",inline"`
	// Claims says what becomes of the claims. Require.Domains lists Workspace domains: whose
	// account is of none of them (claim hd) cannot log in. With exactly one, what stands before
	// the @ of the verified address is required as user name, if it ends in that domain; with
	// several it is suggested, since two domains may have it. Without any, people choose their
	// user name. Other defaults: as [claims.Rules]. A required name that cannot be made, because
	// the address is one of another domain of the organisation, ends in an error page.
	Claims claims.Rules `yaml:"claims"`
	// Acknowledge accepts problems by their code.
	Acknowledge []maskit.Ack `yaml:"acknowledge"`
}

var (
	_ upstream.Provider = Config{}
	_ upstream.Guide    = Config{}
)

// Kind implements [upstream.Provider].
func (Config) Kind() string { return "google" }

// Entry implements [upstream.Provider].
func (c Config) Entry(env upstream.Env) (upstream.Entry, maskit.Problems) {
	return oidc.Preset{
		Config:      c.oidc(),
		Problems:    c.problems(),
		Derived:     []string{"issuer", "authorization_parameters.hd", "claims.require.domains", "claims.localpart.domains"},
		Acknowledge: c.Acknowledge,
	}.Entry(env)
}

// issuer has no final slash.
const issuer = "https://accounts.google.com"

// oidc is Google as a generic provider.
func (c Config) oidc() oidc.Config {
	client := c.Client.WithHumanName("Google")
	if domains := c.Claims.Require.Domains; len(domains) == 1 {
		client = client.WithParameter(domainParameter, domains[0])
	}
	return oidc.Config{
		Client:            client,
		Issuer:            issuer,
		BrandName:         "google",
		AuthMethod:        mas.AuthClientSecretPost,
		BackchannelLogout: mas.LogoutDoNothing,
		Sources: claims.Sources{
			Domains: claims.From(claims.ShapeText, "hd"),
			Instead: "remove it: Google sends no groups; Dex with its google connector asks the directory, and sends them",
		},
		Claims: c.Claims.WithDefaults(claims.Rules{
			Localpart:   c.localpart(),
			DisplayName: claims.DisplayName{Claims: []string{"name"}},
			AccountName: "email",
		}),
	}
}

// domainParameter preselects a Workspace domain on Google's page. It is a hint only: the
// claim of the same name is what counts.
const domainParameter = "hd"

func (c Config) localpart() claims.Localpart {
	domains := c.Claims.Require.Domains
	switch len(domains) {
	case 0:
		return claims.Localpart{Action: mas.ImportIgnore, FromEmail: true}
	case 1:
		return claims.Localpart{Action: mas.ImportRequire, FromEmail: true, Domains: domains}
	}
	return claims.Localpart{Action: mas.ImportSuggest, FromEmail: true, Domains: domains}
}
