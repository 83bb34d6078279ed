package routes

import (
	"regexp"
	"strings"
)

// Kind says how a [Pattern] is compared with a path.
type Kind int

const (
	// Exact matches the path itself, with or without one final slash.
	Exact Kind = iota
	// Prefix matches the path itself and everything below it, element by element:
	// "/_matrix" and "/_matrix/client", but not "/_matrixx". Ingress and Gateway API
	// mean the same by it.
	Prefix
	// DotSegments matches every path that has an element "." or "..", be its dots and
	// the slashes around it written plainly or as %2e and %2f. The pattern has no elements.
	DotSegments
)

// Element is one part of a [Pattern]: what may stand at this place. An
// alternative is one path segment, or several joined by "/" ("api/v1"); none is the
// beginning of another one. Without alternatives, any one segment matches that
// is not empty.
type Element []string

// Pattern describes paths. It is compared with the path as it was sent, byte by
// byte: case matters, nothing is decoded, no slashes are merged. The zero value
// matches "/" and the empty path.
type Pattern struct {
	// Elements are the parts of the path.
	Elements []Element
	// Kind says what may follow them.
	Kind Kind
}

// Match reports whether path, which begins with "/" and has no query string, is
// one of those that the pattern describes.
func (p Pattern) Match(path string) bool {
	if p.Kind == DotSegments {
		return hasDotSegment(path)
	}
	if p.Kind == Exact && !p.mayEnd(path) {
		return false
	}
	for _, element := range p.Elements {
		if len(path) < 2 || path[0] != '/' {
			return false
		}
		end := element.match(path[1:])
		if end < 0 {
			return false
		}
		path = path[1+end:]
	}
	switch p.Kind {
	case Prefix:
		return path == "" || path[0] == '/'
	default:
		return path == "" || path == "/"
	}
}

// mayEnd is false if the path certainly does not end as an exact pattern does: a
// glance at one byte spares most comparisons.
func (p Pattern) mayEnd(path string) bool {
	path = strings.TrimSuffix(path, "/")
	if path == "" || len(p.Elements) == 0 {
		return true
	}
	last := p.Elements[len(p.Elements)-1]
	for _, alternative := range last {
		if n := len(alternative); n > 0 && alternative[n-1] == path[len(path)-1] {
			return true
		}
	}
	return len(last) == 0
}

// match returns how many bytes at the start of rest the element covers, or -1.
func (e Element) match(rest string) int {
	if len(e) == 0 {
		end := strings.IndexByte(rest, '/')
		if end < 0 {
			end = len(rest)
		}
		if end == 0 {
			return -1
		}
		return end
	}
	for _, alternative := range e {
		n := len(alternative)
		if n == 0 || len(rest) < n || rest[0] != alternative[0] || len(rest) > n && rest[n] != '/' {
			continue // most often: spares the comparison
		}
		if rest[:n] == alternative {
			return n
		}
	}
	return -1
}

// hasDotSegment reports whether an element of the path is "." or "..", in any spelling.
func hasDotSegment(path string) bool {
	if !strings.Contains(path, "/.") && !strings.Contains(path, "%2") {
		return false // the common case, at the speed of a search
	}
	for i := range len(path) {
		skip := escaped(path[i:], '/', 'f')
		if skip == 0 {
			continue
		}
		rest := path[i+skip:]
		first := escaped(rest, '.', 'e')
		second := escaped(rest[first:], '.', 'e')
		rest = rest[first+second:]
		if first > 0 && (rest == "" || escaped(rest, '/', 'f') > 0) {
			return true
		}
	}
	return false
}

// escaped is how many bytes c takes at the start of s, where it stands plainly or
// as %2 and the given lower-case digit; 0 if it is not there.
func escaped(s string, c, digit byte) int {
	switch {
	case s == "":
		return 0
	case s[0] == c:
		return 1
	case s[0] == '%' && len(s) > 2 && s[1] == '2' && s[2]|0x20 == digit:
		return 3
	}
	return 0
}

// Regexp returns an anchored regular expression that matches the same paths. It
// is written in what RE2 (Go, Caddy, Traefik, Envoy) and PCRE (nginx, HAProxy) both
// understand, without braces, backslashes, quotes and blanks.
func (p Pattern) Regexp() string { return p.regexp() }

// targetRegexp is Regexp for a request target, in which a query string may follow.
func (p Pattern) targetRegexp() string { return p.regexp("[?]") }

// regexp writes the expression; ends is what may stand behind the path, besides nothing.
func (p Pattern) regexp(ends ...string) string {
	const slash, dot = "/|%2[fF]", "([.]|%2[eE])"
	if p.Kind == DotSegments {
		return "^[^?]*(" + slash + ")" + dot + dot + "?" + group(slash, ends)
	}
	var b strings.Builder
	b.WriteString("^")
	for _, element := range p.Elements {
		b.WriteString("/" + element.regexp())
	}
	if p.Kind == Prefix {
		return b.String() + group("/", ends)
	}
	if len(ends) == 0 {
		return b.String() + "/?$"
	}
	return b.String() + "/?" + group(ends[0], ends[1:])
}

// group is one of the alternatives, or the end.
func group(first string, more []string) string {
	return "(" + strings.Join(append(append([]string{first}, more...), "$"), "|") + ")"
}

func (e Element) regexp() string {
	if len(e) == 0 {
		return "[^/?]+"
	}
	quoted := make([]string, len(e))
	for i, alternative := range e {
		quoted[i] = strings.ReplaceAll(regexp.QuoteMeta(alternative), `\.`, "[.]")
	}
	if len(quoted) == 1 {
		return quoted[0]
	}
	return "(" + strings.Join(quoted, "|") + ")"
}

// Paths spells the pattern out, one path for each combination of alternatives,
// without wildcards for what follows. Any one segment is written as "*". There are
// none for DotSegments.
func (p Pattern) Paths() []string {
	switch {
	case p.Kind == DotSegments:
		return nil
	case len(p.Elements) == 0:
		return []string{"/"}
	}
	paths := []string{""}
	for _, element := range p.Elements {
		if len(element) == 0 {
			element = Element{"*"}
		}
		var longer []string
		for _, path := range paths {
			for _, alternative := range element {
				longer = append(longer, path+"/"+alternative)
			}
		}
		paths = longer
	}
	return paths
}

// String writes the pattern for people: alternatives in braces, "*" for any one
// segment, "/**" for everything below.
func (p Pattern) String() string {
	if p.Kind == DotSegments {
		return "/**/{.,..}/**"
	}
	var b strings.Builder
	for _, element := range p.Elements {
		switch len(element) {
		case 0:
			b.WriteString("/*")
		case 1:
			b.WriteString("/" + element[0])
		default:
			b.WriteString("/{" + strings.Join(element, ",") + "}")
		}
	}
	switch {
	case p.Kind == Prefix:
		b.WriteString("/**")
	case b.Len() == 0:
		b.WriteString("/")
	}
	return b.String()
}
