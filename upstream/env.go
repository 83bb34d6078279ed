package upstream

import "github.com/maskit-dev/maskit"

// Env is what a provider needs to know about the deployment that it becomes part of.
type Env struct {
	// Site has the addresses. Only AccountURL matters here: the addresses that are
	// registered at the provider derive from it. It is for the caller to validate.
	Site maskit.Site
	// ID is the permanent id of the provider in MAS, from the stored identity. Required.
	ID maskit.ULID
	// MASVersion is the MAS that will read the entry. Zero: the newest one tested.
	MASVersion maskit.Version
}

// CallbackURL is the redirect URI to register at the provider, exactly.
func (e Env) CallbackURL() string { return e.Site.CallbackURL(e.ID) }

// BackchannelLogoutURL is where the provider posts logout tokens.
func (e Env) BackchannelLogoutURL() string { return e.Site.BackchannelLogoutURL(e.ID) }

// JWKSURL is where the provider finds the keys of MAS, to check the signature of
// private_key_jwt.
func (e Env) JWKSURL() string { return e.Site.JWKSURL() }

// MASAtLeast reports whether the MAS that will read the entry is v or newer.
func (e Env) MASAtLeast(v maskit.Version) bool {
	if e.MASVersion.IsZero() {
		return maskit.Supported()[0].MAS.AtLeast(v)
	}
	return e.MASVersion.AtLeast(v)
}
