package upstreamtest

import (
	"fmt"
	"html"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// page is a page for people; the body is HTML.
func page(status int, title, body string) answer {
	title = html.EscapeString(title)
	return answer{
		status: status, header: map[string]string{"Content-Type": "text/html; charset=utf-8"},
		body: fmt.Appendf(nil, "<!DOCTYPE html>\n<title>%s</title>\n<h1>%s</h1>\n%s", title, title, body),
	}
}

// loginPage has one form, with the id login.
func loginPage(status int, action, name string) answer {
	return page(status, "Log in", fmt.Sprintf(
		`<form id="login" method="post" action="%s"><input name="username" value="%s"><button>Log in</button></form>`,
		html.EscapeString(action), html.EscapeString(name),
	))
}

// formPost is a page that posts the parameters to the client (OAuth 2.0 Form Post
// Response Mode). A test without scripts submits its form, which has the id form_post.
func formPost(target string, parameters url.Values) answer {
	var fields strings.Builder
	for _, name := range slices.Sorted(maps.Keys(parameters)) {
		fmt.Fprintf(&fields, `<input type="hidden" name="%s" value="%s">`, html.EscapeString(name), html.EscapeString(parameters.Get(name)))
	}
	return page(http.StatusOK, "Submit", fmt.Sprintf(
		`<body onload="document.forms[0].submit()"><form id="form_post" method="post" action="%s">%s</form></body>`,
		html.EscapeString(target), fields.String(),
	))
}
