// Package sitefile reads site.yaml, the one input file that all examples share:
// the addresses of a deployment, its database, its identity providers, and what
// else its owner decides. It holds no secret of maskit's own making.
//
//	file, problems := sitefile.Parse("site.yaml", data)
//
// A tool of yours will have a format of its own; this one shows how little it
// takes to read the types of the SDK from a file, strictly.
package sitefile

import (
	"strings"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/mas"
	"github.com/maskit-dev/maskit/scale"
	"github.com/maskit-dev/maskit/upstream"
)

// File is the content of a site.yaml.
type File struct {
	// Site has the addresses. Required.
	Site maskit.Site `yaml:"site"`
	// Versions are those of the servers. Default: the newest ones tested.
	Versions Versions `yaml:"versions"`
	// Load sizes the deployment. Default: one server.
	Load *scale.Load `yaml:"load"`
	// Synapse says where Synapse finds what it shares with MAS.
	Synapse Synapse `yaml:"synapse"`
	// TrustedProxies are the proxies in front of MAS. Default: the private networks.
	TrustedProxies []string `yaml:"trusted_proxies"`

	// The sections of MAS's configuration that its owner decides, key for key as MAS
	// has them. Database is required.
	Database     *mas.Database     `yaml:"database"`
	Passwords    *mas.Passwords    `yaml:"passwords"`
	Account      *mas.Account      `yaml:"account"`
	Email        *mas.Email        `yaml:"email"`
	Captcha      *mas.Captcha      `yaml:"captcha"`
	Policy       *mas.Policy       `yaml:"policy"`
	RateLimiting *mas.RateLimiting `yaml:"rate_limiting"`
	Branding     *mas.Branding     `yaml:"branding"`
	Telemetry    *mas.Telemetry    `yaml:"telemetry"`
	OAuth        *mas.OAuth        `yaml:"oauth"`
	Experimental *mas.Experimental `yaml:"experimental"`
	Clients      []mas.Client      `yaml:"clients"`

	// Acknowledge accepts problems by code and path. Those of a provider are accepted
	// in the settings of the provider.
	Acknowledge []maskit.Ack `yaml:"acknowledge"`

	// Providers are the identity providers, in the order of the login page.
	Providers []Provider

	positions map[string]maskit.Pos
}

// Versions are those of the servers.
type Versions struct {
	MAS     maskit.Version `yaml:"mas"`
	Synapse maskit.Version `yaml:"synapse"`
}

// Synapse says where Synapse finds what it shares with MAS.
type Synapse struct {
	// SecretPath is where the file with the shared secret will be, as Synapse sees it.
	// Default: [DefaultSecretPath].
	SecretPath string `yaml:"secret_path"`
}

// DefaultSecretPath is the default of [Synapse.SecretPath].
const DefaultSecretPath = "/etc/synapse/mas_shared_secret" //nolint:gosec // a path, not a secret

// Provider is one entry of providers: a kind, a name, and the settings of that kind.
type Provider struct {
	// Name names the provider in identity.yaml. Default: the kind.
	Name string
	// Provider is the typed configuration.
	Provider upstream.Provider
}

// At fills in where the values stand that the problems are about.
func (f *File) At(problems maskit.Problems) maskit.Problems {
	out := make(maskit.Problems, len(problems))
	for i, p := range problems {
		if p.Path == "mas" || p.Path == "synapse" { // see maskit.CheckVersions
			p.Path = "versions." + p.Path
		}
		if p.Pos.IsZero() {
			p.Pos = f.Position(source(p.Path))
		}
		out[i] = p
	}
	return out
}

// source returns the path in the site file of what a value of MAS's configuration, or a
// setting of another package, is made from.
func source(path string) string {
	for _, from := range [][2]string{
		{"http.trusted_proxies", "trusted_proxies"},
		{"http.public_base", "site.account_url"},
		{"matrix.homeserver", "site.server_name"},
		{"matrix.endpoint", "site.synapse_url"},
		{"secret_path", "synapse.secret_path"},
		{"capacity", "load"},
	} {
		if rest, ok := strings.CutPrefix(path, from[0]); ok && (rest == "" || rest[0] == '.' || rest[0] == '[') {
			return from[1] + rest
		}
	}
	return path
}
