// Package mode reads MASKIT_LIVE: whether the tests may do without real servers.
package mode

import (
	"fmt"
	"os"
)

// EnvLive names the variable.
const EnvLive = "MASKIT_LIVE"

// Mode says what happens when a part is missing.
type Mode string

const (
	// Auto uses what is installed and skips the rest.
	Auto Mode = ""
	// Require fails instead of skipping. CI runs with it.
	Require Mode = "require"
	// Off skips every live test.
	Off Mode = "off"
)

// FromEnv reads the mode. A misspelt one is an error: it must not turn a run
// that requires everything into one that skips everything.
func FromEnv() (Mode, error) {
	switch m := Mode(os.Getenv(EnvLive)); m {
	case Auto, Require, Off:
		return m, nil
	case "auto":
		return Auto, nil
	default:
		return Auto, fmt.Errorf("%s=%s: want require, off or auto", EnvLive, m)
	}
}
