package upstreamtest_test

import (
	"strings"

	"github.com/maskit-dev/maskit/mas"
	"github.com/maskit-dev/maskit/upstream"
	"github.com/maskit-dev/maskit/upstream/claims"
	"github.com/maskit-dev/maskit/upstream/oidc"
)

// loginCase is somebody who logs in. Names of accounts are their own in each case: all run
// on one MAS.
type loginCase struct {
	config func(*oidc.Config)
	// raw changes the entry itself, for templates that no module writes.
	raw      func(*upstream.Entry)
	claims   map[string]any
	callback map[string]string
	// accounts exist before. One with a subject has logged in by the same provider.
	accounts []upstream.Account
	// want is how it ends, so that a prediction which is wrong in the same way as the
	// test shows.
	want upstream.Outcome
}

// rules makes a configuration with these rules.
func rules(change func(*claims.Rules)) func(*oidc.Config) {
	return func(c *oidc.Config) { change(&c.Claims) }
}

func localpart(l claims.Localpart) func(*oidc.Config) {
	return rules(func(r *claims.Rules) { r.Localpart = l })
}

// named are the claims of somebody with a name and a verified address.
func named(name string, more ...any) map[string]any {
	c := map[string]any{"preferred_username": name, "name": "Name of " + name, "email": strings.ToLower(name) + "@example.com", "email_verified": true}
	for i := 0; i+1 < len(more); i += 2 {
		if key := more[i].(string); more[i+1] == "absent" {
			delete(c, key)
		} else {
			c[key] = more[i+1]
		}
	}
	return c
}

// conflict makes the entry take names that are forced, and hand accounts over by the rule.
func conflict(rule mas.OnConflict) func(*upstream.Entry) {
	return func(e *upstream.Entry) {
		e.ClaimsImports.Localpart.Action, e.ClaimsImports.Localpart.OnConflict = mas.ImportRequire, rule
	}
}

