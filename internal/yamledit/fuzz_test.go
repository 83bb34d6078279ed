package yamledit_test

import (
	"bytes"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/maskit-dev/maskit/internal/yamledit"
)

func seeds(f *testing.F) []string {
	f.Helper()
	return append(corpus(f, 0),
		"a: 1\nb: {c: [x, {y: z}], d: }\n", "\ufeff--- # x\na:\r\n  - |+\r\n    t\r\n\r\nb: &b !!str 'it''s'\r\nc: *b\r\n...\r\n",
		"x: &x {y: 1}\na:\n  <<: *x\n  z: >-2\n     t\n\n    u\n# c\n", "a: \"\\\"\n  \\x41\" # c\n? b\n: c\n", "{a: 1, b: [c: d, ], # x\n}", "é:\t~ #\n'k': !<!x> y\na: 1\na: 2",
		"a: &x\n  - &y {z: 1}\n  - *y\nb: *x\nc: {<<: [*y, {z: 2}]}\n", "x: &x\n  y: &z\n    - 1\na: *x\nb: {<<: *x, c: *z}\n",
	)
}

// FuzzEdit makes each edit of every entry of the first two levels, and of items:
// nothing panics, and what comes out says what the edit is to say.
func FuzzEdit(f *testing.F) {
	for _, seed := range seeds(f) {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		doc, problems := yamledit.Parse("f.yaml", data)
		require.Equal(t, doc == nil, problems.Err() != nil)
		if doc == nil {
			return
		}
		before := bytes.Clone(data)
		for _, e := range someEdits(doc, 60) {
			checkEdits(t, doc, e)
		}
		require.Equal(t, before, doc.Bytes(), "the input was changed")
	})
}

// FuzzEdits makes three edits at once.
func FuzzEdits(f *testing.F) {
	for i, seed := range seeds(f) {
		f.Add([]byte(seed), uint16(i), uint16(5*i+1), uint16(11*i+2))
	}
	f.Fuzz(func(t *testing.T, data []byte, first, second, third uint16) {
		doc, _ := yamledit.Parse("f.yaml", data)
		if doc == nil {
			return
		}
		all := someEdits(doc, 1000)
		if len(all) > 0 {
			n := uint16(len(all))
			checkEdits(t, doc, all[first%n], all[second%n], all[third%n])
		}
	})
}

// checkEdits makes edits of one document together. Of a list it edits one item:
// items count as in the original.
func checkEdits(t require.TestingT, doc *yamledit.Document, made ...edit) {
	value, ok := valueOf(doc)
	edits, lists := doc.Edit(), map[string]bool{}
	for _, e := range made {
		path := strings.Join(e.keys, ".")
		if lists[path] && (e.name == "item" || e.name == "append") {
			continue
		}
		lists[path] = true
		if !e.addTo(edits) && ok {
			value = e.intend(value)
		}
	}
	result, problems := edits.Apply()
	require.Equal(t, result == nil, problems.Err() != nil)
	if result == nil || !ok {
		return
	}
	yamledit.RequireAsParsed(t, result)
	if got, ok := valueOf(result); ok {
		require.Equal(t, value, got, "%v of\n%s\n--- gives\n%s", made, doc.Bytes(), result.Bytes())
	}
}
