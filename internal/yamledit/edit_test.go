package yamledit_test

import (
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"gopkg.in/yaml.v3"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/internal/yamledit"
)

const note = "off"

func removal(how yamledit.Removal, path string) func(*yamledit.Edits) maskit.Problems {
	return func(e *yamledit.Edits) maskit.Problems { return e.Remove(how, note, strings.Split(path, ".")...) }
}

func comment(path string) func(*yamledit.Edits) maskit.Problems {
	return removal(yamledit.CommentOut, path)
}

func remove(path string) func(*yamledit.Edits) maskit.Problems { return removal(yamledit.Delete, path) }

func setTrue(path string) func(*yamledit.Edits) maskit.Problems {
	return func(e *yamledit.Edits) maskit.Problems {
		return e.Set(yamledit.Bool(true), strings.Split(path, ".")...)
	}
}

func setMap(path string) func(*yamledit.Edits) maskit.Problems {
	return func(e *yamledit.Edits) maskit.Problems { return e.Set(sampleMap(), strings.Split(path, ".")...) }
}

func appendMap(e *yamledit.Edits) maskit.Problems { return e.Append(note, "new", sampleMap()) }

func sampleMap() *yaml.Node {
	return yamledit.Map(
		yamledit.Pair{Key: "on", Value: yamledit.Bool(true)},
		yamledit.Pair{Key: "u", Value: yamledit.String("http://x/")},
	)
}

type editCase struct {
	name, in string
	edit     func(*yamledit.Edits) maskit.Problems
	want     string
}

func runEdits(t *testing.T, cases []editCase) {
	t.Helper()
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			doc, problems := yamledit.Parse("f.yaml", []byte(tc.in))
			require.NoError(t, problems.Err())
			edits := doc.Edit()
			require.Empty(t, tc.edit(edits))
			result, problems := edits.Apply()
			require.NoError(t, problems.Err())
			require.Equal(t, tc.want, string(result.Bytes()))
			yamledit.RequireAsParsed(t, result)
		})
	}
}

