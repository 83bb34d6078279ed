package upstreamtest

import (
	"strings"
	"testing"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/upstream"
)

// benign is a string that needs quoting everywhere and does no harm: what it gives is
// what a hostile one may give at most.
const benign = "x-y"

// hostileStrings would change a template, a YAML file or a URL that they reach as they are.
func hostileStrings() []string {
	return []string{
		"it's", `say "hi"`, `\`, `\'`, `'`, `"`, "}}", "{{", "%}", "{%", "{#", "#}",
		"'] }}{{ user['sub'", "' ~ user.sub ~ '", "{{ user.sub }}", "{%- set x = 1 -%}", "{# gone #}", "{{ 'a' }}",
		"x\ny", "x\r\ny", "line\n", "\n", "\t", "\x00", "a\x00b", "\x7f", "\xff", "\u2028", "\ufeff", "𝛂", " padded ",
		"- item", "key: value", "# comment", "*alias", "&anchor", "!tag", "null", "~", "yes", "0123", "1e3", "1:30", "{}", "[]", "| text", "%TAG", "---",
		"https://evil.example/?a=b#c", "https://user:pass@evil.example/", "https://evil.example/\n", "//evil.example", "../..", "a b", "javascript:alert(1)",
		strings.Repeat("a", 300), strings.Repeat("'{{", 1000),
	}
}

// testHostileStrings puts each string into each field.
func (c Config) testHostileStrings(t *testing.T) {
	normal := templates(c.entry(t))
	keys := yamlKeys(c.New())
	for _, f := range stringFields(c.New()) {
		calm, calmProblems := c.with(f, benign).Entry(c.Env)
		expected := []map[string]string{normal}
		if calmProblems.Err() == nil {
			expected = append(expected, templates(calm))
		}
		var accepted accepted
		for _, s := range hostileStrings() {
			entry, problems := c.with(f, s).Entry(c.Env)
			checkPaths(t, f, problems, keys)
			if problems.Err() != nil {
				continue // refused, which is fine
			}
			if wrong := c.judge(entry, expected); wrong != "" {
				t.Errorf("%s = %.100q: %.500s", f.path, s, wrong)
			}
			accepted.add(s, entry)
		}
		for s, wrong := range accepted.roundTrip(c.Env) {
			t.Errorf("%s = %.100q: %.500s", f.path, s, wrong)
		}
	}
}

// judge says what is wrong with an entry that was made without problems.
func (c Config) judge(entry upstream.Entry, expected []map[string]string) string {
	if wrong := upstream.Validate(entry, c.Env); wrong != nil {
		return "Entry accepts it, MAS's rules do not: " + wrong.String()
	}
	for slot, template := range templates(entry) {
		if !acceptable(slot, template, expected) {
			return "it changes what the template " + slot + " does: " + template
		}
	}
	return ""
}

// accepted are entries that were made of strings without problems.
type accepted struct {
	strings []string
	entries []upstream.Entry
}

func (a *accepted) add(s string, entry upstream.Entry) {
	a.strings = append(a.strings, s)
	a.entries = append(a.entries, entry)
}

// roundTrip writes and reads all of them in one file, since most of the work is the same for
// one and for many, and says by which strings an entry does not come back.
func (a *accepted) roundTrip(env upstream.Env) map[string]string {
	if len(a.entries) == 0 || roundTrip(env, a.entries...) == "" {
		return nil
	}
	wrong := map[string]string{}
	for i, s := range a.strings {
		if text := roundTrip(env, a.entries[i]); text != "" {
			wrong[s] = text
		}
	}
	if len(wrong) == 0 {
		wrong[strings.Join(a.strings, " ")] = "the entries are not read back if they are in one file"
	}
	return wrong
}

// checkPaths sees to it that a program which read the provider from a file can say
// where the problem is.
func checkPaths(t *testing.T, f field, problems maskit.Problems, keys map[string]bool) {
	t.Helper()
	if keys == nil {
		return
	}
	for _, p := range problems {
		if strings.HasPrefix(p.Code, "ack-") {
			continue // the path is the one that the caller acknowledged
		}
		first := p.Path
		if end := strings.IndexAny(first, ".["); end >= 0 {
			first = first[:end]
		}
		if !keys[first] {
			t.Errorf("%s: the problem is at %q, which is no key of the configuration: %s", f.path, p.Path, p)
		}
	}
}