func ordinaryCases() map[string]loginCase {
	silent := func(r *claims.Rules) {
		r.SkipConfirmation = true
		r.Localpart.Action = mas.ImportRequire
	}
	return map[string]loginCase{
		"new user":                     {claims: named("new-user"), want: upstream.OutcomeRegistered},
		"new user, forced":             {config: localpart(claims.Localpart{Action: mas.ImportForce}), claims: named("forced"), want: upstream.OutcomeRegistered},
		"new user, required":           {config: localpart(claims.Localpart{Action: mas.ImportRequire}), claims: named("required"), want: upstream.OutcomeRegistered},
		"new user, ignored":            {config: localpart(claims.Localpart{Action: mas.ImportIgnore}), claims: named("ignored"), want: upstream.OutcomeRegistered},
		"capital letters":              {claims: named("CaPitals"), want: upstream.OutcomeRegistered},
		"prefix":                       {config: localpart(claims.Localpart{Action: mas.ImportRequire, Prefix: "ext-"}), claims: named("prefixed"), want: upstream.OutcomeRegistered},
		"from the address":             {config: localpart(claims.Localpart{Action: mas.ImportRequire, FromEmail: true}), claims: named("x", "email", "from.mail@example.com"), want: upstream.OutcomeRegistered},
		"before the @":                 {config: localpart(claims.Localpart{Action: mas.ImportRequire, BeforeAt: true}), claims: named("upn.local@corp.example.com"), want: upstream.OutcomeRegistered},
		"no page":                      {config: rules(silent), claims: named("no-page"), want: upstream.OutcomeRegistered},
		"no page, no display name":     {config: rules(silent), claims: named("no-page-no-name", "name", "absent"), want: upstream.OutcomeRegistered},
		"no page, name from nowhere":   {config: rules(func(r *claims.Rules) { silent(r); r.DisplayName.Claims = []string{"nickname"} }), claims: named("no-page-at-all"), want: upstream.OutcomeRegistered},
		"registration token":           {config: func(c *oidc.Config) { c.Client.RegistrationTokenRequired = true }, claims: named("by-token"), want: upstream.OutcomeRegistered},
		"unverified address":           {claims: named("unverified", "email_verified", false), want: upstream.OutcomeRegistered},
		"address verified as text":     {claims: named("text-true", "email_verified", "true"), want: upstream.OutcomeRegistered},
		"address unverified as text":   {claims: named("text-false", "email_verified", "false"), want: upstream.OutcomeRegistered},
		"address verified by a number": {claims: named("one", "email_verified", 1), want: upstream.OutcomeRegistered},
		"null address":                 {claims: named("null-mail", "email", nil), want: upstream.OutcomeRegistered},
		"no address":                   {claims: named("no-mail", "email", "absent"), want: upstream.OutcomeRegistered},
		"address suggested":            {config: rules(func(r *claims.Rules) { r.Email.Action = mas.ImportSuggest }), claims: named("mail-suggested"), want: upstream.OutcomeRegistered},
		"address ignored":              {config: rules(func(r *claims.Rules) { r.Email.Action = mas.ImportIgnore }), claims: named("mail-ignored"), want: upstream.OutcomeRegistered},
		"address never trusted":        {config: rules(func(r *claims.Rules) { r.Email.Trust = claims.TrustNever }), claims: named("mail-never"), want: upstream.OutcomeRegistered},
		"address of the directory":     {config: rules(func(r *claims.Rules) { r.Email.Trust = claims.TrustDirectory }), claims: named("mail-directory", "email_verified", "absent"), want: upstream.OutcomeRegistered},
		"address required, unverified": {config: rules(func(r *claims.Rules) { r.Email.Action = mas.ImportRequire }), claims: named("mail-required", "email_verified", false), want: upstream.OutcomeClaimRequired},
		"unicode display name":         {claims: named("unicode", "name", "Ünï Çødé 名前 👩‍🚀"), want: upstream.OutcomeRegistered},
		"display name with markup":     {claims: named("markup", "name", `<b>"{{ user.sub }}" & 'x'</b>`), want: upstream.OutcomeRegistered},
		"long display name":            {claims: named("long-name", "name", strings.Repeat("n", 300)), want: upstream.OutcomeRegistered},
		"null display name":            {claims: named("null-name", "name", nil), want: upstream.OutcomeRegistered},
		"display name suggested":       {config: rules(func(r *claims.Rules) { r.DisplayName.Action = mas.ImportSuggest }), claims: named("name-suggested"), want: upstream.OutcomeRegistered},
		"display name ignored":         {config: rules(func(r *claims.Rules) { r.DisplayName.Action = mas.ImportIgnore }), claims: named("name-ignored"), want: upstream.OutcomeRegistered},
		"display name required": {config: rules(func(r *claims.Rules) {
			r.DisplayName = claims.DisplayName{Action: mas.ImportRequire, Claims: []string{"nickname"}}
		}), claims: named("name-required"), want: upstream.OutcomeClaimRequired},
		"first login at Apple": {
			config:   func(c *oidc.Config) { c.Sources.NameFromCallback = "user" },
			claims:   named("apple", "name", "absent"),
			callback: map[string]string{"user": `{"name":{"firstName":"Ada","lastName":"Lovelace"},"email":"x@example.com"}`},
			want:     upstream.OutcomeRegistered,
		},
		"claims of userinfo": {config: func(c *oidc.Config) { c.FetchUserinfo = true }, claims: named("by-userinfo"), want: upstream.OutcomeRegistered},
	}
}

