package keycloak

import (
	"fmt"
	"slices"
	"strings"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/upstream/internal/check"
)

// Gate is who asks whether people are in one of the required groups.
type Gate string

// The gates. All take the members of the same groups, those of groups below them included.
const (
	// GateKeycloak has Keycloak ask, by a login flow of MAS's client, which tells others in
	// words of its own that they may not log in. The entry of MAS then lets in everybody
	// whom Keycloak lets in, so the flow must be there: package keycloak/masclient makes it.
	// It takes one group, see RequireGroup in package keycloak.
	GateKeycloak Gate = "keycloak"
	// GateMAS has MAS ask, at every login, by the claim groups; others read "Subject is
	// empty". It takes any number of groups.
	GateMAS Gate = "mas"
	// GateBoth has both ask: who gets past the flow is stopped by MAS.
	GateBoth Gate = "both"
)

// GroupAtKeycloak is the path of the group that the login flow at Keycloak asks for; empty if
// none is asked for there.
func (c Config) GroupAtKeycloak() string {
	if len(c.Claims.Require.Groups) == 0 || !c.Gate.atKeycloak() {
		return ""
	}
	return c.Claims.Require.Groups[0]
}

// atKeycloak holds for a gate that is not set, too.
func (g Gate) atKeycloak() bool { return g != GateMAS }

func (g Gate) atMAS() bool { return g == GateMAS || g == GateBoth }

// gateProblems judges the groups: where MAS does not ask, nobody else does.
func (c Config) gateProblems() maskit.Problems {
	const path = "claims.require.groups"
	groups := c.Claims.Require.Groups
	problems := slices.Concat(check.OneOf("gate", c.Gate, GateKeycloak, GateMAS, GateBoth), check.WhoMayLogIn(path, groups))
	if c.Gate != "" && len(groups) == 0 {
		problems = append(problems, maskit.Problem{Path: "gate", Code: "unused", Message: "is about groups, and none is required", Hint: "set claims.require.groups, or remove it"})
	}
	for i, group := range groups {
		problems = append(problems, groupProblems(fmt.Sprintf("%s[%d]", path, i), group)...)
		if slices.Contains(groups[:i], group) {
			problems = append(problems, maskit.Problem{Path: fmt.Sprintf("%s[%d]", path, i), Code: "duplicate", Message: "is listed twice", Hint: "remove one"})
		}
	}
	switch {
	case len(groups) == 0 || !c.Gate.atKeycloak() || problems.Err() != nil:
	case len(groups) > 1:
		problems = append(problems, maskit.Problem{
			Path: path, Code: "gate-one-group", Message: "are several groups, and the login flow at Keycloak asks for one",
			Hint: "put them below one group and require that, or set gate to mas",
		})
	case c.Gate == "":
		problems = append(problems, maskit.Problem{
			Path: path, Code: "gate-at-keycloak", Severity: maskit.SeverityWarning,
			Message: "is asked for by Keycloak alone: without the login flow there, everybody may log in",
			Hint:    "have the flow made by package keycloak/masclient, and set gate to keycloak; or set it to both, to have MAS ask too",
		})
	}
	return problems
}

// groupProblems judges the path of a group, which Keycloak's claim and its login flow both
// go by.
func groupProblems(path, group string) maskit.Problems {
	if problems := slices.Concat(check.Required(path, group, "the path of a group, or remove the empty item"), check.Text(path, group)); problems != nil {
		return problems
	}
	segments := strings.Split(group, "/")
	if segments[0] == "" && len(segments) > 1 && !slices.ContainsFunc(segments[1:], func(s string) bool { return s == "" || s == "." || s == ".." }) {
		return nil
	}
	return maskit.Problems{{
		Path: path, Code: "group-path", Message: "is not the path of a group in Keycloak",
		Hint: "write /name or /parent/name",
	}}
}
