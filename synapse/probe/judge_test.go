package probe

import (
	"errors"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/internal/httpx"
)

func everything() Config {
	return Config{
		Site: maskit.Site{
			ServerName: "example.com", AccountURL: "https://account.example.com/", ClientAPIURL: "https://matrix.example.com/",
			SynapseURL: "http://synapse:8008/", MASURL: "http://mas:8080/",
		},
		Secret: maskit.NewSecret("correct-horse"),
	}
}

// FuzzJudge: whatever servers answer, there is a complete report without the
// secret, and what failed is a finding.
func FuzzJudge(f *testing.F) {
	f.Add(200, "Server", "Synapse/1.163.2", `{"versions":[],"issuer":"https://account.example.com/"}`, 200, `{"flows":[]}`, uint64(0))
	f.Add(404, "Vary", "access-control-request-method", "<title>matrix-authentication-service</title>", 503, "correct-horse", uint64(5))
	f.Add(302, "Location", "//[", "", 401, `{"errcode":"M_MISSING_TOKEN"}`, ^uint64(0))
	f.Add(400, "Age", "9", "The plain HTTP request was sent to HTTPS port", 502, "", uint64(1<<20))
	f.Fuzz(func(t *testing.T, status int, name, value, body string, otherStatus int, otherBody string, pattern uint64) {
		cfg, all := everything(), answers{}
		i := 0
		for _, list := range questions(cfg) {
			for _, q := range list {
				a := answer{url: httpx.Redact(q.URL), response: &httpx.Response{Status: status, Header: http.Header{}, Body: []byte(body)}}
				a.response.Header.Set(name, value)
				switch pattern >> (i % 64) & 3 {
				case 1:
					a.response = &httpx.Response{Status: otherStatus, Header: http.Header{}, Body: []byte(otherBody)}
				case 2:
					a.response, a.err = nil, errors.New(value)
				}
				all[q.key] = a
				i++
			}
		}
		report := judge(cfg, all)
		require.Len(t, report.Checks, len(checks()))
		errs := 0
		for _, c := range report.Checks {
			if c.Status == StatusFailed {
				errs++
			}
			require.NotContains(t, c.Detail, "correct-horse")
			require.Less(t, len(c.Detail), 1100)
		}
		require.Len(t, report.Problems.Only(maskit.SeverityError), errs)
		require.NotContains(t, report.Problems.String(), "correct-horse")
	})
}

// Text is cut after the secret was taken out of it, and what is taken out of the
// text puts no secret together.
func TestSecretIsNotShownInParts(t *testing.T) {
	t.Parallel()
	s := &sight{cfg: everything()}
	for length := 980; length < 1010; length++ {
		require.NotContains(t, s.show(strings.Repeat("x", length)+"correct-horse"), "xc", length)
	}
	require.Equal(t, "[redacted]", s.show("correct\u200b-horse"))
}

// Every question has a key of its own, and every check judges one that is asked.
func TestKeys(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for _, list := range questions(everything()) {
		for _, q := range list {
			require.False(t, seen[q.key], q.key)
			seen[q.key] = true
		}
	}
	names := map[string]bool{}
	for _, c := range checks() {
		require.True(t, seen[c.key], c.key)
		require.False(t, names[c.name], c.name)
		names[c.name] = true
	}
}

func TestCompatRowsHaveNoProblems(t *testing.T) {
	t.Parallel()
	require.Len(t, compatRows(), 6)
	require.Len(t, compatRequests(), 18)
}
