package mapping_test

import (
	"encoding/json"
	"os/exec"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/maskit-dev/maskit/internal/jinja"
	"github.com/maskit-dev/maskit/internal/live"
	"github.com/maskit-dev/maskit/migrate/internal/mapping"
)

// ask renders templates over claims as Synapse's own mapping does.
const ask = `
import json, sys
from synapse.handlers.oidc import JinjaOidcMappingProvider as Provider
answers = []
for template, user in json.load(sys.stdin):
    try:
        provider = Provider(Provider.parse_config({"subject_template": template}), None)
        answers.append(provider.get_remote_user_id(user))
    except Exception:
        answers.append(None)
json.dump(answers, sys.stdout)
`

type question struct {
	template string
	user     map[string]any
}

func (q question) MarshalJSON() ([]byte, error) { return json.Marshal([]any{q.template, q.user}) }

// Where Synapse fails to render, MAS may do so, too, or refuse the login by an empty text.
func TestTranslationsRenderAsInSynapse(t *testing.T) {
	t.Parallel()
	questions := questions()
	for i, want := range renderBySynapse(t, questions) {
		q := questions[i]
		parsed, err := mapping.Parse(q.template)
		require.NoError(t, err, q.template)
		compiled, err := jinja.Compile("{{ " + string(parsed.Expr()) + " }}")
		require.NoError(t, err, q.template)
		got, err := compiled.Render(jinja.Vars{"user": q.user})
		switch {
		case want == nil && err == nil:
			require.Empty(t, strings.TrimSpace(got.Text), "%s over %v: Synapse fails", q.template, q.user)
		case want != nil:
			require.NoError(t, err, "%s over %v", q.template, q.user)
			require.Equal(t, *want, got.Text, "%s over %v", q.template, q.user)
		}
	}
}

func renderBySynapse(t *testing.T, questions []question) []*string {
	t.Helper()
	data, err := json.Marshal(questions)
	require.NoError(t, err)
	cmd := exec.CommandContext(t.Context(), live.Synapse(t, live.SynapseCurrent).Python, "-c", ask)
	cmd.Stdin = strings.NewReader(string(data))
	output, err := cmd.Output()
	require.NoError(t, err)
	var answers []*string
	require.NoError(t, json.Unmarshal(output, &answers))
	require.Len(t, answers, len(questions))
	return answers
}

// questions are templates that are understood, over claims of all kinds. A claim that is
// no text but goes through a filter is left out: the engines fail differently.
func questions() []question {
	templates := []string{
		"{{ user.a }}", "{{ user['a'] }}", "{{ user.a.b }}", "{{ user['a'][\"b\"] }}", "x{{ user.a }}", "{{ user.a }} {{ user.b }}", " {{ user.a }}\n",
	}
	filtered := []string{
		"{{ user.a | lower }}", "{{ user.a.upper() }}", "{{ user.a | trim }}", "{{ user.a.strip().lower() }}", "{{ user.a | localpart_from_email }}", "{{ user.a | lower }}-{{ user.b }}",
	}
	texts := []any{"", "Alice", "ÄÖ ß", "alice@example.com", "none", "0", "a'b", "{{ x }}", "日本"}
	others := []any{nil, 1, 42, 123456789, map[string]any{"b": "nested"}, map[string]any{"b": nil}, map[string]any{}}
	var all []question
	for _, b := range []any{"Smith", nil} {
		for _, a := range append(texts, others...) {
			for _, template := range templates {
				if _, nested := a.(map[string]any); nested && !strings.Contains(template, "a.b") && !strings.Contains(template, `["b"]`) {
					continue // a whole mapping
				}
				all = append(all, question{template, map[string]any{"a": a, "b": b}})
			}
		}
		for _, a := range texts {
			for _, template := range filtered {
				all = append(all, question{template, map[string]any{"a": a, "b": b}})
			}
		}
	}
	for _, template := range append(templates, filtered...) {
		all = append(all, question{template, map[string]any{}})
	}
	return all
}
