package yamledit_test

import (
	"bytes"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/maskit-dev/maskit/internal/yamledit"
)

// An edit of a block changes the lines of its entry and no others: what stands
// before and behind them is the same text, byte for byte.
func TestEditsKeepEveryOtherLine(t *testing.T) {
	t.Parallel()
	checked := 0
	rapid.Check(t, func(t *rapid.T) {
		text := simpleDocuments().Draw(t, "document")
		doc, problems := yamledit.Parse("f.yaml", []byte(text))
		if doc == nil {
			t.Skipf("refused: %v", problems)
		}
		entries := doc.Entries("", doc.Root())
		if len(entries) < 3 {
			t.Skip("too small")
		}
		i := rapid.IntRange(1, len(entries)-2).Draw(t, "entry")
		before, behind := upTo(t, text, entries[i].Pos.Line), from(t, text, entries[i+1].Pos.Line)
		for _, e := range []edit{
			{name: "remove", keys: []string{entries[i].Path}, how: yamledit.Delete},
			{name: "remove", keys: []string{entries[i].Path}, how: yamledit.CommentOut},
			{name: "set", keys: []string{entries[i].Path}, value: yamledit.Bool(true)},
			{name: "set", keys: []string{entries[i].Path}, value: sampleMap()},
			{name: "set", keys: []string{entries[i].Path, "new"}, value: sampleMap()},
			{name: "item", keys: []string{entries[i].Path}, how: yamledit.CommentOut},
		} {
			if result := e.make(doc); result != nil {
				checked++
				require.True(t, strings.HasPrefix(string(result.Bytes()), before), "%s of\n%s\n--- gives\n%s", e, text, result.Bytes())
				require.True(t, strings.HasSuffix(string(result.Bytes()), behind), "%s of\n%s\n--- gives\n%s", e, text, result.Bytes())
			}
		}
	})
	require.Positive(t, checked)
}

// upTo is the text before a line, from is the text from it on.
func upTo(t require.TestingT, text string, line int) string {
	return text[:len(text)-len(from(t, text, line))]
}

func from(t require.TestingT, text string, line int) string {
	rest := []byte(text)
	for range line - 1 {
		at := bytes.IndexAny(rest, "\n\r\u0085\u2028\u2029")
		require.GreaterOrEqual(t, at, 0)
		switch {
		case bytes.HasPrefix(rest[at:], []byte("\r\n")):
			at += 2
		case rest[at] < 0x80:
			at++
		case rest[at] == 0xC2:
			at += 2
		default:
			at += 3
		}
		rest = rest[at:]
	}
	return string(rest)
}

// A comment that an edit makes holds the old text: without the marks, it is the old file.
func TestCommentsKeepTheText(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		text := simpleDocuments().Draw(t, "document")
		doc, problems := yamledit.Parse("f.yaml", []byte(text))
		if doc == nil {
			t.Skipf("refused: %v", problems)
		}
		for _, entry := range doc.Entries("", doc.Root()) {
			e := edit{name: "remove", keys: []string{entry.Path}, how: yamledit.CommentOut}
			result := e.make(doc)
			if result == nil {
				continue
			}
			require.Contains(t, upTo(t, from(t, string(result.Bytes()), entry.Pos.Line), 2), "# "+note)
			old, commented := strings.TrimPrefix(from(t, text, entry.Pos.Line), "\ufeff"), from(t, string(result.Bytes()), entry.Pos.Line+1)
			require.Equal(t, strings.ReplaceAll(old, "# ", ""), strings.ReplaceAll(commented, "# ", ""))
		}
	})
}
