package migrate

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/maskit-dev/maskit"
)

func TestMergedWithWhatTheEngineSays(t *testing.T) {
	t.Parallel()
	const e, w, i = maskit.SeverityError, maskit.SeverityWarning, maskit.SeverityInfo
	f := func(severity maskit.Severity, path, code string, count int64, message string) Finding {
		return Finding{Problem: maskit.Problem{Path: path, Code: code, Severity: severity, Message: message}, Count: count}
	}
	links := func(severity maskit.Severity, count int64, message string) Finding {
		return f(severity, "user_external_ids", CodeMASMissingOAuthProvider, count, message)
	}
	cases := map[string]struct{ own, engine, want Findings }{
		"nothing":            {nil, nil, nil},
		"only ours":          {Findings{f(w, "a", "x", 1, "own")}, nil, Findings{f(w, "a", "x", 1, "own")}},
		"only the engine's":  {nil, Findings{f(w, "a", "x", 1, "")}, Findings{f(w, "a", "x", 1, "")}},
		"in other words":     {Findings{f(w, "a", "x", 2, "own")}, Findings{f(w, "a", "x", 1, "")}, Findings{f(w, "a", "x", 2, "own")}},
		"less bad":           {Findings{f(w, "a", "x", 1, "own")}, Findings{f(i, "a", "x", 1, "")}, Findings{f(w, "a", "x", 1, "own")}},
		"worse":              {Findings{f(w, "a", "x", 1, "own")}, Findings{f(e, "a", "x", 1, "worse")}, Findings{f(e, "a", "x", 1, "worse")}},
		"another path":       {Findings{f(w, "a", "x", 1, "")}, Findings{f(w, "ab", "x", 1, "")}, Findings{f(w, "a", "x", 1, ""), f(w, "ab", "x", 1, "")}},
		"another code":       {Findings{f(w, "a", "x", 1, "")}, Findings{f(w, "a", "y", 1, "")}, Findings{f(w, "a", "x", 1, ""), f(w, "a", "y", 1, "")}},
		"a vaguer path":      {Findings{f(w, "a.b[0].c", "x", 0, "own")}, Findings{f(w, "a.b", "x", 0, "")}, Findings{f(w, "a.b[0].c", "x", 0, "own")}},
		"no path":            {Findings{f(w, "a", "x", 0, "1"), f(w, "b", "x", 0, "2")}, Findings{f(w, "", "x", 0, "")}, Findings{f(w, "a", "x", 0, "1"), f(w, "b", "x", 0, "2")}},
		"of two providers":   {Findings{links(e, 3, "A"), links(e, 2, "B")}, Findings{links(e, 3, "a"), links(e, 2, "b")}, Findings{links(e, 3, "A"), links(e, 2, "B")}},
		"one provider worse": {Findings{links(w, 3, "A"), links(w, 2, "B")}, Findings{links(e, 2, "b")}, Findings{links(w, 3, "A"), links(e, 2, "b")}},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			require.Equal(t, tc.want, merged(tc.own, tc.engine))
		})
	}
}

// mascli is an engine of the official one's name.
type mascli struct{ Engine }

func (mascli) Name() string { return "official" }

// mas-cli stops at rows that other engines leave out, and no policy changes that.
func TestRowsThatOnlyTheOfficialEngineStopsAt(t *testing.T) {
	t.Parallel()
	skip := Policy{UnmappedLinks: Skip}
	found := Findings{
		AnomalyFinding(Anomaly{Code: CodeAppserviceLocalpart, Path: "users", Count: 1}, skip),
		AnomalyFinding(Anomaly{Code: CodeMASMissingOAuthProvider, Path: "user_external_ids", Count: 1, Provider: "oidc-x"}, skip),
		AnomalyFinding(Anomaly{Code: CodeSynapseMissingOAuthProvider, Path: "user_external_ids", Count: 1, Provider: "saml"}, skip),
	}
	require.NoError(t, found.Err())
	native := Syn2MAS{Engine: judge{}}
	require.NoError(t, native.rowsAsEngine(found).Err())
	official := Syn2MAS{Engine: mascli{}}
	judged := official.rowsAsEngine(found)
	require.Equal(t, []string{CodeAppserviceLocalpart, CodeMASMissingOAuthProvider}, []string{judged.Only(maskit.SeverityError)[0].Code, judged.Only(maskit.SeverityError)[1].Code})
	require.Len(t, judged.Only(maskit.SeverityError), 2)
	require.NoError(t, found.Err(), "the list that was given is as it was")
}

// An engine may have asked Job.Judge, and made warnings of what is accepted.
func TestAcceptTwice(t *testing.T) {
	t.Parallel()
	found := Findings{AnomalyFinding(Anomaly{Code: CodeOrphanRows, Path: "devices", Count: 3}, Policy{})}
	ack := maskit.Ack{Code: CodeOrphanRows, Max: 3}
	once := found.Accept(ack)
	require.NoError(t, once.Err())
	require.Len(t, once, 1)
	require.Equal(t, once, once.Accept(ack))
	require.Equal(t, "ack-unused", Findings{}.Accept(ack)[0].Code)
	require.ErrorIs(t, found.Accept(maskit.Ack{Code: CodeOrphanRows, Max: 2}).Err(), maskit.ErrInvalid)
}
