package keycloaktest

import (
	"encoding/json"
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strings"
)

func profileShape() shape {
	return newShape("UPConfig").with(list, "attributes groups").with(text, "unmanagedAttributePolicy")
}

// defaultProfile is the user profile of a new realm.
func defaultProfile() document {
	attribute := func(name string, required bool, validations document) document {
		d := document{
			"name": name, "displayName": "${" + name + "}", "validations": validations, "multivalued": false,
			"permissions": document{"view": []any{"admin", "user"}, "edit": []any{"admin", "user"}},
		}
		if required {
			d["required"] = document{"roles": []any{"user"}}
		}
		return d
	}
	length := func(bounds document) document { return document{"length": bounds} }
	name := func() document {
		d := length(document{"max": json.Number("255")})
		d["person-name-prohibited-characters"] = document{}
		return d
	}
	username := length(document{"min": json.Number("3"), "max": json.Number("255")})
	username["username-prohibited-characters"], username["up-username-not-idn-homograph"] = document{}, document{}
	mail := length(document{"max": json.Number("255")})
	mail["email"] = document{}
	return document{
		"attributes": []any{
			attribute("username", false, username), attribute("email", true, mail),
			attribute("firstName", true, name()), attribute("lastName", true, name()),
		},
		"groups": []any{document{"name": "user-metadata", "displayHeader": "User metadata", "displayDescription": "Attributes, which refer to user metadata"}},
	}
}

func showProfile(c *call) answer { return ok(c.realm.profile) }

// changeProfile replaces the whole profile: also by an empty one, if no list of
// attributes is sent at all.
func changeProfile(c *call) answer {
	if policy := str(c.sent, "unmanagedAttributePolicy"); policy != "" && !slices.Contains([]string{"ENABLED", "ADMIN_EDIT", "ADMIN_VIEW"}, policy) {
		return refuseWhy(http.StatusBadRequest, "unknown_error", "Cannot parse the JSON")
	}
	next := document{"groups": []any{}}
	overlay(next, c.sent)
	if _, isSent := c.sent["attributes"]; isSent {
		if why := c.checkProfile(docs(c.sent["attributes"])); why != "" {
			return refuseMessage(http.StatusBadRequest, "["+why+"]")
		}
	}
	for _, d := range docs(next["attributes"]) {
		if d["multivalued"] == nil {
			d["multivalued"] = false
		}
	}
	c.realm.profile = next
	return ok(next)
}

func (c *call) checkProfile(attributes []document) string {
	seen := map[string]bool{}
	good := regexp.MustCompile(`^[A-Za-z0-9._-]+$`)
	for _, d := range attributes {
		name := str(d, "name")
		for key := range d {
			if !slices.Contains(strings.Fields("name displayName validations annotations required permissions selector group multivalued defaultValue"), key) {
				return "Unrecognized field " + key
			}
		}
		switch {
		case !good.MatchString(name):
			return fmt.Sprintf("Invalid attribute name (only letters, numbers and '.' '_' '-' special characters allowed): %s'", name)
		case seen[name]:
			return fmt.Sprintf("Attribute configuration already exists with 'name':'%s'", name)
		}
		seen[name] = true
		if why := checkAttribute(name, d); why != "" {
			return why
		}
		if group := str(d, "group"); group != "" && !slices.ContainsFunc(docs(c.sent["groups"]), func(g document) bool { return g["name"] == group }) {
			return fmt.Sprintf("Attribute '%s' references unknown group '%s'", name, group)
		}
	}
	var lacking []string
	for _, needed := range []string{"username", "email"} {
		if !seen[needed] {
			lacking = append(lacking, "The attribute '"+needed+"' can not be removed")
		}
	}
	return strings.Join(lacking, ", ")
}

// checkAttribute finds validators and roles that Keycloak does not know.
func checkAttribute(name string, d document) string {
	for _, validator := range sortedKeys(object(d, "validations")) {
		if !slices.Contains(strings.Fields(`length integer double email uri pattern local-date iso-date options multivalued person-name-prohibited-characters
			username-prohibited-characters up-username-not-idn-homograph`), validator) {
			return fmt.Sprintf("Validator '%s' defined for attribute '%s' doesn't exist", validator, name)
		}
	}
	for _, what := range []string{"view", "edit"} {
		for _, role := range strs(object(d, "permissions")[what]) {
			if role != "admin" && role != "user" {
				return fmt.Sprintf("'permissions.%s' configuration for attribute '%s' contains unsupported role '%s'", what, name, role)
			}
		}
	}
	return ""
}