func nameCases() map[string]loginCase {
	require := func(c *oidc.Config) { c.Claims.Localpart.Action = mas.ImportRequire }
	force := func(c *oidc.Config) { c.Claims.Localpart.Action = mas.ImportForce }
	return map[string]loginCase{
		"no name, suggested":     {claims: named("n1", "preferred_username", "absent"), want: upstream.OutcomeRegistered},
		"no name, forced":        {config: force, claims: named("n2", "preferred_username", "absent"), want: upstream.OutcomeRegistered},
		"no name, required":      {config: require, claims: named("n3", "preferred_username", "absent"), want: upstream.OutcomeClaimRequired},
		"null name, required":    {config: require, claims: named("n4", "preferred_username", nil), want: upstream.OutcomeClaimRequired},
		"spaces, suggested":      {claims: named("n5", "preferred_username", "a b"), want: upstream.OutcomeRegistered},
		"spaces, required":       {config: require, claims: named("n6", "preferred_username", "a b"), want: upstream.OutcomeClaimRequired},
		"unicode, required":      {config: require, claims: named("n7", "preferred_username", "jürgen"), want: upstream.OutcomeClaimRequired},
		"digits, suggested":      {claims: named("n8", "preferred_username", "4711"), want: upstream.OutcomeRegistered},
		"digits, required":       {config: require, claims: named("n9", "preferred_username", "4712"), want: upstream.OutcomeNameRefused},
		"a number":               {config: require, claims: named("n10", "preferred_username", 4713), want: upstream.OutcomeNameRefused},
		"underscore, suggested":  {claims: named("n11", "preferred_username", "_under"), want: upstream.OutcomeRegistered},
		"underscore, required":   {config: require, claims: named("n12", "preferred_username", "_under"), want: upstream.OutcomeNameUnavailable},
		"long, suggested":        {claims: named("n13", "preferred_username", strings.Repeat("l", 300)), want: upstream.OutcomeRegistered},
		"long, required":         {config: require, claims: named("n14", "preferred_username", strings.Repeat("l", 300)), want: upstream.OutcomeNameRefused},
		"the longest":            {config: require, claims: named("n15", "preferred_username", strings.Repeat("m", 255-len("@:example.com"))), want: upstream.OutcomeRegistered},
		"one too long":           {config: require, claims: named("n16", "preferred_username", strings.Repeat("o", 256-len("@:example.com"))), want: upstream.OutcomeNameRefused},
		"sanitized":              {config: localpart(claims.Localpart{Action: mas.ImportRequire, Policy: claims.LocalpartSanitize}), claims: named("n17", "preferred_username", "__Sanít ized!"), want: upstream.OutcomeRegistered},
		"sanitized digits":       {config: localpart(claims.Localpart{Action: mas.ImportRequire, Policy: claims.LocalpartSanitize}), claims: named("n18", "preferred_username", "47 14"), want: upstream.OutcomeRegistered},
		"raw capitals, required": {raw: rawName("{{ user.preferred_username }}"), claims: named("RawCapitals"), want: upstream.OutcomeNameRefused},
		"raw null, required":     {raw: rawName("{{ user.preferred_username }}"), claims: named("n19", "preferred_username", nil), want: upstream.OutcomeRegistered}, // as "none"
		"raw error, suggested": {
			raw:    func(e *upstream.Entry) { e.ClaimsImports.Localpart.Template = "{{ user.a.b }}" },
			claims: named("n20"), want: upstream.OutcomeRegistered,
		},
		"raw address": {
			raw:    func(e *upstream.Entry) { e.ClaimsImports.Email.Template = "{{ user.email }}" },
			claims: named("n21", "email", nil), want: upstream.OutcomeRegistered, // the address is "none"
		},
	}
}

func rawName(template string) func(*upstream.Entry) {
	return func(e *upstream.Entry) {
		e.ClaimsImports.Localpart.Action, e.ClaimsImports.Localpart.Template = mas.ImportRequire, template
	}
}

