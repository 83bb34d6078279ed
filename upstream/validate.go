package upstream

import (
	"strings"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/mas"
)

// Validate returns the errors that MAS's own rules find in the entry, those of
// mas.Config.Validate. Paths are relative to the entry: "client_id". An
// implementation of [Provider] returns them under the keys of its own configuration,
// and so needs rules for nothing but what is its own.
//
// It leaves out what depends on the configuration around the entry, such as which
// signing keys MAS has, and what is no error: whoever validates the whole
// configuration hears of both.
func Validate(e Entry, env Env) maskit.Problems {
	const prefix = "upstream_oauth2.providers[0]."
	config := mas.Config{UpstreamOAuth2: &mas.UpstreamOAuth2{Providers: []Entry{e}}}
	var out maskit.Problems
	for _, p := range config.Validate(mas.ValidateOptions{MASVersion: env.MASVersion}) {
		path, ours := strings.CutPrefix(p.Path, prefix)
		if !ours || p.Severity != maskit.SeverityError || p.Code == "no-signing-key" {
			continue
		}
		p.Path = path
		out = append(out, p)
	}
	return out
}
