package mas

import (
	"strings"

	"github.com/maskit-dev/maskit"
)

// pairValue is what MAS would read for a pair such as secret and secret_file.
type pairValue struct {
	at    place // the key that holds it
	value maskit.Secret
}

// pairs reads every pair of the configuration, and reports those that are set
// twice, empty, or cannot be read.
func (c *checker) pairs() {
	c.values = map[place]pairValue{}
	for _, e := range c.elements {
		if e.isPair() {
			c.pair(e)
		}
	}
}

func (c *checker) pair(e element) {
	inline, file := pairOf(e)
	switch {
	case !inline.IsZero() && file != "":
		c.fail(place(e.path), "both-set", "stands beside "+e.FileKey, "keep one of the two")
		return
	case file != "":
		content, ok := c.read(place(e.filePath), file)
		if !ok {
			return
		}
		inline = maskit.NewSecret(trimmingOf(*e.StructField).apply(content))
	}
	found := pairValue{at: place(e.path), value: inline}
	if file != "" {
		found.at = place(e.filePath)
	}
	if c.present(found.at, inline) {
		c.values[place(e.path)] = found
	}
}

// pairOf returns the two parts of a pair, secret or not.
func pairOf(e element) (maskit.Secret, string) {
	switch pair := e.value.Addr().Interface().(type) {
	case *SecretValue:
		return pair.Inline, pair.File
	case *TextValue:
		if pair.Inline == "" {
			return maskit.Secret{}, pair.File
		}
		return maskit.NewSecret(pair.Inline), pair.File
	}
	return maskit.Secret{}, ""
}

// value returns what MAS would read for the pair at the path of its inline key. It
// returns false if there is none, if it is wrong and has been reported, or if it
// stands in a file that was not looked at.
func (c *checker) value(at place) (pairValue, bool) {
	v, ok := c.values[at]
	return v, ok
}

// present reports an empty value, and one that only stands for a secret.
func (c *checker) present(at place, v maskit.Secret) bool {
	switch value := strings.TrimSpace(v.Reveal()); {
	case value == "":
		c.fail(at, "empty", "is empty", "give the value, or remove the key")
		return false
	case isReference(value):
		c.fail(at, "placeholder", "is a reference or placeholder, which MAS takes for the secret itself",
			"write the value, or use the key that ends in _file where there is one")
		return false
	}
	return true
}

// isReference reports whether value is a way of naming a secret that MAS does not
// resolve: a URI, a variable, a template, or the placeholder of a guide.
func isReference(value string) bool {
	for _, prefix := range []string{"file://", "env://", "vault://", "secret://", "${", "{{", "$(", "LOADED_FROM"} {
		if strings.HasPrefix(value, prefix) {
			return true
		}
	}
	return strings.HasPrefix(value, "<") && strings.HasSuffix(value, ">")
}
