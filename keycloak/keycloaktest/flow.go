package keycloaktest

import (
	"cmp"
	"net/http"
	"slices"
	"strings"
)

// flow is an authentication flow, or a part of one.
type flow struct {
	id, alias, description, provider string
	topLevel, builtIn                bool
	executions                       []*execution
}

// execution is a step of a flow: an authenticator, or a sub-flow.
type execution struct {
	id, provider, requirement string
	priority                  int64
	sub                       *flow
	config                    string // id of its settings
}

func flowShape() shape {
	return newShape("AuthenticationFlowRepresentation").with(text, "id alias description providerId").with(flag, "topLevel builtIn").with(list, "authenticationExecutions")
}

// steps are the executions in their order.
func (f *flow) steps() []*execution {
	return slices.SortedStableFunc(slices.Values(f.executions), func(a, b *execution) int { return cmp.Compare(a.priority, b.priority) })
}

// all are the flows of the realm with their sub-flows.
func (r *realm) allFlows() []*flow {
	var all []*flow
	var add func(f *flow)
	add = func(f *flow) {
		all = append(all, f)
		for _, e := range f.executions {
			if e.sub != nil {
				add(e.sub)
			}
		}
	}
	for _, f := range r.flows {
		add(f)
	}
	return all
}

func (r *realm) flowWhere(matches func(*flow) bool) *flow {
	all := r.allFlows()
	if i := slices.IndexFunc(all, matches); i >= 0 {
		return all[i]
	}
	return nil
}

func (r *realm) flowByAlias(alias string) *flow {
	return r.flowWhere(func(f *flow) bool { return f.alias == alias })
}

func (r *realm) flowByID(id string) *flow {
	return r.flowWhere(func(f *flow) bool { return f.id == id })
}

func (r *realm) flowView(f *flow) document {
	executions := []any{}
	for _, e := range f.steps() {
		d := document{"authenticatorFlow": e.sub != nil, "autheticatorFlow": e.sub != nil, "requirement": e.requirement, "priority": e.priority, "userSetupAllowed": false}
		if e.sub != nil {
			d["flowAlias"] = e.sub.alias
		} else {
			d["authenticator"] = e.provider
		}
		if config := r.configs[e.config]; config != nil {
			d["authenticatorConfig"] = config.alias
		}
		executions = append(executions, d)
	}
	d := document{"id": f.id, "description": f.description, "providerId": f.provider, "topLevel": f.topLevel, "builtIn": f.builtIn, "authenticationExecutions": executions}
	if f.alias != "" {
		d["alias"] = f.alias
	}
	return d
}

func listFlows(c *call) answer {
	out := []document{}
	for _, f := range c.realm.flows {
		out = append(out, c.realm.flowView(f))
	}
	return ok(out)
}

// reservedFlowName is for names of copies and sub-flows.
func (c *call) reservedFlowName(alias string) (answer, bool) {
	if c.options.Version == V260 {
		return answer{}, false
	}
	return reserved(alias)
}

func createFlow(c *call) answer {
	alias := str(c.sent, "alias")
	a, bad := reserved(alias)
	switch {
	case bad:
		return a
	case alias == "":
		return refuseMessage(http.StatusConflict, "Failed to create flow with empty alias name")
	case c.realm.flowByAlias(alias) != nil:
		return refuseMessage(http.StatusConflict, "Flow "+alias+" already exists")
	}
	f := &flow{id: c.uuid(), alias: alias, description: str(c.sent, "description"), provider: str(c.sent, "providerId"), topLevel: is(c.sent, "topLevel"), builtIn: is(c.sent, "builtIn")}
	c.realm.flows = append(c.realm.flows, f)
	return c.created("authentication", "flows", f.id)
}

func (c *call) flowOfID() (*flow, answer, bool) {
	f := c.realm.flowByID(c.vars["flow"])
	if f == nil {
		return nil, refuse(http.StatusNotFound, "Could not find flow with id"), false
	}
	return f, answer{}, true
}

func showFlow(c *call) answer {
	f, a, found := c.flowOfID()
	if !found {
		return a
	}
	return ok(c.realm.flowView(f))
}