func TestRemoveDeletesTheLinesOfAnEntry(t *testing.T) {
	t.Parallel()
	runEdits(t, []editCase{
		{"scalar", "a: 1\nb: 2 # two\nc: 3\n", remove("b"), "a: 1\nc: 3\n"},
		{"absent", "a: 1\n", remove("b"), "a: 1\n"},
		{"only entry", "a: 1\n", remove("a"), ""},
		{"comments and blank lines around stay", "# a\na: 1\n\n# b\nb: 2\n\n# c\nc: 3\n", remove("b"), "# a\na: 1\n\n# b\n\n# c\nc: 3\n"},
		{"section with comments inside", "a:\n  # x\n  x: 1\n\n  y: 2\n  # z\nb: 2\n", remove("a"), "  # z\nb: 2\n"},
		{"nested", "a:\n  x: 1\n  y: 2\nb: 2\n", remove("a.x"), "a:\n  y: 2\nb: 2\n"},
		{"last nested takes its section along", "a:\n  x:\n    y: 2\nb: 2\n", remove("a.x.y"), "b: 2\n"},
		{"no final newline", "a: 1\nb: 2", remove("b"), "a: 1\n"},
		{"CR LF", "a: 1\r\nb: 2\r\nc: 3\r\n", remove("b"), "a: 1\r\nc: 3\r\n"},
		{"CR", "a: 1\rb: 2\rc: 3\r", remove("b"), "a: 1\rc: 3\r"},
		{"BOM", "\ufeffa: 1\nb: 2\n", remove("a"), "\ufeffb: 2\n"},
		{"directive and markers", "%YAML 1.1\n--- # start\na: 1\nb: 2\n...\n", remove("a"), "%YAML 1.1\n--- # start\nb: 2\n...\n"},
		{"null", "a:\nb: 2\n", remove("a"), "b: 2\n"},
		{"null at the end", "b: 2\na:", remove("a"), "b: 2\n"},
		{"quoted key", "\"a\" : 1\n'b': 2\n", remove("b"), "\"a\" : 1\n"},
		{"key of another type is another key", "1: x\non: y\n\"on\": z\n", remove("on"), "1: x\non: y\n"},
		{"folded plain", "a: one\n  two # x\nb: 2\n", remove("a"), "b: 2\n"},
		{"double-quoted over lines", "a: \"one \\\" #\n\n two\\\n  three\" # x\nb: 2\n", remove("a"), "b: 2\n"},
		{"single-quoted over lines", "a: 'it''s:\n two'\nb: 2\n", remove("a"), "b: 2\n"},
		{"literal", "a: | # text\n  one\n\n   two: #\n\nb: 2\n", remove("a"), "\nb: 2\n"},
		{"literal that keeps its blank lines", "a: |+\n  one\n\n\nb: 2\n", remove("a"), "b: 2\n"},
		{"folded with indicator", "a: >2-\n    one\n  two\nb: 2\n", remove("a"), "b: 2\n"},
		{"empty literal", "a: |\nb: 2\n", remove("a"), "b: 2\n"},
		{"tag and anchor", "a: !!str &x\n  one\nb: 2\n", remove("a"), "b: 2\n"},
		{"alias", "a: &x 1\nb: *x\nc: 3\n", remove("b"), "a: &x 1\nc: 3\n"},
		{"anchor used inside", "a: &x\n  y: &y 1\n  z: *y\nb: 2\n", remove("a"), "b: 2\n"},
		{"sequence not indented", "a:\n- 1\n- x: |\n    text\n  y:\nb: 2\n", remove("a"), "b: 2\n"},
		{"sequence with empty item", "a:\n  - 1\n  -\nb: 2\n", remove("a"), "b: 2\n"},
		{"flow over lines", "a: {x: [1, 2], # one\n  y: {}, } # two\nb: 2\n", remove("a"), "b: 2\n"},
		{"flow pairs", "a: [x: 1, y: z, &k q: w]\nb: 2\n", remove("a"), "b: 2\n"},
		{"flow sets", "a: {x, y: , \"z\":1}\nb: 2\n", remove("a"), "b: 2\n"},
		{"non-ASCII before", "é: 1\nü: ö\na: é # ü\nb: 2\n", remove("a"), "é: 1\nü: ö\nb: 2\n"},
		{"tabs", "a: \"\t1\" # x\t\nb: |\n  x\n  \t\nc: 2\n", remove("b"), "a: \"\t1\" # x\t\nc: 2\n"},
		{"every duplicate", "a: 1\nb: 2\na: 3\n", remove("a"), "b: 2\n"},
		{"the effective one of duplicate sections", "a: {x: 1, y: 2}\na: {x: 1, z: 3}\n", remove("a.x"), "a: {x: 1, y: 2}\na: {z: 3}\n"},
		{"first of flow", "{a: 1, b: 2}", remove("a"), "{b: 2}"},
		{"last of flow", "{a: 1, b: 2}", remove("b"), "{a: 1}"},
		{"middle of flow", "{a: 1, b: 2, c: 3}", remove("b"), "{a: 1, c: 3}"},
		{"only one of flow", "{a: 1}", remove("a"), "{}"},
		{"flow with comments", "{\n  a: 1, # one\n  b: 2 # two\n}\n", remove("b"), "{\n  a: 1, # one\n   # two\n}\n"},
		{"alias as the whole section", "x: &x {y: 1}\na: *x\n", remove("a.y"), "x: &x {y: 1}\n"},
		{"question mark in the line above", "# why?\na: 1\nb: 2\n", remove("a"), "# why?\nb: 2\n"},
		{"line separator as line break", "a: \"x\u2028  y\"\nb: 2\n", remove("a"), "b: 2\n"},
	})
}

func TestRemoveCommentsOutTheLinesOfAnEntry(t *testing.T) {
	t.Parallel()
	runEdits(t, []editCase{
		{"scalar", "a: 1\nb: 2 # two\n", comment("b"), "a: 1\n# off\n# b: 2 # two\n"},
		{"nested", "a:\n  x: 1\n  y: 2\n", comment("a.x"), "a:\n  # off\n  # x: 1\n  y: 2\n"},
		{"section", "a:\n  x:\n\n    # c\n    - 1\nb: 2\n", comment("a"), "# off\n# a:\n#   x:\n\n#     # c\n#     - 1\nb: 2\n"},
		{"last nested takes its section along", "a:\n  x: 1\nb: 2\n", comment("a.x"), "# off\n# a:\n#   x: 1\nb: 2\n"},
		{"text left of the key", "a:\n  b: 1\n  x: \"one\ntwo\"\n", comment("a.x"), "a:\n  b: 1\n  # off\n  # x: \"one\n# two\"\n"},
		{"CR LF", "a: 1\r\nb: 2\r\n", comment("b"), "a: 1\r\n# off\r\n# b: 2\r\n"},
		{"BOM", "\ufeffa: 1\nb: 2\n", comment("a"), "\ufeff# off\n# a: 1\nb: 2\n"},
		{"no final newline", "b: 2\na: 1", comment("a"), "b: 2\n# off\n# a: 1"},
		{"shared line is deleted", "x: {a: 1, b: 2}\n", comment("x.a"), "x: {b: 2}\n"},
		{"flow section is a line of its own", "x: {a: 1}\ny: 1\n", comment("x.a"), "# off\n# x: {a: 1}\ny: 1\n"},
		{"behind a block scalar", "x: |+\n  text\n\na: 1\n", comment("a"), "x: |+\n  text\n\n# off\n# a: 1\n"},
		{"every duplicate", "a: 1\nb: 2\na: 3\n", comment("a"), "b: 2\n# off\n# a: 3\n"},
	})
}

