package sitefile

import "github.com/maskit-dev/maskit/mas"

// Builder starts a configuration with everything that the file decides, except the
// providers, which need an id each, and the capacity.
func (f *File) Builder(identity mas.Identity) *mas.Builder {
	b := mas.NewBuilder(f.Site, identity).Version(f.Versions.MAS).Clients(f.Clients...).Acknowledge(f.Acknowledge...)
	intend(b.Database, f.Database)
	intend(b.Passwords, f.Passwords)
	intend(b.Account, f.Account)
	intend(b.Email, f.Email)
	intend(b.Captcha, f.Captcha)
	intend(b.Policy, f.Policy)
	intend(b.RateLimits, f.RateLimiting)
	intend(b.Branding, f.Branding)
	intend(b.Telemetry, f.Telemetry)
	intend(b.OAuth, f.OAuth)
	intend(b.Experimental, f.Experimental)
	if f.TrustedProxies != nil {
		b.TrustedProxies(f.TrustedProxies...)
	}
	return b
}

// intend states an intent if the file has the section.
func intend[T any](state func(T) *mas.Builder, section *T) {
	if section != nil {
		state(*section)
	}
}
