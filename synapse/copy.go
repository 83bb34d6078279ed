package synapse

import (
	"gopkg.in/yaml.v3"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/internal/yamledit"
)

// maxCopied is how many nodes an overlay repeats of a section.
const maxCopied = 100_000

// without copies what a section holds but for what the findings take out.
func (c config) without(r repair) (*yaml.Node, maskit.Problems) {
	gone := map[string]bool{}
	for _, f := range r.findings {
		gone[f.target()] = true
	}
	rest := yamledit.Literal(r.section.Value, maxCopied)
	if rest == nil {
		return nil, maskit.Problems{r.section.problem("overlay-too-large", "is too large, with its aliases written out, for an overlay to repeat it", "use Patch")}
	}
	kept := rest.Content[:0:0]
	switch rest.Kind {
	case yaml.MappingNode:
		for i := 0; i+1 < len(rest.Content); i += 2 {
			if !gone[r.key+"."+rest.Content[i].Value] {
				kept = append(kept, rest.Content[i], rest.Content[i+1])
			}
		}
	case yaml.SequenceNode:
		for i, item := range c.items(r.section) {
			if !gone[item.Path] {
				kept = append(kept, rest.Content[i])
			}
		}
	}
	rest.Content = kept
	return rest, nil
}