func TestSetChangesOneValue(t *testing.T) {
	t.Parallel()
	runEdits(t, []editCase{
		{"scalar", "a:   no   # x\nb: 2\n", setTrue("a"), "a:   true   # x\nb: 2\n"},
		{"null", "a: # x\nb: 2\n", setTrue("a"), "a: true # x\nb: 2\n"},
		{"null at the end", "a:", setTrue("a"), "a: true"},
		{"string over lines", "a: \"x\n  y\" # x\n", setTrue("a"), "a: true # x\n"},
		{"literal", "a: | # x\n  text\nb: 2\n", setTrue("a"), "a: true\nb: 2\n"},
		{"sequence", "a:\n  - x # x\nb: 2\n", setTrue("a"), "a: true # x\nb: 2\n"},
		{"flow", "{a: [no, 2], \"b\":2}", setTrue("b"), "{a: [no, 2], \"b\": true}"},
		{"anchor that nobody uses", "a: &x no\n", setTrue("a"), "a: true\n"},
		{"last of duplicates", "a: 1\na: 2\n", setTrue("a"), "a: 1\na: true\n"},
		{"new key in a block", "a:\n  x: 1 # x\n\n# b\nb: 2\n", setTrue("a.new"), "a:\n  x: 1 # x\n  new: true\n\n# b\nb: 2\n"},
		{"new key behind a sequence", "a:\n    x:\n    - 1\nb: 2\n", setTrue("a.new"), "a:\n    x:\n    - 1\n    new: true\nb: 2\n"},
		{"new key behind a literal", "a:\n  x: |+\n    t\n\nb: 2\n", setTrue("a.new"), "a:\n  x: |+\n    t\n\n  new: true\nb: 2\n"},
		{"new key, no final newline", "a:\n  x: 1", setTrue("a.new"), "a:\n  x: 1\n  new: true"},
		{"new key, CR LF", "a:\r\n  x: 1\r\n", setTrue("a.new"), "a:\r\n  x: 1\r\n  new: true\r\n"},
		{"new key in flow", "a: {x: 1 } # x\n", setTrue("a.new"), "a: {x: 1, new: true } # x\n"},
		{"new key in empty flow", "a: {}\n", setTrue("a.new"), "a: {new: true}\n"},
		{"mapping for null", "a: # x\nb: 2\n", setMap("a"), "a: # x\n  \"on\": true\n  u: \"http://x/\"\nb: 2\n"},
		{"mapping for a sequence", "a:\n  - 1 # x\nb: 2\n", setMap("a"), "a: # x\n  \"on\": true\n  u: \"http://x/\"\nb: 2\n"},
		{"mapping in flow", "{a: 1, b: 2}", setMap("a"), "{a: {\"on\": true, u: \"http://x/\"}, b: 2}"},
		{"an inner anchor does not mind a new key", "a:\n  x: &x 1\nb: *x\n", setTrue("a.new"), "a:\n  x: &x 1\n  new: true\nb: *x\n"},
	})
}

func TestAppendWritesAtTheEndOfTheDocument(t *testing.T) {
	t.Parallel()
	const block = "# off\nnew:\n  \"on\": true\n  u: \"http://x/\"\n"
	runEdits(t, []editCase{
		{"block", "a: 1\n", appendMap, "a: 1\n\n" + block},
		{"blank line is there", "a: 1\n\n", appendMap, "a: 1\n\n" + block},
		{"no final newline", "a: 1", appendMap, "a: 1\n\n" + block},
		{"behind the last comment", "a: 1\n# vim:ft=yaml", appendMap, "a: 1\n# vim:ft=yaml\n\n" + block},
		{"before the end marker", "a: 1\n...\n", appendMap, "a: 1\n\n" + block + "...\n"},
		{"dots in a value are no marker", "a: |\n  ...\nb: ...x\n", appendMap, "a: |\n  ...\nb: ...x\n\n" + block},
		{"empty file", "", appendMap, block},
		{"file of comments", "# x\n", appendMap, "# x\n\n" + block},
		{"empty document", "---\n", appendMap, "---\n\n" + block},
		{"CR LF", "a: 1\r\n", appendMap, "a: 1\r\n\r\n" + strings.ReplaceAll(block, "\n", "\r\n")},
		{"behind a literal", "a: |\n  x\n", appendMap, "a: |\n  x\n\n" + block},
		{"behind a literal that keeps blank lines", "a: |+\n  x\n", appendMap, "a: |+\n  x\n" + block},
		{"behind a literal without a final newline", "a: | # x\n  x", appendMap, "a: |- # x\n  x\n\n" + block},
		{"behind a folded text without a final newline", "a: !!str >+1\n  x", appendMap, "a: !!str >-1\n  x\n" + block},
		{"behind a stripped literal without a final newline", "a: |-\n  x", appendMap, "a: |-\n  x\n\n" + block},
		{"indented", "  a: 1\n", appendMap, "  a: 1\n\n  # off\n  new:\n    \"on\": true\n    u: \"http://x/\"\n"},
		{"flow", "{\"a\": 1}\n", appendMap, "{\"a\": 1, \"new\": {\"on\": true, \"u\": \"http://x/\"}}\n"},
		{"empty flow", "{}", appendMap, "{new: {\"on\": true, u: \"http://x/\"}}"},
	})
}

