package upstream_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/upstream"
	"github.com/maskit-dev/maskit/upstream/oidc"
	"github.com/maskit-dev/maskit/upstream/upstreamtest"
)

func newACME() upstream.Provider { return new(acme) }

func registry(t *testing.T) upstream.Registry {
	t.Helper()
	var r upstream.Registry
	require.NoError(t, r.Add("acme", newACME))
	require.NoError(t, r.Add("oidc", func() upstream.Provider { return oidc.Config{} }))
	return r
}

func TestRegistryIsAValue(t *testing.T) {
	t.Parallel()
	var empty upstream.Registry
	require.Empty(t, empty.Kinds())
	_, problems := empty.New("acme")
	require.Error(t, problems.Err())

	original := registry(t)
	smaller := upstream.Registry{}
	require.NoError(t, smaller.Add("acme", newACME))
	larger := smaller
	require.NoError(t, larger.Add("oidc", func() upstream.Provider { return oidc.Config{} }))
	require.Equal(t, []string{"acme"}, smaller.Kinds(), "a copy is another registry")
	require.Equal(t, original.Kinds(), larger.Kinds())
}

func TestRegistryAddRefuses(t *testing.T) {
	t.Parallel()
	r := registry(t)
	for name, c := range map[string]struct {
		kind string
		make func() upstream.Provider
	}{
		"a kind twice":       {"acme", newACME},
		"another name":       {"acme2", newACME},
		"nothing":            {"none", nil},
		"a nil":              {"none", func() upstream.Provider { return nil }},
		"a nil pointer":      {"none", func() upstream.Provider { return (*acme)(nil) }},
		"a name in capitals": {"ACME", newACME},
		"no name":            {"", newACME},
	} {
		require.ErrorIs(t, r.Add(c.kind, c.make), upstream.ErrKind, name)
	}
	require.Equal(t, []string{"acme", "oidc"}, r.Kinds())
}

func TestDecode(t *testing.T) {
	t.Parallel()
	const good = "kind: acme\ntenant: red\nclient_id: matrix\nclient_secret_file: /run/secret\n"
	for name, c := range map[string]struct {
		data string
		want []string // path, position and code of each problem
		ok   bool
	}{
		"YAML":             {good, nil, true},
		"JSON":             {`{"kind": "acme", "tenant": "red", "client_id": "matrix"}`, nil, true},
		"unknown key":      {good + "teannt: x\n", []string{"teannt f:5:1 unknown-key"}, true},
		"key twice":        {good + "tenant: x\n", []string{"tenant f:5:1 duplicate-key"}, true},
		"wrong type":       {"kind: acme\ntenant: [x]\nscopes: openid\n", []string{"tenant f:2:1 wrong-type", "scopes f:3:1 wrong-type"}, true},
		"no kind":          {"tenant: red\n", []string{"kind f:1:1 required"}, false},
		"kind of number":   {"kind: 1\n", []string{"kind f:1:1 wrong-type"}, false},
		"misspelt kind":    {"kind: acmee\n", []string{"kind f:1:1 unknown-kind"}, false},
		"unknown kind":     {"kind: zzzzzzzz\n", []string{"kind f:1:1 unknown-kind"}, false},
		"LinkedIn":         {"\nkind: linkedin\nclient_id: x\n", []string{"kind f:2:1 needs-bridge"}, false},
		"SAML":             {"kind: SAML\n", []string{"kind f:1:1 needs-bridge"}, false},
		"LDAP":             {"kind: ldap\n", []string{"kind f:1:1 needs-bridge"}, false},
		"kind twice":       {"kind: oidc\nkind: acme\n", []string{"kind f:2:1 duplicate-key"}, true},
		"kind of null":     {"kind:\n", []string{"kind f:1:1 null-value"}, false},
		"kind by alias":    {"tenant: &a acme\nkind: *a\n", nil, true},
		"merge key":        {"kind: acme\n<<: {tenant: red}\n", []string{`"<<" f:2:1 merge-key`}, true},
		"alias of a list":  {"kind: oidc\nscopes: &s [openid]\nclaims:\n  require:\n    groups: *s\n    rolls: *s\n", []string{"claims.require.rolls f:6:5 unknown-key"}, true},
		"tag":              {"kind: acme\ntenant: !!binary cmVk\n", []string{"tenant f:2:9 yaml-tag"}, true},
		"empty section":    {"kind: oidc\nclaims:\n", []string{"claims f:2:1 null-section"}, true},
		"secret of a list": {"kind: acme\nclient_secret: [canary]\n", []string{"client_secret f:2:1 wrong-type"}, true},
		"JSON with tabs":   {"{\n\t\"kind\": \"acme\",\n\t\"tenant\": 7\n}", []string{"tenant f:3:2 wrong-type"}, true},
		"escape of JSON":   {`{"kind": "acme", "tenant": "\/"}`, []string{" f:1 yaml-syntax"}, false},
		"too large":        {"kind: acme\n#" + strings.Repeat("x", 1<<20), []string{" f too-large"}, false},
		"too deep":         {"kind: acme\ntenant: " + strings.Repeat("[", 200) + strings.Repeat("]", 200), []string{"tenant" + strings.Repeat("[0]", 127) + " f:2:136 too-deep"}, false},
		"no mapping":       {"- acme\n", []string{" f:1:1 not-a-mapping"}, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			file, problems := registry(t).Decode("f", []byte(c.data))
			var got []string
			for _, p := range problems {
				require.NotEmpty(t, p.Message)
				require.NotContains(t, p.String(), "canary")
				got = append(got, p.Path+" "+p.Pos.String()+" "+p.Code)
			}
			require.Equal(t, c.want, got)
			require.Equal(t, c.ok, file.Provider != nil)
		})
	}
}

