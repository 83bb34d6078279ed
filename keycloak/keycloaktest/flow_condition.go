package keycloaktest

import (
	"slices"
	"strconv"
	"strings"
	"time"
)

func isCondition(provider string) bool { return strings.HasPrefix(provider, "conditional-") }

// applies reports whether all conditions of a conditional sub-flow are true. Without
// any condition it does not apply.
func (r *runner) applies(e *execution) bool {
	if e.sub == nil {
		return false
	}
	conditions := 0
	for _, step := range e.sub.steps() {
		if !isCondition(step.provider) || step.requirement == "DISABLED" {
			continue
		}
		conditions++
		if !r.holds(step, e.sub) {
			return false
		}
	}
	return conditions > 0
}

// holds reports whether a condition is true. One that is not known here is not.
func (r *runner) holds(e *execution, in *flow) bool {
	switch e.provider {
	case "conditional-user-configured":
		return r.configured(in)
	case "conditional-credential":
		// True unless the login used the credential that is named, such as a passkey.
		return r.l.user != nil && r.setting(e, "included") != "true"
	case "conditional-user-role":
		return r.l.user != nil && r.hasRole(r.setting(e, "condUserRole")) != (r.setting(e, "negate") == "true")
	case "conditional-client-scope":
		has := slices.ContainsFunc(r.realm.effective(r.l.client, r.l.scope), func(s *scope) bool { return str(s.doc, "name") == r.setting(e, "client_scope") })
		return has != (r.setting(e, "negate") == "true")
	case "conditional-level-of-authentication":
		return r.lacksLevel(e)
	}
	return false
}

// configured reports whether the user has what the authenticators beside the condition
// ask for.
func (r *runner) configured(in *flow) bool {
	if r.l.user == nil {
		return false
	}
	return slices.ContainsFunc(in.steps(), func(e *execution) bool {
		return e.provider == "auth-otp-form" && e.requirement != "DISABLED" && r.l.user.hasOTP()
	})
}

// hasRole finds a role of the realm by its name, or one of a client by both names: the
// name of the client ends at the last dot that makes one.
func (r *runner) hasRole(name string) bool {
	role := r.realm.roles[name]
	for at := strings.LastIndexByte(name, '.'); role == nil && at >= 0; at = strings.LastIndexByte(name[:at], '.') {
		if client := r.realm.clientIDs[name[:at]]; client != nil {
			role = client.roles[name[at+1:]]
		}
	}
	return role != nil && r.realm.rolesOf(r.l.user)[role]
}

// lacksLevel reports whether a level of authentication is asked for and was not reached,
// or too long ago.
func (r *runner) lacksLevel(e *execution) bool {
	level, err := strconv.ParseInt(r.setting(e, "loa-condition-level"), 10, 64)
	if err != nil || r.l.reached[level] {
		return err == nil && r.passedIn(e)
	}
	if s := r.browserSession(); s != nil && r.l.user == s.user && !r.l.fresh {
		age, _ := strconv.Atoi(r.setting(e, "loa-max-age"))
		if at, had := s.levels[level]; had && r.now().Before(at.Add(time.Duration(age)*time.Second)) {
			r.l.reached[level] = true
			return false
		}
	}
	return level <= max(r.l.requested, 1)
}

// passedIn keeps a sub-flow that this login went through in its place.
func (r *runner) passedIn(condition *execution) bool {
	_, in := r.realm.execution(condition.id)
	return in != nil && slices.ContainsFunc(in.steps(), func(e *execution) bool { return r.l.passed[e] })
}

// reach remembers the level of a sub-flow that was passed.
func (r *runner) reach(f *flow) {
	for _, e := range f.steps() {
		if e.provider != "conditional-level-of-authentication" || e.requirement == "DISABLED" {
			continue
		}
		if level, err := strconv.ParseInt(r.setting(e, "loa-condition-level"), 10, 64); err == nil {
			r.l.reached[level] = true
		}
	}
}

// level is the level of authentication that a login asks for: by its parameter, or by
// the client's default; and no less than the client's least.
func (r *realm) level(at *client, asked string) int64 {
	levels := levelMap(at.attributes)
	if len(levels) == 0 {
		levels = levelMap(r.attributes)
	}
	value := func(name string) int64 {
		if n, known := levels[name]; known {
			return n
		}
		n, _ := strconv.ParseInt(name, 10, 64)
		return n
	}
	if asked == "" {
		asked = strings.ReplaceAll(str(at.attributes, "default.acr.values"), "##", " ")
	}
	wanted := int64(0)
	for _, name := range strings.Fields(asked) {
		if n := value(name); n > 0 {
			wanted = n
			break
		}
	}
	return max(wanted, value(str(at.attributes, "minimum.acr.value")))
}

// acr is the name of the level that the session has for the client.
func (c *call) acr(g *grant) string {
	if g.session == nil || len(g.session.levels) == 0 {
		return "1"
	}
	highest := int64(0)
	for level := range g.session.levels {
		highest = max(highest, level)
	}
	levels := levelMap(g.client.attributes)
	if len(levels) == 0 {
		levels = levelMap(c.realm.attributes)
	}
	for _, name := range sortedKeys(levels) {
		if levels[name] == highest {
			return name
		}
	}
	return strconv.FormatInt(highest, 10)
}
