package keycloak_test

import (
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/internal/live"
	"github.com/maskit-dev/maskit/keycloak"
)

// rows are the executions of a flow.
func (l liveRealm) rows(t *testing.T, alias string) []map[string]any {
	t.Helper()
	var rows []map[string]any
	l.Admin(t, "GET", "/authentication/flows/"+url.PathEscape(alias)+"/executions", nil, &rows)
	return rows
}

// row is the execution of a flow that has the provider, or the sub-flow of that name.
func (l liveRealm) row(t *testing.T, alias, what string) map[string]any {
	t.Helper()
	for _, row := range l.rows(t, alias) {
		if row["providerId"] == what || row["displayName"] == alias+" "+what {
			return row
		}
	}
	t.Fatalf("flow %s has no %s", alias, what)
	return nil
}

// Each thing that keeps strangers out is changed by hand: the next plan says so, the
// next application restores it, and the one after writes nothing.
func TestLiveDriftOfTheGateIsRestored(t *testing.T) {
	t.Parallel()
	l := newRealm(t)
	l.upstream(t)
	spec := gatedSpec(t, l.Name)
	spec.Groups = append(spec.Groups, keycloak.Group{Path: "/others"})
	l.apply(t, spec)
	l.settled(t, spec)
	executions := func(alias string) string {
		return "/authentication/flows/" + url.PathEscape(alias) + "/executions"
	}
	config := func(t *testing.T, alias, provider string, change map[string]any) {
		row := l.row(t, alias, provider)
		at := "/authentication/config/" + row["authenticationConfig"].(string)
		var stored map[string]any
		l.Admin(t, "GET", at, nil, &stored)
		for key, value := range change {
			stored["config"].(map[string]any)[key] = value
		}
		l.Admin(t, "PUT", at, stored, nil)
	}
	for _, drift := range []struct {
		name, plan string
		make       func(t *testing.T, login string)
	}{
		{"gate switched off", "executions", func(t *testing.T, login string) {
			row := l.row(t, login, "gate")
			row["requirement"] = "DISABLED"
			l.Admin(t, "PUT", executions(login), row, nil)
		}},
		{"gate removed", "executions", func(t *testing.T, login string) {
			l.Admin(t, "DELETE", "/authentication/executions/"+l.row(t, login, "gate")["id"].(string), nil, nil)
		}},
		{"another role", `condUserRole="matrix.nobody"`, func(t *testing.T, login string) {
			config(t, login, "conditional-user-role", map[string]any{"condUserRole": "matrix.nobody"})
		}},
		{"condition turned round", `negate="true"`, func(t *testing.T, login string) {
			config(t, login, "conditional-user-role", map[string]any{"negate": "true"})
		}},
		{"another message", "denyErrorMessage", func(t *testing.T, login string) {
			config(t, login, "deny-access-authenticator", map[string]any{"denyErrorMessage": "Go away."})
		}},
		{"flow renamed", `alias: "renamed" → "matrix login"`, func(t *testing.T, login string) {
			at := "/authentication/flows/" + l.flowID(t, login)
			var flow map[string]any
			l.Admin(t, "GET", at, nil, &flow)
			flow["alias"] = "renamed"
			l.Admin(t, "PUT", at, flow, nil)
		}},
		{"not asked", `browser flow: unset → "matrix login`, func(t *testing.T, _ string) {
			l.override(t, map[string]any{"browser": ""})
		}},
		{"another flow is asked", `browser flow: "browser" → "matrix login`, func(t *testing.T, _ string) {
			l.override(t, map[string]any{"browser": l.flowID(t, "browser")})
		}},
		{"another group has the role", "groups: [/matrix-users /others] → [/matrix-users]", func(t *testing.T, _ string) {
			at := "/clients/" + l.client(t, "matrix")["id"].(string)
			var role map[string]any
			l.Admin(t, "GET", at+"/roles/matrix-user", nil, &role)
			l.Admin(t, "POST", "/groups/"+l.groupID(t, "/others")+"/role-mappings"+at, []any{role}, nil)
		}},
		{"the group lost the role", "groups: unset → [/matrix-users]", func(t *testing.T, _ string) {
			at := "/clients/" + l.client(t, "matrix")["id"].(string)
			var role map[string]any
			l.Admin(t, "GET", at+"/roles/matrix-user", nil, &role)
			l.Admin(t, "DELETE", "/groups/"+l.groupID(t, "/matrix-users")+"/role-mappings"+at, []any{role}, nil)
		}},
		{"the client lost its marker", "assigned", func(t *testing.T, _ string) {
			var scopes []map[string]any
			l.Admin(t, "GET", "/client-scopes", nil, &scopes)
			for _, scope := range scopes {
				if scope["name"] == "matrix-gate" {
					l.Admin(t, "DELETE", "/clients/"+l.client(t, "matrix")["id"].(string)+"/default-client-scopes/"+scope["id"].(string), nil, nil)
				}
			}
		}},
		{"brokered logins are not checked", "post login flow of identity provider corp: unset", func(t *testing.T, _ string) {
			var broker map[string]any
			l.Admin(t, "GET", "/identity-provider/instances/corp", nil, &broker)
			delete(broker, "postBrokerLoginFlowAlias")
			l.Admin(t, "PUT", "/identity-provider/instances/corp", broker, nil)
		}},
		{"brokered logins are checked for another client", "client_scope", func(t *testing.T, _ string) {
			config(t, l.flowLike(t, "client-matrix after brokered login"), "conditional-client-scope", map[string]any{"client_scope": "email"})
		}},
	} {
		login := l.bound(t)
		drift.make(t, login)
		plan := l.plan(t, spec)
		require.Len(t, plan.Changes, 1, drift.name)
		require.Contains(t, plan.String(), drift.plan, drift.name)
		l.apply(t, spec)
		l.settled(t, spec)
		require.Len(t, l.flows(t), 2, drift.name)
	}
}

