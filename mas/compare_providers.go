package mas

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/maskit-dev/maskit"
)

// compareProviders judges changes of providers that stay, and says what becomes of
// those that are gone.
func compareProviders(old, next *Config) maskit.Problems {
	before, after := allProviders(old), allProviders(next)
	var problems maskit.Problems
	for _, p := range before {
		under := sameID(after, p.id)
		if p.Enabled.Or(true) && !slices.ContainsFunc(under, func(q storedProvider) bool { return q.Enabled.Or(true) }) {
			problems = append(problems, maskit.Problem{
				Path: "upstream_oauth2.providers", Code: "provider-removed", Severity: maskit.SeverityWarning,
				Message: fmt.Sprintf("MAS disables the provider %s: nobody can log in through it; sessions and links stay", p.id),
				Hint:    "it comes back with its links under the same id; never prune before that is ruled out",
			})
		}
		for _, q := range under { // the links stay with a disabled provider, and come back with it
			problems = append(problems, compareProvider(p.UpstreamProvider, q)...)
		}
		if len(under) == 0 {
			problems = append(problems, replacedProvider(p, before, after)...)
		}
	}
	return problems
}

// replacedProvider reports a provider that goes while another client of the same server
// comes under an id of its own. The same client is refused by refuseProviderIDs.
func replacedProvider(gone storedProvider, before, after []storedProvider) maskit.Problems {
	for _, p := range after {
		if len(sameID(before, p.id)) > 0 || p.SameRegistration(gone.UpstreamProvider) || !sameServer(p.UpstreamProvider, gone.UpstreamProvider) {
			continue
		}
		return maskit.Problems{{
			Path: p.path + ".id", Code: "provider-replaced",
			Message: fmt.Sprintf("takes the place of %s at the same server: the links of all users stay with that id, and they find their names taken", gone.id),
			Hint:    "keep the id, and change the client or the spelling of the issuer under it; accept the finding if nobody has logged in through the old one",
		}}
	}
	return nil
}

// sameServer reports whether both are at the same server, however the issuer is spelled.
func sameServer(p, q UpstreamProvider) bool {
	if p.Issuer == "" || q.Issuer == "" {
		return p.AuthorizationEndpoint != "" && p.AuthorizationEndpoint == q.AuthorizationEndpoint
	}
	return strings.EqualFold(strings.TrimSuffix(p.Issuer, "/"), strings.TrimSuffix(q.Issuer, "/"))
}

func sameID(list []storedProvider, id string) []storedProvider {
	return slices.DeleteFunc(slices.Clone(list), func(p storedProvider) bool { return p.id != id })
}

// compareProvider judges the changes of one provider.
func compareProvider(old UpstreamProvider, next storedProvider) maskit.Problems {
	var problems maskit.Problems
	report := func(severity maskit.Severity, key, code, message, hint string) {
		problems = append(problems, maskit.Problem{Path: next.path + "." + key, Code: code, Severity: severity, Message: message, Hint: hint})
	}
	problems = append(problems, compareSubjects(old, next)...)
	if old.Issuer != next.Issuer {
		report(maskit.SeverityError, "issuer", "provider-issuer-changed",
			"the links of all users hold subjects of the old issuer: who has the same subject at another one gets the account",
			"add another issuer as a new provider with an id of its own, or accept the finding if it is the same one under a new address")
	}
	if key := movedEndpoint(old, next.UpstreamProvider); key != "" {
		report(maskit.SeverityError, key, "provider-issuer-changed",
			"without discovery the endpoints are the provider, and the links of all users hold subjects of the old one",
			"add another provider with an id of its own, or accept the finding if it is the same one under a new address")
	}
	problems = append(problems, compareClientIDs(old, next)...)
	problems = append(problems, weakerProtocol(old, next)...)
	if weight(old.ClaimsImports.Localpart.OnConflict) < weight(next.ClaimsImports.Localpart.OnConflict) {
		report(maskit.SeverityWarning, "claims_imports.localpart.on_conflict", "on-conflict-weaker",
			"whoever can choose a name at the provider gets the account of that name more easily than before",
			"keep fail, unless names at the provider are assigned and never reused")
	}
	if reaction(old.OnBackchannelLogout) > reaction(next.OnBackchannelLogout) {
		report(maskit.SeverityWarning, "on_backchannel_logout", "backchannel-logout-weaker",
			"a logout at the provider ends fewer sessions than before", "keep logout_all")
	}
	return problems
}

// movedEndpoint is the key of an endpoint that tells who somebody is and has moved, of
// a provider that is known by its endpoints: it has no issuer, or none is asked for them.
// With an issuer, an endpoint that was discovered so far has not moved.
func movedEndpoint(old, next UpstreamProvider) string {
	if old.Issuer != next.Issuer || old.Issuer != "" && old.discovers() && next.discovers() {
		return ""
	}
	for _, e := range []struct{ key, before, after string }{
		{"authorization_endpoint", old.AuthorizationEndpoint, next.AuthorizationEndpoint},
		{"token_endpoint", old.TokenEndpoint, next.TokenEndpoint},
		{"userinfo_endpoint", old.UserinfoEndpoint, next.UserinfoEndpoint},
		{"jwks_uri", old.JWKSURI, next.JWKSURI},
	} {
		discovered := old.Issuer != "" && (e.before == "" && old.discovers() || e.after == "" && next.discovers())
		if e.before != e.after && !discovered {
			return e.key
		}
	}
	return ""
}

// weight orders the choices by how easily they hand an account over.
func weight(c OnConflict) int {
	return slices.Index([]OnConflict{ConflictFail, ConflictSet, ConflictAdd, ConflictReplace}, cmp.Or(c, ConflictFail))
}

// reaction orders the reactions by what they end.
func reaction(l BackchannelLogout) int {
	return slices.Index([]BackchannelLogout{LogoutDoNothing, LogoutBrowserOnly, LogoutAll}, cmp.Or(l, LogoutDoNothing))
}

// storedProvider is a provider with its path and the id under which MAS stores it.
type storedProvider struct {
	UpstreamProvider
	path, id string
}

func allProviders(c *Config) []storedProvider {
	if c.UpstreamOAuth2 == nil {
		return nil
	}
	var out []storedProvider
	for i, p := range c.UpstreamOAuth2.Providers {
		out = append(out, storedProvider{UpstreamProvider: p, path: providerAt(i), id: canonicalULID(p.ID)})
	}
	return out
}

// refuseProviderIDs refuses another id for a provider that stays: MAS would take it
// for another provider, and nobody's link would lead anywhere, or for one that it knows,
// and everybody's link would lead into another account.
func refuseProviderIDs(old, next *Config) maskit.Problems {
	before, after := allProviders(old), allProviders(next)
	var problems maskit.Problems
	for _, p := range after {
		if registered(before, p.id, p.UpstreamProvider) {
			continue
		}
		for _, was := range before {
			if was.SameRegistration(p.UpstreamProvider) && !registered(after, was.id, was.UpstreamProvider) {
				problems = append(problems, maskit.Problem{
					Path: p.path + ".id", Code: "provider-id-changed",
					Message: fmt.Sprintf("the provider had the id %s: under another one the links of all users are orphaned", was.id),
					Hint:    "keep the id",
				})
				break
			}
		}
	}
	return problems
}

// registered reports whether the list has the registration under the id.
func registered(list []storedProvider, id string, registration UpstreamProvider) bool {
	return slices.ContainsFunc(list, func(p storedProvider) bool { return p.id == id && p.SameRegistration(registration) })
}
