package keycloak

import (
	"encoding/json"
	"maps"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/maskit-dev/maskit"
)

func TestFieldSatisfied(t *testing.T) {
	t.Parallel()
	list := func(v ...any) []any { return append([]any{}, v...) }
	for name, c := range map[string]struct {
		field field
		have  any
		want  bool
	}{
		"equal":                     {field{want: "a"}, "a", true},
		"other":                     {field{want: "a"}, "b", false},
		"other case":                {field{want: "a"}, "A", false},
		"absent":                    {field{want: "a"}, nil, false},
		"empty and absent":          {field{want: ""}, nil, true},
		"false and absent":          {field{want: false}, nil, true},
		"false and true":            {field{want: false}, true, false},
		"zero and absent":           {field{want: 0}, nil, true},
		"unset and something":       {field{want: nil}, "x", false},
		"number":                    {field{want: Seconds(5)}, json.Number("5"), true},
		"other number":              {field{want: 5}, json.Number("6"), false},
		"text is no number":         {field{want: 5}, "5", false},
		"mask":                      {field{want: maskit.NewSecret("a")}, mask, true},
		"mask in a list":            {field{want: []string{"a"}}, list(mask), true},
		"secret":                    {field{want: maskit.NewSecret("a")}, "a", true},
		"other secret":              {field{want: maskit.NewSecret("a")}, "b", false},
		"order matters":             {field{want: []string{"a", "b"}}, list("b", "a"), false},
		"order does not":            {field{want: []string{"a", "b"}, set: true}, list("b", "a"), true},
		"a longer list":             {field{want: []string{"a"}, set: true}, list("a", "b"), false},
		"empty list":                {field{want: []string{}, set: true}, nil, true},
		"another value that serves": {field{want: "false", fine: []any{""}}, nil, true},
		"map":                       {field{want: map[string]any{"a": 1}}, map[string]any{"a": json.Number("1")}, true},
		"policy":                    {field{want: "length(8) and notUsername(undefined)", same: samePolicy}, "notUsername and length(8)", true},
	} {
		require.Equal(t, c.want, c.field.satisfied(c.have), name)
	}
}

func TestUnsetByTheRuleOfTheKind(t *testing.T) {
	t.Parallel()
	raw := map[string]any{"id": "x", "m": map[string]any{"a": "1", "b": "2"}, "top": "x", "gone": "x", "secret": mask}
	for how, want := range map[unset]map[string]any{
		unsetByAbsence: {"b": "2"}, unsetByEmptyString: {"a": "", "b": "2"}, unsetByEmptyList: {"a": []any{}, "b": "2"},
	} {
		d := document{
			rule:   rule{kind: "x", omit: []string{"gone"}, always: map[string]any{"w": []any{}}, needs: []string{"id"}, unset: map[string]unset{"m": how}},
			fields: []field{{path: []string{"m", "a"}, want: ""}, {path: []string{"top"}, want: ""}},
		}
		body, err := d.merged(raw)
		require.NoError(t, err)
		require.Equal(t, map[string]any{"id": "x", "m": want, "top": "", "w": []any{}}, body)
	}
	masked := map[string]any{"m": map[string]any{"a": mask, "b": "2"}}
	body, err := document{rule: rule{unset: map[string]unset{"m": unsetByEmptyString}}}.merged(masked)
	require.NoError(t, err)
	require.Equal(t, map[string]any{"m": map[string]any{"b": "2"}}, body, "a mask is not sent where it would be stored")
	body, err = document{rule: rule{unset: map[string]unset{"m": unsetByAbsence}}}.merged(masked)
	require.NoError(t, err)
	require.Equal(t, masked, body, "nor left out where that would delete it")
	_, err = document{rule: rule{needs: []string{"name"}}}.merged(raw)
	require.ErrorContains(t, err, `the server shows no "name"`)
}

