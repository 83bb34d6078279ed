package keycloak

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/maskit-dev/maskit"
)

// judgeMembers finds those who may log in without being members of the required group:
// its role can be given by hand, to a user, and to everybody by the realm's default role;
// and those who are members without anybody's doing, by the realm's default groups.
// Other roles that hold it are not looked for.
func (r *run) judgeMembers(ctx context.Context) (maskit.Problems, error) {
	c := r.spec.Client
	if !c.gated() {
		return nil, nil
	}
	client, err := c.ref().find(ctx, r)
	if err != nil || client == nil {
		return nil, err
	}
	id := text(client, "id")
	var ps maskit.Problems
	var users []map[string]any
	if _, err := r.get(ctx, r.path("clients", id, "roles", memberRole, "users")+fmt.Sprintf("?first=0&max=%d", holdersPerPage), &users); err != nil {
		return nil, err
	}
	if len(users) > 0 {
		ps = append(ps, maskit.Problem{
			Path: "client.require_group", Code: "role-given-to-users", Severity: maskit.SeverityWarning,
			Message: fmt.Sprintf("%d or more users have the role %s themselves, and may log in whatever their groups", len(users), memberRole),
			Hint:    "take the role from them, or put them into the group",
		})
	}
	have, err := findRealm(ctx, r)
	if err != nil {
		return nil, err
	}
	ps = append(ps, c.joinedByDefault(have.raw)...)
	everybody := text(have.raw, "defaultRole", "id")
	if everybody == "" {
		return ps, nil
	}
	var held []map[string]any
	if _, err := r.get(ctx, r.path("roles-by-id", everybody, "composites", "clients", id), &held); err != nil {
		return nil, err
	}
	if slices.ContainsFunc(held, func(role map[string]any) bool { return text(role, "name") == memberRole }) {
		ps = append(ps, maskit.Problem{
			Path: "client.require_group", Code: "role-given-to-everybody", Message: "the default role of the realm holds the role " + memberRole + ", so that everybody may log in",
			Hint: "take it out of the default role",
		})
	}
	return ps, nil
}

// joinedByDefault finds out whether every new user joins the required group.
func (c Client) joinedByDefault(realm map[string]any) maskit.Problems {
	for _, path := range textList(realm["defaultGroups"]) {
		if path == c.RequireGroup.V || strings.HasPrefix(path, c.RequireGroup.V+"/") {
			return maskit.Problems{{
				Path: "client.require_group", Code: "group-joined-by-default", Severity: maskit.SeverityWarning,
				Message: "every new user joins " + path + ", also those who register or come from an identity provider, and may log in",
				Hint:    "take it off the default groups of the realm",
			}}
		}
	}
	return nil
}
