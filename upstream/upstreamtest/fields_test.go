package upstreamtest

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/mas"
	"github.com/maskit-dev/maskit/upstream"
)

type sample struct {
	Name    string            `yaml:"name"`
	Secret  mas.SecretValue   `yaml:"secret" file:"secret_file"`
	Scopes  []string          `yaml:"scopes"`
	Params  map[string]string `yaml:"params"`
	Nested  struct{ Mode mas.PKCEMethod }
	Pointer *sample
	Count   int
	hidden  string
}

func (sample) Kind() string { return "sample" }

func (sample) Entry(upstream.Env) (upstream.Entry, maskit.Problems) { return upstream.Entry{}, nil }

func newSample() upstream.Provider {
	return sample{Scopes: []string{"openid"}, Params: map[string]string{"a": "b"}, hidden: "kept"}
}

func TestStringFields(t *testing.T) {
	t.Parallel()
	var paths []string
	for _, f := range stringFields(newSample()) {
		paths = append(paths, f.path)
	}
	require.Equal(t, []string{
		"Name", "Secret.Inline", "Secret.File", "Scopes[0]", "Scopes[+]",
		"Params.a", "Params.x-new", "Params.{key}", "Nested.Mode",
	}, paths)
}

func TestWithSetsOneField(t *testing.T) {
	t.Parallel()
	c := Config{New: newSample}
	byPath := map[string]sample{}
	for _, f := range stringFields(newSample()) {
		changed, ok := c.with(f, "new").(sample)
		require.True(t, ok)
		require.Equal(t, "kept", changed.hidden)
		byPath[f.path] = changed
	}
	require.Equal(t, "new", byPath["Name"].Name)
	require.True(t, byPath["Secret.Inline"].Secret.Inline.Equal(maskit.NewSecret("new")))
	require.Equal(t, []string{"openid", "new"}, byPath["Scopes[+]"].Scopes)
	require.Equal(t, map[string]string{"a": "b", "new": "x"}, byPath["Params.{key}"].Params)
	require.Equal(t, mas.PKCEMethod("new"), byPath["Nested.Mode"].Nested.Mode)
	require.Equal(t, []string{"openid"}, byPath["Name"].Scopes)
}

func TestYAMLKeys(t *testing.T) {
	t.Parallel()
	require.Equal(t, map[string]bool{
		"id": true, "name": true, "secret": true, "secret_file": true, "scopes": true, "params": true,
	}, yamlKeys(newSample()))
}
