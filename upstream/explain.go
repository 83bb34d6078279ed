package upstream

import (
	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/mas"
)

// Claims are what a provider sends at one login. [ParseClaims] reads them from JSON.
type Claims struct {
	// IDToken holds the claims of the ID token. Nil: the provider sends none.
	IDToken map[string]any `json:"id_token,omitempty"`
	// Userinfo is the answer of the userinfo endpoint. MAS asks for it only if the entry
	// says so; where both have a claim, that of the ID token counts.
	Userinfo map[string]any `json:"userinfo,omitempty"`
	// CallbackParameters are the parameters of the callback beside code and state, such as
	// Apple's user.
	CallbackParameters map[string]any `json:"callback_parameters,omitempty"`
}

// Account is a user that exists before the login.
type Account struct {
	// Localpart is the user name.
	Localpart string
	// Emails are the addresses of the account in MAS.
	Emails []string
	// Subjects are the subjects at this provider that the account is linked to.
	Subjects []string
	// Inactive says that the account is locked or deactivated.
	Inactive bool
	// OnlySynapse says that Synapse has the user and MAS does not: it was not migrated.
	OnlySynapse bool
}

// Explainer predicts logins at a deployment. The zero value predicts those at an empty one.
type Explainer struct {
	// ServerName is that of the homeserver, which counts for the length of user names.
	// Empty: the length is not checked.
	ServerName string
	// Accounts are the users that exist.
	Accounts []Account
}

// Explain predicts what MAS does when somebody with these claims logs in for the first
// time at an empty deployment. See [Explainer.Explain].
func Explain(entry Entry, claims Claims) (Explanation, maskit.Problems) {
	return Explainer{}.Explain(entry, claims)
}

// Explain predicts what MAS 1.22 does when somebody with these claims logs in through
// the entry: it renders the templates as MAS does, and follows the outcome to the page
// that the person sees. It is pure.
//
// Problems have the paths of the entry, such as claims_imports.email.template, or
// begin with "claims". An error among them means that the explanation holds no
// prediction for that part:
//
//   - "claims-invalid": the claims hold something that is not JSON.
//   - "template-unfaithful": the template has a construct that cannot be rendered here
//     as MAS renders it, or takes too long. It may be right.
//
// Warnings tell of what MAS does although nobody will want it:
//
//   - "template-invalid": the template cannot be compiled, or calls a name that MAS does
//     not know. MAS accepts it, and fails when somebody logs in.
//   - "null-imported": a claim is null, and becomes the text "none".
//   - "email-invalid": what becomes the verified e-mail address is no address.
//   - "userinfo-not-fetched", "userinfo-absent": the entry does not ask for the userinfo
//     that the claims have, or asks for userinfo that they lack.
//   - "sub-missing": the claims of the ID token lack sub. MAS refuses such a token; the
//     explanation goes on as if it were there.
//
// What it does not see: namespaces of application services, banned names and domains of the
// policy, and rate limits.
func (e Explainer) Explain(entry Entry, claims Claims) (Explanation, maskit.Problems) {
	x := &explaining{explainer: e, entry: entry}
	if x.problems = claims.problems(); len(x.problems) > 0 {
		return Explanation{}, x.problems
	}
	x.read(claims)
	x.explain()
	return x.result, x.problems
}

// explaining is one explanation in the making.
type explaining struct {
	explainer Explainer
	entry     Entry
	vars      map[string]any // those of the subject and the account name
	later     map[string]any // those of the other templates
	result    Explanation
	problems  maskit.Problems
	// blind says that something cannot be predicted on which the outcome depends.
	blind bool
}

// explain follows a login from the callback to its end.
func (x *explaining) explain() {
	imports := x.entry.ClaimsImports
	x.result.Subject = x.render(field{"subject", "", imports.Subject.Template, "{{ user.sub }}"})
	x.result.AccountName = x.render(field{"account_name", "", imports.AccountName.Template, ""})
	if x.checkSubject() {
		return
	}
	if account := x.linked(x.result.Subject.Value); account != nil {
		x.returns(*account)
		return
	}
	x.result.DisplayName = x.render(field{"displayname", action(imports.Displayname.Action), imports.Displayname.Template, "{{ user.name }}"})
	x.result.Email = x.render(field{"email", action(imports.Email.Action), imports.Email.Template, "{{ user.email }}"})
	x.result.Localpart = x.render(field{"localpart", action(imports.Localpart.Action), imports.Localpart.Template, "{{ user.preferred_username }}"})
	x.register()
}

func action(a mas.ImportAction) mas.ImportAction {
	if a == "" {
		return mas.ImportIgnore
	}
	return a
}
