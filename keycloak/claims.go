package keycloak

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"

	"github.com/maskit-dev/maskit"
)

// claims asks the server which claims a login to the client would give, without a login.
func (r *run) claims(ctx context.Context) (map[string]any, maskit.Problems, error) {
	at := r.spec.Client.ref()
	client, err := at.find(ctx, r)
	if err != nil || client == nil {
		return nil, nil, err
	}
	problems, err := r.judgeSub(ctx, client)
	if err != nil {
		return nil, nil, err
	}
	user, found, err := r.verifyUser(ctx)
	if errors.Is(err, maskit.ErrForbidden) {
		return nil, append(problems, notChecked("the account may not see users", "give it the role view-users")), nil
	}
	if user == nil || err != nil {
		return nil, append(problems, found...), err
	}
	query := url.Values{"userId": {text(user, "id")}, "scope": {"openid profile email"}}
	path := r.path("clients", text(client, "id"), "evaluate-scopes", "generate-example-id-token") + "?" + query.Encode()
	got, err := r.wire.call(ctx, http.MethodGet, path, nil)
	if err != nil {
		return nil, nil, fmt.Errorf("ask for the claims of a login: %w", err)
	}
	var claims map[string]any
	if err := got.decode(&claims); err != nil {
		return nil, nil, err
	}
	return claims, append(problems, r.judgeClaims(claims, user)...), nil
}

// judgeSub tells whether tokens have a sub, by which MAS knows people: since Keycloak
// 25 the scope basic writes it.
func (r *run) judgeSub(ctx context.Context, client map[string]any) (maskit.Problems, error) {
	if slices.Contains(assigned(client, defaultScopes), scopeBasic) {
		return nil, nil
	}
	ids, err := r.scopeIDs(ctx)
	if err != nil || ids[scopeBasic] == "" || hasSubMapper(client) {
		return nil, err
	}
	return maskit.Problems{subMissing()}, nil
}

func subMissing() maskit.Problem {
	return maskit.Problem{
		Path: "claims.sub", Code: "sub-missing", Message: "sub missing: tokens do not say who logged in",
		Hint: "make basic a default scope of the client",
	}
}

func hasSubMapper(client map[string]any) bool {
	return slices.ContainsFunc(maplist(client["protocolMappers"]), func(m map[string]any) bool {
		return text(m, "protocolMapper") == "oidc-sub-mapper"
	})
}

// verifyUser is the user whose claims are asked for.
func (r *run) verifyUser(ctx context.Context) (map[string]any, maskit.Problems, error) {
	name := r.spec.VerifyAs
	if name == "" && len(r.spec.Users) > 0 {
		name = r.spec.Users[0].Username
	}
	if name == "" {
		return nil, maskit.Problems{notChecked("no user is named whose claims could be looked at", "set verify_as")}, nil
	}
	user, err := findUser(ctx, r, name)
	if err != nil || user != nil {
		return user, nil, err
	}
	return nil, maskit.Problems{{
		Path: cmp.Or(map[bool]string{true: "verify_as"}[r.spec.VerifyAs != ""], "users[0].username"), Code: "user-missing",
		Message: "there is no such user, so that no claims can be looked at", Hint: "name one that exists",
	}}, nil
}

func notChecked(message, hint string) maskit.Problem {
	return maskit.Problem{Path: "claims", Code: "claims-not-checked", Severity: maskit.SeveritySkip, Message: message, Hint: hint}
}

// judgeClaims compares the claims with what is known of the user.
func (r *run) judgeClaims(claims, user map[string]any) maskit.Problems {
	var ps maskit.Problems
	bad := func(claim, code, message, hint string, severity maskit.Severity) {
		ps = append(ps, maskit.Problem{Path: "claims." + claim, Code: code, Message: message, Hint: hint, Severity: severity})
	}
	switch claims["sub"] {
	case nil:
		bad("sub", "sub-missing", subMissing().Message, subMissing().Hint, maskit.SeverityError)
	case user["id"]:
	default:
		bad("sub", "sub-differs", "sub is not the user's id", "look for a mapper that writes sub", maskit.SeverityWarning)
	}
	for _, want := range []struct{ claim, attribute, scope string }{
		{"preferred_username", "username", "profile"}, {"email", "email", "email"}, {"name", "firstName", "profile"},
	} {
		if claims[want.claim] == nil && user[want.attribute] != nil {
			severity := maskit.SeverityWarning
			if want.claim == "preferred_username" {
				severity = maskit.SeverityError
			}
			bad(want.claim, "claim-missing", "the user has it, and tokens do not", fmt.Sprintf("make %s a default scope of the client", want.scope), severity)
		}
	}
	for _, m := range r.spec.Client.Mappers {
		if name := m.config()["claim.name"]; name != "" && m.config()["id.token.claim"] == "true" && lookupClaim(claims, name) == nil {
			bad(name, "claim-missing", fmt.Sprintf("mapper %s writes nothing for this user", m.Name), "groups and attributes that a user does not have give no claim", maskit.SeverityInfo)
		}
	}
	// One finding for one claim.
	return slices.CompactFunc(ps, func(a, b maskit.Problem) bool { return a.Path == b.Path && a.Code == b.Code })
}

// lookupClaim finds a claim whose name may have dots, which Keycloak takes for levels.
func lookupClaim(claims map[string]any, name string) any {
	if value := claims[name]; value != nil {
		return value
	}
	return lookup(claims, splitClaim(name))
}

// splitClaim splits the name of a claim at its dots; a backslash keeps one.
func splitClaim(name string) []string {
	var parts []string
	part := ""
	for i := 0; i < len(name); i++ {
		switch {
		case name[i] == '\\' && i+1 < len(name):
			i++
			part += string(name[i])
		case name[i] == '.':
			parts, part = append(parts, part), ""
		default:
			part += string(name[i])
		}
	}
	return append(parts, part)
}
