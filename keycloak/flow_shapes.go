package keycloak

import (
	"context"
	"fmt"

	"github.com/maskit-dev/maskit"
)

// The flows that a new realm has.
const (
	builtInBrowserFlow = "browser"
	builtInResetFlow   = "reset credentials"
)

// loginShape is the flow of the client: a login as in Keycloak's own flow, and then,
// also for those who are logged in already, the gate.
func (s Spec) loginShape(ctx context.Context, r *run, _ []flowRef) (shape, error) {
	around, err := r.surroundings(ctx)
	if err != nil {
		return shape{}, err
	}
	levels := s.MFA.TOTP == MFAClient && around.conditions()
	out := shape{uses: []use{clientUse(s.Client, levels)}, problems: s.bypasses(around)}
	out.tree = []execution{subFlow("login", required, append(around.shortcuts(), s.forms(levels))...)}
	if s.MFA.TOTP == MFAClient && !levels {
		out.tree = append(out.tree, subFlow("code", required, oneTimeCode()))
		out.problems = append(out.problems, askedEveryTime())
	}
	if s.Client.gated() {
		out.tree = append(out.tree, s.Client.gate())
	}
	out.guards = s.guards("conditional-level-of-authentication")
	return out, nil
}

// guards are what must not go from a flow although the spec says nothing of it: the gate,
// and the demand for codes, by the provider that tells it in this flow.
func (s Spec) guards(codes string) []guard {
	var out []guard
	if !s.Client.RequireGroup.Valid {
		out = append(out, guard{"conditional-user-role", maskit.Problem{
			Path: "client.require_group", Code: "gate-would-go", Message: "the flow lets members of a group in only, and the spec does not say so",
			Hint: `set require_group to the group, or to "" to let everybody in`,
		}})
	}
	if s.MFA.TOTP == "" {
		out = append(out, guard{codes, maskit.Problem{
			Path: "mfa.totp", Code: "codes-would-go", Message: "the flow demands codes, and the spec does not say so", Hint: "set totp to what is demanded, or to off",
		}})
	}
	return out
}

// shortcuts are the ways to be logged in without the forms.
func (s surroundings) shortcuts() []execution {
	ways := []execution{authenticator("auth-cookie", alternative), authenticator("identity-provider-redirector", alternative)}
	if s.realm["organizationsEnabled"] == true {
		ways = append(ways, subFlow("organization", alternative,
			subFlow("organization of the user", conditional, authenticator("conditional-user-configured", required), authenticator("organization", alternative))))
	}
	return ways
}

// forms ask for the password and, as the spec demands, for a code. Without a demand
// those are asked for a code who have set one up, as in Keycloak's own flow.
func (s Spec) forms(levels bool) execution {
	password := authenticator("auth-username-password-form", required)
	switch {
	case levels:
		return subFlow("forms", alternative,
			subFlow("first level", conditional, levelCondition(1), password),
			subFlow("second level", conditional, levelCondition(2), oneTimeCode()))
	case s.MFA.TOTP == MFARealm:
		return subFlow("forms", alternative, password, oneTimeCode())
	case s.MFA.TOTP == MFAClient:
		return subFlow("forms", alternative, password)
	}
	return subFlow("forms", alternative, password,
		subFlow("second factor", conditional, authenticator("conditional-user-configured", required), oneTimeCode()))
}

// realmShape is the flow of all clients that have none of their own.
func (s Spec) realmShape(ctx context.Context, r *run, _ []flowRef) (shape, error) {
	around, err := r.surroundings(ctx)
	if err != nil {
		return shape{}, err
	}
	out := shape{
		tree: append(around.shortcuts(), s.forms(false)),
		uses: []use{realmUse(s.Realm.Name, "browserFlow", builtInBrowserFlow)},
	}
	if around.registration && !s.MFA.EnrolNewUsers.V {
		out.problems = append(out.problems, bypass("mfa.enrol_new_users", "registration-without-code",
			"who registers is logged in without having been asked for a code", "set enrol_new_users, or switch registration off"))
	}
	return out, nil
}

// checks are the executions that follow where the flow of the client is not asked.
func (s Spec) checks() (everybody, clientOnly []execution) {
	switch s.MFA.TOTP {
	case MFARealm:
		everybody = append(everybody, oneTimeCode())
	case MFAClient:
		clientOnly = append(clientOnly, oneTimeCode())
	}
	if s.Client.gated() {
		clientOnly = append(clientOnly, s.Client.gate())
	}
	return everybody, clientOnly
}

