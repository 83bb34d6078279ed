package claims

import (
	"strings"

	"github.com/maskit-dev/maskit/internal/claimexpr"
)

// expr is an expression of minijinja.
type expr = claimexpr.Expr

// claim is the claim of the given name: user.sub, or user['cognito:username'].
func claim(name string) expr { return claimexpr.Claim(name) }

// beforeAt is the part before the first @, or everything if there is none.
func beforeAt(e expr) expr { return "(" + e + " or '') | string | split('@') | first" }

// beforeDomain is the part before the only @ if one of the domains comes after it, else
// nothing: what another domain has does not pass for a name here.
func beforeDomain(e expr, domains []string) expr {
	parts := "(" + e + " or '') | string | split('@')"
	return onlyIf("("+parts+" | list | length) == 2 and ("+parts+" | last | lower) in "+claimexpr.List(domains...), parts+" | first")
}

// onlyIf is the value if the condition holds, else nothing.
func onlyIf(condition, value expr) expr { return "(" + value + " if " + condition + " else '')" }

// isMember holds for a claim with one of the values, a number or a text.
func isMember(m Member) expr {
	return "(" + claim(m.Claim) + " | string) in " + claimexpr.List(m.Values...)
}

// trimmed is the claim as text without white space around it, empty if it is null.
func trimmed(e expr) expr { return "((" + e + " or '') | string | trim)" }

// optional renders the value, and nothing for a missing or null claim.
func optional(e expr) string { return "{{ " + string(e) + " or '' }}" }

// firstText renders the first of the claims that is not blank.
func firstText(names []string) string { return "{{ " + firstOf(names) + " }}" }

func firstOf(names []string) string {
	parts := make([]string, 0, len(names)+1)
	for _, name := range names {
		parts = append(parts, string(trimmed(claim(name))))
	}
	return strings.Join(append(parts, "''"), " or ")
}

// callbackName renders the name that Apple sends as JSON in a parameter of the callback,
// at the first login only, or else the first of the claims that is not blank.
func callbackName(parameter string, names []string) string {
	value := "extra_callback_parameters[" + string(claimexpr.Literal(parameter)) + "]"
	return "{%- set c = (" + value + " or '{}') | from_json -%}" +
		"{{- (((c.name or {}).firstName or '') ~ ' ' ~ ((c.name or {}).lastName or '')) | trim or " + firstOf(names) + " -}}"
}

// localpartAlphabet is what MAS's policy allows in a user name, and the same letters
// in upper case, which the templates lower. The value is checked before it is
// lowered: the Kelvin sign and other letters beyond ASCII have an ASCII letter as
// their lower case, and would pass for it afterwards.
const localpartAlphabet = "'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._=/+-'"

// strict renders the value in lower case, and nothing if it holds a character that
// a Matrix user name may not have. Two different values never give the same name,
// unless they differ in case only.
func strict(e expr, prefix string) string {
	then := "{%- if ns.ok -%}{{- l | lower -}}{%- endif -%}"
	if prefix != "" {
		then = "{%- if ns.ok and l -%}{{- " + string(claimexpr.Literal(prefix)) + " ~ (l | lower) -}}{%- endif -%}"
	}
	return "{%- set l = ((" + string(e) + ") or '') | string -%}" +
		"{%- set ns = namespace(ok=true) -%}" +
		"{%- for c in l -%}{%- if c not in " + localpartAlphabet + " -%}{%- set ns.ok = false -%}{%- endif -%}{%- endfor -%}" + then
}

// sanitized renders the value in lower case without the characters that a Matrix
// user name may not have. Synapse reserves a leading underscore, and names of digits
// only belong to guests. Different values can give the same name.
func sanitized(e expr, prefix string) string {
	then := "{{- ns.o -}}"
	if prefix != "" {
		then = "{%- if ns.o -%}{{- " + string(claimexpr.Literal(prefix)) + " ~ ns.o -}}{%- endif -%}"
	}
	return "{%- set ns = namespace(o='') -%}" +
		"{%- for c in ((" + string(e) + ") or '') | string -%}" +
		"{%- if c in " + localpartAlphabet + " -%}{%- set ns.o = ns.o ~ (c | lower) -%}{%- endif -%}{%- endfor -%}" +
		"{%- set ns.o = ns.o.lstrip('_') -%}" +
		"{%- if ns.o and ns.o.isdigit() -%}{%- set ns.o = 'u' ~ ns.o -%}{%- endif -%}" + then
}

// verifiedEmail renders the address only if the provider vouches for it: MAS marks
// whatever is rendered as verified.
func verifiedEmail(address, verified string) string {
	return onlyAddress(address, string(claim(verified)+claimexpr.IsTrue)+" and ")
}

// directoryEmail renders the address, whoever vouches for it.
func directoryEmail(address string) string { return onlyAddress(address, "") }

// onlyAddress renders the claim if it is a text with an @, and nothing for whatever else
// stands there: MAS would keep a list or a word as a verified address.
func onlyAddress(address, condition string) string {
	a := string(claim(address))
	return "{%- if " + condition + a + " is string and '@' in " + a + " -%}{{- " + a + " -}}{%- endif -%}"
}
