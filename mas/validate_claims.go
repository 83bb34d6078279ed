package mas

import (
	"maps"
	"slices"
	"strings"

	"github.com/maskit-dev/maskit"
)

// claims checks what becomes of a provider's claims. MAS compiles none of the
// templates before somebody logs in.
func (c *checker) claims(at place, ci ClaimsImports) {
	c.template(at.key("subject").key("template"), ci.Subject.Template)
	c.template(at.key("account_name").key("template"), ci.AccountName.Template)
	c.imported(at.key("localpart"), ClaimImport{Action: ci.Localpart.Action, Template: ci.Localpart.Template}, "{{ user.preferred_username }}")
	c.imported(at.key("displayname"), ci.Displayname, "{{ user.name }}")
	c.imported(at.key("email"), ci.Email, "{{ user.email }}")
	c.unverified(at.key("email"), ci.Email)
	c.onConflict(at.key("localpart"), ci.Localpart)
	if ci.SkipConfirmation {
		c.skipConfirmation(at, ci)
	}
}

func (i ClaimImport) used() bool { return i.Action != "" && i.Action != ImportIgnore }

// imported checks the template of a claim that is stored. A claim that is null
// prints as "none" there (MAS 1.22), which becomes the value.
func (c *checker) imported(at place, claim ClaimImport, standard string) {
	if !c.template(at.key("template"), claim.Template) {
		return
	}
	if claim.Template != "" && !claim.used() {
		c.noEffect(at.key("template"), "the action is ignore")
		return
	}
	effective := c.scan(templateOr(claim.Template, standard))
	if claim.used() && effective.printsNull() {
		c.warn(at.key("template"), "template-null", "prints a claim that is null as the word none, which is then imported",
			"write {{ user.claim or '' }}")
	}
}

func templateOr(template, standard string) string {
	if template == "" {
		return standard
	}
	return template
}

// unverified warns about addresses that nobody verified: MAS stores what the
// template renders as verified.
func (c *checker) unverified(at place, email ClaimImport) {
	if !email.used() {
		return
	}
	t := c.scan(templateOr(email.Template, "{{ user.email }}"))
	if t.err == nil && !t.mentions("verif", "edov", "confirmed") {
		c.warn(at.key("template"), "email-unverified", "imports an address as verified without asking whether it is",
			"{%- if user.email_verified in [true, 'true'] -%}{{- user.email or '' -}}{%- endif -%}, unless the provider's directory owns the addresses")
	}
}

// onConflict checks what happens when the name is taken.
func (c *checker) onConflict(at place, l LocalpartImport) {
	if l.OnConflict == "" || l.OnConflict == ConflictFail {
		return
	}
	if l.Action != ImportForce && l.Action != ImportRequire {
		c.fail(at.key("on_conflict"), "needs-action", "needs the action force or require", "set action to require, or on_conflict to fail")
	}
	t := c.scan(templateOr(l.Template, "{{ user.preferred_username }}"))
	if t.err == nil && t.lossy() {
		// A warning: MAS takes it, and whoever made the entry by a module of package
		// upstream has acknowledged it there, where it is an error.
		c.warn(at.key("on_conflict"), "account-takeover", "links by a name that the template cuts or rewrites: two people at the provider can get one name",
			"set it to fail, or render the claim unchanged")
		return
	}
	c.warn(at.key("on_conflict"), "links-by-name", "hands an existing account to whoever has its name at the provider",
		"set it to fail, unless the provider alone gives out names and never reuses one")
}

// skipConfirmation checks what must hold to create an account without asking.
func (c *checker) skipConfirmation(at place, ci ClaimsImports) {
	const why = "skip_confirmation is true"
	if ci.Localpart.Action != ImportRequire {
		c.fail(at.key("localpart").key("action"), "needs-action", "must be require, because "+why, "set it to require")
	}
	for _, claim := range []struct {
		key    string
		action ImportAction
	}{{"email", ci.Email.Action}, {"displayname", ci.Displayname.Action}} {
		if claim.action == ImportSuggest {
			c.fail(at.key(claim.key).key("action"), "needs-action", "must not be suggest, because "+why, "set it to force, require or ignore")
		}
	}
	if a := ci.Displayname.Action; a != ImportForce && a != ImportRequire && a != ImportSuggest {
		c.warn(at.key("displayname").key("action"), "display-name-asked", "imports no name, so the page that asks for one still appears", "set it to force, with a template that is never empty")
	}
	c.skippedRules(at.key("skip_confirmation"))
}

// skippedRules warns about what does not happen when the confirmation is skipped.
func (c *checker) skippedRules(at place) {
	if b := c.config.Branding; b != nil && b.TOSURI != "" {
		c.warn(at, "terms-not-recorded", "records no acceptance of branding.tos_uri", "set it to false, or let the provider ask for it")
	}
	p := c.config.Policy
	if p == nil || p.Data == nil {
		return
	}
	if d := p.Data; d.Emails != nil || d.AllowedDomains != nil || d.BannedDomains != nil || d.Requester != nil {
		c.warn(at, "policy-skipped", "skips the rules on e-mail and client addresses in policy.data", "enforce them at the provider, or set it to false")
	}
}

// parameters checks what is added to the authorization request.
func (c *checker) parameters(at place, p UpstreamProvider) {
	templated := c.version.AtLeast(maskit.Version{Major: 1, Minor: 20})
	here := at.key("additional_authorization_parameters")
	for _, name := range slices.Sorted(maps.Keys(p.AdditionalAuthorizationParameters)) {
		value := p.AdditionalAuthorizationParameters[name]
		if slices.Contains(ownParameters(), name) {
			c.fail(here.key(name), "parameter-reserved", "is sent by MAS itself, and would be there twice", "remove it")
		}
		switch {
		case templated:
			c.template(here.key(name), value)
		case strings.Contains(value, "{{") || strings.Contains(value, "{%"):
			c.fail(here.key(name), "template-unsupported", "is sent as it is: values are templates since MAS 1.20", "upgrade, or write a fixed value")
		}
	}
	if !p.ForwardLoginHint {
		return
	}
	if _, both := p.AdditionalAuthorizationParameters["login_hint"]; both {
		c.fail(at.key("forward_login_hint"), "both-set", "stands beside the parameter login_hint", "remove forward_login_hint")
	} else if templated {
		c.warn(at.key("forward_login_hint"), "deprecated", "is deprecated since MAS 1.20", `use additional_authorization_parameters with login_hint: "{{ params.login_hint }}"`)
	}
}

// ownParameters are those that MAS puts into every authorization request.
func ownParameters() []string {
	return []string{
		"client_id", "redirect_uri", "response_type", "response_mode", "scope", "state", "nonce",
		"code_challenge", "code_challenge_method",
	}
}