func TestSeveralEditsAreMadeAtOnce(t *testing.T) {
	t.Parallel()
	runEdits(t, []editCase{{
		"all", "a: {}\nb:\n  x: 1\n  s: 2\nc: 3\n",
		func(e *yamledit.Edits) maskit.Problems {
			return append(append(append(append(append(
				setTrue("a.one")(e), setTrue("a.two")(e)...), setTrue("b.n")(e)...), remove("b.s")(e)...),
				comment("c")(e)...), appendMap(e)...)
		},
		"a: {one: true, two: true}\nb:\n  x: 1\n  n: true\n# off\n# c: 3\n\n# off\nnew:\n  \"on\": true\n  u: \"http://x/\"\n",
	}})
}

func TestEditsOfExplicitKeys(t *testing.T) {
	t.Parallel()
	runEdits(t, []editCase{
		{"remove", "? a\n: 1\nb: 2\n", remove("a"), "b: 2\n"},
		{"remove the last", "b: 2\n? a # x\n:\n  - 1\n", remove("a"), "b: 2\n"},
		{"remove one without a value", "? a\n? b\n", remove("b"), "? a\n"},
		{"comment out", "b:\n  ? a\n  : 1\n  c: 2\n", comment("b.a"), "b:\n  # off\n  # ? a\n  # : 1\n  c: 2\n"},
		{"the mark stands alone", "?\n  a\n: 1\nb: 2\n", remove("a"), "b: 2\n"},
		{"remove in flow", "{? a : 1, b: 2}", remove("a"), "{b: 2}"},
		{"remove in flow, last", "{b: 2, ? a : 1}", remove("a"), "{b: 2}"},
		{"remove an item", "? a\n: - 1\n  - 2\n", dropItems("a", 1), "? a\n: - 1\n"},
		{"set", "? a\n: 1\nb: 2\n", setTrue("a"), "? a\n: true\nb: 2\n"},
		{"set a mapping", "? a\n: 1\nb: 2\n", setMap("a"), "? a\n:\n  \"on\": true\n  u: \"http://x/\"\nb: 2\n"},
	})
}

func TestEditsThatCannotBeConfinedAreRefused(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name, in string
		edit     func(*yamledit.Edits) maskit.Problems
		code     string
	}{
		{"no mapping to insert into", "a: 1\n", setTrue("a.b"), "yaml-edit-unsafe"},
		{"no value to replace", "? a\nb: 2\n", setTrue("a"), "yaml-edit-unsafe"},
		{"dashes share a line with the colon", "? a\n: - 1\n  - 2\n", dropItems("a", 0), "yaml-edit-unsafe"},
		{"an anchor without a value, in flow", "a: [&x , 1]\nb: *x\n", remove("a"), "yaml-anchor-in-use"},
		{"too many anchors", "a: [" + anchors(101) + "]\nb: [" + strings.ReplaceAll(anchors(101), "&", "*") + "]\n", remove("a"), "yaml-anchor-in-use"},
		{"through an alias to very much", "x: &x {y: [" + strings.Repeat("1, ", 30_000) + "]}\na: *x\n", setTrue("a.z"), "yaml-shared"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			doc, problems := yamledit.Parse("f.yaml", []byte(tc.in))
			require.NoError(t, problems.Err())
			edits := doc.Edit()
			problems = tc.edit(edits)
			require.Len(t, problems, 1)
			require.Equal(t, tc.code, problems[0].Code)
			require.NotEmpty(t, problems[0].Hint)
			require.True(t, edits.Empty())
		})
	}
}

func anchors(n int) string {
	names := make([]string, n)
	for i := range names {
		names[i] = "&x" + strconv.Itoa(i) + " "
	}
	return strings.Join(names, ", ")
}

func TestNoEditsGiveTheSameDocument(t *testing.T) {
	t.Parallel()
	doc, _ := yamledit.Parse("f.yaml", []byte("a: 1\n"))
	result, problems := doc.Edit().Apply()
	require.Empty(t, problems)
	require.Same(t, doc, result)
}
