package sitefile

import (
	"cmp"
	"slices"
	"strings"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/internal/strictyaml"
	"github.com/maskit-dev/maskit/upstream"
	upkc "github.com/maskit-dev/maskit/upstream/keycloak"
	"github.com/maskit-dev/maskit/upstream/oidc"
)

// Parse reads a site file. It reports everything that cannot be read at once; the
// File has what could, and is nil if that is nothing. Whether the values make sense
// is for those to judge who use them.
func Parse(name string, data []byte) (*File, maskit.Problems) {
	root, problems := strictyaml.Load(name, data)
	if root == nil {
		return nil, problems
	}
	file := &File{}
	providers := root.Get("providers")
	positions, more := strictyaml.Decode(without(root, "providers"), file, strictyaml.Options{})
	file.positions = positions
	problems = append(problems, more...)
	problems = append(problems, file.readProviders(providers)...)
	if file.Synapse.SecretPath == "" {
		file.Synapse.SecretPath = DefaultSecretPath
	}
	return file, problems
}

func (f *File) readProviders(list *strictyaml.Node) maskit.Problems {
	if list == nil {
		return nil
	}
	f.positions["providers"] = list.Pos
	if list.Kind != strictyaml.Sequence {
		return maskit.Problems{{
			Path: "providers", Code: "wrong-type", Message: "must be a list, is " + list.Kind.String(),
			Hint: `start each provider with "- kind: keycloak"`, Pos: list.Pos,
		}}
	}
	var problems maskit.Problems
	for i, item := range list.Items {
		problems = append(problems, f.readProvider(strictyaml.ItemPath("providers", i), item)...)
	}
	return problems
}

// readProvider reads one provider; its kind says which type the other keys belong to.
func (f *File) readProvider(path string, item *strictyaml.Node) maskit.Problems {
	f.positions[path] = item.Pos
	problem := func(key, code, message, hint string) maskit.Problems {
		return maskit.Problems{{Path: path + key, Code: code, Message: message, Hint: hint, Pos: item.Pos}}
	}
	if item.Kind != strictyaml.Mapping {
		return problem("", "wrong-type", "must be a mapping, is "+item.Kind.String(), `start it with "- kind: keycloak"`)
	}
	var head struct {
		Kind string `yaml:"kind"`
		Name string `yaml:"name"`
	}
	if _, misread := strictyaml.Decode(only(item, "kind", "name"), &head, strictyaml.Options{}); misread.Err() != nil {
		return Below(path, misread) // without its name the provider would get another id
	}
	kind := head.Kind
	if kind == "" {
		return problem(".kind", "required", "is missing", "one of: "+strings.Join(kinds(), ", "))
	}
	settings := without(item, "kind", "name")
	provider := Provider{Name: cmp.Or(head.Name, kind)}
	if f.has(provider.Name) {
		return problem(".name", "duplicate", "is the name of another provider too", "give each a name of its own: its id is kept under it")
	}
	var positions map[string]maskit.Pos
	var problems maskit.Problems
	switch kind {
	case "keycloak":
		provider.Provider, positions, problems = decode(settings, upkc.Config{})
	case "oidc":
		provider.Provider, positions, problems = decode(settings, oidc.Config{})
	default:
		return problem(".kind", "unknown-kind", "is no kind of provider", "one of: "+strings.Join(kinds(), ", "))
	}
	for p, pos := range positions {
		f.positions[path+"."+p] = pos
	}
	f.Providers = append(f.Providers, provider)
	return Below(path, problems)
}

func (f *File) has(name string) bool {
	return slices.ContainsFunc(f.Providers, func(p Provider) bool { return p.Name == name })
}

func kinds() []string { return []string{"keycloak", "oidc"} }

func decode[P upstream.Provider](settings *strictyaml.Node, config P) (upstream.Provider, map[string]maskit.Pos, maskit.Problems) {
	positions, problems := strictyaml.Decode(settings, &config, strictyaml.Options{})
	return config, positions, problems
}

// Below returns the problems with their paths moved below path.
func Below(path string, problems maskit.Problems) maskit.Problems {
	out := slices.Clone(problems)
	for i := range out {
		out[i].Path = strings.TrimSuffix(path+"."+out[i].Path, ".")
	}
	return out
}

// Position returns where the value at a path of the file stands, or else the nearest one
// around it.
func (f *File) Position(path string) maskit.Pos {
	for path != "" {
		if pos, ok := f.positions[path]; ok {
			return pos
		}
		path = path[:max(strings.LastIndexAny(path, ".["), 0)]
	}
	return maskit.Pos{}
}

// without returns the mapping without some of its keys.
func without(n *strictyaml.Node, keys ...string) *strictyaml.Node {
	out := *n
	out.Fields = slices.DeleteFunc(slices.Clone(n.Fields), func(f strictyaml.Field) bool {
		return slices.Contains(keys, f.Key)
	})
	return &out
}

// only returns the mapping with some of its keys.
func only(n *strictyaml.Node, keys ...string) *strictyaml.Node {
	out := *n
	out.Fields = slices.DeleteFunc(slices.Clone(n.Fields), func(f strictyaml.Field) bool {
		return !slices.Contains(keys, f.Key)
	})
	return &out
}
