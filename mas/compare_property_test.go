package mas

import (
	"reflect"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/internal/strictyaml"
)

// Compare and Equal agree about what a difference is.
func TestCompareFindsWhateverDiffers(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		a := configs().Draw(t, "config")
		b := a.Clone()
		places := settable(reflect.ValueOf(b).Elem(), nil)
		mutate(t, places[rapid.IntRange(0, len(places)-1).Draw(t, "place")])
		comparison := Compare(a, b)
		if a.Equal(b) == comparison.Empty() {
			return
		}
		text, _ := strictyaml.Build(b)
		yaml, _ := strictyaml.Write(text, "")
		t.Fatalf("equal: %v, differences:\n%s\n%s", a.Equal(b), comparison, yaml)
	})
}

// settable lists everything in v that can be changed.
func settable(v reflect.Value, out []reflect.Value) []reflect.Value {
	switch {
	case v.Type() == reflect.TypeFor[maskit.Secret]() || v.Kind() != reflect.Struct && v.Kind() != reflect.Pointer && v.Kind() != reflect.Slice:
		return append(out, v)
	case v.Kind() == reflect.Pointer:
		out = append(out, v)
		if !v.IsNil() {
			out = settable(v.Elem(), out)
		}
	case v.Kind() == reflect.Slice:
		out = append(out, v)
		for i := range v.Len() {
			out = settable(v.Index(i), out)
		}
	default:
		for i := range v.NumField() {
			if v.Type().Field(i).IsExported() {
				out = settable(v.Field(i), out)
			}
		}
	}
	return out
}

func mutate(t *rapid.T, v reflect.Value) {
	switch {
	case v.Type() == reflect.TypeFor[maskit.Secret]():
		v.Set(reflect.ValueOf(drawSecret(t, strictyaml.StructField{Key: "secret"})))
	case v.Kind() == reflect.Pointer && v.IsNil():
		v.Set(reflect.New(v.Type().Elem()))
	case v.Kind() == reflect.Pointer:
		v.SetZero()
	case v.Kind() == reflect.Slice:
		mutateList(t, v)
	case v.Kind() == reflect.Map:
		mutateMap(t, v)
	default:
		drawScalar(t, v, "value")
	}
}

func mutateList(t *rapid.T, v reflect.Value) {
	switch n := v.Len(); rapid.IntRange(0, 3).Draw(t, "how") {
	case 0:
		v.Set(reflect.Append(v, reflect.Zero(v.Type().Elem())))
	case 1:
		v.SetZero()
	case 2:
		v.Set(reflect.MakeSlice(v.Type(), 0, 0))
	case 3:
		if n > 1 {
			first := reflect.New(v.Type().Elem()).Elem()
			first.Set(v.Index(0))
			v.Index(0).Set(v.Index(n - 1))
			v.Index(n - 1).Set(first)
		}
	}
}

func mutateMap(t *rapid.T, v reflect.Value) {
	switch rapid.IntRange(0, 2).Draw(t, "how") {
	case 0:
		v.SetZero()
	case 1:
		v.Set(reflect.MakeMap(v.Type()))
	case 2:
		value := reflect.ValueOf(drawText().Draw(t, "value"))
		if v.Type().Elem().Kind() == reflect.Interface && rapid.Bool().Draw(t, "number") {
			value = reflect.ValueOf(rapid.Int().Draw(t, "number"))
		}
		if v.IsNil() {
			v.Set(reflect.MakeMap(v.Type()))
		}
		v.SetMapIndex(reflect.ValueOf("custom"), value)
	}
}

// A value of another type is another value, even if it prints the same.
func TestCompareTellsTypesApart(t *testing.T) {
	t.Parallel()
	config := func(v any) *Config {
		return &Config{Policy: &Policy{Data: &PolicyData{Custom: map[string]any{"limit": v}}}}
	}
	values := []any{"true", true, "1", 1, nil, "<nil>", "[a b]", []any{"a", "b"}, []any{"a b"}, map[string]any{}, "map[]", uint64(1<<63 + 1), uint64(1<<63 + 3)}
	for i, a := range values {
		for j, b := range values {
			require.Equal(t, i == j, Compare(config(a), config(b)).Empty(), "%#v %#v", a, b)
		}
	}
	require.True(t, Compare(config(1), config(uint8(1))).Empty(), "Go's own types do not count")
}

// What a URL carries beside its address may be a secret.
func TestCompareMasksSecretsInURLs(t *testing.T) {
	t.Parallel()
	cases := map[string]struct{ url, want string }{
		"plain":             {"https://otel.example/v1?", `"https://otel.example/v1?[redacted]"`},
		"no query":          {"https://otel.example/v1", `"https://otel.example/v1"`},
		"query":             {"https://otel.example/v1?token=canary", `"https://otel.example/v1?[redacted]"`},
		"fragment":          {"https://otel.example/#canary", `"https://otel.example/#[redacted]"`},
		"user info":         {"https://me:canary@otel.example/v1", `"https://[redacted]@otel.example/v1"`},
		"both":              {"https://canary@otel.example?canary", `"https://[redacted]@otel.example?[redacted]"`},
		"not quite a URL":   {"https://me:ca/nary@otel.example/v1", "[redacted]"},
		"no URL":            {"who? me@example.com", `"who? me@example.com"`},
		"at sign in a path": {"https://example.com/@me", `"https://example.com/@me"`},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			next := &Config{
				Telemetry: &Telemetry{Tracing: &Tracing{Endpoint: tc.url}},
				Clients:   []Client{{ClientID: testULID, RedirectURIs: []string{tc.url}}},
			}
			text := Compare(&Config{}, next).String()
			require.Contains(t, text, "telemetry.tracing.endpoint: unset → "+tc.want)
			require.NotContains(t, text, "canary")
			require.NotContains(t, text, "nary@")
		})
	}
}
