package mas

import (
	"fmt"
	"reflect"
	"strings"

	"pgregory.net/rapid"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/internal/strictyaml"
)

// configs draws configurations of any shape: every key may be there or not, strings
// are such as YAML readers like to misread, secrets are inline. Nothing refers to
// files, since they would have to exist.
func configs() *rapid.Generator[*Config] {
	return rapid.Custom(func(t *rapid.T) *Config {
		c := &Config{}
		drawStruct(t, reflect.ValueOf(c).Elem(), "")
		c.Secrets.KeysDir = ""
		distinct(c)
		return c
	})
}

// distinct makes the ids of list items distinct, as they are in any valid configuration.
func distinct(c *Config) {
	if c.Passwords != nil {
		for i := range c.Passwords.Schemes {
			c.Passwords.Schemes[i].Version = uint16(i + 1)
		}
	}
}

func drawStruct(t *rapid.T, v reflect.Value, path string) {
	for _, f := range strictyaml.Fields(v.Type()) {
		at := strictyaml.ChildPath(path, f.Key)
		switch {
		case f.Inline:
			if rapid.IntRange(0, 4).Draw(t, at) == 0 {
				v.FieldByIndex(f.Index).Set(reflect.ValueOf(map[string]any{"custom": drawFree(t, 2)}))
			}
		case rapid.IntRange(0, 2).Draw(t, at) > 0:
			drawValue(t, v.FieldByIndex(f.Index), f, at)
		}
	}
}

func drawValue(t *rapid.T, v reflect.Value, f strictyaml.StructField, at string) {
	switch out := v.Addr().Interface().(type) {
	case *SecretValue:
		out.Inline = drawSecret(t, f)
		return
	case *TextValue:
		out.Inline = drawText().Draw(t, at)
		return
	case *maskit.Secret:
		*out = drawSecret(t, f)
		return
	case *map[string]any:
		*out = map[string]any{"keys": drawFree(t, 2)}
		return
	}
	switch {
	case v.Kind() == reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		drawValue(t, v.Elem(), f, at)
	case strictyaml.IsOptional(v.Type()):
		v.Field(1).SetBool(true)
		drawValue(t, v.Field(0), f, at)
	case v.Kind() == reflect.Struct:
		drawStruct(t, v, at)
	case v.Kind() == reflect.Slice:
		n := rapid.IntRange(0, 2).Draw(t, at)
		v.Set(reflect.MakeSlice(v.Type(), n, n))
		for i := range n {
			drawValue(t, v.Index(i), f, at)
		}
	case v.Kind() == reflect.Map:
		v.Set(reflect.ValueOf(rapid.MapOfN(drawText(), drawText(), 0, 2).Draw(t, at)))
	default:
		drawScalar(t, v, at)
	}
}

func drawScalar(t *rapid.T, v reflect.Value, at string) {
	switch v.Kind() {
	case reflect.Bool:
		v.SetBool(rapid.Bool().Draw(t, at))
	case reflect.String:
		switch values := enumValues(v.Type()); {
		case values != nil:
			v.SetString(rapid.SampledFrom(values).Draw(t, at))
		case v.Type() == reflect.TypeFor[maskit.ULID]():
			v.SetString(rapid.StringMatching(`[0-7][0-9A-HJKMNP-TV-Z]{25}`).Draw(t, at))
		default:
			v.SetString(drawText().Draw(t, at))
		}
	case reflect.Float64:
		v.SetFloat(rapid.Float64Range(0, 1e6).Draw(t, at))
	default:
		v.SetUint(rapid.Uint64Range(0, 1<<v.Type().Bits()-1).Draw(t, at))
	}
}

func drawText() *rapid.Generator[string] {
	return rapid.OneOf(
		rapid.StringMatching(`[a-z./:-]{1,12}`),
		rapid.SampledFrom([]string{
			"on", "yes", "null", "~", "true", "0123", "1e3", "0x1F", "01JSHPZHAXC50QBKH67MH33TNF", "00000e12", "- a", "a: b", "a #b", "#", " lead", "trail ", "{{ user.sub }}",
			"two\nlines", "two\nlines\n", "\n", "\t", "ünïcode", "日本", "\u2028", "\x00", "'", `"`, `\`, "!x", "*x", "&x", "%", "@", "`", "|", ">", "<<", "=", "12:30", "deadbeef", "[]", "{}",
		}),
		rapid.String(),
	)
}

func drawSecret(t *rapid.T, f strictyaml.StructField) maskit.Secret {
	text := drawText().Draw(t, f.Key)
	if trimmingOf(f) == trimPEM && rapid.Bool().Draw(t, "pem") {
		text = "-----BEGIN PRIVATE KEY-----\n" + strings.Repeat("QUJD\n", 3) + "-----END PRIVATE KEY-----\n"
	}
	return maskit.NewSecret(text)
}

func drawFree(t *rapid.T, depth int) any {
	kinds := 5
	if depth > 0 {
		kinds = 7
	}
	switch rapid.IntRange(0, kinds-1).Draw(t, "kind") {
	case 0:
		return nil
	case 1:
		return rapid.Bool().Draw(t, "bool")
	case 2:
		return rapid.Int64().Draw(t, "int")
	case 3:
		return rapid.Float64Range(-1e20, 1e20).Draw(t, "float")
	case 4:
		return drawText().Draw(t, "text")
	case 5:
		return []any{drawFree(t, depth-1), drawFree(t, depth-1)}
	}
	return map[string]any{fmt.Sprint("k", rapid.IntRange(0, 9).Draw(t, "key")): drawFree(t, depth-1)}
}
