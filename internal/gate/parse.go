package gate

import (
	"strings"

	"github.com/maskit-dev/maskit/internal/claimexpr"
)

// Parse takes a template apart. It fails for one that is not exactly what [Gate.Template]
// writes: what such a one does, nobody can say from its text.
func Parse(template string) (Gate, bool) {
	g, ok := parse(template)
	if !ok || !isExpression(string(g.Subject)) || g.Template() != template {
		return Gate{}, false
	}
	return g, true
}

func parse(template string) (Gate, bool) {
	if inner, ok := strings.CutPrefix(template, plain); ok {
		subject, ok := strings.CutSuffix(inner, plainE)
		return Gate{Subject: claimexpr.Expr(subject)}, ok
	}
	inner, ok := strings.CutPrefix(template, open)
	if !ok {
		return Gate{}, false
	}
	conditions, subject, found := strings.Cut(inner, then) // no literal holds braces
	subject, ends := strings.CutSuffix(subject, end)
	if !found || !ends {
		return Gate{}, false
	}
	g := Gate{Subject: claimexpr.Expr(subject)}
	g.Conditions, ok = cutConditions(conditions)
	return g, ok
}

// isExpression reports whether nothing in a subject ends or begins a block. A text that
// holds one inside a literal of its own is not canonical.
func isExpression(s string) bool {
	for _, mark := range []string{"{{", "}}", "{%", "%}", "{#", "#}"} {
		if strings.Contains(s, mark) {
			return false
		}
	}
	return s != "" && strings.TrimSpace(s) == s && !strings.HasPrefix(s, "-") && !strings.HasPrefix(s, "+") && !strings.HasSuffix(s, "-")
}

func cutConditions(s string) ([]Condition, bool) {
	var out []Condition
	for {
		inner, ok := strings.CutPrefix(s, "(")
		if !ok {
			return nil, false
		}
		c, rest, ok := cutCondition(inner)
		if !ok {
			return nil, false
		}
		out = append(out, c)
		if s, ok = strings.CutPrefix(rest, ")"); !ok {
			return nil, false
		}
		if s == "" {
			return out, true
		}
		if s, ok = strings.CutPrefix(s, and); !ok {
			return nil, false
		}
	}
}

// cutCondition reads one condition, up to its closing parenthesis.
func cutCondition(s string) (c Condition, rest string, ok bool) {
	claim, rest, ok := claimexpr.CutClaim(s)
	if !ok {
		return Condition{}, "", false
	}
	c.Claim = claim
	if after, found := strings.CutPrefix(rest, isTrue+and); found && len(claim) == 1 {
		c.Verified = claim[0]
		if c.Claim, rest, ok = claimexpr.CutClaim(after); !ok {
			return Condition{}, "", false
		}
	}
	text := string(claimexpr.Claim(c.Claim...))
	for _, form := range []struct {
		begin string
		read  func(c *Condition, s, claim string) (string, bool)
	}{
		{" is sequence and (", readTexts},
		{" is mapping and (", readKeys},
		{domainOf(text), readAddress},
		{" is string and (", readWords},
		{" in ", readText},
	} {
		if after, found := strings.CutPrefix(rest, form.begin); found {
			rest, ok = form.read(&c, after, text)
			return c, rest, ok
		}
	}
	return Condition{}, "", false
}

// readTexts reads what a list of texts has to hold: names, or paths.
func readTexts(c *Condition, s, claim string) (rest string, ok bool) {
	if names, rest, ok := cutPaths(s, claim); ok {
		c.Shape, c.Names = Paths, names
		return rest, true
	}
	c.Shape = List
	c.Names, rest, ok = cutNames(s, claim)
	return rest, ok
}

// cutPaths reads what anyBelow writes, and the parenthesis after it.
func cutPaths(s, claim string) (names []string, rest string, ok bool) {
	for {
		name, after, ok := claimexpr.CutLiteral(s)
		if !ok {
			return nil, "", false
		}
		names = append(names, name)
		if s, ok = strings.CutPrefix(after, " in "+claim+below(name, claim)); !ok {
			return nil, "", false
		}
		if rest, ok = strings.CutPrefix(s, ")"); ok {
			return names, rest, true
		}
		if s, ok = strings.CutPrefix(s, " or "); !ok {
			return nil, "", false
		}
	}
}

func readKeys(c *Condition, s, claim string) (rest string, ok bool) {
	c.Shape = Keys
	c.Names, rest, ok = cutNames(s, claim)
	return rest, ok
}

func readAddress(c *Condition, s, _ string) (rest string, ok bool) {
	c.Shape = Address
	c.Names, rest, ok = claimexpr.CutList(s)
	return rest, ok
}

func readText(c *Condition, s, _ string) (rest string, ok bool) {
	c.Shape = Text
	c.Names, rest, ok = claimexpr.CutList(s)
	return rest, ok
}

func readWords(c *Condition, s, claim string) (rest string, ok bool) {
	c.Shape = Words
	_, container, ok := claimexpr.CutLiteral(s) // the first name
	if !ok {
		return "", false
	}
	separator, found := strings.CutPrefix(container, " in ("+claim+" | split(")
	if c.Separator, _, ok = claimexpr.CutLiteral(separator); !ok || !found {
		return "", false
	}
	c.Names, rest, ok = cutNames(s, words(claim, c.Separator))
	return rest, ok
}

// cutNames reads 'a' in container or 'b' in container, and the parenthesis after it.
func cutNames(s, container string) (names []string, rest string, ok bool) {
	for {
		name, after, ok := claimexpr.CutLiteral(s)
		if !ok {
			return nil, "", false
		}
		names = append(names, name)
		if s, ok = strings.CutPrefix(after, " in "+container); !ok {
			return nil, "", false
		}
		if rest, ok = strings.CutPrefix(s, ")"); ok {
			return names, rest, true
		}
		if s, ok = strings.CutPrefix(s, " or "); !ok {
			return nil, "", false
		}
	}
}
