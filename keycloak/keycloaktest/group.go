package keycloaktest

import (
	"cmp"
	"maps"
	"net/http"
	"slices"
	"strings"
)

// group is a group of a realm.
type group struct {
	id, name, description string
	attributes            document
	parent                *group
	children              map[string]*group
	roles                 []*role
}

func groupShape() shape {
	return newShape("GroupRepresentation").with(text, "id name description path parentId").with(number, "subGroupCount").
		with(list, "realmRoles subGroups").with(objects, "attributes clientRoles access")
}

func (g *group) path() string {
	if g.parent == nil {
		return "/" + g.name
	}
	return g.parent.path() + "/" + g.name
}

func (g *group) brief() document {
	d := document{"id": g.id, "name": g.name, "path": g.path(), "subGroups": []any{}}
	if g.parent != nil {
		d["parentId"] = g.parent.id
	}
	return d
}

func (g *group) listed() document {
	d := g.brief()
	d["subGroupCount"] = len(g.children)
	d["access"] = document{"view": true, "viewMembers": true, "manageMembers": true, "manage": true, "manageMembership": true}
	return d
}

func (g *group) full() document {
	d := g.listed()
	d["attributes"] = g.attributes
	ofRealm, ofClients := []any{}, document{}
	for _, r := range g.roles {
		if r.client == nil {
			ofRealm = append(ofRealm, r.name)
			continue
		}
		names, _ := ofClients[r.client.clientID()].([]any)
		ofClients[r.client.clientID()] = append(names, r.name)
	}
	d["realmRoles"], d["clientRoles"] = ofRealm, ofClients
	return d
}

func (c *call) group() (*group, answer, bool) {
	g := c.realm.groups[c.vars["group"]]
	if g == nil {
		return nil, refuse(http.StatusNotFound, "Could not find group by id"), false
	}
	return g, answer{}, true
}

// listGroups lists the groups at the top; with search, those that match with the groups
// above them. Who may only query sees nothing.
func listGroups(c *call) answer {
	out := []document{}
	if !c.has("view-users") && !c.has("manage-users") {
		return ok(out)
	}
	search, exact := c.query("search"), c.query("exact") == "true"
	tops := map[string]document{}
	for _, path := range sortedKeys(c.realm.paths) {
		g := c.realm.paths[path]
		switch {
		case search == "" && g.parent == nil:
			tops[g.name] = g.listed()
		case search != "" && (g.name == search || !exact && strings.Contains(strings.ToLower(g.name), strings.ToLower(search))):
			g.listInto(tops)
		}
	}
	for _, name := range sortedKeys(tops) {
		out = append(out, tops[name])
	}
	return ok(page(c, out, 0))
}

// listInto puts a group into the trees of the top groups, with those above it.
func (g *group) listInto(tops map[string]document) document {
	if g.parent == nil {
		if tops[g.name] == nil {
			tops[g.name] = g.listed()
		}
		return tops[g.name]
	}
	above := g.parent.listInto(tops)
	below, _ := above["subGroups"].([]any)
	for _, other := range docs(below) {
		if other["id"] == g.id {
			return other
		}
	}
	d := g.listed()
	above["subGroups"] = append(below, d)
	return d
}

func createGroup(c *call) answer {
	g, a := c.makeGroup(nil, c.realm.topNames())
	if a.failed() {
		return a
	}
	return c.created("groups", g.id)
}

func (r *realm) topNames() func(string) bool {
	return func(name string) bool { return r.paths["/"+name] != nil }
}

func createChild(c *call) answer {
	above, a, found := c.group()
	if !found {
		return a
	}
	g, a := c.makeGroup(above, func(name string) bool { return above.children[name] != nil })
	if a.failed() {
		return a
	}
	view := g.full()
	delete(view, "subGroupCount")
	made := jsonAnswer(http.StatusCreated, view)
	made.header["Location"] = c.created("groups", g.id).header["Location"]
	return made
}

func (c *call) makeGroup(above *group, taken func(string) bool) (*group, answer) {
	name := str(c.sent, "name")
	switch {
	case strings.TrimSpace(name) == "":
		return nil, refuseMessage(http.StatusBadRequest, "Group name is missing")
	case taken(name) && above == nil:
		return nil, refuseMessage(http.StatusConflict, "Top level group named '"+name+"' already exists.")
	case taken(name):
		return nil, refuseMessage(http.StatusConflict, "Sibling group named '"+name+"' already exists.")
	}
	g := &group{id: cmp.Or(str(c.sent, "id"), c.uuid()), name: name, description: str(c.sent, "description"), attributes: document{}, parent: above, children: map[string]*group{}}
	maps.Copy(g.attributes, object(c.sent, "attributes"))
	if above != nil {
		above.children[name] = g
	}
	c.realm.groups[g.id], c.realm.paths[g.path()] = g, g
	return g, noContent()
}

func showGroup(c *call) answer {
	g, a, found := c.group()
	if !found {
		return a
	}
	return ok(g.full())
}

func groupByPath(c *call) answer {
	g := c.realm.paths["/"+c.vars["path"]]
	if g == nil {
		return refuse(http.StatusNotFound, "Group path does not exist")
	}
	d := g.full()
	delete(d, "access")
	return ok(d)
}

func listChildren(c *call) answer {
	g, a, found := c.group()
	if !found {
		return a
	}
	out := []document{}
	for _, name := range page(c, sortedKeys(g.children), 10) {
		out = append(out, g.children[name].full())
	}
	return ok(out)
}

// changeGroup replaces the attributes if they are sent.
func changeGroup(c *call) answer {
	g, a, found := c.group()
	name := str(c.sent, "name")
	switch {
	case !found:
		return a
	case strings.TrimSpace(name) == "":
		return refuseMessage(http.StatusBadRequest, "Group name is missing")
	}
	if name != g.name {
		if c.taken(g, name) {
			return refuseMessage(http.StatusConflict, "Sibling group named '"+name+"' already exists.")
		}
		c.realm.renameGroup(g, name)
	}
	if attributes := object(c.sent, "attributes"); attributes != nil {
		g.attributes = maps.Clone(attributes)
	}
	return noContent()
}

func (c *call) taken(g *group, name string) bool {
	if g.parent == nil {
		return c.realm.topNames()(name)
	}
	return g.parent.children[name] != nil
}

func (r *realm) renameGroup(g *group, name string) {
	below := r.below(g)
	for _, other := range below {
		delete(r.paths, other.path())
	}
	if g.parent != nil {
		delete(g.parent.children, g.name)
		g.parent.children[name] = g
	}
	g.name = name
	for _, other := range below {
		r.paths[other.path()] = other
	}
}

// below are a group and all groups in it.
func (r *realm) below(g *group) []*group {
	all := []*group{g}
	for _, name := range sortedKeys(g.children) {
		all = append(all, r.below(g.children[name])...)
	}
	return all
}

func deleteGroup(c *call) answer {
	g, a, found := c.group()
	if !found {
		return a
	}
	for _, gone := range slices.Backward(c.realm.below(g)) {
		delete(c.realm.paths, gone.path())
		delete(c.realm.groups, gone.id)
		for _, u := range c.realm.users {
			delete(u.groups, gone)
		}
	}
	if g.parent != nil {
		delete(g.parent.children, g.name)
	}
	return noContent()
}

func groupMembers(c *call) answer {
	g, a, found := c.group()
	if !found {
		return a
	}
	out := []document{}
	for _, name := range sortedKeys(c.realm.names) {
		if u := c.realm.names[name]; u.groups[g] {
			out = append(out, c.userView(u))
		}
	}
	return ok(page(c, out, 100))
}
