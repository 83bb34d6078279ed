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

func TestParseRefusesWhatItCannotEdit(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name, in, code string
		line, column   int
	}{
		{"several documents", "a: 1\n---\nb: 2\n", "multi-document", 2, 1},
		{"empty second document", "a: 1\n---\n", "multi-document", 2, 1},
		{"sequence", "# x\n- a\n", "not-a-mapping", 2, 1},
		{"scalar", "text", "not-a-mapping", 1, 1},
		{"no UTF-8", "a: 1\nb: é\xff\n", "not-utf8", 2, 5},
		{"UTF-16", "\xff\xfea\x00:\x00", "not-utf8", 1, 1},
		{"unknown anchor", "a: *x\n", "yaml-syntax", 0, 0},
		{"tab as indentation", "a:\n\tb: 1\n", "yaml-syntax", 2, 0},
		{"open bracket", "a: [1\nb: 2\n", "yaml-syntax", 2, 0},
		{"text behind a string", "# c\na: \"b\" c\n", "yaml-syntax", 2, 0},
		{"control character", "a: \x01\n", "yaml-syntax", 0, 0},
		{"too deep", strings.Repeat("[", 20_000), "yaml-syntax", 0, 0},
		{"too deep for Python", "a: " + strings.Repeat("[", 201) + strings.Repeat("]", 201), "yaml-refused", 1, 203},
		{"tab between tokens", "a: 1\nb:\t2\n", "yaml-syntax", 2, 3},
		{"tab behind a value", "a: \"x\"\t# x\n", "yaml-syntax", 1, 7},
		{"tab in a blank line", "a: |\n  x\n\t\nb: 2\n", "yaml-syntax", 3, 0},
		{"tab behind a header", "a: |\t# x\n  x\n", "yaml-syntax", 1, 5},
		{"the same anchor twice", "a: &x 1\nb: &x 2\n", "yaml-refused", 2, 4},
		{"alias in its own value", "a: &x [*x]\n", "yaml-refused", 1, 8},
		{"merge in its own value", "a: &x\n  <<: *x\n", "yaml-refused", 2, 7},
		{"merge of a scalar", "a: {<<: 1}\n", "yaml-refused", 1, 9},
		{"merge of a list of scalars", "a: {<<: [{}, 1]}\n", "yaml-refused", 1, 14},
		{"merge key as a value", "a: &m <<\n", "yaml-refused", 1, 4},
		{"unknown tag", "a: !foo 1\n", "yaml-refused", 1, 4},
		{"unknown tag of a mapping", "a: !!set {x}\n", "yaml-refused", 1, 4},
		{"bare tag", "a: ! \"5\"\n", "yaml-refused", 1, 4},
		{"no such day", "a: [2001-02-29]\n", "yaml-refused", 1, 5},
		{"value type", "a: =\n", "yaml-refused", 1, 4},
		{"collection as a key", "? [a]\n: 1\n", "yaml-refused", 1, 3},
		{"too large", "a: " + strings.Repeat("x", yamledit.MaxSize), "too-large", 0, 0},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			doc, problems := yamledit.Parse("f.yaml", []byte(tc.in))
			require.Nil(t, doc)
			require.Len(t, problems, 1)
			require.Equal(t, tc.code, problems[0].Code)
			require.Equal(t, maskit.Pos{File: "f.yaml", Line: tc.line, Column: tc.column}, problems[0].Pos)
		})
	}
}

func TestParseTakesTabsInTextsAndComments(t *testing.T) {
	t.Parallel()
	for _, in := range []string{
		"#\tx\na: 1 # x\ty\n", "a: \"x\t\n\ty\"\n", "a: '\t'\n", "a: | # \tx\n  x\ty\n  \t\nb: 1\n", "a: |+\n  x\n  \t\n\nb: 1 #\t\n", "a: >-\n  x\n\n  \ty\n",
	} {
		doc, problems := yamledit.Parse("f.yaml", []byte(in))
		require.Empty(t, problems, "%q", in)
		require.NotNil(t, doc)
	}
}

func TestParseNeverQuotesAValue(t *testing.T) {
	t.Parallel()
	for _, in := range []string{"secret: hunter2: x\n", "secret: \"hunter2\\q\"\n", "secret: 'hunter2\n", "- hunter2\n", "hunter2", "a: {hunter2\n", "a: !hunter2 x\n", "a: &hunter2 1\nb: &hunter2 2\n", "a: !!int hunter2\n"} {
		_, problems := yamledit.Parse("f.yaml", []byte(in))
		require.Error(t, problems.Err(), in)
		require.NotContains(t, problems.String(), "hunter2")
	}
}

func TestParseWarnsOfDuplicateKeys(t *testing.T) {
	t.Parallel()
	doc, problems := yamledit.Parse("f.yaml", []byte("a: {x: 1, \"x\": 2}\nb: [{y: 1, y: 2}]\non: 1\n\"on\": 2\ntrue: 3\n"))
	require.NotNil(t, doc)
	require.NoError(t, problems.Err())
	var paths []string
	for _, p := range problems {
		require.Equal(t, "duplicate-key", p.Code)
		paths = append(paths, p.Path)
	}
	require.Equal(t, []string{"a.x", "b[0].y", "true"}, paths)
	require.Equal(t, maskit.Pos{File: "f.yaml", Line: 1, Column: 11}, problems[0].Pos)
}

