package upstream

import (
	"cmp"
	"errors"
	"maps"
	"strings"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/internal/jinja"
	"github.com/maskit-dev/maskit/mas"
)

// read makes the variables of the templates: those of the callback, where MAS has just
// checked the ID token, and those of the page after it, which reads the token anew.
func (x *explaining) read(claims Claims) {
	userinfo := claims.Userinfo
	switch {
	case !x.entry.FetchUserinfo && userinfo != nil:
		userinfo = nil
		x.warn("claims.userinfo", "userinfo-not-fetched", "is not read, because the entry does not ask for it", "set fetch_userinfo")
	case x.entry.FetchUserinfo && userinfo == nil:
		x.warn("claims.userinfo", "userinfo-absent", "is not given, although the entry asks for it: it is taken as empty", "give the answer of the userinfo endpoint")
		userinfo = map[string]any{}
	}
	if sub, ok := claims.IDToken["sub"].(string); claims.IDToken != nil && (!ok || sub == "") {
		x.warn("claims.id_token", "sub-missing", "has no sub that is a string, without which MAS refuses an ID token (500)", "give the claims of a whole ID token")
	}
	extra := orEmpty(claims.CallbackParameters)
	x.vars = variables(userinfo, x.checked(claims.IDToken), extra)
	x.later = variables(userinfo, claims.IDToken, extra)
}

// variables are those of the templates. What was not sent is not empty, but undefined.
func variables(userinfo, idToken, extra map[string]any) map[string]any {
	vars := map[string]any{"extra_callback_parameters": extra}
	if idToken != nil {
		vars["id_token_claims"] = idToken
	}
	if userinfo != nil {
		vars["userinfo_claims"] = userinfo
	}
	if idToken != nil || userinfo != nil {
		vars["user"] = merged(userinfo, idToken)
	}
	return vars
}

func orEmpty(m map[string]any) map[string]any {
	if m == nil {
		return map[string]any{}
	}
	return m
}

// checked drops the claims that MAS consumes when it checks the ID token: the nonce
// where it has sent one.
func (x *explaining) checked(claims map[string]any) map[string]any {
	dropped := []string{"at_hash", "c_hash"}
	if wantsIDToken(x.entry) {
		dropped = append(dropped, "nonce")
	}
	for _, name := range dropped {
		if _, ok := claims[name]; ok {
			claims = maps.Clone(claims)
			for _, name := range dropped {
				delete(claims, name)
			}
			return claims
		}
	}
	return claims
}

// merged are the claims of both, those of the ID token before those of the userinfo.
func merged(userinfo, idToken map[string]any) map[string]any {
	switch {
	case len(userinfo) == 0:
		return orEmpty(idToken)
	case len(idToken) == 0:
		return userinfo
	}
	user := maps.Clone(userinfo)
	maps.Copy(user, idToken)
	return user
}

func (x *explaining) warn(path, code, message, hint string) {
	x.problems = append(x.problems, maskit.Problem{Severity: maskit.SeverityWarning, Path: path, Code: code, Message: message, Hint: hint})
}

// field is a template of the entry, and what MAS renders in its place where there is none.
type field struct {
	name     string
	action   mas.ImportAction
	template string
	fallback string
}

func (f field) path() string { return "claims_imports." + f.name + ".template" }

func (x *explaining) render(f field) Field {
	out := Field{Action: f.action}
	template := cmp.Or(f.template, f.fallback)
	if f.action == mas.ImportIgnore || template == "" {
		return out
	}
	compiled, err := jinja.Compile(template)
	if err != nil {
		return x.failed(out, f, err)
	}
	vars := x.later
	if f.name == "subject" || f.name == "account_name" {
		vars = x.vars
	}
	rendering, err := compiled.Render(vars)
	for _, a := range rendering.Absent {
		out.Absent = append(out.Absent, AbsentClaim(a))
	}
	if err != nil {
		return x.failed(out, f, err)
	}
	out.Value = rendering.Text
	if rendering.Null {
		x.checkNull(f, out)
	}
	return out
}

// failed tells a template that fails in MAS from one that cannot be followed here.
func (x *explaining) failed(out Field, f field, err error) Field {
	out.Error = err.Error()
	switch {
	case errors.Is(err, jinja.ErrUnsupported), errors.Is(err, jinja.ErrLimit):
		x.problems = append(x.problems, maskit.Problem{
			Path: f.path(), Code: "template-unfaithful", Message: err.Error(),
			Hint: "try it on a MAS of your own, or write it in simpler terms",
		})
		x.blind = x.blind || f.name != "account_name" // a label that fails is left out, and ends nothing
	case errors.Is(err, jinja.ErrSyntax), errors.Is(err, jinja.ErrName):
		x.warn(f.path(), "template-invalid", err.Error(), "correct it: MAS accepts it, and fails when somebody logs in")
	}
	return out
}

func (x *explaining) checkNull(f field, out Field) {
	if !strings.Contains(out.Value, "none") {
		return
	}
	for _, a := range out.Absent {
		if a.Null {
			x.warn(f.path(), "null-imported", a.Path+" is null, which renders as the text none", "write ("+a.Path+" or '')")
		}
	}
}
