package mas

import (
	"regexp"
	"strings"
)

// allowed checks a list of what is allowed: an empty one allows nothing.
func (c *checker) allowed(at place, p *Patterns, nothing string) {
	if p == nil {
		return
	}
	if p.empty() {
		c.fail(at, "allows-nothing", "holds no pattern, so that "+nothing+" is allowed", "name a pattern, or remove it")
	}
	c.patterns(at, p)
}

// banned checks a list of what is banned: an empty one bans nothing.
func (c *checker) banned(at place, p *Patterns) {
	if p == nil {
		return
	}
	if p.empty() {
		c.noEffect(at, "it holds no pattern")
	}
	c.patterns(at, p)
}

func (p *Patterns) empty() bool {
	return len(p.Literals)+len(p.Substrings)+len(p.Regexes)+len(p.Prefixes)+len(p.Suffixes) == 0
}

// patterns checks the patterns themselves. The policy engine matches regular
// expressions by RE2, whose syntax Go shares.
func (c *checker) patterns(at place, p *Patterns) {
	for i, re := range p.Regexes {
		here := at.key("regexes").at(i)
		if _, err := regexp.Compile(re); err != nil {
			c.fail(here, "regex-invalid", "is not a regular expression of RE2, so MAS skips the rule in silence", "RE2 has no look-ahead and no back-references")
		} else if re == "" {
			c.matchesAll(here)
		}
	}
	for _, list := range []struct {
		key   string
		texts []string
	}{
		{"substrings", p.Substrings},
		{"prefixes", p.Prefixes},
		{"suffixes", p.Suffixes},
	} {
		for i, text := range list.texts {
			if text == "" {
				c.matchesAll(at.key(list.key).at(i))
			}
		}
	}
}

func (c *checker) matchesAll(at place) {
	c.fail(at, "matches-everything", "is empty, which matches everything", "remove it")
}

// domains checks globs for the part of an e-mail address behind the @.
func (c *checker) domains(at place, globs []string) {
	for i, glob := range globs {
		switch {
		case glob == "" || strings.ContainsAny(glob, "@ /:"):
			c.fail(at.at(i), "domain-invalid", "is not a domain or a glob of domains", "write example.com or *.example.com, without @")
		case !balancedGlob(glob):
			c.fail(at.at(i), "domain-invalid", "has a bracket or brace that is not closed", "write example.com or *.example.com")
		}
	}
}

func balancedGlob(glob string) bool {
	var open []byte
	for i := range len(glob) {
		switch b := glob[i]; b {
		case '[', '{':
			open = append(open, b+2) // the closing one, in ASCII
		case ']', '}':
			if len(open) == 0 || open[len(open)-1] != b {
				return false
			}
			open = open[:len(open)-1]
		}
	}
	return len(open) == 0
}
