package mas

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/maskit-dev/maskit/internal/live"
)

// TestLiveTemplatesAgree asserts that minijinja refuses the templates that we refuse,
// and no other.
func TestLiveTemplatesAgree(t *testing.T) {
	t.Parallel()
	engine := live.Minijinja(t)
	var renderings []live.Rendering
	cases := templateCases()
	for _, tc := range cases {
		renderings = append(renderings, live.Rendering{Template: tc.template, Context: map[string]any{
			"user": map[string]any{"a": "a@b", "sub": "s", "email": "a@a", "name": "n", "groups": []string{"a"}, "email_verified": true}, "a": 1, "b": 2, "c": []int{1},
		}})
	}
	for i, rendered := range engine.Render(t, renderings) {
		tc := cases[i]
		if tc.masOnly {
			continue
		}
		require.Equal(t, tc.want == "", rendered.Error == "", "%s: we say %q, minijinja says %q", tc.name, tc.want, rendered.Error)
	}
}

// TestLiveNullsAgree asserts that minijinja prints "none" where we say that it prints
// a claim that is null.
func TestLiveNullsAgree(t *testing.T) {
	t.Parallel()
	engine := live.Minijinja(t)
	context := map[string]any{"user": map[string]any{"email": nil, "email_verified": true, "ok": true, "sub": "s"}, "l": ""}
	cases := nullCases()
	templates := slices.Sorted(maps.Keys(cases))
	renderings := make([]live.Rendering, len(templates))
	for i, template := range templates {
		renderings[i] = live.Rendering{Template: template, Context: context}
	}
	for i, rendered := range engine.Render(t, renderings) {
		template := templates[i]
		require.Empty(t, rendered.Error, template)
		require.Equal(t, cases[template], strings.Contains(rendered.Text, "none"), "%s gives %q", template, rendered.Text)
	}
}
