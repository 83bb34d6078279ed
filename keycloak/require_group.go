package keycloak

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"

	"github.com/maskit-dev/maskit"
)

// memberRole is the role of the client that members of the required group have, and
// that its flow looks for: Keycloak's flows know roles, and no groups.
const memberRole = "matrix-user"

// denyMessage is what others read unless the spec says something else.
const denyMessage = "You are not allowed to use Matrix. Please ask your administrator for access."

// gated reports whether only members of a group may log in.
func (c Client) gated() bool { return c.RequireGroup.V != "" }

func (c Client) validateGroup() maskit.Problems {
	var ps maskit.Problems
	if c.DenyMessage != "" && !c.gated() {
		ps = append(ps, maskit.Problem{Path: "deny_message", Code: "unused", Message: "is for require_group", Hint: "set require_group, or remove it"})
	}
	if c.gated() && !isGroupPath(c.RequireGroup.V) {
		ps = append(ps, maskit.Problem{Path: "require_group", Code: "group-path", Message: "is not the path of a group", Hint: "write /name or /parent/name"})
	}
	return ps
}

// gate lets members through, and fails closed: whatever goes wrong with the role, its
// name or its condition, the last execution denies.
func (c Client) gate() execution {
	message := denyMessage
	if c.DenyMessage != "" {
		message = c.DenyMessage
	}
	return subFlow("gate", required,
		subFlow("allow", alternative,
			subFlow("member", conditional,
				authenticator("conditional-user-role", required).with("condUserRole", c.ID+"."+memberRole),
				authenticator("allow-access-authenticator", required),
			),
		),
		authenticator("deny-access-authenticator", alternative).with("denyErrorMessage", message),
	)
}

// marker is a client scope that the client alone has, by which flows that belong to the
// whole realm know it.
func (c Client) marker() string { return plainName(c.ID) + "-gate" }

// forClient runs executions for logins to the client only.
func (c Client) forClient(inside ...execution) execution {
	condition := authenticator("conditional-client-scope", required).with("client_scope", c.marker())
	return subFlow("check", conditional, append([]execution{condition}, inside...)...)
}

// plainName replaces what Keycloak refuses in names of flows and scopes. What was replaced
// shows in a hash at the end, so that a/b and a-b have names of their own.
func plainName(id string) string {
	plain := strings.Map(func(c rune) rune {
		switch {
		case 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z', '0' <= c && c <= '9', c == '.', c == '_', c == '-':
			return c
		}
		return '-'
	}, id)
	if plain == id {
		return id
	}
	sum := sha256.Sum256([]byte(id))
	return plain + "-" + hex.EncodeToString(sum[:4])
}
