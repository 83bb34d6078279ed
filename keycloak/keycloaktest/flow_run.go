package keycloaktest

import (
	"net/http"
	"slices"
)

// outcome is how a step of a flow ended.
type outcome int

const (
	passed    outcome = iota // it succeeded
	attempted                // it had nothing to say; another one may
	asking                   // a page is shown; nothing else happens meanwhile
)

// runner carries out the flow of a login, from its beginning at every request: what is
// done with is remembered.
type runner struct {
	*call
	l    *attempt
	page answer
}

// advance goes on with a login as far as it gets.
func (c *call) advance(l *attempt) answer {
	if !l.through {
		if a, through := c.runFlow(l); !through {
			return a
		}
		l.through = true
	}
	if a, asks := c.askAction(l); asks {
		if slices.Contains(l.prompt, "none") {
			return c.sendError(l, "interaction_required", "")
		}
		return a
	}
	if is(l.client.doc, "consentRequired") {
		return notServed("consent")
	}
	return c.sendCode(l)
}

// runFlow carries out the flow of a login; if it is not through, its answer is a page.
func (c *call) runFlow(l *attempt) (answer, bool) {
	failed := errorPage(http.StatusBadRequest, "Invalid username or password.")
	f := c.browserFlow(l.client)
	if f == nil {
		return failed, false
	}
	run := &runner{call: c, l: l}
	switch run.flow(f) {
	case asking:
		if slices.Contains(l.prompt, "none") {
			return c.sendError(l, "login_required", ""), false
		}
		return run.page, false
	case passed:
		return failed, l.user != nil
	}
	return failed, false
}

// browserFlow is the client's own, or that of the realm.
func (c *call) browserFlow(at *client) *flow {
	if id := str(at.overrides, "browser"); id != "" {
		return c.realm.flowByID(id)
	}
	return c.realm.flowByAlias(str(c.realm.doc, "browserFlow"))
}

// flow carries out one level. Alternatives count only where nothing is required; a
// conditional sub-flow whose condition is false is as good as not there.
func (r *runner) flow(f *flow) outcome {
	var needed, either []*execution
	for _, e := range f.steps() {
		switch {
		case isCondition(e.provider) && e.requirement != "DISABLED":
		case e.requirement == "REQUIRED", e.requirement == "CONDITIONAL" && r.applies(e):
			needed = append(needed, e)
		case e.requirement == "ALTERNATIVE":
			either = append(either, e)
		}
	}
	if len(needed) == 0 {
		return r.any(either)
	}
	for _, e := range needed {
		if result := r.step(e, true); result != passed {
			return result
		}
	}
	return passed
}

// any is done when one of the alternatives succeeds.
func (r *runner) any(list []*execution) outcome {
	for _, e := range list {
		if result := r.step(e, false); result != attempted {
			return result
		}
	}
	return attempted
}

func (r *runner) step(e *execution, needed bool) outcome {
	if e.sub == nil {
		return r.authenticator(e, needed)
	}
	result := r.flow(e.sub)
	if result == passed {
		r.reach(e.sub)
	}
	return result
}

// authenticator carries out one authenticator.
func (r *runner) authenticator(e *execution, needed bool) outcome {
	if r.l.passed[e] {
		return passed
	}
	switch e.provider {
	case "auth-cookie":
		return r.cookieLogin()
	case "auth-spnego", "identity-provider-redirector", "organization":
		return attempted
	case "auth-username-password-form":
		return r.ask(loginForm(), e)
	case "auth-otp-form":
		return r.askCode(e, needed)
	case "allow-access-authenticator":
		return passed
	case "deny-access-authenticator":
		text := r.setting(e, "denyErrorMessage")
		if text == "" {
			text = "Access denied"
		}
		r.page = errorPage(http.StatusUnauthorized, text)
		return asking
	}
	r.page = notServed("the authenticator " + e.provider)
	return asking
}

func (r *runner) ask(f form, e *execution) outcome {
	r.page = r.show(r.l, f, e.id)
	return asking
}

// cookieLogin takes the session that the browser has, unless the login asks for more.
func (r *runner) cookieLogin() outcome {
	s := r.browserSession()
	if s == nil || slices.Contains(r.l.prompt, "login") || r.l.fresh {
		return attempted
	}
	highest := int64(0)
	for level := range s.levels {
		highest = max(highest, level)
	}
	if r.l.requested > max(highest, 0) && r.l.requested > 1 {
		return attempted
	}
	r.l.user = s.user
	return passed
}

// askCode asks for a one-time code. Who has none sets one up after the login, if that is
// possible and a code is needed.
func (r *runner) askCode(e *execution, needed bool) outcome {
	switch {
	case r.l.user == nil:
		r.page = errorPage(http.StatusBadRequest, "Invalid username or password.")
		return asking
	case r.l.user.hasOTP():
		return r.ask(otpForm(), e)
	case !needed:
		return attempted
	case r.realm.asks(actionTOTP):
		if !slices.Contains(r.l.pending, actionTOTP) {
			r.l.pending = append(r.l.pending, actionTOTP)
		}
		return passed
	}
	r.page = errorPage(http.StatusBadRequest, "Cannot login, credential setup required.")
	return asking
}

// setting is one of the settings of an authenticator.
func (c *call) setting(e *execution, key string) string {
	config := c.realm.configs[e.config]
	if config == nil {
		return ""
	}
	return str(config.settings, key)
}

// judge looks at the answer to a form.
func (c *call) judge(l *attempt, e *execution) (answer, bool) {
	switch e.provider {
	case "auth-username-password-form":
		u := c.realm.login(c.field("username"))
		switch {
		case u == nil, !u.knows(c.field("password")):
			return c.show(l, loginForm().complain("Invalid username or password."), e.id), false
		case !is(u.doc, "enabled"):
			return c.show(l, loginForm().complain("Account is disabled, contact your administrator."), e.id), false
		}
		l.user = u
	case "auth-otp-form":
		if l.user == nil || !c.checkCode(l.user, c.field("otp")) {
			return c.show(l, otpForm().complain("Invalid authenticator code."), e.id), false
		}
	default:
		return errorPage(http.StatusBadRequest, "An error occurred, please login again through your application."), false
	}
	l.passed[e], l.fresh = true, true
	return answer{}, true
}
