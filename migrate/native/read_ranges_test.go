package native

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

func TestSplit(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name   string
		bounds []string
		parts  int
		want   []userRange
	}{
		{"one part", []string{"a", "b", "c"}, 1, []userRange{{}}},
		{"two parts", []string{"a", "b", "c"}, 2, []userRange{{to: "b"}, {from: "b"}}},
		{
			"four parts of eight",
			[]string{"a", "b", "c", "d", "e", "f", "g", "h", "i"},
			4,
			[]userRange{{to: "c"}, {from: "c", to: "e"}, {from: "e", to: "g"}, {from: "g"}},
		},
		{"more parts than bounds", []string{"a", "b", "c"}, 9, []userRange{{to: "b"}, {from: "b"}}},
		{"in another order than that of bytes", []string{"b", "A", "a"}, 2, []userRange{{to: "a"}, {from: "a"}}},
		{"one bound", []string{"a"}, 4, []userRange{{}}},
		{"no bounds", nil, 4, []userRange{{}}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			require.Equal(t, tc.want, split(tc.bounds, tc.parts))
		})
	}
}

// Every user is in exactly one range.
func TestSplitCoversEverybodyOnce(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		ranges := split(rapid.SliceOf(rapid.String()).Draw(t, "bounds"), rapid.IntRange(-1, 9).Draw(t, "parts"))
		user := rapid.StringN(1, -1, -1).Draw(t, "user")
		in := slices.DeleteFunc(slices.Clone(ranges), func(r userRange) bool {
			return user < r.from || r.to != "" && user >= r.to
		})
		require.Len(t, in, 1)
	})
}

func TestSelection(t *testing.T) {
	t.Parallel()
	query := tableQuery{table: "t", key: "k", columns: "k, c"}
	for _, tc := range []struct {
		name    string
		of      users
		collate string
		want    string
		params  []string
	}{
		{"everybody", users{}, "", "SELECT k, c FROM t WHERE k IS NOT NULL ORDER BY k", nil},
		{"to", users{userRange: userRange{to: "m"}}, "", "SELECT k, c FROM t WHERE k < $1 ORDER BY k", []string{"m"}},
		{
			"from and to, in the order of bytes",
			users{userRange: userRange{"c", "m"}},
			` COLLATE "C"`,
			`SELECT k, c FROM t WHERE k COLLATE "C" >= $1 AND k COLLATE "C" < $2 ORDER BY k COLLATE "C"`,
			[]string{"c", "m"},
		},
		{"some", users{names: []string{`a"\`, ""}}, "", "SELECT k, c FROM t WHERE k = ANY ($1::text[]) ORDER BY k", []string{`{"a\"\\",""}`}},
		{"nobody", users{names: []string{}}, "", "SELECT k, c FROM t WHERE k = ANY ($1::text[]) ORDER BY k", []string{"{}"}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			got := tc.of.selection(query, tc.collate)
			require.Equal(t, tc.want, got.sql)
			var params []string
			for _, p := range got.params {
				params = append(params, string(p))
			}
			require.Equal(t, tc.params, params)
		})
	}
}
