package mascli

import (
	"net/url"
	"slices"
	"strconv"
	"strings"

	"gopkg.in/yaml.v3"

	"github.com/maskit-dev/maskit"
)

// redacted stands where a secret was.
const redacted = "[redacted]"

// Redacted returns a copy whose Stdout and Stderr are called with lines from which the
// secrets of the command were removed: the values of Env, the values of Files in YAML
// whose keys say that they are secret (password, secret, pepper, token, …) and passwords in
// their URIs, and every line of other files.
func (c Command) Redacted() Command {
	r := newRedactor(c)
	c.Stdout, c.Stderr = r.wrap(c.Stdout), r.wrap(c.Stderr)
	return c
}

// redactor removes secrets from lines.
type redactor struct {
	long  *strings.Replacer
	short []string // are replaced only where they stand alone
}

// shortSecret is the length below which a secret may by chance be a part of a word.
const shortSecret = 6

func newRedactor(c Command) redactor {
	found := map[string]bool{}
	add := func(secret string) {
		for line := range strings.Lines(secret) {
			for _, form := range forms(strings.TrimSpace(line)) {
				found[form] = true
			}
		}
	}
	for _, value := range c.Env {
		add(value.Reveal())
	}
	for _, content := range c.Files {
		secretsOf(content, add)
	}
	delete(found, "")
	var r redactor
	var pairs []string
	for _, secret := range sortedByLength(found) {
		if len(secret) < shortSecret {
			r.short = append(r.short, secret)
			continue
		}
		pairs = append(pairs, secret, redacted)
	}
	r.long = strings.NewReplacer(pairs...)
	return r
}

// forms are the ways in which a program may write a text: as it is, quoted, and as a part of a URI.
func forms(text string) []string {
	quoted := strconv.Quote(text)
	return []string{text, quoted[1 : len(quoted)-1], url.QueryEscape(text), url.PathEscape(text)}
}

// sortedByLength puts long secrets first, since they may contain others.
func sortedByLength(found map[string]bool) []string {
	var all []string
	for secret := range found {
		all = append(all, secret)
	}
	slices.SortFunc(all, func(a, b string) int {
		if len(a) != len(b) {
			return len(b) - len(a)
		}
		return strings.Compare(a, b)
	})
	return all
}

func (r redactor) wrap(next func(string)) func(string) {
	if next == nil {
		return nil
	}
	return func(line string) { next(r.line(line)) }
}

func (r redactor) line(line string) string {
	line = r.long.Replace(line)
	for _, secret := range r.short {
		line = replaceAlone(line, secret)
	}
	return line
}

// replaceAlone replaces a short secret where no letter or digit is next to it.
func replaceAlone(line, secret string) string {
	var b strings.Builder
	for {
		i := strings.Index(line, secret)
		if i < 0 {
			b.WriteString(line)
			return b.String()
		}
		end := i + len(secret)
		alone := (i == 0 || !isWordByte(line[i-1])) && (end == len(line) || !isWordByte(line[end]))
		b.WriteString(line[:i])
		if alone {
			b.WriteString(redacted)
		} else {
			b.WriteString(secret)
		}
		line = line[end:]
	}
}

func isWordByte(c byte) bool {
	return c == '_' || c >= 0x80 || '0' <= c && c <= '9' || 'a' <= c|0x20 && c|0x20 <= 'z'
}

// secretsOf finds the secrets of a file.
func secretsOf(content maskit.Secret, add func(string)) {
	var doc yaml.Node
	if yaml.Unmarshal([]byte(content.Reveal()), &doc) != nil || len(doc.Content) == 0 || doc.Content[0].Kind != yaml.MappingNode {
		add(content.Reveal())
		return
	}
	walkSecrets(doc.Content[0], false, add)
}

// walkSecrets visits all scalars; secret says that a key above names secrets. What an
// alias stands for is visited where it is written.
func walkSecrets(n *yaml.Node, secret bool, add func(string)) {
	switch n.Kind {
	case yaml.MappingNode:
		for i := 0; i+1 < len(n.Content); i += 2 {
			walkSecrets(n.Content[i+1], secret || namesSecret(n.Content[i].Value), add)
		}
	case yaml.SequenceNode:
		for _, item := range n.Content {
			walkSecrets(item, secret, add)
		}
	case yaml.ScalarNode:
		switch {
		case n.Tag == "!!bool" || n.Tag == "!!null":
		case secret:
			add(n.Value)
			addPassword(n.Value, add)
		default:
			addPassword(n.Value, add)
		}
	}
}

// namesSecret reports whether a key of MAS's or Synapse's configuration names a secret.
// The path of a file is none.
func namesSecret(key string) bool {
	key = strings.ToLower(key)
	for _, suffix := range []string{"_file", "_path", "_dir", "_enabled", "_uri", "_url", "_endpoint"} {
		if strings.HasSuffix(key, suffix) {
			return false
		}
	}
	if key == "passwords" || key == "password_config" || key == "kid" {
		return false // sections with other things in them
	}
	for _, word := range []string{"secret", "passw", "smtp_pass", "pepper", "token", "encryption", "private", "credential", "dsn", "cookie"} {
		if strings.Contains(key, word) {
			return true
		}
	}
	return key == "key" || strings.HasSuffix(key, "_key")
}

// addPassword finds the password of a URI, as it is written and as it is meant.
func addPassword(text string, add func(string)) {
	scheme, rest, ok := strings.Cut(text, ":")
	if !ok || !strings.HasPrefix(rest, "//") || strings.ContainsAny(scheme, " \t\n") {
		return
	}
	both := func(written string) {
		add(written)
		if meant, err := url.QueryUnescape(written); err == nil {
			add(meant)
		}
		if meant, err := url.PathUnescape(written); err == nil {
			add(meant)
		}
	}
	rest, query, _ := strings.Cut(rest[2:], "?")
	if at := strings.LastIndexByte(rest, '@'); at >= 0 {
		_, password, _ := strings.Cut(rest[:at], ":")
		both(password)
	}
	for pair := range strings.SplitSeq(query, "&") {
		if key, value, _ := strings.Cut(pair, "="); namesSecret(key) {
			both(value)
		}
	}
}
