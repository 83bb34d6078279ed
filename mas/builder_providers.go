package mas

import (
	"fmt"
	"maps"
	"slices"

	"github.com/maskit-dev/maskit"
)

// checkProviders compares the providers with each other and with the identity.
// Equal ids are left to Validate.
func (b *Builder) checkProviders() maskit.Problems {
	var providers []UpstreamProvider
	if b.asked.UpstreamOAuth2 != nil {
		providers = b.asked.UpstreamOAuth2.Providers
	}
	problems := duplicateProviders(providers)
	known := slices.Collect(maps.Values(b.identity.Providers))
	for i, p := range providers {
		if p.ID != "" && !slices.Contains(known, p.ID) {
			problems = append(problems, maskit.Problem{
				Path: providerAt(i) + ".id", Code: "provider-not-in-identity", Severity: maskit.SeverityWarning,
				Message: "the identity does not hold this id; if it is lost, so are the links of all users to the provider",
				Hint:    "take the id from the identity, see Identity.WithProvider",
			})
		}
	}
	for _, name := range slices.Sorted(maps.Keys(b.identity.Providers)) {
		id := b.identity.Providers[name]
		if !slices.ContainsFunc(providers, func(p UpstreamProvider) bool { return p.ID == id }) {
			problems = append(problems, maskit.Problem{
				Path: "upstream_oauth2.providers", Code: "provider-unused", Severity: maskit.SeverityInfo,
				Message: fmt.Sprintf("the identity holds the provider %s, which is not configured", name),
				Hint:    "keep it in the identity: MAS keeps the links of its users",
			})
		}
	}
	return problems
}

// duplicateProviders reports entries for one client of one issuer under several ids:
// each would have accounts and links of its own.
func duplicateProviders(providers []UpstreamProvider) maskit.Problems {
	var problems maskit.Problems
	for i, p := range providers {
		first := slices.IndexFunc(providers[:i], func(q UpstreamProvider) bool { return p.ID != q.ID && p.SameRegistration(q) })
		if first < 0 {
			continue
		}
		problems = append(problems, maskit.Problem{
			Path: providerAt(i), Code: "provider-duplicate",
			Message: fmt.Sprintf("is the same client of the same issuer as %s, under another id", providerAt(first)),
			Hint:    "remove one of them, and keep the id that MAS was run with",
		})
	}
	return problems
}

func providerAt(i int) string { return fmt.Sprintf("upstream_oauth2.providers[%d]", i) }
