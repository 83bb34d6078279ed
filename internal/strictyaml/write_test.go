package strictyaml

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

func drawWritten(t *rapid.T, depth int) *Node {
	kinds := []Kind{Null, Bool, Int, Float, String, String, String}
	if depth > 0 {
		kinds = append(kinds, Mapping, Mapping, Sequence, Sequence)
	}
	n := &Node{Kind: rapid.SampledFrom(kinds).Draw(t, "kind")}
	switch n.Kind {
	case Null:
		n.Text = "null"
	case Bool:
		n.Text = "true"
	case Int:
		n.Text = "-12"
	case Float:
		n.Text = "1.5e+20"
	case String:
		n.Text = drawString(t, "text")
	case Sequence:
		for range rapid.IntRange(0, 3).Draw(t, "items") {
			n.Items = append(n.Items, drawWritten(t, depth-1))
		}
	case Mapping:
		n.Fields = drawFields(t, depth)
	}
	return n
}

func drawFields(t *rapid.T, depth int) []Field {
	var fields []Field
	for i := range rapid.IntRange(0, 3).Draw(t, "fields") {
		fields = append(fields, Field{Key: drawString(t, "key") + fmt.Sprint(i), Value: drawWritten(t, depth-1)})
	}
	return fields
}

func drawString(t *rapid.T, label string) string {
	return rapid.OneOf(
		rapid.StringMatching(`[a-z_]{1,12}`),
		rapid.String(),
		rapid.SampledFrom([]string{
			"", "yes", "null", "01JSHPZHAXC50QBKH67MH33TNF", "a: b", "- a", "# a", "a\nb", "a\nb\n", "a\n\nb\n\n", " a\nb", "a\n b\n", "a \nb", "\n", "a\tb",
			"say \"hi\" \\ {{ x }}", "Größe", "𝛂\u2028\ufeff\u0085", "a\x00b", "\x7f", strings.Repeat("x", 127), strings.Repeat("y ", 100), strings.Repeat("'", 200), "a\n#b", "---\nb", "a\n...\n", "é\nü\n",
		}),
	).Draw(t, label)
}

// Our writer writes what yaml.v3 writes, byte by byte.
func TestWriteIsThatOfTheLibrary(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		n := &Node{Kind: Mapping, Fields: drawFields(t, 4)}
		header := rapid.SampledFrom([]string{"", "Generated.", "Two\nlines."}).Draw(t, "header")
		want, err := writeByLibrary(n, header)
		require.NoError(t, err)
		got, err := Write(n, header)
		require.NoError(t, err)
		require.Equal(t, string(want), string(got))
	})
}

// Both sides of one comparison: a list of mappings such as a configuration has.
func BenchmarkWrite(b *testing.B) {
	item := &Node{Kind: Mapping, Fields: []Field{
		{Key: "id", Value: &Node{Kind: String, Text: "01JSHPZHAXC50QBKH67MH33TNF"}},
		{Key: "issuer", Value: &Node{Kind: String, Text: "https://id.example.com/realms/corp"}},
		{Key: "enabled", Value: &Node{Kind: Bool, Text: "true"}},
		{Key: "claims", Value: &Node{Kind: Mapping, Fields: []Field{
			{Key: "template", Value: &Node{Kind: String, Text: "{{ (user.preferred_username or '') | lower }}"}},
		}}},
	}}
	list := &Node{Kind: Sequence, Items: slices.Repeat([]*Node{item}, 100)}
	document := &Node{Kind: Mapping, Fields: []Field{{Key: "providers", Value: list}}}
	for name, write := range map[string]func(*Node, string) ([]byte, error){"own": Write, "yaml.v3": writeByLibrary} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := write(document, "Generated."); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
