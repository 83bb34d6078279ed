package mas

import (
	"encoding/json"
	"go/ast"
	"go/parser"
	gotoken "go/token"
	"maps"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/maskit-dev/maskit/internal/strictyaml"
)

// schemaFile is the JSON schema that MAS 1.22 publishes for its configuration. It is
// not part of this repository.
const schemaFile = "../../shared/facts/mas-config.schema.json"

// schemaNode is what the test needs of a JSON schema of draft 7.
type schemaNode struct {
	Ref         string                 `json:"$ref"`
	Type        any                    `json:"type"`
	Const       any                    `json:"const"`
	Properties  map[string]*schemaNode `json:"properties"`
	Required    []string               `json:"required"`
	Items       *schemaNode            `json:"items"`
	AllOf       []*schemaNode          `json:"allOf"`
	AnyOf       []*schemaNode          `json:"anyOf"`
	OneOf       []*schemaNode          `json:"oneOf"`
	Definitions map[string]*schemaNode `json:"definitions"`
}

// shape is a schema node with its references and alternatives merged.
type shape struct {
	properties map[string]*schemaNode
	required   []string
	values     []string
	items      *schemaNode
	null       bool
}

func loadSchema(t *testing.T) *schemaNode {
	t.Helper()
	data, err := os.ReadFile(schemaFile)
	if err != nil {
		t.Skipf("the schema of MAS is not at hand (%s): the configuration types are not compared with it", filepath.Base(schemaFile))
	}
	root := &schemaNode{}
	require.NoError(t, json.Unmarshal(data, root))
	return root
}

func (s *schemaNode) shape(n *schemaNode) shape {
	out := shape{properties: map[string]*schemaNode{}}
	s.collect(n, &out)
	return out
}

func (s *schemaNode) collect(n *schemaNode, out *shape) {
	if name, ok := strings.CutPrefix(n.Ref, "#/definitions/"); ok {
		s.collect(s.Definitions[name], out)
	}
	if v, ok := n.Const.(string); ok {
		out.values = append(out.values, v)
	}
	switch kinds := n.Type.(type) {
	case string:
		out.null = out.null || kinds == "null"
	case []any:
		out.null = out.null || slices.Contains(kinds, any("null"))
	}
	for key, p := range n.Properties {
		out.property(key, p)
	}
	out.required = append(out.required, n.Required...)
	if n.Items != nil {
		out.items = n.Items
	}
	for _, part := range n.AllOf {
		s.collect(part, out)
	}
	everywhere, alternatives := map[string]int{}, 0
	for _, alternative := range slices.Concat(n.AnyOf, n.OneOf) {
		if alternative.Type != "null" {
			alternatives++
		}
		one := s.shape(alternative)
		for _, key := range one.required {
			everywhere[key]++
		}
		one.required = nil
		out.add(one)
	}
	for key, times := range everywhere {
		if times == alternatives {
			out.required = append(out.required, key)
		}
	}
}

// add merges an alternative into the shape.
func (s *shape) add(one shape) {
	s.values = append(s.values, one.values...)
	s.null = s.null || one.null
	if one.items != nil {
		s.items = one.items
	}
	for key, p := range one.properties {
		s.property(key, p)
	}
}

// property adds a key; one that several alternatives have, such as the tag that tells
// them apart, has the values of all.
func (s *shape) property(key string, p *schemaNode) {
	if known, ok := s.properties[key]; ok {
		p = &schemaNode{OneOf: []*schemaNode{known, p}}
	}
	s.properties[key] = p
}

// schemaExceptions are the keys that the types have and the schema has not, or the other
// way round, and why.
func schemaExceptions() map[string]string {
	return map[string]string{
		"branding.logo_uri": "removed in MAS 1.21; older versions know it",
	}
}

// opaque are the paths below which the types are free-form or stricter than the schema.
func opaque() map[string]string {
	return map[string]string{
		"clients[].jwks": "a JWK Set, checked by Validate",
		"policy.data":    "anything in the schema, what the policy of MAS reads in the types",
	}
}

// valueExceptions are the values of the schema that the types lack, and why.
func valueExceptions() map[string]string {
	return map[string]string{
		"none": "as an algorithm: an unsigned token must not be accepted",
	}
}

func TestTypesAgreeWithTheSchema(t *testing.T) {
	t.Parallel()
	root := loadSchema(t)
	c := schemaComparison{root: root, docs: fieldDocs(t)}
	c.structs(reflect.TypeFor[Config](), root, "")
	require.Empty(t, c.differences)
}

type schemaComparison struct {
	root        *schemaNode
	docs        map[string]string // by "Type.Field"
	differences []string
}

func (c *schemaComparison) differ(path, what string) {
	c.differences = append(c.differences, path+": "+what)
}

