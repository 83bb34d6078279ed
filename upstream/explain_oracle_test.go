package upstream_test

import (
	"encoding/json"
	"errors"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"gopkg.in/yaml.v3"

	"github.com/maskit-dev/maskit/internal/jinja"
	"github.com/maskit-dev/maskit/internal/live"
	"github.com/maskit-dev/maskit/upstream/claims"
)

// emitted are the templates of the goldens of all modules, and those that rules compile to.
func emitted(t *testing.T) []string {
	t.Helper()
	all := map[string]bool{}
	goldens, err := filepath.Glob("*/testdata/*.yaml")
	require.NoError(t, err)
	require.NotEmpty(t, goldens)
	for _, name := range goldens {
		data, err := os.ReadFile(name)
		require.NoError(t, err)
		var document any
		require.NoError(t, yaml.Unmarshal(data, &document))
		collect(document, all)
	}
	for _, rules := range []claims.Rules{
		{},
		{Subject: "id", AccountName: "cognito:username"},
		{Localpart: claims.Localpart{Policy: claims.LocalpartSanitize}},
		{Localpart: claims.Localpart{BeforeAt: true}, Email: claims.Email{Trust: claims.TrustDirectory}},
		{Localpart: claims.Localpart{Policy: claims.LocalpartSanitize, BeforeAt: true, Prefix: "x-"}},
		{Localpart: claims.Localpart{FromEmail: true, Domains: []string{"example.com"}}},
		{Require: claims.Require{Groups: []string{"a", "it's {{ x }} \\"}, Roles: []string{"b"}, Domains: []string{"example.com"}, ACR: []string{"mfa"}}},
	} {
		imports, problems := rules.Imports(claims.StandardSources())
		require.NoError(t, problems.Only(0).Err())
		for _, template := range []string{
			imports.Subject.Template, imports.Localpart.Template, imports.Displayname.Template, imports.Email.Template, imports.AccountName.Template,
		} {
			all[template] = true
		}
	}
	paths, problems := claims.Rules{Require: claims.Require{Groups: []string{"a", "/it's"}}}.Imports(claims.Sources{Groups: claims.From(claims.ShapePaths, "groups")})
	require.NoError(t, problems.Err())
	all[paths.Subject.Template] = true
	return slices.Sorted(maps.Keys(all))
}

func collect(node any, all map[string]bool) {
	switch node := node.(type) {
	case map[string]any:
		for key, value := range node {
			if text, ok := value.(string); ok && key == "template" {
				all[text] = true
			}
			collect(value, all)
		}
	case []any:
		for _, one := range node {
			collect(one, all)
		}
	}
}

// logins vary every claim that a template reads, one at a time. Node reads large
// integers as floats: jinja's own tests have those.
func logins(template string) []map[string]any {
	base := func() map[string]any {
		return map[string]any{
			"sub": "f-1", "id": json.Number("4711"), "preferred_username": "alice", "name": "Alice", "email": "alice@example.com", "email_verified": true,
			"groups": []any{"a", "c"}, "roles": []any{"b"}, "acr": "mfa", "login": "al", "nickname": "ali", "cognito:username": "cu",
			"realm_access": map[string]any{"roles": []any{"b"}}, "oid": "o-1", "tid": "t-1", "xms_edov": true, "hd": "example.com",
		}
	}
	all := []map[string]any{base(), {}}
	values := []any{
		nil, "", "Alice@Example.com", "a b", "müller", "mi\u212ae", "_x", "123", "none", "'\"\\{{", json.Number("7"),
		json.Number("1.5"), true, false,
		[]any{},
		[]any{"a"},
		[]any{nil, json.Number("1"), "b"},
		[]any{"x", "a/b"},
		[]any{"ab", nil},
		[]any{json.Number("1"), []any{"a/"}, true, "a/"},
		map[string]any{"a": nil},
		map[string]any{"roles": nil},
		"a;b",
	}
	for _, key := range slices.Sorted(maps.Keys(base())) {
		if !strings.Contains(template, key) {
			continue
		}
		missing := base()
		delete(missing, key)
		all = append(all, missing)
		for _, value := range values {
			changed := base()
			changed[key] = value
			all = append(all, changed)
		}
	}
	return all
}

// Every template that a module emits renders as MAS renders it, and none is refused.
func TestEmittedTemplatesRenderAsMinijinja(t *testing.T) {
	t.Parallel()
	var cases []live.Rendering
	for _, template := range emitted(t) {
		callbacks := []map[string]any{{}}
		if strings.Contains(template, "extra_callback_parameters") {
			callbacks = append(callbacks, map[string]any{"user": `{"name": {"firstName": "Al", "lastName": null}}`}, map[string]any{"user": "{}"})
		}
		for _, login := range logins(template) {
			for _, callback := range callbacks {
				cases = append(cases, live.Rendering{Template: template, Context: map[string]any{
					"user": login, "id_token_claims": login, "extra_callback_parameters": callback,
				}})
			}
		}
	}
	require.Greater(t, len(cases), 2_000)
	for i, want := range live.Minijinja(t).Render(t, cases) {
		template, err := jinja.Compile(cases[i].Template)
		require.NoError(t, err, cases[i].Template)
		got, err := template.Render(cases[i].Context)
		shown, _ := json.Marshal(cases[i].Context)
		require.False(t, errors.Is(err, jinja.ErrUnsupported), "%s with %s: %v", cases[i].Template, shown, err)
		require.Equal(t, want.Error != "", err != nil, "%s with %s: %v, minijinja %q", cases[i].Template, shown, err, want.Error)
		require.Equal(t, want.Text, got.Text, "%s with %s", cases[i].Template, shown)
	}
	t.Logf("%d cases agree", len(cases))
}
