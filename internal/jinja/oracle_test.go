package jinja_test

import (
	"encoding/json"
	"errors"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/maskit-dev/maskit/internal/jinja"
	"github.com/maskit-dev/maskit/internal/live"
)

// absent stands for a variable that is not there at all.
type absent struct{}

func values() []any {
	return []any{
		absent{},
		nil, "", "alice", "Alice@Example.com", "a@b@c", "_abe", "123", "0", "true", "false", " a b\n", "müller жан",
		"İK\u212a", "ΑΣ ΟΔΥΣΣΕΥΣ", "straße ﬁ ŉ", "e\u0301😀", `<b>a&'"</b>`, "a\\b\n\t\u0001\u007f\u200b",
		0, 1, -1, 2, 7, 1.5, -2.5, 0.1, 1e-7, 123456789012, true, false,
		[]any{},
		[]any{"a"},
		[]any{"b", "a", "B", "a"},
		[]any{1, 2, 3},
		[]any{1, "a", nil, true, 1.5},
		[]any{[]any{"a"}, map[string]any{"k": "v"}},
		map[string]any{},
		map[string]any{"k": "v"},
		map[string]any{"k": nil},
		map[string]any{"b": 1, "a": []any{1, map[string]any{"k": "v"}}, "k": map[string]any{"k": 2}},
	}
}

func corpus() []live.Rendering {
	var all []live.Rendering
	add := func(template string) {
		for _, v := range values() {
			vars := map[string]any{"x": v}
			if v == (absent{}) {
				vars = map[string]any{}
			}
			all = append(all, live.Rendering{Template: template, Context: vars})
		}
	}
	for _, e := range expressions() {
		add("{{ " + e + " }}")
	}
	for _, t := range templates() {
		add(t)
	}
	return all
}

// Every case that is not refused gives what minijinja gives: the same text, or an error
// where it has an error.
func TestRendersAsMinijinja(t *testing.T) {
	t.Parallel()
	cases := corpus()
	refused := 0
	for i, want := range live.Minijinja(t).Render(t, cases) {
		got, err := render(cases[i])
		if errors.Is(err, jinja.ErrUnsupported) {
			refused++
			continue
		}
		vars, _ := json.Marshal(cases[i].Context)
		if want.Error != "" {
			require.Error(t, err, "%s with %s: minijinja says %s", cases[i].Template, vars, want.Error)
			continue
		}
		require.NoError(t, err, "%s with %s: minijinja renders %q", cases[i].Template, vars, want.Text)
		require.Equal(t, want.Text, got, "%s with %s", cases[i].Template, vars)
	}
	require.Greater(t, len(cases)-refused, 10_000, "cases that were compared")
	t.Logf("%d cases agree, %d are refused", len(cases)-refused, refused)
}

func render(c live.Rendering) (string, error) {
	template, err := jinja.Compile(c.Template)
	if err != nil {
		return "", err
	}
	out, err := template.Render(c.Context)
	return out.Text, err
}
