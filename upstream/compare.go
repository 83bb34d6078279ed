package upstream

import "github.com/maskit-dev/maskit/mas"

// Compare says what the step from the entries in use to the next ones does to people who
// have an account. It is the part of [mas.Compare] that is about providers, for programs
// that have no whole configuration; paths are those of MAS's configuration.
//
// Refused holds what nothing lifts: another ULID for a provider that stays. Problems
// holds what has to be accepted by name, first of all another subject: the links of all
// users go by it. Keys that are absent stand for MAS's defaults. The same subject behind another gate is safe, as far as links go, and
// an info says whom it turns away or lets in; that takes gates in the form in which package
// claims writes them. Compare cannot see whether a provider has links at all.
func Compare(old, new []Entry) mas.Comparison {
	return mas.Compare(configOf(old), configOf(new))
}

func configOf(entries []Entry) *mas.Config {
	if len(entries) == 0 {
		return &mas.Config{} // an empty section would differ from none
	}
	return &mas.Config{UpstreamOAuth2: &mas.UpstreamOAuth2{Providers: entries}}
}