func conflictCases() map[string]loginCase {
	exists := func(name string, subjects ...string) []upstream.Account {
		return []upstream.Account{{Localpart: name, Emails: []string{name + "@seed.example"}, Subjects: subjects}}
	}
	return map[string]loginCase{
		"name taken, suggested":      {claims: named("taken-1"), accounts: exists("taken-1"), want: upstream.OutcomeRegistered},
		"name taken, fail":           {raw: conflict(mas.ConflictFail), claims: named("taken-2"), accounts: exists("taken-2"), want: upstream.OutcomeUserExists},
		"name taken, add":            {raw: conflict(mas.ConflictAdd), claims: named("taken-3"), accounts: exists("taken-3"), want: upstream.OutcomeLinked},
		"name taken and linked, add": {raw: conflict(mas.ConflictAdd), claims: named("taken-4"), accounts: exists("taken-4", "first-4"), want: upstream.OutcomeLinked},
		"name taken, set":            {raw: conflict(mas.ConflictSet), claims: named("taken-5"), accounts: exists("taken-5"), want: upstream.OutcomeLinked},
		"name taken and linked, set": {raw: conflict(mas.ConflictSet), claims: named("taken-6"), accounts: exists("taken-6", "first-6"), want: upstream.OutcomeUserExists},
		"name taken, replace":        {raw: conflict(mas.ConflictReplace), claims: named("taken-7"), accounts: exists("taken-7", "first-7"), want: upstream.OutcomeLinked},
		"name taken in capitals, add": {raw: func(e *upstream.Entry) {
			conflict(mas.ConflictAdd)(e)
			e.ClaimsImports.Localpart.Template = "{{ user.preferred_username }}"
		}, claims: named("TAKEN-8"), accounts: exists("taken-8"), want: upstream.OutcomeLinked},
		"name of a locked user, add":   {raw: conflict(mas.ConflictAdd), claims: named("locked-1"), accounts: []upstream.Account{{Localpart: "locked-1", Inactive: true}}, want: upstream.OutcomeAccountInactive},
		"name of Synapse, suggested":   {claims: named("synapse-1"), accounts: []upstream.Account{{Localpart: "synapse-1", OnlySynapse: true}}, want: upstream.OutcomeRegistered},
		"name of Synapse, add":         {raw: conflict(mas.ConflictAdd), claims: named("synapse-2"), accounts: []upstream.Account{{Localpart: "synapse-2", OnlySynapse: true}}, want: upstream.OutcomeNameUnavailable},
		"address taken, forced":        {claims: named("mail-1", "email", "OWNER-1@seed.example"), accounts: exists("owner-1"), want: upstream.OutcomeEmailInUse},
		"returning, with other claims": {config: localpart(claims.Localpart{Action: mas.ImportRequire}), claims: named("renamed", "sub", "same-person"), accounts: exists("returning", "same-person"), want: upstream.OutcomeLoggedIn},
	}
}

func gateCases() map[string]loginCase {
	staff := rules(func(r *claims.Rules) { r.Require.Groups = []string{"staff", "it's \"odd\" \\ {{ name }}"} })
	return map[string]loginCase{
		"gate passed":            {config: staff, claims: named("g1", "groups", []string{"a", "staff"}), want: upstream.OutcomeRegistered},
		"gate passed, odd group": {config: staff, claims: named("g2", "groups", []string{"it's \"odd\" \\ {{ name }}"}), want: upstream.OutcomeRegistered},
		"gate denied":            {config: staff, claims: named("g3", "groups", []string{"staff2", "Staff"}), want: upstream.OutcomeDenied},
		"gate without the claim": {config: staff, claims: named("g4"), want: upstream.OutcomeDenied},
		"gate with null":         {config: staff, claims: named("g5", "groups", nil), want: upstream.OutcomeDenied},
		"gate with a text":       {config: staff, claims: named("g6", "groups", "staff"), want: upstream.OutcomeDenied},
		"gate of domains, passed": {
			config: rules(func(r *claims.Rules) { r.Require.Domains = []string{"example.com"} }), claims: named("g7"), want: upstream.OutcomeRegistered,
		},
		"gate of domains, unverified": {
			config: rules(func(r *claims.Rules) { r.Require.Domains = []string{"example.com"} }), claims: named("g8", "email_verified", false), want: upstream.OutcomeDenied,
		},
		"gate of a returning user": {
			config: rules(func(r *claims.Rules) { r.Require.Groups, r.Localpart.Action = []string{"staff"}, mas.ImportRequire }),
			claims: named("g9", "sub", "left"), accounts: []upstream.Account{{Localpart: "g9", Subjects: []string{"left"}}}, want: upstream.OutcomeDenied,
		},
		"another subject, there":   {config: rules(func(r *claims.Rules) { r.Subject = "oid" }), claims: named("g10", "oid", 12345678901234567), want: upstream.OutcomeRegistered},
		"another subject, missing": {config: rules(func(r *claims.Rules) { r.Subject = "oid" }), claims: named("g11"), want: upstream.OutcomeDenied},
		"another subject, null":    {config: rules(func(r *claims.Rules) { r.Subject = "oid" }), claims: named("g12", "oid", nil), want: upstream.OutcomeDenied},
		"subject that fails": {
			raw: func(e *upstream.Entry) { e.ClaimsImports.Subject.Template = "{{ user.a.b }}" }, claims: named("g13"), want: upstream.OutcomeSubjectFailed,
		},
	}
}
