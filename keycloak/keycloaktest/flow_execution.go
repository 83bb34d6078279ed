package keycloaktest

import (
	"net/http"
	"slices"
	"strings"
)

func executionInfoShape() shape {
	return newShape("AuthenticationExecutionInfoRepresentation").
		with(text, "id requirement displayName alias description providerId authenticationConfig flowId").with(list, "requirementChoices").
		with(flag, "configurable authenticationFlow").with(number, "level index priority")
}

func newExecutionShape() shape {
	s := newShape("execution").with(text, "provider requirement").with(number, "priority")
	s.lax = true
	return s
}

func newSubFlowShape() shape {
	s := newShape("flow").with(text, "alias type provider description").with(number, "priority")
	s.lax = true
	return s
}

// flowOfAlias finds the flow or sub-flow that the address names.
func (c *call) flowOfAlias(status int, text string) (*flow, answer, bool) {
	f := c.realm.flowByAlias(c.vars["flow"])
	if f == nil {
		return nil, refuse(status, text), false
	}
	return f, answer{}, true
}

// rows are the executions of a flow with those of its sub-flows, in order.
func (r *realm) rows(f *flow, level int) []document {
	var out []document
	for i, e := range f.steps() {
		d := document{"id": e.id, "requirement": e.requirement, "level": level, "index": i, "priority": e.priority}
		if e.sub != nil {
			d["displayName"], d["authenticationFlow"], d["flowId"], d["configurable"] = e.sub.alias, true, e.sub.id, false
			d["description"], d["requirementChoices"] = e.sub.description, []any{"REQUIRED", "ALTERNATIVE", "DISABLED", "CONDITIONAL"}
			if e.provider != "" {
				d["providerId"] = e.provider
			}
			out = append(append(out, d), r.rows(e.sub, level+1)...)
			continue
		}
		known, _ := authenticator(e.provider)
		d["displayName"], d["providerId"], d["configurable"] = e.provider, e.provider, known.configurable
		d["requirementChoices"] = anyList(strings.Fields(known.choices))
		if config := r.configs[e.config]; config != nil {
			d["authenticationConfig"], d["alias"] = e.config, config.alias
		}
		out = append(out, d)
	}
	return out
}

func listExecutions(c *call) answer {
	f, a, found := c.flowOfAlias(http.StatusNotFound, "Flow not found")
	if !found {
		return a
	}
	return ok(append([]document{}, c.realm.rows(f, 0)...))
}

// add puts an execution at the end, unless a priority was sent. It is disabled at first.
func (f *flow) add(c *call, e *execution) {
	e.id, e.requirement = c.uuid(), "DISABLED"
	if steps := f.steps(); len(steps) > 0 {
		e.priority = steps[len(steps)-1].priority + 1
	}
	if _, isSent := c.sent["priority"]; isSent {
		e.priority = num(c.sent, "priority")
	}
	f.executions = append(f.executions, e)
}

func addExecution(c *call) answer {
	f, a, found := c.flowOfAlias(http.StatusBadRequest, "Parent flow doesn't exist")
	provider := str(c.sent, "provider")
	switch _, known := authenticator(provider); {
	case found && c.options.Version == V260 && provider == "conditional-client-scope":
		return refuse(http.StatusBadRequest, "No authentication provider found for id: "+provider)
	case !found:
		return a
	case f.builtIn:
		return refuse(http.StatusBadRequest, "It is illegal to add execution to a built in flow")
	case !known:
		return refuse(http.StatusBadRequest, "No authentication provider found for id: "+provider)
	}
	e := &execution{provider: provider}
	f.add(c, e)
	return c.created("authentication", "executions", e.id)
}

func addSubFlow(c *call) answer {
	f, a, found := c.flowOfAlias(http.StatusBadRequest, "Parent flow doesn't exist")
	alias := str(c.sent, "alias")
	bad, isBad := c.reservedFlowName(alias)
	switch {
	case !found:
		return a
	case f.builtIn:
		return refuse(http.StatusBadRequest, "It is illegal to add sub-flow to a built in flow")
	case isBad:
		return bad
	case c.realm.flowByAlias(alias) != nil:
		return refuseMessage(http.StatusConflict, "New flow alias name already exists")
	}
	sub := &flow{id: c.uuid(), alias: alias, description: str(c.sent, "description"), provider: str(c.sent, "type")}
	e := &execution{sub: sub}
	if sub.provider == "form-flow" {
		e.provider = str(c.sent, "provider")
	}
	f.add(c, e)
	return c.created("authentication", "flows", sub.id)
}

// changeExecution sets the requirement and the priority: without one it is 0, which
// moves the row to the front.
func changeExecution(c *call) answer {
	f, a, found := c.flowOfAlias(http.StatusNotFound, "flow not found")
	if !found {
		return a
	}
	e, in := c.realm.execution(str(c.sent, "id"))
	switch {
	case e == nil || !f.contains(in):
		return refuse(http.StatusNotFound, "Illegal execution")
	case !slices.Contains([]string{"REQUIRED", "ALTERNATIVE", "DISABLED", "CONDITIONAL"}, str(c.sent, "requirement")):
		return broke()
	}
	e.requirement = str(c.sent, "requirement")
	if !in.builtIn {
		e.priority = num(c.sent, "priority")
	}
	return noContent()
}

func (f *flow) contains(other *flow) bool {
	return f == other || slices.ContainsFunc(f.executions, func(e *execution) bool { return e.sub != nil && e.sub.contains(other) })
}

// execution finds one by its id, and the flow that it stands in.
func (r *realm) execution(id string) (*execution, *flow) {
	for _, f := range r.allFlows() {
		for _, e := range f.executions {
			if e.id == id {
				return e, f
			}
		}
	}
	return nil, nil
}

func (c *call) execution() (*execution, *flow, answer, bool) {
	e, in := c.realm.execution(c.vars["execution"])
	if e == nil {
		return nil, nil, refuse(http.StatusNotFound, "Illegal execution"), false
	}
	return e, in, answer{}, true
}

func showExecution(c *call) answer {
	e, in, a, found := c.execution()
	if !found {
		return a
	}
	d := document{"id": e.id, "requirement": e.requirement, "priority": e.priority, "parentFlow": in.id, "authenticatorFlow": e.sub != nil, "autheticatorFlow": e.sub != nil}
	if e.sub != nil {
		d["flowId"] = e.sub.id
	} else {
		d["authenticator"] = e.provider
	}
	return ok(d)
}

func deleteExecution(c *call) answer {
	e, in, a, found := c.execution()
	switch {
	case !found:
		return a
	case in.builtIn:
		return refuse(http.StatusBadRequest, "It is illegal to remove execution from a built in flow")
	}
	delete(c.realm.configs, e.config)
	if e.sub != nil {
		c.realm.dropConfigs(e.sub)
	}
	in.executions = slices.DeleteFunc(in.executions, func(other *execution) bool { return other == e })
	return noContent()
}

func raisePriority(c *call) answer { return c.movePriority(-1) }
func lowerPriority(c *call) answer { return c.movePriority(1) }

// movePriority swaps with the neighbour.
func (c *call) movePriority(by int) answer {
	e, in, a, found := c.execution()
	switch {
	case !found:
		return a
	case in.builtIn:
		return refuse(http.StatusBadRequest, "It is illegal to modify execution in a built in flow")
	}
	steps := in.steps()
	i := slices.Index(steps, e)
	if j := i + by; j >= 0 && j < len(steps) {
		steps[i].priority, steps[j].priority = steps[j].priority, steps[i].priority
	}
	return noContent()
}
