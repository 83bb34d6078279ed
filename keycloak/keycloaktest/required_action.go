package keycloaktest

import (
	"encoding/json"
	"net/http"
	"slices"
)

func requiredActionShape() shape {
	return newShape("RequiredActionProviderRepresentation").with(text, "alias name providerId").with(flag, "enabled defaultAction").with(number, "priority").with(texts, "config")
}

func newActionShape() shape {
	s := newShape("register").with(text, "providerId name")
	s.lax = true
	return s
}

// requiredActions are those of a new realm.
func (s *Server) requiredActions() []document {
	setUp := "54"
	if s.options.Version == V260 {
		setUp = "10"
	}
	var out []document
	for _, a := range []struct {
		alias, name, priority string
		enabled               bool
	}{
		{"TERMS_AND_CONDITIONS", "Terms and Conditions", "20", false},
		{"UPDATE_PROFILE", "Update Profile", "40", true},
		{"VERIFY_EMAIL", "Verify Email", "50", true},
		{"CONFIGURE_TOTP", "Configure OTP", setUp, true},
		{"UPDATE_PASSWORD", "Update Password", "57", true},
		{"delete_account", "Delete Account", "60", false},
		{"UPDATE_EMAIL", "Update Email", "70", false},
		{"webauthn-register", "Webauthn Register", "80", true},
		{"webauthn-register-passwordless", "Webauthn Register Passwordless", "90", true},
		{"VERIFY_PROFILE", "Verify Profile", "100", true},
		{"delete_credential", "Delete Credential", "110", true},
		{"idp_link", "Linking Identity Provider", "120", true},
		{"CONFIGURE_RECOVERY_AUTHN_CODES", "Recovery Authentication Codes", "130", true},
		{"update_user_locale", "Update User Locale", "1000", true},
	} {
		out = append(out, document{
			"alias": a.alias, "name": a.name, "providerId": a.alias, "enabled": a.enabled, "defaultAction": false,
			"priority": json.Number(a.priority), "config": document{},
		})
	}
	return out
}

func (r *realm) action(alias string) int {
	return slices.IndexFunc(r.actions, func(d document) bool { return alias != "" && str(d, "alias") == alias })
}

// knownActions drops names that are no required action, in silence.
func (r *realm) knownActions(sent any) []any {
	out := []any{}
	for _, alias := range strs(sent) {
		if r.action(alias) >= 0 {
			out = append(out, alias)
		}
	}
	return out
}

func listActions(c *call) answer { return ok(c.realm.actions) }

func showAction(c *call) answer {
	i := c.realm.action(c.vars["action"])
	if i < 0 {
		return refuse(http.StatusNotFound, "Failed to find required action")
	}
	return ok(c.realm.actions[i])
}

// changeAction replaces the whole action: what is not sent is off, zero, or gone. Without
// an alias nobody finds it again.
func changeAction(c *call) answer {
	i := c.realm.action(c.vars["action"])
	if i < 0 {
		return refuse(http.StatusNotFound, "Failed to find required action")
	}
	next := document{"providerId": c.realm.actions[i]["providerId"], "enabled": false, "defaultAction": false, "priority": json.Number("0"), "config": document{}}
	overlay(next, c.sent, "providerId")
	c.realm.actions[i] = next
	return noContent()
}

func deleteAction(c *call) answer {
	i := c.realm.action(c.vars["action"])
	if i < 0 {
		return refuse(http.StatusNotFound, "Failed to find required action.")
	}
	c.realm.actions = slices.Delete(c.realm.actions, i, i+1)
	return noContent()
}

func listUnregistered(c *call) answer {
	out := []document{}
	for _, d := range c.requiredActions() {
		if !slices.ContainsFunc(c.realm.actions, func(have document) bool { return have["providerId"] == d["providerId"] }) {
			out = append(out, document{"name": d["name"], "providerId": d["providerId"]})
		}
	}
	return ok(out)
}

// registerAction puts an action behind all others.
func registerAction(c *call) answer {
	provider := str(c.sent, "providerId")
	switch {
	case !slices.ContainsFunc(c.requiredActions(), func(d document) bool { return d["providerId"] == provider }):
		return refuse(http.StatusBadRequest, "Required Action Provider with given providerId not found")
	case c.realm.action(provider) >= 0:
		return c.conflict("A Required Action Provider with given alias already exists.")
	}
	last := int64(0)
	for _, d := range c.realm.actions {
		last = max(last, num(d, "priority"))
	}
	c.realm.actions = append(c.realm.actions, document{
		"alias": provider, "name": str(c.sent, "name"), "providerId": provider, "enabled": true, "defaultAction": false,
		"priority": jsonNumber(last + 1), "config": document{},
	})
	return noContent()
}
