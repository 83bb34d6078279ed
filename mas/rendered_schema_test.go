package mas

import (
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/stretchr/testify/require"
	"gopkg.in/yaml.v3"
	"pgregory.net/rapid"
)

// compileSchema compiles the schema of MAS. With loosen, keys are dropped from it
// first, at every level.
func compileSchema(t *testing.T, loosen ...string) *jsonschema.Schema {
	t.Helper()
	data, err := os.ReadFile(schemaFile)
	if err != nil {
		t.Skipf("the schema of MAS is not at hand (%s): rendered files are not checked by it", filepath.Base(schemaFile))
	}
	var document any
	require.NoError(t, json.Unmarshal(data, &document))
	drop(document, loosen)
	compiler := jsonschema.NewCompiler()
	require.NoError(t, compiler.AddResource("mas.json", document))
	schema, err := compiler.Compile("mas.json")
	require.NoError(t, err)
	return schema
}

func drop(v any, keys []string) {
	switch v := v.(type) {
	case map[string]any:
		for _, key := range keys {
			delete(v, key)
		}
		for _, child := range v {
			drop(child, keys)
		}
	case []any:
		for _, child := range v {
			drop(child, keys)
		}
	}
}

// merged is what yaml.v3, another reader than ours, makes of the configuration files.
func merged(t require.TestingT, out Rendered) any {
	var all any = map[string]any{}
	for i := range out.ConfigFiles {
		var one map[string]any
		require.NoError(t, yaml.Unmarshal(out.Files[i].Data(), &one))
		all = mergeAny(all, one)
	}
	return all
}

func mergeAny(a, b any) any {
	x, okX := a.(map[string]any)
	y, okY := b.(map[string]any)
	if !okX || !okY {
		return b
	}
	for key, v := range y {
		if known, ok := x[key]; ok {
			v = mergeAny(known, v)
		}
		x[key] = v
	}
	return x
}

func TestBundleIsValidByTheSchema(t *testing.T) {
	t.Parallel()
	schema := compileSchema(t)
	for _, layout := range []Layout{LayoutSingle, LayoutSplit} {
		out, problems := Render(bundle(), RenderOptions{Layout: layout})
		require.Empty(t, problems)
		require.NoError(t, schema.Validate(merged(t, out)))
	}
}

// Whatever the configuration holds, the rendered files have the types that the schema
// asks for. Ranges, formats and required keys are for Validate.
func TestRenderedTypesAreThoseOfTheSchema(t *testing.T) {
	t.Parallel()
	schema := compileSchema(t, "format", "pattern", "minimum", "maximum", "required")
	rapid.Check(t, func(t *rapid.T) {
		c := configs().Draw(t, "config")
		suitSchema(c)
		out, problems := Render(c, RenderOptions{Layout: rapid.SampledFrom([]Layout{LayoutSingle, LayoutSplit}).Draw(t, "layout")})
		require.Empty(t, problems)
		require.NoError(t, schema.Validate(merged(t, out)))
	})
}

// suitSchema drops what the types allow and the schema, cut down as it is, does not.
func suitSchema(c *Config) {
	for i := range c.Clients {
		c.Clients[i].JWKS = nil
		if c.Clients[i].ClientAuthMethod == AuthSignInWithApple {
			c.Clients[i].ClientAuthMethod = ""
		}
	}
	if c.Branding != nil {
		c.Branding.LogoURI = ""
	}
	if c.HTTP == nil {
		return
	}
	for i := range c.HTTP.Listeners {
		for j := range c.HTTP.Listeners[i].Resources {
			c.HTTP.Listeners[i].Resources[j].Name = ResourceHealth // exactly one alternative must fit
		}
	}
}
