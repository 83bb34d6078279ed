package main

import (
	"cmp"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"gopkg.in/yaml.v3"
)

const redacted = "[redacted]"

// shown is the lines of a YAML file, which end in \n alone, as they may be shown: what follows the key of a
// secret is cut off, on its line and on those that it spans; so is every line that
// repeats a secret, and what looks like one in a comment. There are as many lines
// as in the file.
func shown(data []byte) []string {
	lines := yamlLines(string(data))
	m := masker{lines: lines, cuts: map[int]int{}}
	var doc yaml.Node
	if err := yaml.Unmarshal(data, &doc); err == nil {
		m.order(&doc)
		slices.Sort(m.starts)
		m.walk(&doc, false)
	}
	var out strings.Builder
	repeated, text := m.repeated(), newTextMasker()
	for i, line := range lines {
		out.WriteString(text.mask(repeated.Replace(m.line(i, line))))
	}
	return strings.SplitAfter(out.String(), "\n")
}

// lineBreaks end a line in YAML 1.1, for Synapse and for the places of nodes.
const lineBreaks = "\r\n\u0085\u2028\u2029"

// yamlLines are the lines as YAML counts them, with their line breaks.
func yamlLines(text string) []string {
	var lines []string
	for {
		end := strings.IndexAny(text, lineBreaks)
		if end < 0 {
			return append(lines, text)
		}
		_, size := utf8.DecodeRuneInString(text[end:])
		if strings.HasPrefix(text[end:], "\r\n") {
			size = 2
		}
		lines, text = append(lines, text[:end+size]), text[end+size:]
	}
}

// masker knows where the secrets of a file are.
type masker struct {
	lines  []string    // as YAML counts them
	cuts   map[int]int // by line, counted from 0: how many characters may be shown
	values []string    // the secrets
	starts []int       // the lines on which values and keys start, sorted
}

// order collects where nodes start.
func (m *masker) order(n *yaml.Node) {
	m.starts = append(m.starts, n.Line-1)
	for _, child := range n.Content {
		m.order(child)
	}
}

// walk finds the secrets below a node. All below a secret key is secret.
func (m *masker) walk(n *yaml.Node, secret bool) {
	switch {
	case n.Kind == yaml.MappingNode:
		for i := 0; i+1 < len(n.Content); i += 2 {
			m.walk(n.Content[i+1], secret || isSecretKey(n.Content[i].Value))
		}
	case n.Kind == yaml.ScalarNode && secret:
		m.hide(n)
	case n.Kind == yaml.AliasNode && secret && n.Alias.Kind == yaml.ScalarNode:
		m.hide(n.Alias)
	default:
		for _, child := range n.Content {
			m.walk(child, secret)
		}
	}
}

// hide cuts a secret off.
func (m *masker) hide(n *yaml.Node) {
	if n.ShortTag() == "!!bool" || n.ShortTag() == "!!null" {
		return
	}
	first := n.Line - 1
	m.cut(first, n.Column-1)
	for line := first + 1; line < m.end(n); line++ {
		m.cut(line, len(m.lines[line])-len(strings.TrimLeft(m.lines[line], " ")))
	}
	for part := range strings.Lines(n.Value) {
		if part = strings.TrimSpace(part); len(part) >= shortestSecret {
			m.values = append(m.values, part)
		}
	}
}

// shortestSecret is the least length of a secret that is looked for elsewhere; shorter
// ones are part of other words.
const shortestSecret = 8

func (m *masker) cut(line, column int) {
	if known, ok := m.cuts[line]; !ok || column < known {
		m.cuts[line] = column
	}
}

// end is the line behind a value: that of the next node if the value spans lines.
func (m *masker) end(n *yaml.Node) int {
	first := n.Line - 1
	isBlock := n.Style&(yaml.LiteralStyle|yaml.FoldedStyle) != 0
	if !isBlock && strings.Contains(m.lines[first], n.Value) {
		return first + 1
	}
	if i, _ := slices.BinarySearch(m.starts, first+1); i < len(m.starts) {
		return m.starts[i]
	}
	return len(m.lines)
}

