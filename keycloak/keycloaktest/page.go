package keycloaktest

import (
	"html"
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// errorPage is a page that says what went wrong.
func errorPage(status int, text string) answer {
	return htmlAnswer(status, "Sign in", `<div id="kc-error-message"><p class="instruction">`+html.EscapeString(text)+"</p></div>\n")
}

// form is a form of a login page, with the id that Keycloak gives it.
type form struct {
	id, title string
	// fields are "name" or "name=value"; those with a value are hidden.
	fields []string
	// complaint is what was wrong with the last answer, beside the named input.
	complaint, beside string
}

// show is the page with a form that belongs to an execution or a required action.
func (c *call) show(l *attempt, f form, execution string) answer {
	query := url.Values{"session_code": {c.pick(base64url, 43)}, "execution": {execution}, "client_id": {l.client.clientID()}, "tab_id": {l.tab}}
	address := c.issuer() + "/login-actions/authenticate?" + query.Encode()
	var b strings.Builder
	b.WriteString(`<form id="` + f.id + `" action="` + html.EscapeString(address) + "\" method=\"post\">\n")
	for _, field := range f.fields {
		name, value, hidden := strings.Cut(field, "=")
		kind := "text"
		switch {
		case name == fieldEndOthers:
			kind = "checkbox"
		case hidden:
			kind = "hidden"
		case strings.HasPrefix(name, "password"):
			kind = "password"
		}
		b.WriteString(`<input type="` + kind + `" id="` + name + `" name="` + name + `" value="` + html.EscapeString(value) + "\">\n")
	}
	if f.complaint != "" {
		b.WriteString(`<span id="input-error-` + f.beside + `">` + html.EscapeString(f.complaint) + "</span>\n")
	}
	b.WriteString("<input type=\"submit\" value=\"Submit\">\n</form>\n")
	return htmlAnswer(http.StatusOK, f.title, b.String())
}

func loginForm() form {
	return form{id: "kc-form-login", title: "Sign in to your account", fields: []string{"username", "password", "credentialId="}, beside: "username"}
}

func otpForm() form {
	return form{id: "kc-otp-login-form", title: "Sign in to your account", fields: []string{"otp"}, beside: "otp-code"}
}

func (f form) complain(text string) form {
	f.complaint = text
	return f
}

// submit is where the forms of a login are sent.
func submit(c *call) answer {
	l := c.realm.attempts[c.query("tab_id")]
	if l == nil || c.cookieValue(cookieLogin) != l.id || c.now().After(l.started.Add(c.realm.seconds("accessCodeLifespanLogin"))) {
		return errorPage(http.StatusBadRequest, "Restart login cookie not found. It may have expired; it may have been deleted or cookies are disabled in your browser.")
	}
	if c.r.Method == http.MethodGet {
		return c.advance(l)
	}
	step := c.query("execution")
	if slices.Contains(l.asked(), step) {
		if a, done := c.fulfil(l, step); !done {
			return a
		}
		others := c.othersToEnd(l)
		return c.end(c.advance(l), others...)
	}
	e, _ := c.realm.execution(step)
	if e == nil {
		return errorPage(http.StatusBadRequest, "An error occurred, please login again through your application.")
	}
	if a, done := c.judge(l, e); !done {
		return a
	}
	return c.advance(l)
}