// A provider is of its own type, whether a value or a pointer was added.
func TestDecodeGivesValues(t *testing.T) {
	t.Parallel()
	for data, want := range map[string]upstream.Provider{
		"kind: acme\ntenant: red\n":                 acme{Tenant: "red"},
		"kind: oidc\nissuer: https://example.com\n": oidc.Config{Issuer: "https://example.com"},
	} {
		file, problems := registry(t).Decode("f", []byte(data))
		require.Empty(t, problems)
		require.IsType(t, want, file.Provider)
		require.Equal(t, want.Kind(), file.Provider.Kind())
	}
	empty, problems := registry(t).New("acme")
	require.Empty(t, problems)
	require.Empty(t, empty.(acme).Tenant, "what one file said is not in the next")
}

func TestLocate(t *testing.T) {
	t.Parallel()
	file, problems := registry(t).Decode("sso.yaml", []byte("kind: acme\nclient_id: matrix\nclaims:\n"))
	require.Error(t, problems.Err(), "acme has no claims")
	_, problems = file.Provider.Entry(upstreamtest.Env())
	located := file.Locate(append(problems, maskit.Problem{Path: "client_id.deeper[0]"}))
	require.Equal(t, maskit.Pos{File: "sso.yaml", Line: 2, Column: 1}, located[len(located)-1].Pos)
	require.Equal(t, "tenant", located[0].Path)
	require.Equal(t, maskit.Pos{File: "sso.yaml", Line: 1, Column: 1}, located[0].Pos, "what is missing is missing in the file")
	require.True(t, problems[0].Pos.IsZero(), "the caller's problems stay")
}

// Nothing that a file holds makes it panic or gives a provider of another kind, and no
// problem quotes a value, which may be a secret.
func FuzzDecode(f *testing.F) {
	f.Add([]byte("kind: acme\ntenant: red\nclient_secret: canary\n"))
	f.Add([]byte(`{"kind": "oidc", "claims": {"require": {"groups": ["a"]}}, "acknowledge": [{"code": "x"}]}`))
	f.Add([]byte("kind: [acme]\n"))
	f.Add([]byte("kind: &k oidc\nhuman_name: *k\n<<: {kind: acme}\nclaims: !!map {subject: email}\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		var r upstream.Registry
		require.NoError(t, r.Add("acme", newACME))
		require.NoError(t, r.Add("oidc", func() upstream.Provider { return oidc.Config{} }))
		file, problems := r.Decode("f", data)
		if file.Provider == nil {
			require.Error(t, problems.Err())
			return
		}
		require.Contains(t, r.Kinds(), file.Provider.Kind())
		_, more := file.Provider.Entry(upstreamtest.Env())
		for _, p := range file.Locate(more) {
			require.False(t, p.Pos.IsZero(), "%s", p.Path)
		}
	})
}
