package mas

import (
	"errors"
	"reflect"
	"slices"
	"strings"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/internal/strictyaml"
	"github.com/maskit-dev/maskit/mas/keys"
)

// spellings reports values that have the right type and that MAS nevertheless takes
// for something else than their author meant: references that it does not resolve, and
// keys that are none. [Config.Validate] finds them too, and in a Config that was
// parsed leaves them to Parse.
func (c *Config) spellings() maskit.Problems {
	return c.positions.fill(c.spellingsOf(c.elements()))
}

func (c *Config) spellingsOf(elements []element) maskit.Problems {
	s := speller{}
	for _, e := range elements {
		s.element(e)
	}
	s.encryption(c.Secrets.Encryption)
	for i, k := range c.Secrets.Keys {
		s.signingKey(strictyaml.ItemPath("secrets.keys", i)+".key", k)
	}
	return s.problems
}

type speller struct{ problems maskit.Problems }

func (s *speller) report(path, code, message, hint string) {
	s.problems = append(s.problems, maskit.Problem{Path: path, Code: code, Message: message, Hint: hint})
}

func (s *speller) element(e element) {
	if e.value.Kind() != reflect.Struct {
		s.plain(e)
		return
	}
	switch v := e.value.Addr().Interface().(type) {
	case *SecretValue:
		s.secret(e.path, v.Inline, "write the path, without file://, as "+e.FileKey)
		s.file(e.filePath, v.File)
	case *TextValue:
		s.file(e.filePath, v.File)
	case *maskit.Secret:
		s.secret(e.path, *v, "write the value: there is no key for a file; keep it in a Secret by the split layout")
	}
}

// plain checks what is no secret. Policy data has regular expressions, which may hold a $.
func (s *speller) plain(e element) {
	if !strings.HasPrefix(e.path, "policy.data.") {
		s.text(e.path, e.value)
	}
}

func (s *speller) secret(path string, v maskit.Secret, hint string) {
	if isReference(strings.TrimSpace(v.Reveal())) {
		s.report(path, "placeholder", "is a reference or placeholder, which MAS takes for the secret itself", hint)
	}
}

func (s *speller) file(path, name string) {
	if strings.Contains(name, "://") {
		s.report(path, "file-uri", "is a URI", "write a plain path, such as /etc/mas/secrets/encryption")
	}
}

// text checks a value that is no secret, the items of a list, or the values of a map.
func (s *speller) text(path string, v reflect.Value) {
	switch {
	case v.Kind() == reflect.String && isVariable(v.String()):
		s.report(path, "placeholder", "holds a variable, which MAS does not replace", "write the value itself, or replace the variable before MAS reads the file")
	case v.Kind() == reflect.Slice:
		for i := range v.Len() {
			if v.Index(i).Kind() == reflect.String {
				s.text(strictyaml.ItemPath(path, i), v.Index(i))
			}
		}
	case v.Kind() == reflect.Map && v.Type().Elem().Kind() == reflect.String:
		for _, key := range slices.SortedFunc(slices.Values(v.MapKeys()), func(a, b reflect.Value) int { return strings.Compare(a.String(), b.String()) }) {
			s.text(strictyaml.ChildPath(path, key.String()), v.MapIndex(key))
		}
	}
}

// isVariable reports whether a text has a part like ${NAME}, ${NAME:-default} or $(NAME).
func isVariable(s string) bool {
	for _, brackets := range []string{"{}", "()"} {
		_, rest, found := strings.Cut(s, "$"+brackets[:1])
		if !found {
			continue
		}
		name := strings.TrimLeft(rest, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_")
		if len(name) < len(rest) && (name[:min(1, len(name))] == brackets[1:] || strings.HasPrefix(name, ":-")) {
			return true
		}
	}
	return false
}

func (s *speller) encryption(v SecretValue) {
	if v.Inline.IsZero() || isReference(v.Inline.Reveal()) {
		return
	}
	s.refusal("secrets.encryption", keys.CheckEncryptionKey(v.Inline))
}

// signingKey reports what is no key at all; whether a key can be used is for Validate.
func (s *speller) signingKey(path string, k SigningKey) {
	text := k.Key.Inline.Reveal()
	if k.Key.Inline.IsZero() || isReference(text) || strings.Contains(text, "-----BEGIN") {
		return
	}
	_, err := keys.Parse(k.Key.Inline, k.Password.Inline)
	s.refusal(path, err)
}

func (s *speller) refusal(path string, err error) {
	if refused := (*keys.RefusedError)(nil); errors.As(err, &refused) {
		s.problems = append(s.problems, refused.Problem(path))
	}
}
