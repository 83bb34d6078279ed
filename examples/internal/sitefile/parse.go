package sitefile

import (
	"cmp"
	"slices"
	"strings"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/internal/strictyaml"
	"github.com/maskit-dev/maskit/upstream"
	"github.com/maskit-dev/maskit/upstream/all"
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
	positions, more := strictyaml.Decode(root.Without("providers"), file, strictyaml.Options{})
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
	if _, misread := strictyaml.Decode(item.Only("kind", "name"), &head, strictyaml.Options{}); misread.Err() != nil {
		return Below(path, misread) // without its name the provider would get another id
	}
	empty, unknown := all.Registry().New(head.Kind)
	if empty == nil {
		return Below(path, at(item.Pos, unknown))
	}
	provider := Provider{Name: cmp.Or(head.Name, head.Kind)}
	if f.has(provider.Name) {
		return problem(".name", "duplicate", "is the name of another provider too", "give each a name of its own: its id is kept under it")
	}
	decoded, positions, problems := strictyaml.DecodeCopy(item.Without("kind", "name"), empty, strictyaml.Options{})
	provider.Provider, _ = decoded.(upstream.Provider) // it is a copy of one
	for p, pos := range positions {
		f.positions[path+"."+p] = pos
	}
	f.Providers = append(f.Providers, provider)
	return Below(path, problems)
}

func (f *File) has(name string) bool {
	return slices.ContainsFunc(f.Providers, func(p Provider) bool { return p.Name == name })
}

// at sets the position of problems that have none.
func at(pos maskit.Pos, problems maskit.Problems) maskit.Problems {
	for i := range problems {
		problems[i].Pos = pos
	}
	return problems
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
