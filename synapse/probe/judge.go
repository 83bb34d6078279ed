package probe

import (
	"math"
	"strings"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/internal/httpx"
)

// sight is all that was seen, and what was concluded so far.
type sight struct {
	cfg     Config
	answers answers
	done    map[string]verdict
}

// verdict is the result of one check.
type verdict struct {
	status Status
	hop    Hop
	detail string
	// code and hint make a finding of it; without a code it is none.
	code, hint string
	// because is the check that explains this one.
	because string
	// on is the answer that decided, if it is not the check's own.
	on answer
	// infos are further findings that are no fault.
	infos maskit.Problems
}

func fine(detail string) verdict { return verdict{status: StatusOK, detail: detail} }

func failed(hop Hop, code, message, hint string) verdict {
	return verdict{status: StatusFailed, hop: hop, code: code, detail: message, hint: hint}
}

func warned(hop Hop, code, message, hint string) verdict {
	return verdict{status: StatusWarning, hop: hop, code: code, detail: message, hint: hint}
}

// missing skips a check for which something was not given.
func missing(what, hint string) verdict {
	return verdict{status: StatusSkipped, code: "not-given", detail: what + " was not given", hint: hint}
}

// explained skips a check whose failure another one has explained.
func explained(by string) verdict {
	return verdict{status: StatusSkipped, detail: "see " + by, because: by}
}

// at says which answer decided.
func (v verdict) at(a answer) verdict {
	v.on = a
	return v
}

// check is one thing to look at. The order of the list counts: a check relies on
// those before it.
type check struct {
	name string
	hop  Hop
	// key is the question whose answer is judged.
	key   string
	judge func(*sight) verdict
}

func checks() []check {
	return []check{
		{"client-edge", HopClientEdge, edge + pathVersions, (*sight).clientEdge},
		{"synapse", HopMASSynapse, synapseIn + pathVersions, (*sight).synapse},
		{"edge-synapse", HopEdgeSynapse, edge + pathVersions, (*sight).edgeSynapse},
		{"synapse-routes", HopEdgeSynapse, edge + pathMetadata, (*sight).synapseRoutes},
		{"account-edge", HopClientEdge, account + pathDiscovery, (*sight).accountEdge},
		{"mas", HopSynapseMAS, masIn + pathDiscovery, (*sight).mas},
		{"edge-mas", HopEdgeMAS, account + pathDiscovery, (*sight).edgeMAS},
		{"delegation", HopSynapseConfig, edge + pathMetadata, (*sight).delegation},
		{"issuer", HopMASConfig, account + pathDiscovery, (*sight).issuer},
		{"metadata", HopSynapseMAS, edge + pathMetadata, (*sight).metadata},
		{"synapse-secret", HopMASSynapse, synapseIn + pathMASAPI, (*sight).synapseSecret},
		{"mas-secret", HopSynapseMAS, masIn + pathIntrospect, (*sight).masSecret},
		{"introspection", HopSynapseMAS, edge + pathWhoami, (*sight).introspection},
		{"compat-routes", HopEdgeMAS, edge + pathLogin, (*sight).compatRoutes},
		{"authorization", HopEdgeSynapse, edge + pathWhoami, (*sight).authorization},
		{"cors", HopClientEdge, edge + pathLogin, (*sight).cors},
		{"mas-api-private", HopClientEdge, edge + pathMASAPI, (*sight).masAPIPrivate},
		{"admin-api-private", HopClientEdge, edge + pathServerVersion, (*sight).adminAPIPrivate},
		{"well-known-client", HopWellKnown, named + pathWellKnownClient, (*sight).wellKnownClient},
		{"well-known-server", HopWellKnown, named + pathWellKnownServer, (*sight).wellKnownServer},
		{"cache", HopClientEdge, edge + pathMetadata, (*sight).cache},
		{"version", HopSynapseConfig, edge + pathFederation, (*sight).version},
	}
}

// judge is pure: the same answers give the same report, but for the durations.
func judge(cfg Config, answers answers) Report {
	s := &sight{cfg: cfg, answers: answers, done: map[string]verdict{}}
	return s.judge()
}

func (s *sight) judge() Report {
	var report Report
	for _, c := range checks() {
		v := c.judge(s)
		if v.hop == "" {
			v.hop = c.hop
		}
		if !v.on.asked() {
			v.on = s.get(c.key)
		}
		s.done[c.name] = v
		report.Checks = append(report.Checks, s.entry(c, v))
		report.Problems = append(report.Problems, s.findings(v)...)
	}
	report.Routes = s.routes()
	report.SynapseVersion = s.synapseVersion()
	report.Delegated = s.delegated().known()
	report.Issuer = s.show(s.masIssuer().issuer())
	return report
}

func (s *sight) entry(c check, v verdict) Check {
	entry := Check{Name: c.name, URL: v.on.url, Hop: v.hop, Status: v.status, Detail: s.show(v.detail)}
	if v.on.response != nil {
		entry.Duration = v.on.response.Duration
	}
	return entry
}

func (s *sight) findings(v verdict) maskit.Problems {
	problems := v.infos
	if v.code != "" {
		message := v.detail
		if v.status != StatusSkipped {
			message = string(v.hop) + ": " + message
		}
		problems = append(problems, maskit.Problem{Path: v.on.url, Code: v.code, Message: message, Hint: v.hint, Severity: v.status.severity()})
	}
	for i := range problems {
		problems[i].Message, problems[i].Hint = s.show(problems[i].Message), s.show(problems[i].Hint)
	}
	return problems
}

func (s Status) severity() maskit.Severity {
	switch s {
	case StatusFailed:
		return maskit.SeverityError
	case StatusWarning:
		return maskit.SeverityWarning
	case StatusSkipped:
		return maskit.SeveritySkip
	case StatusOK:
	}
	return maskit.SeverityInfo
}

// show makes text safe that may hold what a server sent: a server that was given
// the secret could send it back.
func (s *sight) show(text string) string {
	text = httpx.Printable(text, math.MaxInt) // whole: a cut could leave half of the secret
	if secret := s.cfg.Secret.Reveal(); secret != "" {
		text = strings.ReplaceAll(text, secret, s.cfg.Secret.String())
	}
	return httpx.Printable(text, 1000)
}

func (s *sight) get(key string) answer { return s.answers[key] }

// bad reports whether a check was made and failed.
func (s *sight) bad(name string) bool { return s.done[name].status == StatusFailed }

// good reports whether a check was made and is no failure.
func (s *sight) good(name string) bool {
	return s.done[name].status == StatusOK || s.done[name].status == StatusWarning
}

// cause is the first of the checks that failed, or what explains one that was
// skipped; empty if there is neither.
func (s *sight) cause(names ...string) string {
	for _, name := range names {
		if v := s.done[name]; v.status == StatusFailed {
			return name
		} else if v.because != "" {
			return v.because
		}
	}
	return ""
}

// firstBad is the first of the checks that failed; empty if none did.
func (s *sight) firstBad(names ...string) string {
	for _, name := range names {
		if s.bad(name) {
			return name
		}
	}
	return ""
}
