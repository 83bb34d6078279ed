package migrate

import (
	"slices"
	"strings"

	"github.com/maskit-dev/maskit"
)

// merged is what is reported of findings and of those that an engine adds: a thing that
// both say is said once, by us, who know more about it, or by the engine if it is worse there.
func merged(own, engine Findings) Findings {
	more := engine.beyond(own)
	kept := slices.DeleteFunc(slices.Clone(own), func(k Finding) bool {
		return slices.ContainsFunc(more, func(f Finding) bool { return f.repeats(k) })
	})
	return distinct(append(kept, more...))
}

// beyond are the findings that the others do not say, or as less bad.
func (fs Findings) beyond(others Findings) Findings {
	return slices.DeleteFunc(slices.Clone(fs), func(f Finding) bool {
		return slices.ContainsFunc(others, func(k Finding) bool { return f.repeats(k) && k.Severity <= f.Severity })
	})
}

// repeats reports whether a finding of an engine is about what another one is about. An
// engine may know less well where that is.
func (f Finding) repeats(k Finding) bool {
	if f.Code != k.Code || !isWithin(k.Path, f.Path) && !isWithin(f.Path, k.Path) {
		return false
	}
	switch f.Code {
	case CodeSynapseMissingOAuthProvider, CodeMASMissingOAuthProvider: // one for each provider, of one table
		return f.Count == k.Count
	}
	return true
}

// isWithin reports whether a path is another one, or leads further; the empty path is anywhere.
func isWithin(path, outer string) bool {
	rest, ok := strings.CutPrefix(path, outer)
	return ok && (outer == "" || rest == "" || rest[0] == '.' || rest[0] == '[')
}

// distinct drops what another finding says, too: the same code at the same path, an info
// about a setting of which there is worse to say, and what a configuration would do to
// rows that were counted.
func distinct(found Findings) Findings {
	var kept Findings
	for _, f := range found {
		at := slices.IndexFunc(kept, func(k Finding) bool { return saysTheSame(k, f) })
		switch {
		case at < 0:
			kept = append(kept, f)
		case f.Severity < kept[at].Severity || f.Count > kept[at].Count && f.Severity == kept[at].Severity:
			kept[at] = f
		}
	}
	return slices.DeleteFunc(kept, func(f Finding) bool {
		return f.Severity == maskit.SeverityInfo && slices.ContainsFunc(kept, func(k Finding) bool {
			return k.Path == f.Path && k.Severity < f.Severity && k.Code != f.Code && isSetting(f)
		})
	})
}

// saysTheSame compares what is said of what. Engines word what they think of a schema in
// their own way; what MAS does to sessions is known better once they are counted.
func saysTheSame(a, b Finding) bool {
	switch a.Code {
	case CodeInactiveDevices, CodeManyDevices:
		return a.Code == b.Code
	case CodeUnknownSchema:
		return a.Code == b.Code && a.Path == b.Path
	}
	return a.Code == b.Code && a.Path == b.Path && a.Pos == b.Pos && a.Message == b.Message
}

// isSetting reports whether a finding is about a line of a file.
func isSetting(f Finding) bool { return !f.Pos.IsZero() }

// rowsAsEngine judges findings about rows as the engine does: mas-cli syn2mas stops at some
// that need no attention otherwise, and at links of a provider that Synapse's configuration
// has, and MAS's has not, whatever the policy is (MAS 1.22, --ignore-missing-auth-providers).
func (s *Syn2MAS) rowsAsEngine(found Findings) Findings {
	if !s.isOfficial() {
		return found
	}
	judged := slices.Clone(found)
	for i, f := range judged {
		switch f.Code {
		case CodeAppserviceLocalpart:
			judged[i].Hint = "delete these rows, after a look at what the application service needs of them, or use the native engine, which leaves them out"
		case CodeMASMissingOAuthProvider:
			judged[i].Hint = "add it to upstream_oauth2.providers (ConvertProviders does); mas-cli stops at these links whatever Policy.UnmappedLinks says, the native engine can skip them"
		default:
			continue
		}
		judged[i].Severity = maskit.SeverityError
	}
	return judged
}
