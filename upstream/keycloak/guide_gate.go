package keycloak

import "github.com/maskit-dev/maskit/upstream"

// gateSteps are about who may log in.
func (c Config) gateSteps() []upstream.Step {
	var steps []upstream.Step
	if group := c.GroupAtKeycloak(); group != "" {
		steps = append(steps, c.flowStep(group))
	}
	if len(c.Claims.Require.Groups) > 0 && c.Gate.atMAS() {
		steps = append(steps, groupsStep())
	}
	if len(c.Claims.Require.Roles) > 0 {
		steps = append(steps, rolesStep())
	}
	return steps
}

// flowStep is the login flow that keycloak/masclient makes. It is built this way so that it
// denies whatever goes wrong in it.
func (c Config) flowStep(group string) upstream.Step {
	return upstream.Step{
		Title: "Let only members of " + group + " log in, by a login flow of the client",
		Settings: []upstream.Setting{
			{Name: "Client, Roles, Create role", Value: "matrix-user"},
			{Name: "Group " + group + ", Role mapping", Value: c.Client.ID + " matrix-user"},
			{Name: "Authentication, Create flow", Value: c.Client.ID + " login"},
			{Name: "Its first sub-flow, Required", Value: "Cookie (Alternative), Identity Provider Redirector (Alternative), a sub-flow (Alternative) of Username Password Form (Required)"},
			{Name: "Its second sub-flow, Required", Value: "a sub-flow (Alternative), then Deny access (Alternative)"},
			{Name: "In that sub-flow, a sub-flow, Conditional", Value: "Condition - user role (Required) for the role, Allow access (Required)"},
			{Name: "Client, Advanced, Browser Flow", Value: c.Client.ID + " login"},
		},
		Detail: "Package keycloak/masclient has this made, and closes the ways past it: logins at identity providers, and forgotten passwords.",
	}
}

// groupsStep and rolesStep add what MAS looks at to the ID token, where Keycloak does not put
// it by itself.
func groupsStep() upstream.Step {
	return upstream.Step{
		Title: "Add a mapper of the type Group Membership to the client's dedicated scope",
		Settings: []upstream.Setting{
			{Name: "Token Claim Name", Value: "groups"},
			{Name: "Full group path", Value: "On"},
			{Name: "Add to ID token", Value: "On"},
		},
		Detail: "Without it nobody can log in.",
	}
}

func rolesStep() upstream.Step {
	return upstream.Step{
		Title: "Add a mapper of the type User Realm Role to the client's dedicated scope",
		Settings: []upstream.Setting{
			{Name: "Token Claim Name", Value: "realm_access.roles"},
			{Name: "Multivalued", Value: "On"},
			{Name: "Add to ID token", Value: "On"},
			{Name: "Scope, Full scope allowed", Value: "On"},
		},
		Detail: "Keycloak has the roles in the access token only, which MAS does not read: without it nobody can log in.",
	}
}
