package keycloak

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// execution is a node of an authentication flow: an authenticator, or a sub-flow with
// nodes below it.
type execution struct {
	// provider of the authenticator; empty for a sub-flow.
	provider string
	// name of the sub-flow.
	name        string
	requirement string
	config      map[string]string
	below       []execution
}

// The requirements of an execution.
const (
	required    = "REQUIRED"
	alternative = "ALTERNATIVE"
	conditional = "CONDITIONAL"
	disabled    = "DISABLED"
)

func authenticator(provider, requirement string) execution {
	return execution{provider: provider, requirement: requirement}
}

func subFlow(name, requirement string, below ...execution) execution {
	return execution{name: name, requirement: requirement, below: below}
}

func (e execution) with(key, value string) execution {
	e.config = maps.Clone(e.config)
	if e.config == nil {
		e.config = map[string]string{}
	}
	e.config[key] = value
	return e
}

// flat lists executions with all that is below them, in the order of the server's rows.
func flat(list []execution) []execution {
	var out []execution
	for _, e := range list {
		out = append(append(out, e), flat(e.below)...)
	}
	return out
}

// outline writes executions one per line, by which they are compared.
func outline(list []execution) []string { return outlineAt(0, list) }

func outlineAt(level int, list []execution) []string {
	var lines []string
	for _, e := range list {
		lines = append(lines, line(level, e.provider, e.requirement, e.config))
		lines = append(lines, outlineAt(level+1, e.below)...)
	}
	return lines
}

// line leaves out the names of sub-flows, which have no effect, and settings that say
// no.
func line(level int, provider, requirement string, config map[string]string) string {
	if provider == "" {
		provider = "sub-flow"
	}
	text := strings.Repeat("  ", level) + provider + " " + strings.ToLower(requirement)
	for _, key := range slices.Sorted(maps.Keys(config)) {
		if value := config[key]; value != "" && value != "false" {
			text += fmt.Sprintf(" %s=%q", key, value)
		}
	}
	return text
}

// configured are the authenticators of a tree whose settings matter.
func configured(list []execution) map[string]bool {
	out := map[string]bool{}
	for _, e := range flat(list) {
		if e.config != nil {
			out[e.provider] = true
		}
	}
	return out
}

// outlineRows is the outline of the rows by which the server shows a flow. What is
// disabled has no effect, and is left out with all that is below it.
func outlineRows(rows []map[string]any, config func(row map[string]any) map[string]string) []string {
	var lines []string
	off := -1 // level of the disabled sub-flow whose rows pass by
	for _, row := range rows {
		level := level(row)
		if off >= 0 && level > off {
			continue
		}
		off = -1
		if text(row, "requirement") == disabled {
			off = level
			continue
		}
		provider := text(row, "providerId")
		if row["authenticationFlow"] == true {
			provider = ""
		}
		lines = append(lines, line(level, provider, text(row, "requirement"), config(row)))
	}
	return lines
}

func level(row map[string]any) int {
	n, _ := row["level"].(json.Number)
	v, _ := n.Int64()
	return int(v)
}

// lineChanges returns the lines that only one of two outlines has; both whole if they
// differ in their order alone.
func lineChanges(before, after []string) (gone, come []string) {
	gone, come = without(before, after), without(after, before)
	if len(gone)+len(come) == 0 {
		return before, after
	}
	return gone, come
}

// without returns the lines that others do not have, or not as often.
func without(lines, others []string) []string {
	count := map[string]int{}
	for _, line := range others {
		count[line]++
	}
	var out []string
	for _, line := range lines {
		if count[line]--; count[line] < 0 {
			out = append(out, line)
		}
	}
	return out
}
