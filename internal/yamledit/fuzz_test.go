package yamledit_test

import (
	"bytes"
	"testing"

	"github.com/stretchr/testify/require"
	"gopkg.in/yaml.v3"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/internal/yamledit"
)

// FuzzEdit makes each edit on every entry of the first two levels: nothing
// panics, and what comes out differs from the input in one place only.
func FuzzEdit(f *testing.F) {
	for _, seed := range []string{
		"a: 1\nb: {c: [x, {y: z}], d: }\n", "\ufeff--- # x\na:\r\n  - |+\r\n    t\r\n\r\nb: &b !!str 'it''s'\r\nc: *b\r\n...\r\n",
		"x: &x {y: 1}\na:\n  <<: *x\n  z: >-2\n     t\n\n    u\n# c\n", "a: \"\\\"\n  \\x41\" # c\n? b\n: c\n", "{a: 1, b: [c: d, ], # x\n}", "é:\t~ #\n'k': !<!x> y\na: 1\na: 2",
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		doc, problems := yamledit.Parse("f.yaml", data)
		require.Equal(t, doc == nil, problems.Err() != nil)
		if doc == nil {
			return
		}
		check(t, doc, []string{"new"}, func(e *yamledit.Edits) maskit.Problems { return e.Append("note", "new", sampleMap()) })
		for _, keys := range somePaths(doc) {
			check(t, doc, keys, func(e *yamledit.Edits) maskit.Problems { return e.Remove(yamledit.Delete, "note", keys...) })
			check(t, doc, keys, func(e *yamledit.Edits) maskit.Problems { return e.Remove(yamledit.CommentOut, "note", keys...) })
			check(t, doc, keys, func(e *yamledit.Edits) maskit.Problems { return e.Set(yamledit.String("v"), keys...) })
			check(t, doc, keys, func(e *yamledit.Edits) maskit.Problems { return e.Set(sampleMap(), keys...) })
			nested := append(keys[:len(keys):len(keys)], "new")
			check(t, doc, nested, func(e *yamledit.Edits) maskit.Problems { return e.Set(yamledit.Bool(true), nested...) })
		}
	})
}

// somePaths lists the keys of the first two levels, at most 30.
func somePaths(doc *yamledit.Document) [][]string {
	var paths [][]string
	for _, outer := range doc.Entries("", doc.Root()) {
		paths = append(paths, []string{outer.Path})
		for _, inner := range doc.Entries("", outer.Value) {
			paths = append(paths, []string{outer.Path, inner.Path})
		}
	}
	return paths[:min(len(paths), 30)]
}

func check(t *testing.T, doc *yamledit.Document, keys []string, edit func(*yamledit.Edits) maskit.Problems) {
	t.Helper()
	before := bytes.Clone(doc.Bytes())
	edits := doc.Edit()
	refused := edit(edits)
	result, problems := edits.Apply()
	require.Equal(t, before, doc.Bytes(), "the input was changed")
	if len(refused) > 0 {
		require.Same(t, doc, result, "a refused edit left something behind")
		return
	}
	require.Equal(t, result == nil, problems.Err() != nil)
	if result == nil {
		return
	}
	again, problems := yamledit.Parse("f.yaml", result.Bytes())
	require.NotNil(t, again, "the result does not parse: %v, keys %q", problems, keys)
	requireOtherKeysUnchanged(t, doc, again, keys[0])
}

// requireOtherKeysUnchanged compares all top-level entries but one as yaml.v3 writes them.
func requireOtherKeysUnchanged(t *testing.T, before, after *yamledit.Document, key string) {
	t.Helper()
	require.Equal(t, otherEntries(before, key), otherEntries(after, key))
}

func otherEntries(doc *yamledit.Document, key string) []string {
	var entries []string
	content := doc.Root().Content
	for i := 0; i+1 < len(content); i += 2 {
		if name := yamledit.Resolve(content[i]); !name.IsString(key) && !name.IsString("new") {
			entries = append(entries, dump(content[i])+dump(content[i+1]))
		}
	}
	return entries
}

func dump(n *yaml.Node) string {
	text := string(rune('0'+n.Kind)) + n.Tag + "&" + n.Anchor + "=" + n.Value
	for _, child := range n.Content {
		text += "(" + dump(child) + ")"
	}
	return text
}
