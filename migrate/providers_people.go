package migrate

import (
	"strings"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/internal/claimexpr"
	"github.com/maskit-dev/maskit/internal/gate"
	"github.com/maskit-dev/maskit/mas"
	"github.com/maskit-dev/maskit/migrate/internal/mapping"
)

const mappingKey = "user_mapping_provider"

// people says who may log in, and as whom.
func (c *converter) people() {
	if c.from.Mapping.Custom {
		c.note(mappingKey+".module", "mapping-module", maskit.SeverityError,
			"is not Synapse's own, so that nobody can say from the configuration by which subject people are linked",
			"read its source, and write claims_imports so that subject renders what stands in user_external_ids.external_id")
		return
	}
	c.subject()
	c.localpart()
	m := c.from.Mapping
	c.to.ClaimsImports.Displayname = c.imported("display_name_template", m.DisplayName.Text)
	c.to.ClaimsImports.Email = c.imported("email_template", m.Email.Text)
	if c.to.ClaimsImports.Email.Action != mas.ImportIgnore {
		c.note(mappingKey+".config.email_template", "email-trusted", maskit.SeverityInfo,
			"becomes a verified address of a new account, as it did in Synapse", "look whether the provider verifies addresses")
	}
}

// subject is what links go by: it has to render what Synapse has stored. MAS renders it
// at every login, so it is where requirements are met, too.
func (c *converter) subject() {
	template, err := mapping.Parse(c.from.Mapping.Subject.Text)
	if err != nil || template.IsLossy() {
		reason := "it takes the local part of an address"
		if err != nil {
			reason = err.Error()
		}
		c.note(mappingKey+".config.subject_template", "template-not-translated", maskit.SeverityError,
			"cannot be shown to render the same in MAS, so that every link might be lost: "+reason,
			"write claims_imports.subject.template by hand, and compare what upstream.Explain renders with user_external_ids.external_id")
		return
	}
	subject := gate.Gate{Subject: template.Expr(), Conditions: c.requirements()}
	if claim, plain := template.PlainClaim(); plain && len(claim) == 1 && claim[0] == "sub" && c.hasIDToken() {
		subject.Subject = claimexpr.Claim("sub") // MAS has checked that an ID token has one
	}
	c.to.ClaimsImports.Subject.Template = subject.Template()
}

// requirements are the conditions of a login. Synapse looks for the value in a list, or
// compares a text with it; which it is, the configuration does not say.
func (c *converter) requirements() []gate.Condition {
	const key = "attribute_requirements"
	var conditions []gate.Condition
	for _, r := range c.from.AttributeRequirements {
		if len(r.OneOf) == 0 {
			c.note(key, "attribute-requirements", maskit.SeverityError, "asks for "+r.Attribute+" to be there, with any value, which a gate of MAS cannot ask", "restrict the client at the provider, or list the values")
			continue
		}
		condition := gate.Condition{Claim: []string{r.Attribute}, Shape: gate.Text, Names: r.OneOf}
		kind := "a text"
		if isListClaim(r.Attribute) {
			condition.Shape, kind = gate.List, "a list"
		}
		conditions = append(conditions, condition)
		c.note(key, "attribute-requirements", maskit.SeverityWarning,
			r.Attribute+" becomes a condition of the subject, which takes the claim for "+kind+"; with another shape nobody gets in",
			"try it with upstream.Explain and real claims")
	}
	return conditions
}

// isListClaim reports whether a claim is a list at most providers.
func isListClaim(name string) bool {
	name = strings.ToLower(name)
	return strings.HasSuffix(name, "groups") || strings.HasSuffix(name, "roles") || strings.HasSuffix(name, "entitlements") ||
		strings.HasSuffix(name, "memberof") || name == "amr" || name == "aud"
}

// localpart is the name of new accounts. Synapse writes it in lower case, and characters
// that a name cannot have as =xx; MAS refuses such names.
func (c *converter) localpart() {
	const key = mappingKey + ".config.localpart_template"
	to := &c.to.ClaimsImports.Localpart
	m := c.from.Mapping
	switch {
	case m.Localpart.Text == "" && c.from.EnableRegistration:
		to.Action = mas.ImportIgnore // people choose one, as in Synapse
		return
	case m.Localpart.Text == "":
		c.nobodyNew()
		return
	}
	template, err := mapping.Parse(m.Localpart.Text)
	if err != nil {
		to.Action = mas.ImportIgnore
		c.note(key, "template-not-translated", maskit.SeverityError, "cannot be shown to render the same in MAS: "+err.Error(),
			"write claims_imports.localpart by hand, and look at it with upstream.Explain")
		return
	}
	to.Action, to.Template = mas.ImportRequire, "{{ "+string(template.Lowered().Expr())+" }}"
	if m.ConfirmLocalpart {
		to.Action = mas.ImportSuggest
	}
	c.note(key, "localpart-escapes", maskit.SeverityInfo,
		"names with other characters than a-z 0-9 . _ - / + are refused by MAS, where Synapse wrote =xx; so are names that are taken, where Synapse added a number",
		"people who have an account are not concerned: they are known by their subject")
	c.existing(template)
}

// existing links people to accounts that have their name, where Synapse did, and keeps
// new people out where Synapse did.
func (c *converter) existing(template mapping.Template) {
	to := &c.to.ClaimsImports.Localpart
	switch {
	case c.from.AllowExistingUsers && template.IsLossy():
		c.note("allow_existing_users", "existing-users", maskit.SeverityError,
			"links accounts by a name that several people of the provider can have, so that one could take over the account of another", "link people by the admin API of MAS instead")
	case c.from.AllowExistingUsers && !c.from.EnableRegistration:
		c.note("enable_registration", "no-registration", maskit.SeverityError,
			"is off beside allow_existing_users; MAS cannot link by name and refuse everybody else", "restrict the client at the provider")
	case c.from.AllowExistingUsers:
		to.Action, to.OnConflict = mas.ImportRequire, mas.ConflictAdd
		c.note("allow_existing_users", "existing-users", maskit.SeverityWarning,
			"people are linked to the account that has their name, as in Synapse: whoever chooses a name at the provider has the account", "set on_conflict: fail once everybody is linked")
	case !c.from.EnableRegistration:
		c.nobodyNew()
	}
}

// nobodyNew lets in only those who are linked: a required name that renders nothing
// refuses everybody else (MAS 1.22).
func (c *converter) nobodyNew() {
	c.to.ClaimsImports.Localpart = mas.LocalpartImport{Action: mas.ImportRequire, Template: "{{ '' }}"}
	c.note("enable_registration", "no-registration", maskit.SeverityInfo,
		"is off: new people are refused by a required name that is empty, with an error page; those who are linked log in", "")
}

// imported is a claim that is imported when the account is made.
func (c *converter) imported(key, text string) mas.ClaimImport {
	if text == "" {
		return mas.ClaimImport{Action: mas.ImportIgnore}
	}
	template, err := mapping.Parse(text)
	if err != nil {
		c.note(mappingKey+".config."+key, "template-not-translated", maskit.SeverityError, "cannot be shown to render the same in MAS: "+err.Error(),
			"write it in claims_imports by hand, and look at it with upstream.Explain")
		return mas.ClaimImport{Action: mas.ImportIgnore}
	}
	return mas.ClaimImport{Action: mas.ImportForce, Template: "{{ " + string(template.Expr()) + " }}"}
}