// Whatever a document holds, what is sent back holds all of it but the owned fields,
// and these as they are wanted: a second look finds nothing to do.
func TestMergeKeepsWhatIsForeign(t *testing.T) {
	t.Parallel()
	keys := rapid.SampledFrom([]string{"a", "b", "c", "attributes", "config"})
	value := rapid.OneOf(
		rapid.Just[any](nil), rapid.Just[any](true), rapid.Just[any](json.Number("3")), rapid.Just[any](""), rapid.Just[any](mask),
		rapid.Map(rapid.String(), func(s string) any { return s }),
		rapid.Map(rapid.SliceOfN(rapid.String(), 0, 3), func(s []string) any { return normal(s) }),
		rapid.Map(rapid.MapOfN(rapid.SampledFrom([]string{"x", "y.z"}), rapid.String(), 0, 2), func(m map[string]string) any { return normal(m) }),
	)
	rapid.Check(t, func(t *rapid.T) {
		raw := rapid.MapOf(keys, value).Draw(t, "raw")
		before, _ := normal(raw).(map[string]any)
		owned := map[string]string{}
		var fields []field
		for _, path := range [][]string{{"a"}, {"attributes", "x"}, {"config", "y.z"}} {
			if rapid.Bool().Draw(t, path[0]) {
				f := field{path: path, want: rapid.SampledFrom([]string{"", "one", "two"}).Draw(t, "want")}
				fields = append(fields, f)
				owned[path[0]] = f.label()
			}
		}
		d := document{rule: rule{unset: map[string]unset{"attributes": unsetByEmptyString}}, fields: fields}
		body, err := d.merged(raw)
		require.NoError(t, err)
		require.Equal(t, before, raw, "what was read is not changed")
		for _, f := range fields {
			require.True(t, f.satisfied(lookup(body, f.path)) || isMasked(lookup(raw, f.path)), f.label())
		}
		for key, have := range before {
			if m, ok := have.(map[string]any); ok && owned[key] != "" && owned[key] != key {
				sent, _ := body[key].(map[string]any)
				for inner, v := range m {
					if key+"."+inner != owned[key] {
						require.Equal(t, v, sent[inner])
					}
				}
			} else if owned[key] == "" && !isMasked(have) {
				require.Equal(t, have, body[key])
			}
		}
		stored := maps.Clone(raw) // what is not sent stays
		maps.Copy(stored, body)
		require.Equal(t, maskit.ActionUnchanged, d.compare(state{raw: stored}).action)
	})
}

func TestFingerprintsHideSecrets(t *testing.T) {
	t.Parallel()
	basis := map[string]any{"a": "x", "secret": maskit.NewSecret("one")}
	other := maps.Clone(basis)
	other["secret"] = maskit.NewSecret("two")
	require.Equal(t, fingerprint(basis), fingerprint(other))
	require.False(t, sameBasis(basis, other), "but they count as drift")
	require.True(t, sameBasis(basis, map[string]any{"a": "x", "secret": maskit.NewSecret("one")}))
	require.False(t, sameBasis(nil, map[string]any{}))
	other["a"] = "y"
	require.NotEqual(t, fingerprint(basis), fingerprint(other))
}

func FuzzPasswordPolicy(f *testing.F) {
	f.Add("length(8) and upperCase(1) and notUsername(undefined) and regexPattern([a-z]+ and b)")
	f.Fuzz(func(t *testing.T, text string) {
		p := parsePasswordPolicy(text)
		require.False(t, p.isZero(), "what was read is managed")
		parts := policyParts(text)
		if len(p.validate()) == 0 && len(slices.Compact(parts)) == len(parts) {
			require.True(t, samePolicy(text, p.String()), p.String())
		}
	})
}

func TestPasswordPolicyRoundTrip(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		"", "length(12)", "passwordHistory(3) and length(8) and notUsername", "hashAlgorithm(argon2) and digits(1) and notEmail(undefined)", "passwordBlacklist(x.txt)", "digits",
	} {
		require.True(t, samePolicy(text, parsePasswordPolicy(text).String()), text)
	}
}
