package yamledit_test

import (
	"strings"
	"testing"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/internal/yamledit"
)

func items(how yamledit.Removal, path string, indexes ...int) func(*yamledit.Edits) maskit.Problems {
	return func(e *yamledit.Edits) maskit.Problems {
		var problems maskit.Problems
		for _, i := range indexes {
			problems = append(problems, e.RemoveItem(how, note, i, strings.Split(path, ".")...)...)
		}
		return problems
	}
}

func dropItems(path string, indexes ...int) func(*yamledit.Edits) maskit.Problems {
	return items(yamledit.Delete, path, indexes...)
}

func commentItems(path string, indexes ...int) func(*yamledit.Edits) maskit.Problems {
	return items(yamledit.CommentOut, path, indexes...)
}

func TestRemoveItemDeletesTheLinesOfAnItem(t *testing.T) {
	t.Parallel()
	runEdits(t, []editCase{
		{"first", "a:\n  - 1\n  - 2 # two\n", dropItems("a", 0), "a:\n  - 2 # two\n"},
		{"last", "a:\n  - 1\n  - 2 # two\nb: 3\n", dropItems("a", 1), "a:\n  - 1\nb: 3\n"},
		{"not indented", "a:\n- x: 1\n  y: 2\n- x: 3\nb: 3\n", dropItems("a", 0), "a:\n- x: 3\nb: 3\n"},
		{"far indented", "a:\n        -   x: 1\n            y:\n              - 1\n        -   x: 3\n", dropItems("a", 0), "a:\n        -   x: 3\n"},
		{"mapping over lines", "a:\n  - m: x\n    # why\n    c:\n      k: |\n        t\n\n  # next\n  - m: y\n", dropItems("a", 0), "a:\n\n  # next\n  - m: y\n"},
		{"comments around stay", "a:\n  # one\n  - 1\n  # two\n  - 2\n  # three\n  - 3\n  # end\n", dropItems("a", 1), "a:\n  # one\n  - 1\n  # two\n  # three\n  - 3\n  # end\n"},
		{"content on the next line", "a:\n  - # one\n    x: 1\n  -\n    x: 2\n", dropItems("a", 0), "a:\n  -\n    x: 2\n"},
		{"content on the next line, last", "a:\n  - # one\n    x: 1\n  -\n    x: 2\n", dropItems("a", 1), "a:\n  - # one\n    x: 1\n"},
		{"empty item", "a:\n  -\n  - 1\n  - # x\n", dropItems("a", 0, 2), "a:\n  - 1\n"},
		{"behind an empty item", "a:\n  -\n  - 1\n  - 2\n", dropItems("a", 1), "a:\n  -\n  - 2\n"},
		{"sequence in it", "a:\n  - - 1\n    - 2\n  - - 3\n", dropItems("a", 0), "a:\n  - - 3\n"},
		{"tags and anchors", "a: !!seq &s\n  - &x !!map\n    k: 1\n  - !!str &y z\n", dropItems("a", 0), "a: !!seq &s\n  - !!str &y z\n"},
		{"alias", "x: &x 1\na:\n  - *x\n  - 2\n", dropItems("a", 0), "x: &x 1\na:\n  - 2\n"},
		{"strings over lines", "a:\n  - \"one\n - two\"\n  - one\n    - two\n  - 3\n", dropItems("a", 0, 1), "a:\n  - 3\n"},
		{"no final newline", "a:\n  - 1\n  - 2", dropItems("a", 1), "a:\n  - 1\n"},
		{"CR LF", "a:\r\n- 1\r\n- x: 2\r\n  y: 2\r\n- 3\r\n", dropItems("a", 1), "a:\r\n- 1\r\n- 3\r\n"},
		{"nested key", "a:\n  b:\n  - 1\n  - 2\n  c: 3\n", dropItems("a.b", 1), "a:\n  b:\n  - 1\n  c: 3\n"},
		{"the only one takes its key along", "a:\n  - 1\nb: 2\n", dropItems("a", 0), "b: 2\n"},
		{"all take their keys along", "a:\n  b:\n  - 1\n  - 2\n  - 3\nc: 2\n", dropItems("a.b", 0, 2, 1), "c: 2\n"},
		{"twice the same", "a:\n  - 1\n  - 2\n", dropItems("a", 0, 0), "a:\n  - 2\n"},
		{"not there", "a:\n  - 1\n", dropItems("a", 1, -1), "a:\n  - 1\n"},
		{"no such key", "a:\n  - 1\n", dropItems("b", 0), "a:\n  - 1\n"},
		{"no sequence", "a: {b: 1}\n", dropItems("a", 0), "a: {b: 1}\n"},
		{"the effective of duplicates", "a: [1, 2]\na: [3, 4]\n", dropItems("a", 0), "a: [1, 2]\na: [4]\n"},
	})
}

