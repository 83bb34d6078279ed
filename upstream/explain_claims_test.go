package upstream_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/maskit-dev/maskit/mas"
	"github.com/maskit-dev/maskit/upstream"
)

func TestParseClaims(t *testing.T) {
	t.Parallel()
	got, err := upstream.ParseClaims([]byte(`{"id": 9007199254740993, "f": 1.0, "l": ["a", null, true], "m": {"k": {}}}`))
	require.NoError(t, err)
	require.Equal(t, map[string]any{
		"id": json.Number("9007199254740993"), "f": json.Number("1.0"), "l": []any{"a", nil, true}, "m": map[string]any{"k": map[string]any{}},
	}, got)

	entry := subjectOf("{{ user.id }} {{ user.f }} {{ user.l }}")
	explained, _ := upstream.Explain(entry, upstream.Claims{IDToken: got})
	require.Equal(t, `9007199254740993 1.0 ["a", none, true]`, explained.Subject.Value)

	for name, c := range map[string]struct{ data, message string }{
		"empty":         {"", "unexpected EOF"},
		"list":          {"[1]", "not a JSON object"},
		"two objects":   {"{} {}", "something follows"},
		"same key":      {`{"a": 1, "a": 2}`, `the key "a" stands twice`},
		"same key deep": {`{"x": [{"a": 1, "a": 2}]}`, `the key "a" stands twice`},
		"open":          {`{"a": `, "unexpected EOF"},
		"no JSON":       {`{a: 1}`, "not JSON"},
		"deep":          {strings.Repeat(`{"a":`, 100) + "1" + strings.Repeat("}", 100), "nest more than"},
		"not UTF-8":     {"{\"a\": \"\xff\"}", "UTF-8"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := upstream.ParseClaims([]byte(c.data))
			require.ErrorContains(t, err, "upstream: parse claims: ")
			require.ErrorContains(t, err, c.message)
		})
	}
}

// FuzzParseClaims reads what encoding/json reads, or fails.
func FuzzParseClaims(f *testing.F) {
	for _, seed := range []string{`{"a": [1, {"b": null}]}`, `{"a": 1, "a": 2}`, `{`, `{"a": 1e999}`, `[]`, `{"\ud800": 1}`} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		got, err := upstream.ParseClaims(data)
		if err != nil {
			return
		}
		var want map[string]any
		require.NoError(t, json.Unmarshal(data, &want))
		require.Len(t, got, len(want))
		_, _ = upstream.Explain(upstream.Entry{}, upstream.Claims{IDToken: got})
	})
}

// FuzzExplain follows any template without a panic, in bounded time, and says why it
// predicts nothing.
func FuzzExplain(f *testing.F) {
	for _, seed := range []string{"{{ user.name }}", "{% for a in user %}{{ a }}{% endfor %}", "{{ 'a' * 99999999 }}", "{{ user.a.b }}", "{% if"} {
		f.Add(seed, `{"sub": "a", "name": "b"}`)
	}
	f.Fuzz(func(t *testing.T, template, data string) {
		claims, err := upstream.ParseClaims([]byte(data))
		if err != nil {
			return
		}
		entry := imports(mas.ImportRequire, mas.ImportRequire, mas.ImportForce)
		entry.ClaimsImports.Localpart.Template = template
		entry.ClaimsImports.Email.Template = template
		got, problems := upstream.Explain(entry, upstream.Claims{IDToken: claims})
		require.Equal(t, problems.Err() != nil, got.Outcome == upstream.OutcomeUnknown)
		require.NotEmpty(t, got.String())
	})
}
