package keycloak

import (
	"bytes"
	"encoding/json"
	"reflect"
	"slices"
	"sort"
	"strings"

	"github.com/maskit-dev/maskit"
)

// mask is what Keycloak shows instead of a secret that the reader may not see. Sent
// back, it is stored as the secret of a client (seen in 26.7 and 26.0).
const mask = "**********"

// field is one owned place in a JSON document.
type field struct {
	// path is where it stands: {"attributes", "backchannel.logout.url"}.
	path []string
	// want is what it shall hold: a string, bool, number, list, map or
	// [maskit.Secret]. An empty one and no value at all are the same; so nil is "unset".
	want any
	// set says that the order of a list does not matter.
	set bool
	// same compares in another way than letter by letter; optional.
	same func(have, want any) bool
	// fine are other values that serve as well, which are left as they are.
	fine []any
}

func (f field) label() string { return strings.Join(f.path, ".") }

// secret reports whether the value must not be shown.
func (f field) secret() bool {
	_, ok := f.want.(maskit.Secret)
	return ok
}

// plain is the wanted value as it goes over the wire.
func (f field) plain() any {
	if secret, ok := f.want.(maskit.Secret); ok {
		return secret.Reveal()
	}
	return f.want
}

// shown is a value as it may be shown.
func (f field) shown(value any) any {
	if text, ok := value.(string); ok && f.secret() {
		return maskit.NewSecret(text)
	}
	return value
}

// satisfied reports whether the document holds what is wanted. A masked value is
// unknown, and so never differs.
func (f field) satisfied(have any) bool {
	if isMasked(have) {
		return true
	}
	want := normal(f.plain())
	if f.equal(have, want) {
		return true
	}
	return slices.ContainsFunc(f.fine, func(v any) bool { return f.equal(have, normal(v)) })
}

func (f field) equal(have, want any) bool {
	if isEmpty(have) && isEmpty(want) {
		return true
	}
	haveList, ok1 := have.([]any)
	wantList, ok2 := want.([]any)
	switch {
	case f.same != nil:
		return f.same(have, want)
	case ok1 && ok2 && f.set:
		return reflect.DeepEqual(sorted(haveList), sorted(wantList))
	}
	return reflect.DeepEqual(have, want)
}

// overlay is what to write over a value that is there.
func (f field) overlay(any) any { return normal(f.plain()) }

func sorted(list []any) []any {
	out := slices.Clone(list)
	sort.SliceStable(out, func(i, j int) bool {
		a, _ := out[i].(string)
		b, _ := out[j].(string)
		return a < b
	})
	return out
}

// lookup returns the value at a path of a document; nil if there is none.
func lookup(document map[string]any, path []string) any {
	var at any = document
	for _, key := range path {
		m, ok := at.(map[string]any)
		if !ok {
			return nil
		}
		at = m[key]
	}
	return at
}

// place sets the value at a path of a document, and makes the maps above it.
func place(document map[string]any, path []string, value any) {
	for _, key := range path[:len(path)-1] {
		next, ok := document[key].(map[string]any)
		if !ok {
			next = map[string]any{}
			document[key] = next
		}
		document = next
	}
	document[path[len(path)-1]] = value
}

// normal turns a value into what decoding its JSON gives, so that values from the
// server and values from a spec can be compared.
func normal(value any) any {
	if value == nil {
		return nil
	}
	text, err := json.Marshal(value)
	if err != nil {
		return value
	}
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.UseNumber()
	var out any
	if decoder.Decode(&out) != nil {
		return value
	}
	return out
}

// isEmpty reports whether a value says no more than its absence: Keycloak leaves out
// what is empty, false or zero in some places and shows it in others.
func isEmpty(value any) bool {
	switch v := value.(type) {
	case nil:
		return true
	case string:
		return v == ""
	case bool:
		return !v
	case json.Number:
		return v == "0"
	case []any:
		return len(v) == 0
	case map[string]any:
		return len(v) == 0
	}
	return false
}

func isMasked(value any) bool {
	switch v := value.(type) {
	case string:
		return v == mask
	case []any:
		return slices.ContainsFunc(v, isMasked)
	}
	return false
}
