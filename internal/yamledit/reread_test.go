package yamledit

import (
	"github.com/stretchr/testify/require"
	"gopkg.in/yaml.v3"
)

// RequireAsParsed checks that a document that an edit made is the one that Parse
// makes of its text.
func RequireAsParsed(t require.TestingT, d *Document) {
	parsed, _ := Parse(d.name, d.text)
	require.NotNil(t, parsed, "%s", d.text)
	require.Equal(t, bare(parsed.root), bare(d.root), "%s", d.text)
	require.Equal(t, parsed.rows, d.rows)
	require.Equal(t, parsed.long, d.long)
	require.Equal(t, parsed.anchors, d.anchors)
	require.Len(t, d.aliases, len(parsed.aliases))
}

// bareNode is a node without its comments, and without the place of a null that
// has no text: where yaml.v3 says that one stands in brackets depends on the lines above.
type bareNode struct {
	Kind               yaml.Kind
	Style              yaml.Style
	Tag, Value, Anchor string
	Line, Column       int
	Content            []bareNode
}

func bare(n *yaml.Node) bareNode {
	b := bareNode{n.Kind, n.Style, n.Tag, n.Value, n.Anchor, n.Line, n.Column, nil}
	if isEmpty(n) {
		b.Line, b.Column = 0, 0
	}
	for _, child := range n.Content {
		b.Content = append(b.Content, bare(child))
	}
	return b
}
