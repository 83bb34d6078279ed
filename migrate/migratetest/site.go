package migratetest

import (
	"crypto/rand"
	"fmt"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/mas"
	"github.com/maskit-dev/maskit/synapse"
)

// Database is where a database is.
type Database struct {
	// Host is a host name, an address, or the directory of a Unix socket.
	Host string
	// User needs no password.
	User string
	Name string
}

// SiteSpec says what [NewSite] makes.
type SiteSpec struct {
	// ServerName is the server name. Default: "example.com".
	ServerName string
	// Synapse and MAS are the databases.
	Synapse, MAS Database
	// Providers are there besides those of generated links, [Keycloak] and [GitLab].
	Providers []Provider
	// Pepper is Synapse's, and with it the secret of MAS's password scheme. Default: one
	// that no hash was made with.
	Pepper string
	// URLs are where people and servers reach each other. Default: addresses below
	// "example", where nobody answers.
	URLs maskit.Site
}

// Site is a pair of configurations that go together: with no oddity in the databases
// nothing stands in the way of a migration, neither for maskit nor for mas-cli.
type Site struct {
	// Files are Synapse's, from before MAS: Source.Files.
	Files []synapse.File
	// Config is MAS's: Target.Config. Passwords have the scheme 1 with Synapse's pepper,
	// and no other.
	Config *mas.Config
	// Providers are all that MAS has, those that it does not show included.
	Providers []Provider
}

// NewSite makes new configurations. The keys of MAS are new each time.
func NewSite(spec SiteSpec) (Site, error) {
	spec = spec.withDefaults()
	identity, err := mas.NewIdentity(rand.Reader)
	if err != nil {
		return Site{}, fmt.Errorf("migratetest: make a site: %w", err)
	}
	site := Site{}
	var entries []mas.UpstreamProvider
	for _, p := range spec.Providers {
		if !p.NotInMAS {
			entries = append(entries, p.entry())
			site.Providers = append(site.Providers, p)
		}
	}
	config, problems := mas.NewBuilder(spec.URLs, identity).
		Database(spec.MAS.masSection()).
		Passwords(mas.Passwords{Schemes: []mas.PasswordScheme{{
			Version: 1, Algorithm: mas.Bcrypt, UnicodeNormalization: true, Secret: mas.SecretValue{Inline: maskit.NewSecret(spec.Pepper)},
		}}}).
		Upstream(entries...).Build()
	if err := problems.Err(); err != nil {
		return Site{}, fmt.Errorf("migratetest: make a site: %w", err)
	}
	site.Config = config
	site.Files, err = spec.homeserver()
	return site, err
}

func (s SiteSpec) withDefaults() SiteSpec {
	if s.ServerName == "" {
		s.ServerName = "example.com"
	}
	if s.URLs == (maskit.Site{}) {
		s.URLs = maskit.Site{
			AccountURL: "https://account.example/", ClientAPIURL: "https://matrix.example/",
			SynapseURL: "http://synapse.example:8008/", MASURL: "http://mas.example:8080/",
		}
	}
	if s.Pepper == "" {
		s.Pepper = "odd pepper"
	}
	s.URLs.ServerName = s.ServerName
	s.Providers = append([]Provider{Keycloak(), GitLab()}, s.Providers...)
	return s
}

func (d Database) masSection() mas.Database {
	section := mas.Database{Host: d.Host, Username: d.User, Name: d.Name}
	if d.isSocket() {
		section.Host, section.Socket = "", d.Host
	}
	return section
}

func (d Database) isSocket() bool { return len(d.Host) > 0 && d.Host[0] == '/' }

func (p Provider) entry() mas.UpstreamProvider {
	return mas.UpstreamProvider{
		ID: p.ID, SynapseIDPID: p.SynapseID, Issuer: p.Issuer, HumanName: p.SynapseID, ClientID: "mas", Scope: "openid",
		TokenEndpointAuthMethod: mas.AuthClientSecretBasic, ClientSecret: mas.SecretValue{Inline: maskit.NewSecret("odd secret")},
		Enabled: enabled(!p.Disabled),
	}
}

// enabled leaves the default out.
func enabled(is bool) mas.Opt[bool] {
	if is {
		return mas.Opt[bool]{}
	}
	return mas.Set(false)
}

// MASFile renders MAS's configuration as one file, for mas-cli.
func (s Site) MASFile() ([]byte, error) {
	rendered, problems := mas.Render(s.Config, mas.RenderOptions{Layout: mas.LayoutSingle})
	if err := problems.Err(); err != nil {
		return nil, fmt.Errorf("migratetest: render MAS's configuration: %w", err)
	}
	return rendered.Files[0].Data(), nil
}
