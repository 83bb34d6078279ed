package mas

import (
	"strings"

	"github.com/maskit-dev/maskit"
)

// Validate reports what [Config.Validate] reports about this provider, with paths below it:
// "client_id". It leaves out what depends on the configuration around it, such as signing
// keys and other providers, and looks into no file. Zero stands for the newest MAS tested.
func (p UpstreamProvider) Validate(v maskit.Version) maskit.Problems {
	const at = "upstream_oauth2.providers[0]"
	config := &Config{UpstreamOAuth2: &UpstreamOAuth2{Providers: []UpstreamProvider{p}}}
	c := &checker{
		config: config, version: newestMAS(v), scanned: map[string]scanned{}, found: newCollector(nil, nil),
		elements: elementsOf(&config.UpstreamOAuth2.Providers[0], at),
	}
	var out maskit.Problems
	for _, p := range c.run([]func(){c.pairs, c.enums, c.upstream}) {
		path, ours := strings.CutPrefix(p.Path, at+".")
		if ours && p.Code != "no-signing-key" {
			p.Path = path
			out = append(out, p)
		}
	}
	return out
}
