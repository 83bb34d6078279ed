package strictyaml_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/internal/strictyaml"
)

type secretPair struct {
	Inline maskit.Secret
	File   string
}

type clientKeys struct {
	ID     string     `yaml:"client_id"`
	Secret secretPair `yaml:"client_secret" file:"client_secret_file"`
}

type module struct {
	Tenant string     `yaml:"tenant"`
	Client clientKeys `yaml:",inline"`
	Scopes []string   `yaml:"scopes"`
	NoKey  string     `yaml:"-"`
}

// The keys of an inlined struct stand among the others: read, written and suggested.
func TestInlineStruct(t *testing.T) {
	t.Parallel()
	const text = "tenant: red\nclient_id: matrix\nclient_secret_file: /run/secret\nscopes:\n  - openid\n"
	node, problems := strictyaml.Load("f", []byte(text))
	require.Empty(t, problems)
	var v module
	positions, problems := strictyaml.Decode(node, &v, strictyaml.Options{})
	require.Empty(t, problems)
	require.Equal(t, module{Tenant: "red", Client: clientKeys{ID: "matrix", Secret: secretPair{File: "/run/secret"}}, Scopes: []string{"openid"}}, v)
	require.Equal(t, maskit.Pos{File: "f", Line: 2, Column: 1}, positions["client_id"])

	written, err := strictyaml.Encode(v)
	require.NoError(t, err)
	require.Equal(t, text, string(written))

	node, _ = strictyaml.Load("f", []byte("client_di: x\nclient: y\n-: z\n"))
	_, problems = strictyaml.Decode(node, &v, strictyaml.Options{})
	require.Len(t, problems, 3)
	require.Equal(t, `did you mean "client_id"?`, problems[0].Hint)
	require.Equal(t, "unknown-key", problems[2].Code)
}

func TestDecodeCopy(t *testing.T) {
	t.Parallel()
	node, _ := strictyaml.Load("f", []byte("client_id: matrix\n"))
	empty := module{Tenant: "kept"}
	got, _, problems := strictyaml.DecodeCopy(node, empty, strictyaml.Options{})
	require.Empty(t, problems)
	require.Equal(t, module{Tenant: "kept", Client: clientKeys{ID: "matrix"}}, got)
	require.Empty(t, empty.Client.ID)

	target := &module{}
	got, _, _ = strictyaml.DecodeCopy(node, target, strictyaml.Options{})
	require.Same(t, target, got)
	require.Equal(t, "matrix", target.Client.ID)
}

func TestOnlyAndWithout(t *testing.T) {
	t.Parallel()
	node, _ := strictyaml.Load("f", []byte("a: 1\nb: 2\nc: 3\n"))
	keys := func(n *strictyaml.Node) []string {
		var out []string
		for _, f := range n.Fields {
			out = append(out, f.Key)
		}
		return out
	}
	require.Equal(t, []string{"a", "c"}, keys(node.Only("c", "a")))
	require.Equal(t, []string{"b"}, keys(node.Without("a", "c")))
	require.Equal(t, []string{"a", "b", "c"}, keys(node))
}
