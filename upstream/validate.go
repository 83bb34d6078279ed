package upstream

import (
	"github.com/maskit-dev/maskit"
)

// Validate returns the errors that MAS's own rules find in the entry, those of
// mas.UpstreamProvider.Validate. Paths are relative to the entry: "client_id". An
// implementation of [Provider] returns them under the keys of its own configuration,
// and so needs rules for nothing but what is its own.
//
// It leaves out what depends on the configuration around the entry, such as which
// signing keys MAS has, and what is no error: whoever validates the whole
// configuration hears of both.
func Validate(e Entry, env Env) maskit.Problems {
	return e.Validate(env.MASVersion).Only(maskit.SeverityError)
}
