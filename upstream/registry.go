package upstream

import (
	"errors"
	"fmt"
	"maps"
	"reflect"
	"regexp"
	"slices"
	"strings"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/internal/strictyaml"
)

// ErrKind is what [Registry.Add] returns for a kind that cannot be added.
var ErrKind = errors.New("upstream: kind cannot be added")

// Registry knows kinds of providers by their names, to read them from files. It is a value:
// the zero value has none, and what is added to a copy is not in the original. Package
// upstream/all has one with every kind of this module.
type Registry struct {
	kinds map[string]func() Provider
}

// Add adds a kind. The function returns a provider with nothing set, a struct or a pointer
// to one whose fields have YAML tags, made anew on every call. The error wraps [ErrKind]: the
// kind is there already, is no kind, or is not what the provider calls itself.
func (r *Registry) Add(kind string, newProvider func() Provider) error {
	switch {
	case newProvider == nil:
		return fmt.Errorf("%w: %s: nothing makes it", ErrKind, kind)
	case !regexp.MustCompile(`^[a-z][a-z0-9-]*$`).MatchString(kind):
		return fmt.Errorf("%w: %.40q is not lower-case letters, digits and dashes", ErrKind, kind)
	case r.kinds[kind] != nil:
		return fmt.Errorf("%w: %s is there already", ErrKind, kind)
	}
	provider := newProvider()
	if v := reflect.ValueOf(provider); !v.IsValid() || v.Kind() == reflect.Pointer && v.IsNil() {
		return fmt.Errorf("%w: %s: what makes it makes nothing", ErrKind, kind)
	}
	if own := provider.Kind(); own != kind {
		return fmt.Errorf("%w: %s calls itself %.40q", ErrKind, kind, own)
	}
	r.kinds = maps.Clone(r.kinds)
	if r.kinds == nil {
		r.kinds = map[string]func() Provider{}
	}
	r.kinds[kind] = newProvider
	return nil
}

// Kinds returns the names of all kinds, sorted.
func (r Registry) Kinds() []string { return slices.Sorted(maps.Keys(r.kinds)) }

// New returns a provider of a kind with nothing set; nil and a problem at the path kind if
// there is no such kind, or none that MAS can use: LinkedIn, SAML and LDAP need a bridge.
func (r Registry) New(kind string) (Provider, maskit.Problems) {
	if newProvider := r.kinds[kind]; newProvider != nil {
		return plain(newProvider()), nil
	}
	if why := bridged(strings.ToLower(kind)); why != "" {
		return nil, maskit.Problems{bridgeProblem(strings.ToLower(kind), why)}
	}
	p := maskit.Problem{Path: "kind", Code: "unknown-kind", Message: "is no kind of provider", Hint: "one of: " + strings.Join(r.Kinds(), ", ")}
	switch meant := strictyaml.Closest(kind, r.Kinds()); {
	case kind == "":
		p.Code, p.Message = "required", "is missing"
	case meant != "":
		p.Hint = fmt.Sprintf("did you mean %q?", meant)
	}
	return nil, maskit.Problems{p}
}

// plain returns what a pointer points to, if that is a provider itself: those who look at
// the type of a provider meet one type, however it was added.
func plain(p Provider) Provider {
	if v := reflect.ValueOf(p); v.Kind() == reflect.Pointer && !v.IsNil() {
		if value, ok := v.Elem().Interface().(Provider); ok {
			return value
		}
	}
	return p
}

// Decode reads a provider from a file in YAML or JSON: a mapping whose key kind names the
// kind, and whose other keys are the settings of that kind. The name is for positions. JSON
// is read as the YAML that it is: the escapes \/ and \ud83d\ude00 (two for one character),
// which YAML does not have, are errors.
//
// It is strict: unknown keys, keys that come twice and values of another type are errors,
// with their position, and all are reported at once. Whether the values make sense says
// [Provider]'s Entry; [File.Locate] adds positions to its problems. The provider is nil if
// the kind is not known.
func (r Registry) Decode(name string, data []byte) (File, maskit.Problems) {
	root, problems := strictyaml.Load(name, data)
	if root == nil {
		return File{}, problems
	}
	var head struct {
		Kind string `yaml:"kind"`
	}
	positions, misread := strictyaml.Decode(root.Only("kind"), &head, strictyaml.Options{})
	problems = append(problems, misread...)
	if misread.Err() != nil {
		return File{}, problems
	}
	empty, unknown := r.New(head.Kind)
	if empty == nil {
		for i := range unknown {
			if unknown[i].Pos = positions["kind"]; unknown[i].Pos.IsZero() {
				unknown[i].Pos = root.Pos
			}
		}
		return File{}, append(problems, unknown...)
	}
	decoded, positions, misread := strictyaml.DecodeCopy(root.Without("kind"), empty, strictyaml.Options{})
	provider, _ := decoded.(Provider) // it is a copy of one
	return File{Provider: provider, positions: positions, root: root.Pos}, append(problems, misread...)
}

// File is a provider that was read from a file.
type File struct {
	Provider Provider

	positions map[string]maskit.Pos
	root      maskit.Pos
}

// Locate returns the problems with where the file has what they are about, or the nearest
// thing around it.
func (f File) Locate(problems maskit.Problems) maskit.Problems {
	out := slices.Clone(problems)
	for i := range out {
		if out[i].Pos.IsZero() {
			out[i].Pos = f.position(out[i].Path)
		}
	}
	return out
}

func (f File) position(path string) maskit.Pos {
	for path != "" {
		if pos, ok := f.positions[path]; ok {
			return pos
		}
		path = path[:max(strings.LastIndexAny(path, ".["), 0)]
	}
	return f.root
}