func changeFlow(c *call) answer {
	f, a, found := c.flowOfID()
	if !found {
		return a
	}
	alias := str(c.sent, "alias")
	if other := c.realm.flowByAlias(alias); alias != "" && other != nil && other != f {
		return refuseMessage(http.StatusConflict, "Flow alias name already exists")
	}
	if alias != "" {
		c.realm.renameFlow(f, alias)
	}
	if description, isSent := c.sent["description"].(string); isSent {
		f.description = description
	}
	return noContent()
}

// renameFlow renames it also where it is used.
func (r *realm) renameFlow(f *flow, alias string) {
	for _, key := range boundFlows() {
		if r.doc[key] == f.alias {
			r.doc[key] = alias
		}
	}
	for _, b := range r.brokers {
		for _, key := range []string{"firstBrokerLoginFlowAlias", "postBrokerLoginFlowAlias"} {
			if b.doc[key] == f.alias {
				b.doc[key] = alias
			}
		}
	}
	f.alias = alias
}

// boundFlows are the settings of a realm that name a flow.
func boundFlows() []string {
	return []string{"browserFlow", "registrationFlow", "directGrantFlow", "resetCredentialsFlow", "clientAuthenticationFlow", "dockerAuthenticationFlow", "firstBrokerLoginFlow"}
}

// inUse reports whether something names the flow.
func (r *realm) inUse(f *flow) bool {
	for _, key := range boundFlows() {
		if r.doc[key] == f.alias {
			return true
		}
	}
	for _, at := range r.clients {
		for _, id := range at.overrides {
			if id == f.id {
				return true
			}
		}
	}
	return slices.ContainsFunc(r.brokers, func(b *broker) bool {
		return b.doc["firstBrokerLoginFlowAlias"] == f.alias || b.doc["postBrokerLoginFlowAlias"] == f.alias
	})
}

func deleteFlow(c *call) answer {
	f := c.realm.flowByID(c.vars["flow"])
	switch {
	case f == nil:
		return refuse(http.StatusNotFound, "Flow not found")
	case f.builtIn:
		return refuse(http.StatusBadRequest, "Can't delete built in flow")
	case c.realm.inUse(f):
		return broke()
	}
	c.realm.dropConfigs(f)
	c.realm.flows = slices.DeleteFunc(c.realm.flows, func(other *flow) bool { return other == f })
	for _, other := range c.realm.allFlows() {
		other.executions = slices.DeleteFunc(other.executions, func(e *execution) bool { return e.sub == f })
	}
	return noContent()
}

func (r *realm) dropConfigs(f *flow) {
	for _, e := range f.executions {
		delete(r.configs, e.config)
		if e.sub != nil {
			r.dropConfigs(e.sub)
		}
	}
}

// copyFlow names the copies of sub-flows and settings after the new flow.
func copyFlow(c *call) answer {
	f := c.realm.flowByAlias(c.vars["flow"])
	name := str(c.sent, "newName")
	a, bad := c.reservedFlowName(name)
	switch {
	case f == nil:
		return refuse(http.StatusNotFound, "Flow not found")
	case bad:
		return a
	case c.realm.flowByAlias(name) != nil:
		return refuseMessage(http.StatusConflict, "New flow alias name already exists")
	}
	made := c.cloneFlow(f, name, name)
	made.topLevel = true
	c.realm.flows = append(c.realm.flows, made)
	if c.options.Version == V260 {
		return answer{status: http.StatusCreated}
	}
	return c.created("authentication", "flows", f.alias, "copy", made.id)
}

func (c *call) cloneFlow(f *flow, alias, prefix string) *flow {
	made := &flow{id: c.uuid(), alias: alias, description: f.description, provider: f.provider}
	for _, e := range f.steps() {
		next := &execution{id: c.uuid(), provider: e.provider, requirement: e.requirement, priority: e.priority}
		if e.sub != nil {
			next.sub = c.cloneFlow(e.sub, strings.TrimSpace(prefix+" "+e.sub.alias), prefix)
		}
		if config := c.realm.configs[e.config]; config != nil {
			next.config = c.uuid()
			settings := document{}
			overlay(settings, config.settings)
			c.realm.configs[next.config] = &flowConfig{id: next.config, alias: prefix + " " + config.alias, settings: settings}
		}
		made.executions = append(made.executions, next)
	}
	return made
}

func copyShape() shape {
	s := newShape("copy").with(text, "newName")
	s.lax = true
	return s
}
