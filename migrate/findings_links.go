package migrate

import "github.com/maskit-dev/maskit"

// linkText is about accounts at identity providers.
func linkText(a Anomaly, p Policy) (Finding, bool) {
	switch a.Code {
	case CodeExistingOAuthDelegated:
		return existingOAuthDelegated(a).finding(), true
	case CodeSynapseMissingOAuthProvider:
		return synapseMissingProvider(a, p).finding(), true
	case CodeMASMissingOAuthProvider:
		return masMissingProvider(a, p).finding(), true
	}
	return Finding{}, false
}

func existingOAuthDelegated(a Anomaly) says {
	return says{
		severity: maskit.SeverityError,
		message:  number(a.Count, "links") + " of the provider oauth-delegated, left by an earlier use of experimental_features.msc3861",
		hint:     "delete them: they link people to an earlier MAS, and mean nothing to a new one",
		fix:      linkFix("oauth-delegated"),
	}
}

func linkFix(provider string) string {
	return "DELETE FROM user_external_ids WHERE auth_provider = " + literal(provider) + ";"
}

func synapseMissingProvider(a Anomaly, p Policy) says {
	s := says{
		severity: judged(p.UnmappedLinks),
		message: a.of("links") + " of the provider " + a.Provider + ", which is no OpenID Connect provider of Synapse's configuration " +
			"(it was removed, or is SAML, CAS, JWT or LDAP, which MAS cannot do)",
		hint:   "give a provider of MAS that knows these people synapse_idp_id: " + a.Provider + ", or delete the links" + orSkip(p.UnmappedLinks, "UnmappedLinks"),
		effect: linkLoss(a),
		fix:    linkFix(a.Provider),
	}
	if a.Mapped {
		s.message = a.of("links") + " of the provider " + a.Provider + ", which MAS has, but Synapse's configuration has not: mas-cli syn2mas asks whether that is meant"
		s.hint, s.effect, s.fix = "set Policy.UnmappedLinks to skip if it is; the links are moved", "", ""
	}
	return s
}

func masMissingProvider(a Anomaly, p Policy) says {
	issuer := ""
	if a.Issuer != "" {
		issuer = " (" + a.Issuer + ")"
	}
	return says{
		severity: judged(p.UnmappedLinks),
		message:  a.of("links") + " of the provider " + a.Provider + issuer + ", which MAS does not have, or does not enable",
		hint:     "add it to upstream_oauth2.providers (ConvertProviders does)" + orSkip(p.UnmappedLinks, "UnmappedLinks"),
		effect:   linkLoss(a),
		fix:      "in MAS's configuration, at the provider: synapse_idp_id: " + a.Provider,
	}
}

func linkLoss(a Anomaly) string {
	people := a.Users
	if people == 0 {
		people = a.Count
	}
	return number(people, "users") + " can no longer log in through this provider, and " + verb(people, "has", "have") + " to use a password or be linked anew"
}
