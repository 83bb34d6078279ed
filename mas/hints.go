package mas

import (
	"fmt"
	"reflect"
	"strings"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/internal/strictyaml"
)

// explain gives the problems of the decoder the fix that somebody who knows MAS
// would give: for the wrong spellings that circulate in guides, and for keys that
// stand in the wrong place.
func explain(problems maskit.Problems) maskit.Problems {
	var homes map[string][]string // made when the first key needs it
	for i, p := range problems {
		path := generic(p.Path)
		hint := wrongValueHint(path)
		if p.Code == "unknown-key" {
			hint = wrongKeyHint(path)
			if hint == "" && !strings.HasPrefix(p.Hint, "did you mean") {
				if homes == nil {
					homes = keyHomes()
				}
				hint = homeHint(homes[lastKey(path)])
			}
		}
		if hint != "" {
			problems[i].Hint = hint
		}
	}
	return problems
}

// explainFile says what the problems of a file as a whole mean for MAS.
func explainFile(problems maskit.Problems) maskit.Problems {
	for i, p := range problems {
		if p.Code == "byte-order-mark" {
			problems[i].Message += ", with which MAS cannot load it"
		}
	}
	return problems
}

// generic drops the numbers of list items: "clients[0].jwks" gives "clients[].jwks".
func generic(path string) string {
	var b strings.Builder
	inside := false
	for i := range len(path) {
		switch c := path[i]; {
		case c == ']':
			inside = false
			b.WriteByte(c)
		case !inside:
			b.WriteByte(c)
			inside = c == '['
		}
	}
	return b.String()
}

func lastKey(path string) string { return path[strings.LastIndexByte(path, '.')+1:] }

// keyHomes lists, for every key, the paths at which MAS knows it.
func keyHomes() map[string][]string {
	homes := map[string][]string{}
	collectHomes(reflect.TypeFor[Config](), "", homes)
	return homes
}

func collectHomes(t reflect.Type, path string, homes map[string][]string) {
	switch t.Kind() {
	case reflect.Pointer:
		collectHomes(t.Elem(), path, homes)
	case reflect.Slice:
		collectHomes(t.Elem(), path+"[]", homes)
	case reflect.Struct:
		for _, f := range strictyaml.Fields(t) {
			for _, key := range []string{f.Key, f.FileKey} {
				if key != "" {
					homes[key] = append(homes[key], strictyaml.ChildPath(path, key))
				}
			}
			collectHomes(f.Type, strictyaml.ChildPath(path, f.Key), homes)
		}
	}
}

func homeHint(homes []string) string {
	const shown = 3
	switch {
	case len(homes) == 0:
		return ""
	case len(homes) > shown:
		return fmt.Sprintf("belongs elsewhere: %s, …", strings.Join(homes[:shown], ", "))
	}
	return "belongs elsewhere: " + strings.Join(homes, " or ")
}
