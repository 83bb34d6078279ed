package mas

import (
	"strings"

	"github.com/maskit-dev/maskit"
)

// positions maps YAML paths to where they stood in the files that were parsed: the
// key, or the start of a list item. A path that has a position and no value in the
// Config was reported by Parse: its value could not be read.
type positions map[string]maskit.Pos

// within reports whether a path is the other one or below it. Nothing is within "",
// which stands for the document as a whole.
func within(path, other string) bool {
	rest, ok := strings.CutPrefix(path, other)
	return ok && other != "" && (rest == "" || rest[0] == '.' || rest[0] == '[')
}