// brokerShape is the flow after a login at an identity provider, which is not asked the
// flow of the client.
func (s Spec) brokerShape(ctx context.Context, r *run, ours []flowRef) (shape, error) {
	around, err := r.surroundings(ctx)
	if err != nil {
		return shape{}, err
	}
	everybody, clientOnly := s.checks()
	out := shape{tree: everybody, guards: s.guards("auth-otp-form")}
	if len(clientOnly) > 0 && around.conditions() {
		// Without the last execution everybody is refused for whom the condition is false.
		out.tree = append(out.tree, s.codesElsewhere()...)
		out.tree = append(out.tree, s.Client.forClient(clientOnly...), authenticator("allow-access-authenticator", required))
	}
	for _, raw := range around.brokers {
		if among(ours, text(raw, postBrokerFlow)) {
			out.uses = append(out.uses, brokerUse(text(raw, "alias")))
		}
	}
	// Those that are switched off have it too: somebody may switch them on.
	for _, raw := range around.brokers {
		switch bound := text(raw, postBrokerFlow); {
		case bound == "":
			out.uses = append(out.uses, brokerUse(text(raw, "alias")))
		case !among(ours, bound):
			out.foreign = append(out.foreign, bound)
			out.problems = append(out.problems, s.brokerDecides(raw))
		}
	}
	if len(out.uses) == 0 {
		out.tree = nil
	}
	return out, nil
}

// brokerDecides is about an identity provider with a flow of somebody else after logins.
func (s Spec) brokerDecides(raw map[string]any) maskit.Problem {
	p := bypass(s.guardPath(), "identity-provider-flow",
		fmt.Sprintf("identity provider %s has a flow of its own after logins, which decides instead", text(raw, "alias")), "take that flow off, or see to it that it checks the same")
	if !isOpen(raw) {
		p.Severity = maskit.SeverityWarning
	}
	return p
}

// resetShape is the flow of a forgotten password, after which people are logged in
// without the flow of the client.
func (s Spec) resetShape(ctx context.Context, r *run, ours []flowRef) (shape, error) {
	around, err := r.surroundings(ctx)
	if err != nil {
		return shape{}, err
	}
	everybody, clientOnly := s.checks()
	out := shape{uses: []use{realmUse(s.Realm.Name, "resetCredentialsFlow", builtInResetFlow)}, guards: s.guards("auth-otp-form")}
	if !around.resetPassword || len(clientOnly) > 0 && !around.conditions() {
		return out, nil
	}
	if bound := text(around.realm, "resetCredentialsFlow"); bound != "" && bound != builtInResetFlow && !among(ours, bound) {
		out.foreign = append(out.foreign, bound)
		out.problems = append(out.problems, bypass(s.guardPath(), "password-reset-flow",
			"the realm has a flow of its own for forgotten passwords, which decides instead", "take that flow off, or see to it that it checks the same"))
		return out, nil
	}
	out.tree = append([]execution{
		authenticator("reset-credentials-choose-user", required), authenticator("reset-credential-email", required), authenticator("reset-password", required),
	}, everybody...)
	out.tree = append(out.tree, s.resetFactor()...)
	if len(clientOnly) > 0 {
		out.tree = append(out.tree, s.Client.forClient(clientOnly...))
	}
	return out, nil
}

// resetFactor is what becomes of the codes of those who forgot their password. In
// Keycloak's own flow they set new ones up; where codes are demanded, that would let the
// owner of the mailbox in.
func (s Spec) resetFactor() []execution {
	hasCodes := authenticator("conditional-user-configured", required)
	switch s.MFA.TOTP {
	case MFARealm:
		return nil
	case MFAClient:
		return s.codesElsewhere()
	}
	return []execution{subFlow("second factor", conditional, hasCodes, authenticator("reset-otp", required))}
}

// codesElsewhere asks those for a code who have one, in logins to other clients than the
// one that demands it. There anybody may set up another one, which would be worth nothing
// if the first factor were enough for that.
func (s Spec) codesElsewhere() []execution {
	if s.MFA.TOTP != MFAClient {
		return nil
	}
	otherClient := authenticator("conditional-client-scope", required).with("client_scope", s.Client.marker()).with("negate", "true")
	hasCodes := authenticator("conditional-user-configured", required)
	return []execution{subFlow("second factor elsewhere", conditional, otherClient, hasCodes, oneTimeCode())}
}

// guardPath is the setting that guards the client.
func (s Spec) guardPath() string {
	if s.Client.gated() {
		return "client.require_group"
	}
	return "mfa.totp"
}
