package upstream

import (
	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/mas"
)

// Entry is a provider as MAS's configuration has it.
type Entry = mas.UpstreamProvider

// Provider is an identity provider that can be described to MAS. The typed
// configuration of a vendor is the provider: a struct that a program fills in, or
// decodes from a file by its YAML tags.
//
// An implementation keeps to this contract. The conformance suite
// upstream/upstreamtest checks it.
//
// Kind names the vendor: lower-case letters, digits and dashes, beginning with a
// letter. It is the same for every value of the type, and never changes, because
// files refer to it.
//
// Entry returns the whole entry for MAS:
//
//   - It is pure: no I/O, no clock, no environment, no randomness, and neither the
//     provider nor anything that it points to is modified. The same provider and
//     the same [Env] give the same entry and the same problems, in the same order.
//   - It is safe for concurrent use.
//   - The zero value of every optional field means a safe default, which the field's
//     comment states. Defaults are written into the entry where MAS's own default
//     is another one.
//   - The entry's ID is Env.ID. Callback and logout addresses come from Env too:
//     a provider never takes them as settings.
//   - Problems hold everything that is wrong, not only the first. A problem of
//     severity error means that the entry must not be used. Their paths are YAML
//     keys of the provider's own configuration, such as "claims.localpart.claim",
//     with two exceptions: "id" stands for Env.ID, and "acknowledge" findings are
//     those of [maskit.Problems.Accept]. What can be seen in the entry itself and
//     is legal there (a brand without an icon, insecure discovery) is left to the
//     warnings of mas.Config.Validate, so that nobody reads it twice.
//   - Without errors, the entry passes [Validate]. An error that the caller has
//     acknowledged may be an error there still, under the same code.
//   - No problem, and no text of the provider, shows a secret.
//   - A string of the configuration that reaches a MAS template is escaped: no value
//     changes what a template does.
//   - A key that Env.MASVersion does not know may be in the entry if the caller asked
//     for it; mas.Render reports it. A default is never such a key.
//
// A provider of one's own, complete:
//
//	// Config is the sign-in service of Acme.
//	type Config struct {
//		Client oidc.Client  `yaml:",inline"`
//		Tenant string       `yaml:"tenant"`
//		Claims claims.Rules `yaml:"claims"`
//	}
//
//	func (Config) Kind() string { return "acme" }
//
//	func (c Config) Entry(env upstream.Env) (upstream.Entry, maskit.Problems) {
//		return oidc.Preset{
//			Config: oidc.Config{
//				Client:     c.Client,
//				Issuer:     "https://" + c.Tenant + ".acme.example",
//				AuthMethod: mas.AuthClientSecretPost,
//				Claims:     c.Claims,
//			},
//			Problems: c.problems(), // those of tenant
//			Derived:  []string{"issuer"},
//		}.Entry(env)
//	}
type Provider interface {
	Kind() string
	Entry(env Env) (Entry, maskit.Problems)
}
