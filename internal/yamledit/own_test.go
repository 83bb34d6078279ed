package yamledit_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/internal/yamledit"
)

func TestAnAliasIsWrittenOutBeforeAnEdit(t *testing.T) {
	t.Parallel()
	const pw = "x: &pw\n  enabled: on # why\n  pepper: p\n"
	runEdits(t, []editCase{
		{"remove", pw + "a: *pw # same\nb: 1\n", remove("a.enabled"), pw + "a: # same\n  pepper: p\nb: 1\n"},
		{"comment out", pw + "a: *pw\n", comment("a.enabled"), pw + "a:\n  # off\n  # enabled: on\n  pepper: p\n"},
		{"remove all", "x: &pw {enabled: yes}\na: *pw\nb: *pw\n", remove("a.enabled"), "x: &pw {enabled: yes}\nb: *pw\n"},
		{"set", pw + "a: *pw\n", setTrue("a.enabled"), pw + "a:\n  enabled: true\n  pepper: p\n"},
		{"set a new key", "x: &x {y: 1}\na: *x\n", setTrue("a.new"), "x: &x {y: 1}\na: {y: 1, new: true}\n"},
		{"set the whole", pw + "a: *pw\n", setTrue("a"), pw + "a: true\n"},
		{"in flow", "x: &x\n  y: 1\n  z: [1, \"2\"]\na: {b: *x, c: 1}\n", remove("a.b.y"), "x: &x\n  y: 1\n  z: [1, \"2\"]\na: {b: {z: [1, \"2\"]}, c: 1}\n"},
		{"alias to an alias", "x: &x {y: &y {z: 1, q: 2}}\na: *x\n", remove("a.y.z"), "x: &x {y: &y {z: 1, q: 2}}\na: {y: {q: 2}}\n"},
		{"item", "x: &x\n- m: 1\n  n:\n  - 2\n- k\na: *x\n", dropItems("a", 1), "x: &x\n- m: 1\n  n:\n  - 2\n- k\na:\n  - m: 1\n    n:\n      - 2\n"},
		{"item, all", "x: &x [1]\na: *x\nb: 1\n", dropItems("a", 0), "x: &x [1]\nb: 1\n"},
		{
			"values keep their types", "x: &x\n  a: 0644\n  b: 1:30\n  c: 'no'\n  d: !!str 5\n  e: !!int \"5\"\n  f:\n  g: |\n    two\n    lines\n  h: a, b\n  i: 2001-12-14 21:59:43\n  'on': ~\n  1: []\na: *x\n",
			setTrue("a.new"),
			"x: &x\n  a: 0644\n  b: 1:30\n  c: 'no'\n  d: !!str 5\n  e: !!int \"5\"\n  f:\n  g: |\n    two\n    lines\n  h: a, b\n  i: 2001-12-14 21:59:43\n  'on': ~\n  1: []\n" +
				"a:\n  a: 0644\n  b: 1:30\n  c: \"no\"\n  d: \"5\"\n  e: !!int \"5\"\n  f: null\n  g: \"two\\nlines\\n\"\n  h: a, b\n  i: 2001-12-14 21:59:43\n  \"on\": null\n  1: []\n  new: true\n",
		},
		{"CR LF", "x: &x\r\n  y: 1\r\n  z: 2\r\na: *x\r\n", remove("a.y"), "x: &x\r\n  y: 1\r\n  z: 2\r\na:\r\n  z: 2\r\n"},
	})
}

