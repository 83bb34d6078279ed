package probe

import (
	"cmp"
	"context"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/internal/httpx"
)

// said is an answer by somebody.
func said(from Responder, status int, body string) answer {
	h := http.Header{}
	switch from {
	case Synapse:
		h.Set("Server", "Synapse/1.163.2")
		h.Set("Access-Control-Allow-Origin", "*")
	case MAS:
		h.Set("Vary", "origin, access-control-request-method")
		h.Set("Access-Control-Allow-Origin", "*")
	case Nobody, Other:
	}
	return answer{response: &httpx.Response{Status: status, Header: h, Body: []byte(body)}}
}

// replies are what is seen of homeservers, by name.
func replies() map[string]answer {
	const document = `{"issuer":"https://account.example.com/"}`
	moved := said(Other, 301, "")
	moved.response.Header.Set("Location", "https://www.example.com/")
	file := func(body string) answer {
		a := said(Other, 200, body)
		a.response.Header.Set("Access-Control-Allow-Origin", "*")
		a.response.Header.Set("Content-Type", "application/json")
		return a
	}
	return map[string]answer{
		"versions":         said(Synapse, 200, `{"versions":["v1.15"]}`),
		"metadata":         said(Synapse, 200, document),
		"other metadata":   said(Synapse, 200, `{"issuer":"https://old.example.com/"}`),
		"never reached":    said(Synapse, 500, `{"errcode":"M_UNKNOWN","error":"Internal server error"}`),
		"unrecognized":     said(Synapse, 404, `{"errcode":"M_UNRECOGNIZED","error":"Unrecognized request"}`),
		"unable":           said(Synapse, 503, `{"errcode":"M_UNKNOWN","error":"Unable to introspect the access token"}`),
		"inactive":         said(Synapse, 401, `{"errcode":"M_UNKNOWN_TOKEN","error":"Token is not active"}`),
		"own":              said(Synapse, 401, `{"errcode":"M_UNKNOWN_TOKEN","error":"Invalid access token passed."}`),
		"missing token":    said(Synapse, 401, `{"errcode":"M_MISSING_TOKEN","error":"Missing access token"}`),
		"only MAS":         said(Synapse, 403, `{"errcode":"M_UNKNOWN","error":"This endpoint must only be called by MAS"}`),
		"no localpart":     said(Synapse, 400, `{"errcode":"M_UNKNOWN","error":"Missing localpart"}`),
		"Synapse's number": said(Synapse, 200, `{"server":{"version":"1.163.2"},"server_version":"1.163.2"}`),
		"discovery":        said(MAS, 200, document),
		"other discovery":  said(MAS, 200, `{"issuer":"https://old.example.com/"}`),
		"introspection":    said(MAS, 200, `{"active":false}`),
		"flows":            said(MAS, 200, `{"flows":[{"type":"m.login.sso","oauth_aware_preferred":true}]}`),
		"MAS page":         said(MAS, 404, `<title>matrix-authentication-service</title>`),
		"MAS refuses":      said(MAS, 401, `{"errcode":"M_UNKNOWN_TOKEN","error":"Invalid access token"}`),
		"not found":        said(Other, 404, ""),
		"forbidden":        said(Other, 403, ""),
		"gateway":          said(Other, 502, ""),
		"too many":         said(Other, 429, ""),
		"moved":            moved,
		"web page":         said(Other, 200, "<html>"),
		"client":           file(`{"m.homeserver":{"base_url":"https://matrix.example.com"}}`),
		"server":           file(`{"m.server":"matrix.example.com:443"}`),
		"nothing":          {err: context.DeadlineExceeded},
	}
}

// healthy names the right reply to each question.
func healthy(cfg Config) map[string]string {
	right := map[string]string{
		edge + pathVersions: "versions", synapseIn + pathVersions: "versions",
		edge + pathMetadata: "metadata", edge + pathMetadataUnstable: "metadata",
		synapseIn + pathMetadata: "metadata", synapseIn + pathMetadataUnstable: "metadata",
		edge + pathWhoami: "inactive", synapseIn + pathWhoami: "inactive",
		synapseIn + pathServerVersion: "Synapse's number", synapseIn + pathFederation: "Synapse's number", edge + pathFederation: "Synapse's number",
		edge + pathServerVersion: "not found",
		synapseIn + pathMASAPI:   "no localpart", masIn + pathIntrospect: "introspection",
		account + pathDiscovery: "discovery", masIn + pathDiscovery: "discovery", edge + pathLogin + " preflight": "flows",
		named + pathWellKnownClient: "client", named + pathWellKnownServer: "server",
	}
	for _, path := range guardedPaths() {
		right[edge+path] = "not found"
	}
	for _, r := range compatRequests() {
		right[r.key()] = "flows"
		if r.method == http.MethodPost {
			right[r.key()] = "MAS refuses"
		}
	}
	names := map[string]string{}
	for _, list := range questions(cfg) {
		for _, q := range list {
			names[q.key] = cmp.Or(right[q.key], "unrecognized")
		}
	}
	return names
}

// deployment is a healthy one, and what can be seen of it.
type deployment struct {
	cfg   Config
	keys  []string
	right map[string]string
	known map[string]answer
}

func newDeployment(cfg Config) deployment {
	right := healthy(cfg)
	return deployment{cfg: cfg, right: right, keys: slices.Sorted(maps.Keys(right)), known: replies()}
}

// judge judges the healthy answers, but for some of them.
func (d deployment) judge(change map[string]string) (*sight, Report) {
	all := answers{}
	for key, name := range d.right {
		a := d.known[cmp.Or(change[key], name)]
		a.url = "https://example.com/" + key[strings.Index(key, " ")+1:]
		all[key] = a
	}
	s := &sight{cfg: d.cfg, answers: all, done: map[string]verdict{}}
	return s, s.judge()
}

// A check is skipped only for what was not given, or because of one that has a
// finding; and one odd answer has one finding at most.
func TestNoFaultIsHidden(t *testing.T) {
	t.Parallel()
	inside, outside, unnamed := everything(), everything(), everything()
	outside.Secret, outside.Site.SynapseURL, outside.Site.MASURL = maskit.Secret{}, "", ""
	unnamed.Site.AccountURL = ""
	deployments := []deployment{newDeployment(inside), newDeployment(outside), newDeployment(unnamed)}
	names := slices.Sorted(maps.Keys(replies()))
	for _, d := range deployments {
		_, report := d.judge(nil)
		require.Empty(t, report.Problems.Err())
		for _, key := range d.keys {
			for _, name := range names {
				report := d.requireExplained(t, map[string]string{key: name})
				found := append(report.Problems.Only(maskit.SeverityError), report.Problems.Only(maskit.SeverityWarning)...)
				require.LessOrEqual(t, len(found), 1, "%s: %s\n%s", key, name, found)
			}
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		d := rapid.SampledFrom(deployments).Draw(t, "deployment")
		d.requireExplained(t, rapid.MapOfN(rapid.SampledFrom(d.keys), rapid.SampledFrom(names), 2, 6).Draw(t, "change"))
	})
}

func (d deployment) requireExplained(t require.TestingT, change map[string]string) Report {
	s, report := d.judge(change)
	for name, v := range s.done {
		for v.because != "" {
			by := v.because
			v = s.done[by]
			require.NotEmpty(t, v.code+v.because, "%v: %s is skipped because of %s, which is %s", change, name, by, v.status)
		}
	}
	return report
}
