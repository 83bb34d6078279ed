package entra

import (
	"slices"
	"strings"

	"github.com/maskit-dev/maskit/upstream"
)

// SetupSteps implements [upstream.Guide], in the words of the Microsoft Entra admin center.
func (c Config) SetupSteps(env upstream.Env) []upstream.Step {
	steps := []upstream.Step{c.registerStep(env), secretStep(), c.claimsStep()}
	if require := c.Claims.Require; len(require.Groups) > 0 || len(require.Roles) > 0 {
		steps = append(steps, c.gateStep())
	}
	return upstream.Unverified(append(steps, c.assignmentStep())...)
}

func (c Config) registerStep(env upstream.Env) upstream.Step {
	return upstream.Step{
		Title: "Register an application (App registrations, New registration)",
		Settings: []upstream.Setting{
			{Name: "Supported account types", Value: c.accountTypes()},
			{Name: "Redirect URI, platform", Value: "Web"},
			{Name: "Redirect URI", Value: env.CallbackURL()},
			{Name: "Front-channel logout URL", Value: "(none)"},
			{Name: "ID tokens (implicit and hybrid flows)", Value: "Off"},
			{Name: "Application (client) ID", Value: c.Client.ID},
			{Name: "Directory (tenant) ID", Value: c.tenant()},
		},
		Detail: "Compare the last two with the overview page of the app.",
	}
}

func (c Config) accountTypes() string {
	switch c.Tenant {
	case "organizations":
		return "Accounts in any organizational directory (Multitenant)"
	case "common":
		return "Accounts in any organizational directory and personal Microsoft accounts"
	case "consumers":
		return "Personal Microsoft accounts only"
	}
	return "Accounts in this organizational directory only (Single tenant)"
}

func secretStep() upstream.Step {
	return upstream.Step{
		Title: "Create a client secret (Certificates & secrets)",
		Settings: []upstream.Setting{
			{Name: "Expires", Value: "24 months at most; note the day"},
			{Name: "Copy", Value: "the column Value, not Secret ID"},
		},
		Detail: "It is shown once. When it has expired, every login fails with AADSTS7000222: make the next one before.",
	}
}

// claimsStep names the optional claims that the settings rely on.
func (c Config) claimsStep() upstream.Step {
	names := []string{"email", "xms_edov"}
	if c.Claims.Localpart.MembersOnly {
		names = append(names, "acct")
	}
	return upstream.Step{
		Title: "Add optional claims (Token configuration)",
		Settings: []upstream.Setting{
			{Name: "Token type", Value: "ID"},
			{Name: "Claims", Value: strings.Join(names, ", ")},
			{Name: "Microsoft Graph permissions (delegated)", Value: strings.Join(c.oidc().WithDefaults().Client.Scopes, ", ")},
		},
		Detail: "Where the list has no xms_edov, add it to optionalClaims.idToken in the manifest. Without it no address is imported.",
	}
}

func (c Config) gateStep() upstream.Step {
	step := upstream.Step{
		Title:  "Send what MAS requires",
		Detail: "People without any of these see the page \"Subject is empty\" of MAS.",
	}
	add := func(name string, values []string) {
		if len(values) > 0 {
			sorted := slices.Sorted(slices.Values(values))
			step.Settings = append(step.Settings, upstream.Setting{Name: name, Value: strings.Join(sorted, ", ")})
		}
	}
	add("Groups claim, by object id (Token configuration)", c.Claims.Require.Groups)
	add("App roles, by value (App roles)", c.Claims.Require.Roles)
	return step
}

func (c Config) assignmentStep() upstream.Step {
	step := upstream.Step{
		Title:    "Choose who may sign in (Enterprise applications, Properties)",
		Settings: []upstream.Setting{{Name: "Assignment required?", Value: "Yes"}},
		Detail:   "Then assign users or groups. Entra refuses the others itself.",
	}
	if allowed := c.Claims.Require.Tenants; c.isMultiTenant() && len(allowed) > 0 {
		step.Detail += " In each of the tenants " + strings.Join(allowed, ", ") + " an administrator has to consent to the app."
	}
	return step
}