// bound is the name of the flow that the client asks.
func (l liveRealm) bound(t *testing.T) string {
	t.Helper()
	id := l.client(t, "matrix")["authenticationFlowBindingOverrides"].(map[string]any)["browser"].(string)
	var flow map[string]any
	l.Admin(t, "GET", "/authentication/flows/"+id, nil, &flow)
	return flow["alias"].(string)
}

// A client that is in use already: until the flow is complete, logins are as before.
func TestLiveGateForAnExistingClient(t *testing.T) {
	t.Parallel()
	l := newRealm(t)
	spec := small(t, l.Name)
	spec.Groups = append(spec.Groups, keycloak.Group{Path: "/others"})
	l.apply(t, spec)
	foreign := map[string]any{"direct_grant": l.flowID(t, "direct grant")}
	l.override(t, foreign)

	missing := spec
	missing.Client.RequireGroup = keycloak.Set("/misspelt")
	plan := l.plan(t, missing)
	require.Equal(t, []string{"group-missing"}, codes(plan.Problems))
	_, err := l.p.Apply(t.Context(), plan)
	require.ErrorIs(t, err, maskit.ErrInvalid)
	require.Empty(t, l.flows(t))

	gated := spec
	gated.Client.RequireGroup, gated.Client.DenyMessage = keycloak.Set("/others"), "Ask Erin (ext. 7)."
	plan = l.plan(t, gated)
	var subjects []string
	for _, change := range plan.Changes {
		subjects = append(subjects, string(change.Action)+" "+change.Subject)
	}
	require.Equal(t, []string{"create role matrix-user of client matrix", "update scope matrix-gate of client matrix", "create login flow of client matrix"}, subjects)
	l.apply(t, gated)
	l.settled(t, gated)
	page := live.NewKeycloakBrowser(t).Login(l.app(spec).URL(), l.person(t, "erin", "/matrix-users"))
	require.Equal(t, 401, page.Status)
	require.Equal(t, "Ask Erin (ext. 7).", page.Message)

	moved := gated
	moved.Client.RequireGroup = keycloak.Set("/matrix-users")
	require.Equal(t, "update role matrix-user of client matrix: groups: [/others] → [/matrix-users]", l.plan(t, moved).String())
	l.apply(t, moved)
	l.settled(t, moved)
	admitted(t, live.NewKeycloakBrowser(t).Login(l.app(spec).URL(), &live.KeycloakUser{Name: "erin", Password: password}))

	// A spec that says nothing about the group leaves the gate alone.
	l.settled(t, spec)
	silent := spec
	silent.MFA.TOTP = keycloak.MFAClient
	require.Equal(t, []string{"gate-would-go"}, codes(l.plan(t, silent).Problems))
	silent.MFA.TOTP = keycloak.MFAOff
	require.True(t, l.plan(t, silent).Empty(), "%s", l.plan(t, silent))

	open := spec
	open.Client.RequireGroup = keycloak.Set("")
	plan = l.plan(t, open)
	require.Empty(t, plan.Changes)
	require.Equal(t, "delete login flow of client matrix (not in the spec)", strings.TrimSpace(plan.String()))
	l.apply(t, open)
	l.settled(t, open)
	require.Empty(t, l.flows(t))
	require.Equal(t, foreign, l.client(t, "matrix")["authenticationFlowBindingOverrides"])
}

// flowLike is the name of the flow that begins like that.
func (l liveRealm) flowLike(t *testing.T, begin string) string {
	t.Helper()
	for _, alias := range l.flows(t) {
		if strings.HasPrefix(alias, begin) {
			return alias
		}
	}
	t.Fatal("no flow", begin)
	return ""
}

// override names flows that the client asks in place of the realm's.
func (l liveRealm) override(t *testing.T, flows map[string]any) {
	t.Helper()
	l.Admin(t, "PUT", "/clients/"+l.client(t, "matrix")["id"].(string), map[string]any{"webOrigins": []string{}, "authenticationFlowBindingOverrides": flows}, nil)
}

func (l liveRealm) flowID(t *testing.T, alias string) string {
	t.Helper()
	var flows []map[string]any
	l.Admin(t, "GET", "/authentication/flows", nil, &flows)
	for _, flow := range flows {
		if flow["alias"] == alias {
			return flow["id"].(string)
		}
	}
	t.Fatal("no flow", alias)
	return ""
}