func TestAMergeKeyIsWrittenOutBeforeAnEdit(t *testing.T) {
	t.Parallel()
	const base = "x: &x\n  y: 1\n  m: {e: true}\n"
	runEdits(t, []editCase{
		{"remove", base + "a:\n  <<: *x # all\n  z: 2\n", remove("a.y"), base + "a:\n  m: {e: true} # all\n  z: 2\n"},
		{"remove one of one", "x: &x {y: 1}\na:\n  <<: *x\n  z: 2\n", remove("a.y"), "x: &x {y: 1}\na:\n  z: 2\n"},
		{"remove the only one", "x: &x {y: 1}\na:\n  <<: *x\nb: 1\n", remove("a.y"), "x: &x {y: 1}\nb: 1\n"},
		{"comment out", base + "a:\n  <<: *x\n  z: 2\n", comment("a.y"), base + "a:\n  # off\n  # y: 1\n  m: {e: true}\n  z: 2\n"},
		{"remove what is merged and own", base + "a:\n  <<: *x\n  y: 3\n", remove("a.y"), base + "a:\n  m: {e: true}\n"},
		{"remove an own one", base + "a:\n  <<: *x\n  z: 3\n", remove("a.z"), base + "a:\n  <<: *x\n"},
		{"remove what is merged and own, alone", "x: &x {y: 1}\na: {<<: *x, y: 3}\nb: 1\n", remove("a.y"), "x: &x {y: 1}\nb: 1\n"},
		{"remove what merged alone brings and is own", "x: &x {y: 1}\na: {<<: *x, y: 3, z: 1}\n", remove("a.y"), "x: &x {y: 1}\na: {z: 1}\n"},
		{"in flow", base + "a: {<<: *x, z: 2}\n", remove("a.m"), base + "a: {y: 1, z: 2}\n"},
		{"of several", "x: &x {y: 1, p: 1}\nv: &v {y: 2, q: 2, z: 3}\na:\n  <<: [*x, *v]\n  z: 2\n", remove("a.y"), "x: &x {y: 1, p: 1}\nv: &v {y: 2, q: 2, z: 3}\na:\n  q: 2\n  p: 1\n  z: 2\n"},
		{"of several keys", "x: &x {y: 1, p: 1}\nv: &v {y: 2, p: 2}\na:\n  <<: *x\n  <<: *v\n  z: 2\n", remove("a.y"), "x: &x {y: 1, p: 1}\nv: &v {y: 2, p: 2}\na:\n  p: 2\n  z: 2\n"},
		{"of several keys, the other stays", "x: &x {y: 1}\nv: &v {p: 2}\na:\n  <<: *x\n  <<: *v\n", remove("a.y"), "x: &x {y: 1}\nv: &v {p: 2}\na:\n  <<: *v\n"},
		{"set", base + "a:\n  <<: *x\n", setTrue("a.y"), base + "a:\n  <<: *x\n  y: true\n"},
		{"set below", base + "a:\n  <<: *x\n", setTrue("a.m.e"), base + "a:\n  <<: *x\n  m: {e: true}\n"},
		{"remove below, all", base + "a:\n  <<: *x\n", remove("a.m.e"), base + "a:\n  y: 1\n"},
		{"set at the top", base + "<<: *x\n", setTrue("y"), base + "<<: *x\ny: true\n"},
		{"set below, in flow", base + "a: {<<: *x}\n", setTrue("a.m.f"), base + "a: {<<: *x, m: {e: true, f: true}}\n"},
		{"inline", "a:\n  <<: {y: 1, z: 2}\n  x: 1\n", remove("a.y"), "a:\n  z: 2\n  x: 1\n"},
	})
}

func TestAnAnchorMovesOutOfTheWayOfAnEdit(t *testing.T) {
	t.Parallel()
	runEdits(t, []editCase{
		{"scalar", "a: &x 1\nb: *x # b\nc: *x\n", remove("a"), "b: &x 1 # b\nc: *x\n"},
		{"mapping", "a: &x # a\n  y: 1\n  z: [1]\nb: *x # b\nc: *x\n", comment("a"), "# off\n# a: # a\n#   y: 1\n#   z: [1]\nb: &x # b\n  y: 1\n  z: [1]\nc: *x\n"},
		{"below", "a:\n  y: [&x 1, &y 2]\nb: *x\nc: [3, *y]\n", remove("a"), "b: &x 1\nc: [3, &y 2]\n"},
		{"of a key", "&x a: 1\nb: *x\n", remove("a"), "b: &x a\n"},
		{"to a key", "a: &x k\n*x : 2\n", remove("a"), "&x k : 2\n"},
		{"to an item", "a: &x\n  y: 1\n  z: 2\nb:\n  - *x # b\n  - 2\n", remove("a"), "b:\n  - &x\n    y: 1\n    z: 2 # b\n  - 2\n"},
		{"to a merge", "a: &x\n  y: 1\nb:\n  <<: *x\n  z: 1\n", remove("a"), "b:\n  <<: &x\n    y: 1\n  z: 1\n"},
		{"used inside too", "a: {y: &x 1, z: *x}\nb: *x\n", remove("a"), "b: &x 1\n"},
		{"new value", "a: &x 1\nb: *x\n", setTrue("a"), "a: true\nb: &x 1\n"},
		{"new value in it", "a: &x\n  y: 1\nb: *x\n", setTrue("a.y"), "a:\n  y: true\nb: &x\n  y: 1\n"},
		{"inside what others merge", "x: &x\n  y: 1\n  z: 1\na:\n  <<: *x\n", setTrue("x.y"), "x:\n  y: true\n  z: 1\na:\n  <<: &x\n    y: 1\n    z: 1\n"},
		{"new value in it, which is empty", "a: &x {}\nb: *x\n", setTrue("a.y"), "a: {y: true}\nb: &x {}\n"},
		{"with a tag", "a: !!map &x {y: 1}\nb: *x\n", setTrue("a.z"), "a: !!map {y: 1, z: true}\nb: &x {y: 1}\n"},
		{"item", "a:\n- &x 1\n- 2\nb: *x\n", dropItems("a", 0), "a:\n- 2\nb: &x 1\n"},
		{"sequence", "a: &x [1, 2]\nb: *x\n", dropItems("a", 0), "a: [2]\nb: &x [1, 2]\n"},
		{"of an anchored mapping in an item", "a:\n  - &x\n    y: 1\nb: *x\nc: 1\n", remove("a"), "b: &x\n  y: 1\nc: 1\n"},
	})
}

