package mas

import "github.com/maskit-dev/maskit"

// positions maps YAML paths to where they stood in the files that were parsed.
type positions map[string]maskit.Pos
