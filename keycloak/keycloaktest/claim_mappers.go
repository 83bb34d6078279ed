package keycloaktest

import (
	"cmp"
	"encoding/json"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// mapOne writes the claim of one mapper. Providers that are not known here write none.
func (c *call) mapOne(claims document, g *grant, provider string, config document) {
	switch provider {
	case attributeMapper, propertyMapper:
		set(claims, config, shaped(values(g.user, str(config, "user.attribute")), config))
	case subMapper:
		claims["sub"] = g.user.id
	case nameMapper:
		if name := strings.TrimSpace(str(g.user.doc, "firstName") + " " + str(g.user.doc, "lastName")); name != "" {
			claims["name"] = name
		}
	case groupsMapper:
		if groups := c.groupNames(g.user, config["full.path"] != "false"); len(groups) > 0 {
			set(claims, config, groups)
		}
	case acrMapper:
		claims["acr"] = c.acr(g)
	case noteMapper:
		if config["user.session.note"] == "AUTH_TIME" && g.session != nil && !g.session.example {
			claims["auth_time"] = g.session.authenticated.Unix()
		}
	case fixedMapper:
		set(claims, config, shaped([]string{str(config, "claim.value")}, config))
	case realmRoleMapper:
		c.mapRoles(claims, g, config, func(r *role) bool { return r.client == nil })
	case roleMapper:
		c.mapClientRoles(claims, g, config)
	case audienceMapper:
		addAudience(claims, cmp.Or(str(config, "included.client.audience"), str(config, "included.custom.audience")))
	}
}

// values are what the user has under the name of an attribute.
func values(u *user, name string) []string {
	switch name {
	case "username", "email", "firstName", "lastName":
		if value := str(u.doc, name); value != "" {
			return []string{value}
		}
		return nil
	case "emailVerified":
		return []string{strconv.FormatBool(is(u.doc, name))}
	}
	return strs(u.attributes[name])
}

// shaped turns values into what the configuration says; nil if there are none.
func shaped(values []string, config document) any {
	if len(values) == 0 {
		return nil
	}
	if config["multivalued"] == "true" {
		var out []any
		for _, value := range values {
			out = append(out, typed(value, str(config, "jsonType.label")))
		}
		return out
	}
	return typed(values[0], str(config, "jsonType.label"))
}

func typed(value, kind string) any {
	switch kind {
	case "boolean":
		return value == "true"
	case "long", "int":
		if n, err := strconv.ParseInt(value, 10, 64); err == nil {
			return n
		}
		return nil
	case "JSON":
		var out any
		if json.Unmarshal([]byte(value), &out) == nil {
			return out
		}
		return nil
	}
	return value
}

// set writes a claim, whose name is a path if it has dots; a backslash keeps one.
func set(claims, config document, value any) {
	name := str(config, "claim.name")
	if value == nil || name == "" {
		return
	}
	const dot = "\x00"
	parts := strings.Split(strings.ReplaceAll(name, `\.`, dot), ".")
	for _, part := range parts[:len(parts)-1] {
		part = strings.ReplaceAll(part, dot, ".")
		next, isObject := claims[part].(document)
		if !isObject {
			next = document{}
			claims[part] = next
		}
		claims = next
	}
	claims[strings.ReplaceAll(parts[len(parts)-1], dot, ".")] = value
}

func (c *call) groupNames(u *user, full bool) []any {
	var out []any
	for _, g := range slices.SortedFunc(maps.Keys(u.groups), func(a, b *group) int { return cmp.Compare(a.path(), b.path()) }) {
		if full {
			out = append(out, g.path())
		} else {
			out = append(out, g.name)
		}
	}
	return out
}

// granted are the roles of the user that the client may see.
func (c *call) granted(g *grant) map[*role]bool {
	if is(g.client.doc, "fullScopeAllowed") {
		return c.realm.rolesOf(g.user)
	}
	out := map[*role]bool{}
	for r := range c.realm.rolesOf(g.user) {
		if r.client == g.client {
			out[r] = true
		}
	}
	return out
}

func (c *call) mapRoles(claims document, g *grant, config document, fits func(*role) bool) {
	var names []string
	for r := range c.granted(g) {
		if fits(r) {
			names = append(names, r.name)
		}
	}
	slices.Sort(names)
	if len(names) > 0 {
		set(claims, config, anyList(names))
	}
}

// mapClientRoles writes the roles of each client to a place of its own.
func (c *call) mapClientRoles(claims document, g *grant, config document) {
	clients := map[*client]bool{}
	for r := range c.granted(g) {
		clients[r.client] = r.client != nil
	}
	for at, has := range clients {
		if !has {
			continue
		}
		name := strings.ReplaceAll(at.clientID(), ".", `\.`)
		own := document{"claim.name": strings.ReplaceAll(str(config, "claim.name"), "${client_id}", name)}
		c.mapRoles(claims, g, own, func(r *role) bool { return r.client == at })
	}
}

func addAudience(claims document, name string) {
	switch have := claims["aud"].(type) {
	case nil:
		claims["aud"] = name
	case string:
		if have != name {
			claims["aud"] = []any{have, name}
		}
	case []any:
		if !slices.Contains(have, any(name)) {
			claims["aud"] = append(have, name)
		}
	}
}
