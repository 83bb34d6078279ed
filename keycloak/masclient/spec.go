package masclient

import (
	"slices"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/keycloak"
	"github.com/maskit-dev/maskit/upstream"
	upkc "github.com/maskit-dev/maskit/upstream/keycloak"
)

// Spec is what the realm of the provider needs so that those people can log in to MAS with
// it who are to, and MAS reads of them what it asks for.
func Spec(env upstream.Env, provider upkc.Config) (keycloak.Spec, maskit.Problems) {
	return Extend(keycloak.Spec{}, env, provider)
}

// Extend is a spec that has the rest of the realm, with what the provider needs added to it.
// What the spec says already stays, unless MAS could not work with it: then there is a
// problem with the code "disagrees" at its path in the spec. The spec is not modified.
func Extend(spec keycloak.Spec, env upstream.Env, provider upkc.Config) (keycloak.Spec, maskit.Problems) {
	entry, problems := provider.Entry(env)
	// The flow that the warning is about is in the spec.
	problems = slices.DeleteFunc(problems, func(p maskit.Problem) bool { return p.Code == "gate-at-keycloak" })
	broken := problems.Err() != nil
	a := addition{env: env, provider: provider, entry: entry, spec: spec, problems: problems}
	a.realm()
	a.client()
	a.gate()
	if !broken { // else nobody knows what the templates read
		a.claims()
	}
	a.scopes()
	return a.spec, a.problems
}

// addition is an Extend under way.
type addition struct {
	env      upstream.Env
	provider upkc.Config
	entry    upstream.Entry
	spec     keycloak.Spec
	problems maskit.Problems
}

// disagree reports a setting of the spec that MAS cannot work with.
func (a *addition) disagree(path, message, hint string) {
	a.problems = append(a.problems, maskit.Problem{Path: path, Code: "disagrees", Message: message, Hint: hint})
}

// refuse reports a setting of the provider that no client can be made for.
func (a *addition) refuse(path, code, message, hint string) {
	a.problems = append(a.problems, maskit.Problem{Path: path, Code: code, Message: message, Hint: hint})
}

// state puts a value where there is none, and reports one that is another.
func state[T comparable](a *addition, path string, have *T, want T) {
	var none T
	switch *have {
	case none:
		*have = want
	case want:
	default:
		a.disagree(path, "is not what the provider of MAS has", "remove it, or change the provider")
	}
}

// demand is state for a setting that may be left alone.
func demand[T comparable](a *addition, path string, have *keycloak.Opt[T], want T) {
	state(a, path, have, keycloak.Set(want))
}

// tolerate reports a setting that has a value with which MAS does not work.
func (a *addition) tolerate(path string, have keycloak.Opt[bool], want bool) {
	if have.Or(want).V != want {
		a.disagree(path, "keeps people from logging in by MAS", "remove it")
	}
}

func (a *addition) realm() {
	state(a, "realm.name", &a.spec.Realm.Name, a.provider.Realm)
}

// gate has the login flow ask for the group, and for codes where MAS demands them.
func (a *addition) gate() {
	client := &a.spec.Client
	group := a.provider.GroupAtKeycloak()
	required := a.provider.Claims.Require.Groups
	switch {
	case group != "":
		demand(a, "client.require_group", &client.RequireGroup, group)
		if client.RequireGroup.V == group {
			a.makeGroup(group)
		}
	case client.RequireGroup.V != "" && len(required) > 0 && !slices.Equal(required, []string{client.RequireGroup.V}):
		a.disagree("client.require_group", "is another group than MAS asks for, so that people need to be in both", "require one group, in the provider alone")
	}
	a.levels()
}

// makeGroup has the group made if there is none: nobody is in it then.
func (a *addition) makeGroup(path string) {
	group := keycloak.Group{Path: path}
	if !slices.Contains(a.spec.Groups, group) {
		a.spec.Groups = append(slices.Clone(a.spec.Groups), group)
	}
}

// secondFactor is what Keycloak calls a login with a code, where package keycloak has set
// up codes for the client.
const secondFactor = "mfa"

// levels has Keycloak demand what MAS goes by in the claim acr.
func (a *addition) levels() {
	required := a.provider.Claims.Require.ACR
	switch {
	case len(required) == 0:
	case !slices.Contains(required, secondFactor):
		a.problems = append(a.problems, maskit.Problem{
			Path: "claims.require.acr", Code: "acr-not-provisioned", Severity: maskit.SeverityWarning,
			Message: "has no level that this package sets up: nobody can log in, unless the realm has one of its own by that name",
			Hint:    "require mfa, for which Keycloak is made to ask for one-time codes",
		})
	default:
		state(a, "mfa.totp", &a.spec.MFA.TOTP, keycloak.MFAClient)
	}
}
