package mas

import (
	"reflect"
	"slices"
	"strings"
)

// enums checks every word of the configuration against what MAS knows. Signature
// algorithms are left to signingAlg: MAS takes any word for one.
func (c *checker) enums() {
	for _, e := range c.elements {
		at := place(e.path)
		if e.value.Kind() != reflect.Slice {
			c.enum(at, e.value)
			continue
		}
		for i := range e.value.Len() {
			c.enum(at.at(i), e.value.Index(i))
		}
	}
}

func (c *checker) enum(at place, v reflect.Value) {
	if v.Type().PkgPath() == "" { // of Go itself: no list of values
		return
	}
	known, ok := v.Addr().Interface().(enumerated)
	if _, isAlg := known.(*SigningAlg); !ok || isAlg || v.IsZero() || slices.Contains(known.values(), v.String()) {
		return
	}
	c.fail(at, "unknown-value", "is not a value that MAS knows", oneOf(known.values(), v.String()))
}

// oneOf is the fix for a word that is none of those known.
func oneOf(known []string, word string) string {
	for _, name := range known {
		if strings.EqualFold(name, word) {
			return "write " + name
		}
	}
	return "write one of " + strings.Join(known, ", ")
}
