package keycloaktest_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// state is all that a realm of the fake holds, by its address, without the ids that the
// server made up: two realms with the same content have the same state.
func (s subject) state(t *testing.T) map[string]any {
	t.Helper()
	out := map[string]any{}
	read := func(path string) any {
		var value any
		require.NoError(t, s.fake.Admin(t.Context(), "GET", "/realms/"+s.realm+path, nil, &value))
		return value
	}
	keep := func(path string) { out[path] = read(path) }
	for _, path := range []string{
		"", "/client-scopes", "/roles", "/users/profile", "/authentication/required-actions", "/identity-provider/instances",
		"/default-default-client-scopes", "/default-optional-client-scopes", "/client-policies/policies", "/client-policies/profiles",
	} {
		keep(path)
	}
	flows := map[string]string{}
	for _, f := range read("/authentication/flows").([]any) {
		f := f.(map[string]any)
		alias := f["alias"].(string)
		flows[f["id"].(string)] = plainAlias(alias)
		out["flow "+plainAlias(alias)] = s.flowState(t, alias)
	}
	for _, c := range read("/clients").([]any) {
		c := c.(map[string]any)
		for key, id := range c["authenticationFlowBindingOverrides"].(map[string]any) {
			c["authenticationFlowBindingOverrides"].(map[string]any)[key] = flows[id.(string)]
		}
		out["client "+c["clientId"].(string)] = c
		out["roles of "+c["clientId"].(string)] = read("/clients/" + c["id"].(string) + "/roles")
	}
	for _, g := range read("/groups").([]any) {
		s.groupState(t, out, g.(map[string]any)["id"].(string))
	}
	for _, u := range read("/users").([]any) {
		u := u.(map[string]any)
		at := "/users/" + u["id"].(string)
		out["user "+u["username"].(string)] = []any{u, read(at + "/groups"), len(read(at + "/credentials").([]any))}
	}
	for _, b := range out["/identity-provider/instances"].([]any) {
		alias := b.(map[string]any)["alias"].(string)
		out["mappers of "+alias] = read("/identity-provider/instances/" + alias + "/mappers")
	}
	names := map[string]string{}
	components := read("/components").([]any)
	for _, c := range components {
		names[c.(map[string]any)["id"].(string)] = c.(map[string]any)["name"].(string)
	}
	for _, c := range components {
		c := c.(map[string]any)
		key := fmt.Sprint("component ", names[c["parentId"].(string)], "/", c["name"])
		require.NotContains(t, out, key, "there twice")
		out[key] = c
	}
	return anonymous(out).(map[string]any)
}

func (s subject) groupState(t *testing.T, out map[string]any, id string) {
	t.Helper()
	var group map[string]any
	var below []any
	require.NoError(t, s.fake.Admin(t.Context(), "GET", "/realms/"+s.realm+"/groups/"+id, nil, &group))
	require.NoError(t, s.fake.Admin(t.Context(), "GET", "/realms/"+s.realm+"/groups/"+id+"/children?max=1000", nil, &below))
	out["group "+group["path"].(string)] = group
	for _, g := range below {
		s.groupState(t, out, g.(map[string]any)["id"].(string))
	}
}

// flowState is the executions of a flow, and their settings.
func (s subject) flowState(t *testing.T, alias string) any {
	t.Helper()
	var rows []map[string]any
	at := "/realms/" + s.realm + "/authentication/"
	require.NoError(t, s.fake.Admin(t.Context(), "GET", at+"flows/"+url.PathEscape(alias)+"/executions", nil, &rows))
	out := []any{}
	for _, row := range rows {
		if id, ok := row["authenticationConfig"].(string); ok {
			var config map[string]any
			require.NoError(t, s.fake.Admin(t.Context(), "GET", at+"config/"+id, nil, &config))
			row["settings"] = config["config"]
		}
		delete(row, "alias")
		delete(row, "displayName")
		out = append(out, row)
	}
	return out
}

// plainAlias is the name of a flow without what makes it unique.
func plainAlias(alias string) string {
	return regexp.MustCompile(` [a-z2-7]{8}$`).ReplaceAllString(alias, "")
}

// anonymous takes away what the server makes up, and the order of what has none.
func anonymous(value any) any {
	switch v := value.(type) {
	case map[string]any:
		for _, key := range []string{
			"id", "internalId", "containerId", "parentId", "flowId", "authenticationConfig", "createdTimestamp", "client.secret.creation.time",
		} {
			delete(v, key)
		}
		for key, inner := range v {
			if alias, ok := inner.(string); ok && strings.HasSuffix(key, "Flow") || strings.HasSuffix(key, "FlowAlias") {
				v[key] = plainAlias(alias)
				continue
			}
			v[key] = anonymous(inner)
		}
	case []any:
		for i, inner := range v {
			v[i] = anonymous(inner)
		}
		if len(v) > 0 && !isRow(v[0]) {
			slices.SortFunc(v, func(a, b any) int { return strings.Compare(jsonText(a), jsonText(b)) })
		}
	}
	return value
}

func isRow(value any) bool {
	d, _ := value.(map[string]any)
	_, row := d["level"]
	return row
}

func jsonText(value any) string {
	raw, _ := json.Marshal(value)
	return string(raw)
}

// requireState compares two states, and names what differs.
func requireState(t *testing.T, want, have map[string]any) {
	t.Helper()
	require.Equal(t, slices.Sorted(maps.Keys(want)), slices.Sorted(maps.Keys(have)))
	for key := range want {
		require.Equal(t, want[key], have[key], key)
	}
}