func TestRemoveItemCutsFlowSequences(t *testing.T) {
	t.Parallel()
	runEdits(t, []editCase{
		{"first", "a: [x, {b: c}]\n", dropItems("a", 0), "a: [{b: c}]\n"},
		{"last", "a: [x, {b: c}] # x\n", dropItems("a", 1), "a: [x] # x\n"},
		{"middle", "a: [x, [1, 2], \"y, z\"]\n", dropItems("a", 1), "a: [x, \"y, z\"]\n"},
		{"several at the end", "a: [1, 2, 3, 4]\n", dropItems("a", 3, 1, 2), "a: [1]\n"},
		{"several", "a: [1, 2, 3, 4, 5]\n", dropItems("a", 0, 1, 3), "a: [3, 5]\n"},
		{"all", "a: [1, 2]\nb: 1\n", dropItems("a", 0, 1), "b: 1\n"},
		{"final comma", "a: [1, 2,]\n", dropItems("a", 1), "a: [1,]\n"},
		{"over lines", "a: [\n  \"x\",\n  \"y\",\n  \"z\",\n]\n", dropItems("a", 1), "a: [\n  \"x\",\n  \"z\",\n]\n"},
		{"last over lines", "a: [\n  \"x\",\n  \"y\"\n]\n", dropItems("a", 1), "a: [\n  \"x\"\n]\n"},
		{"pairs", "a: [x: 1, y: z, &k q: w]\n", dropItems("a", 1), "a: [x: 1, &k q: w]\n"},
		{"never comments", "a: [1, 2]\n", commentItems("a", 0), "a: [2]\n"},
	})
}

func TestRemoveItemCommentsOutTheLinesOfAnItem(t *testing.T) {
	t.Parallel()
	runEdits(t, []editCase{
		{"scalar", "a:\n  - 1\n  - 2 # two\n", commentItems("a", 1), "a:\n  - 1\n  # off\n  # - 2 # two\n"},
		{"mapping", "a:\n- m: x\n  c:\n    k: |\n      t\n- m: y\n", commentItems("a", 0), "a:\n# off\n# - m: x\n#   c:\n#     k: |\n#       t\n- m: y\n"},
		{"dashes share a line", "a:\n  - - 1\n    - - 2\n      - 3\n  - 4\n", commentItems("a", 0), "a:\n  # off\n  # - - 1\n  #   - - 2\n  #     - 3\n  - 4\n"},
		{"content on the next line", "a:\n  - # one\n\n    x: 1\n  - 2\n", commentItems("a", 0), "a:\n  # off\n  # - # one\n\n  #   x: 1\n  - 2\n"},
		{"behind a literal", "a:\n  - |+\n    t\n\n  - 2\n", commentItems("a", 1), "a:\n  - |+\n    t\n\n  # off\n  # - 2\n"},
		{"neighbours", "a:\n- 1\n- 2\n- 3\n", commentItems("a", 0, 1), "a:\n# off\n# - 1\n# off\n# - 2\n- 3\n"},
		{"nested", "a:\n  b:\n  - 1\n  - 2\n", commentItems("a.b", 0), "a:\n  b:\n  # off\n  # - 1\n  - 2\n"},
		{"all as one", "a:\n- 1\n- 2\n", commentItems("a", 0, 1), "# off\n# a:\n# - 1\n# - 2\n"},
	})
}

func TestRemoveItemWorksBesideOtherEdits(t *testing.T) {
	t.Parallel()
	all := func(edits ...func(*yamledit.Edits) maskit.Problems) func(*yamledit.Edits) maskit.Problems {
		return func(e *yamledit.Edits) maskit.Problems {
			var problems maskit.Problems
			for _, edit := range edits {
				problems = append(problems, edit(e)...)
			}
			return problems
		}
	}
	runEdits(t, []editCase{
		{
			"around it", "a:\n  b:\n  - 1\n  - 2\n  c: 3\n", all(remove("a.c"), setTrue("a.new"), dropItems("a.b", 1), appendMap),
			"a:\n  b:\n  - 1\n  new: true\n\n# off\nnew:\n  \"on\": true\n  u: \"http://x/\"\n",
		},
		{"then its key", "a: {b: [1, 2], c: 3}\n", all(dropItems("a.b", 0), remove("a.b")), "a: {c: 3}\n"},
		{"then all", "a:\n  b: [1, 2]\n  c: 3\nd: 1\n", all(dropItems("a.b", 0), setTrue("a.new"), remove("a")), "d: 1\n"},
		{"then another value", "a:\n  - 1\n  - 2\n", all(dropItems("a", 0), setTrue("a")), "a: true\n"},
		{"entries of a flow mapping", "{a: 1, b: 2, c: 3}\n", all(remove("b"), remove("c"), setTrue("new")), "{a: 1, new: true}\n"},
		{"all entries of a flow mapping", "{a: 1, }\n", all(remove("a"), setTrue("new")), "{new: true }\n"},
	})
}
