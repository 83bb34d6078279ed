package keycloaktest

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
)

// scope is a client scope.
type scope struct {
	id         string
	doc        document
	attributes document
	mappers    []document
}

func scopeShape() shape {
	s := newShape("ClientScopeRepresentation").with(text, "id name description protocol").with(texts, "attributes").with(list, "protocolMappers")
	s.lax = true
	return s
}

func (s *scope) view() document {
	view := document{"id": s.id, "attributes": s.attributes}
	overlay(view, s.doc)
	if len(s.mappers) > 0 {
		view["protocolMappers"] = anyList(s.mappers)
	}
	return view
}

func (r *realm) scopeByName(name string) *scope {
	for _, id := range r.scopeOrder {
		if s := r.scopes[id]; str(s.doc, "name") == name {
			return s
		}
	}
	return nil
}

func (c *call) scope() (*scope, answer, bool) {
	s := c.realm.scopes[c.vars["scope"]]
	if s == nil {
		return nil, refuse(http.StatusNotFound, "Could not find client scope"), false
	}
	return s, answer{}, true
}

func listScopes(c *call) answer {
	out := []document{}
	for _, id := range c.realm.scopeOrder {
		out = append(out, c.realm.scopes[id].view())
	}
	return ok(out)
}

func createScope(c *call) answer {
	name := str(c.sent, "name")
	switch {
	case name == "":
		return broke()
	case !goodScopeName(name):
		return refuseMessage(http.StatusBadRequest, fmt.Sprintf("Unexpected name %q for ClientScope", name))
	case !slices.Contains([]string{protocolOIDC, protocolSAML}, str(c.sent, "protocol")):
		return refuseMessage(http.StatusBadRequest, "Unexpected protocol")
	case c.realm.scopeByName(name) != nil:
		return refuseMessage(http.StatusConflict, "Client Scope "+name+" already exists")
	}
	s := &scope{id: str(c.sent, "id"), doc: document{}, attributes: document{}}
	if s.id == "" {
		s.id = c.uuid()
	}
	overlay(s.doc, c.sent, "id", "attributes", "protocolMappers")
	mergeTexts(s.attributes, object(c.sent, "attributes"))
	for _, raw := range docs(c.sent["protocolMappers"]) {
		sent, a, good := mapperShape().check(raw)
		if !good {
			return a
		}
		if str(sent, "id") == "" {
			sent["id"] = c.uuid()
		}
		s.mappers = append(s.mappers, newMapper(sent))
	}
	c.realm.scopes[s.id] = s
	c.realm.scopeOrder = append(c.realm.scopeOrder, s.id)
	return c.created("client-scopes", s.id)
}

// goodScopeName reports whether a name may stand in the parameter scope (RFC 6749, 3.3).
func goodScopeName(name string) bool {
	return !strings.ContainsFunc(name, func(char rune) bool { return char <= ' ' || char == '"' || char == '\\' || char > '~' })
}

func showScope(c *call) answer {
	s, a, found := c.scope()
	if !found {
		return a
	}
	return ok(s.view())
}

// changeScope ignores mappers, which have an address of their own.
func changeScope(c *call) answer {
	s, a, found := c.scope()
	name := str(c.sent, "name")
	switch {
	case !found:
		return a
	case name == "":
		return broke()
	case name != str(s.doc, "name") && c.realm.scopeByName(name) != nil:
		return refuseMessage(http.StatusConflict, "Client Scope "+name+" already exists")
	}
	overlay(s.doc, c.sent, "id", "attributes", "protocolMappers")
	overlay(s.attributes, object(c.sent, "attributes")) // an empty one stays
	return noContent()
}

func deleteScope(c *call) answer {
	s, a, found := c.scope()
	if !found {
		return a
	}
	r := c.realm
	without := func(ids []string) []string { return slices.DeleteFunc(ids, func(id string) bool { return id == s.id }) }
	r.scopeOrder, r.defaultScopes, r.optionalScopes = without(r.scopeOrder), without(r.defaultScopes), without(r.optionalScopes)
	for _, at := range r.clients {
		at.defaults, at.optionals = without(at.defaults), without(at.optionals)
	}
	delete(r.scopes, s.id)
	return noContent()
}

// standardScopes are what a new client of a protocol gets.
func (r *realm) standardScopes(protocol string) (defaults, optionals []string) {
	fitting := func(ids []string) []string {
		return slices.DeleteFunc(slices.Clone(ids), func(id string) bool { return str(r.scopes[id].doc, "protocol") != protocol })
	}
	return fitting(r.defaultScopes), fitting(r.optionalScopes)
}
