package keycloaktest_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/maskit-dev/maskit/keycloak/keycloaktest"
)

// Every value of every request of the rules is replaced by odd ones: there is an answer
// to each, and it does not come from a panic.
func TestOddValues(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("testdata/rules/*.txt")
	require.NoError(t, err)
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			t.Parallel()
			raw, err := os.ReadFile(file)
			require.NoError(t, err)
			lines := strings.Split(string(raw), "\n")
			for i, line := range lines {
				_, rest, isJSON := strings.Cut(line, " {")
				if !requestLine.MatchString(line) || !isJSON {
					continue
				}
				body, _, _ := strings.Cut("{"+rest, " -> ")
				var value any
				if json.Unmarshal([]byte(body), &value) != nil {
					continue
				}
				s := newFake(t, keycloaktest.Options{})
				require.NoError(t, s.fake.Admin(t.Context(), "POST", "/realms", map[string]any{"realm": s.realm, "enabled": true}, nil))
				talk := conversation{subject: s, names: map[string]string{}}
				talk.hold(t, strings.Join(lines[:i], "\n"))
				before, _, _ := strings.Cut(line, " {")
				for _, odd := range oddities(value) {
					talk.send(t, before+" "+jsonText(odd))
				}
			}
		})
	}
}

// oddities are copies of a value, each with one odd value somewhere in it.
func oddities(value any) []any {
	out := []any{nil, "", "x", true, 1.5, -1, []any{}, []any{nil}, []any{map[string]any{}}, map[string]any{}, map[string]any{"a": nil}, map[string]any{"a": []any{nil}}}
	switch v := value.(type) {
	case map[string]any:
		for key, inner := range v {
			for _, odd := range oddities(inner) {
				other := map[string]any{}
				for k, same := range v {
					other[k] = same
				}
				other[key] = odd
				out = append(out, other)
			}
		}
	case []any:
		for i, inner := range v {
			for _, odd := range oddities(inner) {
				other := append([]any{}, v...)
				other[i] = odd
				out = append(out, other)
			}
		}
	}
	return out
}
