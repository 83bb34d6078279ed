package mas

import (
	"cmp"
	"fmt"
	"reflect"
	"strings"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/internal/strictyaml"
	"github.com/maskit-dev/maskit/mas/keys"
)

// part is what one change is about: a section, or one item of a list whose items
// have a name of their own, such as a provider.
type part struct {
	section string
	path    string // without indices: "passwords", "passwords.schemes"
	subject string
	isItem  bool
	keys    []string // of values, in their order
	values  map[string]element
}

// partsOf takes a configuration apart, in the order of its values.
func partsOf(c *Config) []*part {
	items := itemSubjects(c)
	var parts []*part
	add := func(e element) {
		section := sectionOf(e.path)
		p, key := part{section: section, path: section, subject: section}, e.path
		if item := cmp.Or(itemPath(e.path), e.path); items[item] != "" {
			p.path, p.subject, p.isItem = genericPath(item), items[item], true
			key = strings.TrimPrefix(strings.TrimPrefix(e.path, item), ".")
		}
		known := find(parts, p.subject)
		if known == nil {
			known = &p
			known.values = map[string]element{}
			parts = append(parts, known)
		}
		known.keys = append(known.keys, key)
		known.values[key] = e
	}
	c.walk(func(e element) {
		if isValue(e.value) {
			add(e)
		}
		for _, item := range emptyItems(e) {
			add(item)
		}
	})
	if c.Policy != nil && c.Policy.Data != nil && c.Policy.Data.Custom != nil {
		add(element{StructField: &strictyaml.StructField{}, path: "policy.data", value: reflect.ValueOf(c.Policy.Data.Custom)}) // walk leaves inlined maps out
	}
	return parts
}

// isValue reports whether something is compared as a whole: neither a mapping nor a
// list of mappings, unless it holds nothing.
func isValue(v reflect.Value) bool {
	if v.Kind() == reflect.Slice && v.Len() == 0 || v.Kind() == reflect.Pointer && holdsNothing(v.Elem()) {
		return true
	}
	t := v.Type()
	for t.Kind() == reflect.Pointer || t.Kind() == reflect.Slice {
		t = t.Elem()
	}
	return t.Kind() != reflect.Struct || strictyaml.IsOptional(t) || len(strictyaml.Fields(t)) == 0
}

// holdsNothing reports whether a mapping has no key.
func holdsNothing(v reflect.Value) bool {
	for _, f := range strictyaml.Fields(v.Type()) {
		if !strictyaml.IsAbsent(v.FieldByIndex(f.Index)) {
			return false
		}
	}
	return v.Kind() == reflect.Struct
}

// emptyItems are the items of a list that hold nothing, which walk does not visit.
func emptyItems(e element) []element {
	if e.value.Kind() != reflect.Slice || e.value.Type().Elem().Kind() != reflect.Struct {
		return nil
	}
	var items []element
	for i := range e.value.Len() {
		if v := e.value.Index(i); holdsNothing(v) {
			items = append(items, element{StructField: &strictyaml.StructField{}, path: strictyaml.ItemPath(e.path, i), value: v, inList: true})
		}
	}
	return items
}

// sectionOf returns the first key of a path.
func sectionOf(path string) string {
	if end := strings.IndexAny(path, ".["); end >= 0 {
		return path[:end]
	}
	return path
}

// itemPath returns the path of the first list item in path, "" if there is none:
// "upstream_oauth2.providers[1]" of "upstream_oauth2.providers[1].client_id".
func itemPath(path string) string {
	end := strings.Index(path, "].")
	if end < 0 {
		return ""
	}
	return path[:end+1]
}

// itemSubjects names the items of the lists whose order is not their identity, by path.
func itemSubjects(c *Config) map[string]string {
	subjects := map[string]string{}
	for _, list := range namedLists(c) {
		seen := map[string]int{}
		for i, name := range list.names {
			if seen[name]++; seen[name] > 1 {
				name = fmt.Sprintf("%s (%d)", name, seen[name])
			}
			subjects[strictyaml.ItemPath(list.path, i)] = list.kind + " " + name
		}
	}
	return subjects
}

// namedList is a list whose items have names.
type namedList struct {
	path  string
	kind  string
	names []string
	// ordered says what the order decides; empty if it decides nothing.
	ordered string
}

func namedLists(c *Config) []namedList {
	lists := []namedList{
		{path: "secrets.keys", kind: "signing key", names: namesOf(c.Secrets.Keys, keyName), ordered: "the last key for an algorithm signs"},
		{path: "clients", kind: "client", names: namesOf(c.Clients, func(_ int, v Client) string { return canonicalULID(v.ClientID) })},
	}
	if c.HTTP != nil {
		lists = append(lists, namedList{path: "http.listeners", kind: "listener", names: namesOf(c.HTTP.Listeners, listenerName)})
	}
	if c.Passwords != nil {
		lists = append(lists, namedList{path: "passwords.schemes", kind: "password scheme", names: namesOf(c.Passwords.Schemes, schemeName)})
	}
	if c.UpstreamOAuth2 != nil {
		lists = append(lists, namedList{
			path: "upstream_oauth2.providers", kind: "provider", ordered: "the login page shows them in this order",
			names: namesOf(c.UpstreamOAuth2.Providers, func(_ int, v UpstreamProvider) string { return canonicalULID(v.ID) }),
		})
	}
	return lists
}

func namesOf[T any](list []T, name func(int, T) string) []string {
	names := make([]string, len(list))
	for i, item := range list {
		names[i] = name(i, item)
	}
	return names
}

func listenerName(i int, l Listener) string {
	if l.Name != "" {
		return l.Name
	}
	return fmt.Sprintf("#%d", i+1)
}

func schemeName(_ int, s PasswordScheme) string { return fmt.Sprintf("version %d", s.Version) }

// keyName is the thumbprint of the key, which does not change with its kid or
// encoding; without a key that can be read, what the entry says of it.
func keyName(i int, k SigningKey) string {
	if key, err := keys.Parse(k.Key.Inline, k.Password.Inline); err == nil {
		return key.Kid()
	}
	for _, name := range []string{k.KID, k.Key.File} {
		if name != "" {
			return name
		}
	}
	return fmt.Sprintf("#%d", i+1)
}

// canonicalULID is the id that MAS stores for what the configuration says: upper
// case, and of the first character the lower three bits (MAS 1.22).
func canonicalULID(id maskit.ULID) string {
	const digits = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
	text := strings.ToUpper(string(id))
	if len(text) != 26 {
		return text
	}
	if first := strings.IndexByte(digits, text[0]); first > 7 {
		text = digits[first&7:first&7+1] + text[1:]
	}
	return text
}
