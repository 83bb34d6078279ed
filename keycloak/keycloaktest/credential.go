package keycloaktest

import (
	"encoding/json"
	"net/http"
	"slices"

	"github.com/maskit-dev/maskit"
)

// credential is a password, or what makes one-time codes.
type credential struct {
	id, kind, label string
	made            int64
	secret          maskit.Secret
	usedStep        int64 // of a one-time code
}

const (
	kindPassword = "password"
	kindFormer   = "password-history"
	kindOTP      = "otp"
)

func credentialShape() shape {
	return newShape("CredentialRepresentation").with(text, "id type userLabel value secretData credentialData device hashedSaltedValue salt algorithm").
		with(flag, "temporary").with(number, "createdDate hashIterations counter digits period priority").with(objects, "config")
}

func (s *Server) passwordCredential(password string) *credential {
	return &credential{id: s.uuid(), kind: kindPassword, made: s.millis(), secret: maskit.NewSecret(password)}
}

// addCredential adds what was sent with a user.
func (c *call) addCredential(u *user, raw document) answer {
	sent, a, good := credentialShape().check(raw)
	if !good {
		return a
	}
	if str(sent, "type") == kindOTP {
		var data struct{ Value string }
		if json.Unmarshal([]byte(str(sent, "secretData")), &data) != nil || data.Value == "" {
			return broke()
		}
		u.credentials = append(u.credentials, &credential{id: c.uuid(), kind: kindOTP, label: str(sent, "userLabel"), made: c.millis(), secret: maskit.NewSecret(data.Value)})
		return noContent()
	}
	return c.setPassword(u, sent)
}

// setPassword replaces the password if the policy of the realm allows it.
func (c *call) setPassword(u *user, sent document) answer {
	password := str(sent, "value")
	if a := c.checkPassword(u, password); a.failed() {
		return a
	}
	u.replacePassword(c.passwordCredential(password), c.realm.history())
	if is(sent, "temporary") && !slices.Contains(u.actions, any(actionPassword)) {
		u.actions = append(u.actions, actionPassword)
	}
	return noContent()
}

// replacePassword keeps some of the former ones, for the history.
func (u *user) replacePassword(next *credential, history int) {
	kept := []*credential{next}
	for _, held := range u.credentials {
		switch held.kind {
		case kindPassword, kindFormer:
			if history > 0 {
				held.kind = kindFormer
				kept = append(kept, held)
				history--
			}
		default:
			kept = append(kept, held)
		}
	}
	u.credentials = kept
}

// used reports whether a password is the present one, or one of the former ones.
func (u *user) used(password string, last int) bool {
	for _, held := range u.credentials {
		if held.kind == kindOTP || last == 0 {
			continue
		}
		if held.secret.Equal(maskit.NewSecret(password)) {
			return true
		}
		last--
	}
	return false
}

// knows reports whether the password is the user's.
func (u *user) knows(password string) bool {
	return slices.ContainsFunc(u.credentials, func(c *credential) bool {
		return c.kind == kindPassword && c.secret.Equal(maskit.NewSecret(password))
	})
}

func (u *user) hasOTP() bool {
	return slices.ContainsFunc(u.credentials, func(c *credential) bool { return c.kind == kindOTP })
}

func resetPassword(c *call) answer {
	u, a, found := c.user()
	if !found {
		return a
	}
	a = c.setPassword(u, c.sent)
	if !a.failed() && !is(c.sent, "temporary") {
		u.actions = slices.DeleteFunc(u.actions, func(action any) bool { return action == actionPassword })
	}
	return a
}

func listCredentials(c *call) answer {
	u, a, found := c.user()
	if !found {
		return a
	}
	out := []document{}
	for _, held := range u.credentials {
		out = append(out, document{"id": held.id, "type": held.kind, "userLabel": held.label, "createdDate": held.made})
	}
	return ok(out)
}

func deleteCredential(c *call) answer {
	u, a, found := c.user()
	if !found {
		return a
	}
	i := slices.IndexFunc(u.credentials, func(held *credential) bool { return held.id == c.vars["credential"] })
	if i < 0 {
		return refuse(http.StatusNotFound, "Credential not found")
	}
	u.credentials = slices.Delete(u.credentials, i, i+1)
	return noContent()
}