func TestEditsThatWriteOutWorkBesideOthers(t *testing.T) {
	t.Parallel()
	both := func(edits ...func(*yamledit.Edits) maskit.Problems) func(*yamledit.Edits) maskit.Problems {
		return func(e *yamledit.Edits) maskit.Problems {
			var problems maskit.Problems
			for _, edit := range edits {
				problems = append(problems, edit(e)...)
			}
			return problems
		}
	}
	runEdits(t, []editCase{
		{"the anchor, then the alias", "a: &x 1\nb: *x\nc: 1\n", both(remove("a"), remove("b")), "c: 1\n"},
		{"the alias, then the anchor", "a: &x 1\nb: *x\nc: 1\n", both(remove("b"), remove("a")), "c: 1\n"},
		{"two keys through an alias", "x: &x {p: 1, q: 2, r: 3}\na: *x\n", both(remove("a.p"), setTrue("a.q"), remove("a.r")), "x: &x {p: 1, q: 2, r: 3}\na: {q: true}\n"},
		{"two keys of a merge", "x: &x {p: 1, q: 2, r: 3}\na:\n  <<: *x\n  s: 4\n", both(comment("a.p"), setTrue("a.q"), remove("a.r")), "x: &x {p: 1, q: 2, r: 3}\na:\n  # off\n  # p: 1\n  q: true\n  s: 4\n"},
		{"items keep their numbers", "x: &x [1, 2, 3, 4]\na: *x\nb: &y 1\nc: *y\n", both(dropItems("a", 0), remove("b"), dropItems("a", 1, 1, 3)), "x: &x [1, 2, 3, 4]\na: [3]\nc: &y 1\n"},
		{"an own key, then one of an inline merge", "a:\n  k: 1\n  <<: &x {p: 1, q: 2}\nb: *x\n", both(remove("a.k"), remove("a.p")), "a:\n  q: 2\nb: &x {p: 1, q: 2}\n"},
		{"a new key, then below it", "a: 1\n", both(setMap("b"), setTrue("b.u"), remove("b.on")), "a: 1\nb:\n  u: true\n"},
		{"twice the same", "a: 1\nb: 2\n", both(remove("a"), remove("a"), setTrue("b"), setTrue("b")), "b: true\n"},
		{"removed, then set", "a: 1\nb: 2\n", both(remove("a"), setTrue("a")), "b: 2\na: true\n"},
	})
}

func TestARefusedEditLeavesTheOthers(t *testing.T) {
	t.Parallel()
	doc, problems := yamledit.Parse("f.yaml", []byte("a: [&x , 1]\nb: *x\nc: &y 1\nd: *y\ne: 2\n"))
	require.NoError(t, problems.Err())
	edits := doc.Edit()
	require.Empty(t, edits.Remove(yamledit.Delete, "", "e"))
	problems = edits.Remove(yamledit.Delete, "", "a")
	require.Len(t, problems, 1)
	require.Equal(t, maskit.Pos{File: "f.yaml", Line: 1, Column: 1}, problems[0].Pos)
	require.Empty(t, edits.Remove(yamledit.Delete, "", "c"))
	result, problems := edits.Apply()
	require.Empty(t, problems)
	require.Equal(t, "a: [&x , 1]\nb: *x\nd: &y 1\n", string(result.Bytes()))
}

// Each alias that is written out costs a reading of the document.
func TestTheWorkOfManyEditsIsBounded(t *testing.T) {
	t.Parallel()
	var text strings.Builder
	for i := range 300 {
		fmt.Fprintf(&text, "a%d: &x%d {y: 1}\nb%d: *x%d\n", i, i, i, i)
	}
	doc, problems := yamledit.Parse("f.yaml", []byte(text.String()))
	require.Empty(t, problems)
	edits, refused := doc.Edit(), 0
	for i := range 300 {
		problems := edits.Set(yamledit.Bool(true), fmt.Sprintf("b%d", i), "z")
		refused += len(problems)
	}
	require.Positive(t, refused)
	result, problems := edits.Apply()
	require.Empty(t, problems)
	require.Contains(t, string(result.Bytes()), "b0: {y: 1, z: true}\n")
}
