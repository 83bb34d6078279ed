package mas

import "github.com/maskit-dev/maskit"

// positions maps YAML paths to where they stood in the files that were parsed: the
// key, or the start of a list item. A path that has a position and no value in the
// Config was reported by Parse: its value could not be read.
type positions map[string]maskit.Pos