func (c *schemaComparison) structs(t reflect.Type, n *schemaNode, path string) {
	want := c.root.shape(n)
	left := maps.Clone(want.properties)
	for _, f := range strictyaml.Fields(t) {
		for _, key := range []string{f.Key, f.FileKey} {
			at := strictyaml.ChildPath(path, key)
			if key == "" {
				continue
			}
			p, ok := left[key]
			delete(left, key)
			switch {
			case schemaExceptions()[at] != "":
			case !ok:
				c.differ(at, "is in the types and not in the schema")
			default:
				c.field(f, key, p, at)
				c.isRequired(t, f, slices.Contains(want.required, key), at)
			}
		}
	}
	for key := range left {
		c.differ(strictyaml.ChildPath(path, key), "is in the schema and not in the types")
	}
}

func (c *schemaComparison) field(f strictyaml.StructField, key string, n *schemaNode, path string) {
	want := c.root.shape(n)
	if want.null != f.NullIsAbsent() {
		c.differ(path, `the tag null:"absent" does not say what the schema says`)
	}
	if opaque()[path] != "" || key == f.FileKey {
		return
	}
	c.value(f.Type, n, path)
}

func (c *schemaComparison) value(t reflect.Type, n *schemaNode, path string) {
	want := c.root.shape(n)
	switch {
	case t.Kind() == reflect.Pointer:
		c.value(t.Elem(), n, path)
	case strictyaml.IsOptional(t):
		c.value(t.Field(0).Type, n, path)
	case t.Kind() == reflect.Slice:
		if want.items == nil {
			c.differ(path, "is a list in the types only")
			return
		}
		c.value(t.Elem(), want.items, path+"[]")
	case len(strictyaml.Fields(t)) > 0:
		c.structs(t, n, path)
	case len(want.properties) > 0:
		c.differ(path, "is a mapping in the schema only")
	default:
		c.values(enumValues(t), want.values, path)
	}
}

func (c *schemaComparison) values(have, want []string, path string) {
	for _, v := range want {
		if !slices.Contains(have, v) && valueExceptions()[v] == "" {
			c.differ(path, "lacks the value "+v)
		}
	}
	for _, v := range have {
		// sign_in_with_apple is for providers only, though both kinds of client share the type.
		if !slices.Contains(want, v) && !(path == "clients[].client_auth_method" && v == string(AuthSignInWithApple)) {
			c.differ(path, "has the value "+v+", which the schema lacks")
		}
	}
}

// isRequired compares what the schema requires with what the comment of the field says.
func (c *schemaComparison) isRequired(t reflect.Type, f strictyaml.StructField, required bool, path string) {
	doc := c.docs[t.Name()+"."+t.FieldByIndex(f.Index).Name]
	says := regexp.MustCompile(`\bRequired\b|[Aa]t least one`).MatchString(doc)
	if required && !says {
		c.differ(path, "is required, and the comment of "+t.Name()+"."+t.FieldByIndex(f.Index).Name+" does not say so")
	}
	pair := f.FileKey != "" // one of the two is required, which the schema cannot say
	if !required && !pair && regexp.MustCompile(`\bRequired\.`).MatchString(doc) {
		c.differ(path, "is not required, and the comment says that it is")
	}
}

// fieldDocs returns the comments of all struct fields of the package.
func fieldDocs(t *testing.T) map[string]string {
	t.Helper()
	docs := map[string]string{}
	files, err := filepath.Glob("*.go")
	require.NoError(t, err)
	for _, name := range files {
		file, err := parser.ParseFile(gotoken.NewFileSet(), name, nil, parser.ParseComments)
		require.NoError(t, err)
		ast.Inspect(file, func(n ast.Node) bool {
			spec, ok := n.(*ast.TypeSpec)
			if !ok {
				return true
			}
			if s, ok := spec.Type.(*ast.StructType); ok {
				for _, f := range s.Fields.List {
					for _, id := range f.Names {
						docs[spec.Name.Name+"."+id.Name] = strings.Join(strings.Fields(f.Doc.Text()), " ")
					}
				}
			}
			return true
		})
	}
	return docs
}

func TestTagsOfTheTypes(t *testing.T) {
	t.Parallel()
	version := regexp.MustCompile(`^(0|1)\.\d{1,2}$`)
	docs := fieldDocs(t)
	var check func(reflect.Type)
	seen := map[reflect.Type]bool{}
	check = func(typ reflect.Type) {
		for typ.Kind() == reflect.Pointer || typ.Kind() == reflect.Slice {
			typ = typ.Elem()
		}
		if typ.Kind() != reflect.Struct || seen[typ] {
			return
		}
		seen[typ] = true
		for _, f := range strictyaml.Fields(typ) {
			name := typ.Name() + "." + typ.FieldByIndex(f.Index).Name
			for _, tag := range []string{"since", "until", "filesince"} {
				if v := f.Tag.Get(tag); v != "" {
					require.Regexp(t, version, v, name)
				}
			}
			require.Contains(t, []trimming{trimNone, trimSpace, trimPEM}, trimmingOf(f), name)
			require.NotEmpty(t, docs[name], "%s has no comment", name)
			check(f.Type)
		}
	}
	check(reflect.TypeFor[Config]())
	require.True(t, seen[reflect.TypeFor[SigningKey]()])
}