func TestDuplicateKeysAreReportedUpToALimit(t *testing.T) {
	t.Parallel()
	_, problems := yamledit.Parse("f.yaml", []byte(strings.Repeat("a: 1\n", 5000)))
	require.Len(t, problems, 100)
}

func TestFilesThatHoldNothingAreEmptyMappings(t *testing.T) {
	t.Parallel()
	for _, in := range []string{"", "\n", "# comment\n", "---\n", "---\n...\n", "\ufeff"} {
		doc, problems := yamledit.Parse("f.yaml", []byte(in))
		require.Empty(t, problems, "%q", in)
		require.Empty(t, doc.Root().Content)
	}
}

func TestFindTakesTheEntryThatCounts(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct{ name, in, path, want string }{
		{"top level", "a: 1\n", "a", "1"},
		{"nested", "a: {b: {c: 1}}\n", "a.b.c", "1"},
		{"last duplicate", "a: 1\na: 2\n", "a", "2"},
		{"last section", "a: {x: 1}\na: {x: 2}\n", "a.x", "2"},
		{"alias", "b: &b 1\na: *b\n", "a", "1"},
		{"below an alias", "b: &b {x: 1}\na: *b\n", "a.x", "1"},
		{"merged", "b: &b {x: 1}\na: {<<: *b}\n", "a.x", "1"},
		{"explicit before merged", "b: &b {x: 1}\na: {x: 2, <<: *b}\n", "a.x", "2"},
		{"first of merged", "b: &b {x: 1}\nc: &c {x: 2}\na: {<<: [*b, *c]}\n", "a.x", "1"},
		{"last merge key", "b: &b {x: 1}\nc: &c {x: 2}\na: {<<: *b, <<: *c}\n", "a.x", "2"},
		{"merged of merged", "b: &b {x: 1}\nc: &c {<<: *b}\na: {<<: *c}\n", "a.x", "1"},
		{"merged at the top", "b: &b {x: 1}\n<<: *b\n", "x", "1"},
		{"key by alias", "b: &b x\n*b : 1\n", "x", "1"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			doc, problems := yamledit.Parse("f.yaml", []byte(tc.in))
			require.NoError(t, problems.Err())
			entry, ok := doc.Find(strings.Split(tc.path, ".")...)
			require.True(t, ok)
			require.Equal(t, tc.want, entry.Scalar().Text)
			require.Equal(t, tc.path, entry.Path)
		})
	}
}

func TestFindMisses(t *testing.T) {
	t.Parallel()
	doc, _ := yamledit.Parse("f.yaml", []byte("a: [1]\nb: 2\non: 3\n\"<<\": {c: 1}\n"))
	for _, path := range []string{"x", "a.x", "b.x", "on", "c"} {
		_, ok := doc.Find(strings.Split(path, ".")...)
		require.False(t, ok, path)
	}
	_, ok := doc.Find()
	require.False(t, ok)
}

func TestAliasBombsCostNoMoreThanTheirText(t *testing.T) {
	t.Parallel()
	doc, problems := yamledit.Parse("f.yaml", []byte(bomb(2000, "l: [*prev, *prev]")+"gone: 1\n"))
	require.NoError(t, problems.Err())
	edits := doc.Edit()
	require.Empty(t, edits.Remove(yamledit.Delete, "", "gone"))
	result, problems := edits.Apply()
	require.Empty(t, problems)
	require.Equal(t, bomb(2000, "l: [*prev, *prev]"), string(result.Bytes()))
}

// PyYAML copies what a merge key brings.
func TestMergeBombsAreRefused(t *testing.T) {
	t.Parallel()
	_, problems := yamledit.Parse("f.yaml", []byte(bomb(100, "<<: [*prev, *prev]")))
	require.Len(t, problems, 1)
	require.Equal(t, "yaml-refused", problems[0].Code)
}

// bomb is a chain of mappings, each of which names the one before it.
func bomb(length int, text string) string {
	var b strings.Builder
	b.WriteString("a0: &a0 {x: 1}\n")
	for i := 1; i < length; i++ {
		this := "a" + strconv.Itoa(i)
		b.WriteString(this + ": &" + this + " {" + strings.ReplaceAll(text, "prev", "a"+strconv.Itoa(i-1)) + "}\n")
	}
	return b.String()
}

// A value that somebody forgot to quote reads as an alias. It may be a secret.
func TestUnknownAnchorIsNotQuoted(t *testing.T) {
	t.Parallel()
	_, problems := yamledit.Parse("homeserver.yaml", []byte("registration_shared_secret: *hunter2\n"))
	require.Len(t, problems, 1)
	require.Equal(t, "yaml-syntax", problems[0].Code)
	require.NotContains(t, problems.String(), "hunter2")
}

// Numbers of absurd length are refused, as Python does, so that the work stays linear.
func TestLongNumbersAreInvalid(t *testing.T) {
	t.Parallel()
	for name, number := range map[string]string{
		"sexagesimal": strings.Repeat("1:", 100_000) + "1",
		"hexadecimal": "0x" + strings.Repeat("f", 1_000_000),
		"decimal":     strings.Repeat("7", 1_000_000),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := yamledit.Resolve(&yaml.Node{Kind: yaml.ScalarNode, Value: number})
			require.Equal(t, yamledit.KindInvalid, got.Kind)
		})
	}
}
