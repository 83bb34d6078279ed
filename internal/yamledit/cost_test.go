package yamledit_test

import (
	"fmt"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/maskit-dev/maskit/internal/yamledit"
)

// Thousands of edits of one document take seconds, not minutes, even on a busy machine.
func TestManyEditsOfOneDocument(t *testing.T) {
	t.Parallel()
	const many = 4000
	var block, keys, flow strings.Builder
	block.WriteString("a:\n")
	keys.WriteString("a:\n")
	for i := range many {
		block.WriteString("- x: 1\n")
		fmt.Fprintf(&keys, "  k%d: {x: 1}\n", i)
		flow.WriteString("{x: 1}, ")
	}
	removeItems := func(e *yamledit.Edits) {
		for i := range many {
			require.Empty(t, e.RemoveItem(yamledit.CommentOut, note, i, "a"))
		}
	}
	for name, tc := range map[string]struct {
		in   string
		edit func(*yamledit.Edits)
		want string
	}{
		"items of a block":                  {block.String() + "- last\n", removeItems, "- last\n"},
		"items of a flow that is not ASCII": {"a: [" + flow.String() + "é, last]\n", removeItems, "a: [é, last]\n"},
		"items of a flow":                   {"a: [" + flow.String() + "last]\n", removeItems, "a: [last]\n"},
		"items of a sequence with aliases":  {"x: &x 1\na: [" + strings.Repeat("*x , ", many) + "last]\n", removeItems, "x: &x 1\na: [last]\n"},
		"keys": {keys.String() + "  last: 1\n", func(e *yamledit.Edits) {
			for i := range many {
				require.Empty(t, e.Remove(yamledit.Delete, note, "a", "k"+strconv.Itoa(i)))
			}
		}, "a:\n  last: 1\n"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			doc, problems := yamledit.Parse("f.yaml", []byte(tc.in))
			require.Empty(t, problems)
			start := time.Now()
			edits := doc.Edit()
			tc.edit(edits)
			result, problems := edits.Apply()
			require.Empty(t, problems)
			require.True(t, strings.HasSuffix(string(result.Bytes()), tc.want))
			require.Less(t, time.Since(start), 20*time.Second)
		})
	}
}
