package migratetest

// lacking is a provider that Synapse has and MAS does not, disabled one that MAS has
// and does not show.
func lacking() Provider {
	return Provider{SynapseID: "oidc-odd-lacking", ID: "01J4Z00DD1ACK1NGAAAAAAAAAA", Issuer: "https://lacking.corp.example", NotInMAS: true}
}

func disabled() Provider {
	return Provider{SynapseID: "oidc-odd-disabled", ID: "01J4Z00DDD1SAB1EDAAAAAAAAA", Issuer: "https://disabled.corp.example", Disabled: true}
}

// linkOddities are about accounts at identity providers.
func linkOddities() []Oddity {
	one := func(name, provider string) string { return insertUser(name) + insertLink(name, provider, name) }
	return []Oddity{
		{
			Name: "link of a provider that Synapse does not know", Findings: found("synapse-missing-oauth-provider", 1), Refused: true,
			Rows: rows{users: 1}.tables(), Official: Official{Check: 10, Migrate: 10, Message: "saml"}, synapse: one("odd-saml", "saml"),
		},
		{
			Name: "link of a provider that MAS does not have", Providers: []Provider{lacking()}, Findings: found("mas-missing-oauth-provider", 1), Refused: true,
			Rows: rows{users: 1}.tables(), Official: Official{Check: 10, Migrate: 10, Message: lacking().SynapseID}, synapse: one("odd-lacking", lacking().SynapseID),
		},
		{
			Name: "link of a provider that MAS does not show", Providers: []Provider{disabled()}, Findings: found("mas-missing-oauth-provider", 1), Refused: true,
			Rows: rows{users: 1}.tables(), Official: fails("upstream_oauth_links_provider_fkey"), synapse: one("odd-disabled", disabled().SynapseID),
		},
		{
			Name: "link of an earlier MAS", Findings: found("existing-oauth-delegated", 1), RefusedAlways: true,
			Official: Official{Check: 10, Migrate: 10, Message: "oauth-delegated"}, synapse: one("odd-delegated", "oauth-delegated"),
		},
		{
			Name: "two links of one user at one provider", Rows: rows{users: 1, links: 2}.tables(),
			synapse: one("odd-links", Keycloak().SynapseID) + insertLink("odd-links", Keycloak().SynapseID, "ödd \t'\\ second"),
		},
		{Name: "link to nobody", Rows: rows{users: 1, links: 1}.tables(), synapse: insertUser("odd-nobody") + insertLink("odd-nobody", GitLab().SynapseID, "")},
	}
}

// targetOddities are about MAS's database.
func targetOddities() []Oddity {
	return []Oddity{{
		Name: "MAS has a user already", RefusedAlways: true, Official: Official{Check: 1, Migrate: 1, Message: "The MAS database is not empty"},
		mas: "INSERT INTO users (user_id, username, created_at) VALUES ('01900000-0000-7000-8000-000000000001', 'odd-first', now())",
	}}
}
