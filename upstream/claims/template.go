package claims

import "strings"

// expr is an expression of minijinja. It is made by the functions here only, so
// that no string of a configuration becomes one unescaped.
type expr string

// claim is the claim of the given name: user.sub, or user['cognito:username'].
func claim(name string) expr {
	if isIdentifier(name) {
		return expr("user." + name)
	}
	return expr("user[" + literal(name) + "]")
}

func isIdentifier(s string) bool {
	for i := range len(s) {
		c := s[i]
		letter := c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c == '_'
		if !letter && (i == 0 || c < '0' || c > '9') {
			return false
		}
	}
	return s != ""
}

// beforeAt is the part before the first @, or everything if there is none.
func beforeAt(e expr) expr { return "(" + e + " or '') | string | split('@') | first" }

// trimmed is the claim as text without white space around it, empty if it is null.
func trimmed(e expr) expr { return "((" + e + " or '') | string | trim)" }

// optional renders the value, and nothing for a missing or null claim.
func optional(e expr) string { return "{{ " + string(e) + " or '' }}" }

// firstText renders the first of the claims that is not blank.
func firstText(names []string) string {
	parts := make([]string, 0, len(names)+1)
	for _, name := range names {
		parts = append(parts, string(trimmed(claim(name))))
	}
	return "{{ " + strings.Join(append(parts, "''"), " or ") + " }}"
}

// localpartAlphabet is what MAS's policy allows in a user name, and the same letters
// in upper case, which the templates lower. The value is checked before it is
// lowered: the Kelvin sign and other letters beyond ASCII have an ASCII letter as
// their lower case, and would pass for it afterwards.
const localpartAlphabet = "'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._=/+-'"

// strict renders the value in lower case, and nothing if it holds a character that
// a Matrix user name may not have. Two different values never give the same name,
// unless they differ in case only.
func strict(e expr) string {
	return "{%- set l = ((" + string(e) + ") or '') | string -%}" +
		"{%- set ns = namespace(ok=true) -%}" +
		"{%- for c in l -%}{%- if c not in " + localpartAlphabet + " -%}{%- set ns.ok = false -%}{%- endif -%}{%- endfor -%}" +
		"{%- if ns.ok -%}{{- l | lower -}}{%- endif -%}"
}

// sanitized renders the value in lower case without the characters that a Matrix
// user name may not have. Synapse reserves a leading underscore, and names of digits
// only belong to guests. Different values can give the same name.
func sanitized(e expr) string {
	return "{%- set ns = namespace(o='') -%}" +
		"{%- for c in ((" + string(e) + ") or '') | string -%}" +
		"{%- if c in " + localpartAlphabet + " -%}{%- set ns.o = ns.o ~ (c | lower) -%}{%- endif -%}{%- endfor -%}" +
		"{%- set ns.o = ns.o.lstrip('_') -%}" +
		"{%- if ns.o and ns.o.isdigit() -%}{%- set ns.o = 'u' ~ ns.o -%}{%- endif -%}{{- ns.o -}}"
}

// verifiedEmail renders the address only if the provider vouches for it: MAS marks
// whatever is rendered as verified.
func verifiedEmail() string {
	return "{%- if user.email_verified in [true, 'true'] -%}{{- user.email or '' -}}{%- endif -%}"
}