// line is a line as it may be shown.
func (m *masker) line(i int, line string) string {
	text := strings.TrimRight(line, lineBreaks)
	lineBreak := line[len(text):]
	if column, ok := m.cuts[i]; ok && strings.TrimSpace(text) != "" {
		if runes := []rune(text); column < len(runes) {
			text = string(runes[:column]) + redacted
		}
	}
	return text + lineBreak
}

// repeated replaces secrets wherever they stand, the longest first.
func (m *masker) repeated() *strings.Replacer {
	slices.SortFunc(m.values, func(a, b string) int { return cmp.Or(cmp.Compare(len(b), len(a)), cmp.Compare(a, b)) })
	var pairs []string
	for _, value := range slices.Compact(m.values) {
		pairs = append(pairs, value, redacted)
	}
	return strings.NewReplacer(pairs...)
}

// textMasker masks what looks like a secret in a text of any kind: the password of a URL,
// the value of a secret parameter (?token=x, password=x), and in a comment the value
// of a secret key, and what has letters and digits on a line that speaks of secrets.
type textMasker struct{ url, parameter, key, word *regexp.Regexp }

func newTextMasker() textMasker {
	return textMasker{
		url:       regexp.MustCompile(`(://[^/\s:@]*:)[^/\s@]+@`),
		parameter: regexp.MustCompile(`([\w-]+)=([^\s&"'\[,;]+)`),
		key:       regexp.MustCompile(`["']?([\w-]+)["']?\s*[:=]\s*`),
		word:      regexp.MustCompile(`[\w+/=.~-]{8,}`),
	}
}

func (m textMasker) mask(line string) string {
	text := strings.TrimRight(line, lineBreaks)
	return m.text(text) + line[len(text):]
}

func (m textMasker) text(text string) string {
	if !strings.ContainsAny(text, "#=@") { // most lines, at no cost
		return text
	}
	text = m.url.ReplaceAllString(text, "${1}"+redacted+"@")
	text = m.parameter.ReplaceAllStringFunc(text, func(found string) string {
		if key, value, _ := strings.Cut(found, "="); isSecretKey(key) && !isWord(value) {
			return key + "=" + redacted
		}
		return found
	})
	before, comment, ok := strings.Cut(text, "#")
	if !ok {
		return text
	}
	return before + "#" + m.comment(comment)
}

func (m textMasker) comment(text string) string {
	for _, at := range m.key.FindAllStringSubmatchIndex(text, -1) {
		if isSecretKey(text[at[2]:at[3]]) && at[1] < len(text) && !isWord(text[at[1]:]) {
			return text[:at[1]] + redacted
		}
	}
	if !speaksOfSecrets(text) {
		return text
	}
	return m.word.ReplaceAllStringFunc(text, func(word string) string {
		if strings.ContainsAny(word, "0123456789") && strings.ContainsFunc(word, unicode.IsLetter) && !strings.Contains(word, "/") {
			return redacted
		}
		return word
	})
}

// isWord reports whether a value is a switch, not a secret.
func isWord(value string) bool {
	return slices.Contains([]string{"true", "false", "null", "~", "{", "[", redacted}, strings.ToLower(strings.TrimSpace(value)))
}

// isSecretKey reports whether a key of a Synapse or module configuration, by its name,
// has a secret for its value.
func isSecretKey(key string) bool {
	key = strings.ToLower(strings.ReplaceAll(key, "-", "_"))
	switch key {
	case "key", "keys", "private_keys", "pass", "pwd", "auth", "salt", "cookie", "bearer", "webhook", "webhook_url":
		return true
	}
	for _, suffix := range []string{
		"_path", "_file", "_files", "_url", "_uri", "_endpoint", "_lifetime", "_timeout", "_id", "_name", "_config", "_providers",
		"_type", "_claim", "_template", "_method", "_enabled", "_policy", "_required", "_keys", "_period",
	} {
		if strings.HasSuffix(key, suffix) {
			return false
		}
	}
	return speaksOfSecrets(key) || strings.HasSuffix(key, "_key") || strings.HasSuffix(key, "_pass")
}

// speaksOfSecrets reports whether a word for a secret is part of a text.
func speaksOfSecrets(text string) bool {
	text = strings.ToLower(text)
	return slices.ContainsFunc([]string{
		"secret", "password", "passwd", "passphrase", "pepper", "token", "credential", "macaroon", "jwk", "dsn", "authorization",
	}, func(part string) bool { return strings.Contains(text, part) })
}
