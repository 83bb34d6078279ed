package migrate

import (
	"encoding/json"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/internal/golden"
)

func TestDistinct(t *testing.T) {
	t.Parallel()
	f := func(severity maskit.Severity, path, code string, count int64) Finding {
		return Finding{Problem: maskit.Problem{Severity: severity, Path: path, Code: code, Message: "m"}, Count: count}
	}
	at := func(f Finding, line int) Finding {
		f.Pos = maskit.Pos{File: "homeserver.yaml", Line: line}
		return f
	}
	other := f(maskit.SeverityError, "a", "x", 0)
	other.Message = "another"
	const e, w, i = maskit.SeverityError, maskit.SeverityWarning, maskit.SeverityInfo
	cases := map[string]struct {
		found Findings
		want  []string
	}{
		"twice":                       {Findings{f(e, "a", "x", 0), f(e, "a", "x", 0)}, []string{"error a x"}},
		"another message":             {Findings{f(e, "a", "x", 0), other}, []string{"error a x", "error a x"}},
		"the worse":                   {Findings{f(w, "a", "x", 0), f(e, "a", "x", 0)}, []string{"error a x"}},
		"another path":                {Findings{f(w, "a", "x", 0), f(w, "b", "x", 0)}, []string{"warning a x", "warning b x"}},
		"counted":                     {Findings{f(w, "experimental", CodeManyDevices, 0), f(w, "devices", CodeManyDevices, 3)}, []string{"warning devices many-devices"}},
		"schema, as the engine says":  {Findings{f(w, "s", CodeUnknownSchema, 0), f(e, "s", CodeUnknownSchema, 0), f(e, "users.x", CodeUnknownSchema, 0)}, []string{"error s unknown-mas-schema", "error users.x unknown-mas-schema"}},
		"an info about the same line": {Findings{at(f(w, "a", "x", 0), 1), at(f(i, "a", "y", 0), 1)}, []string{"warning a x"}},
		"an info about rows":          {Findings{f(w, "devices", "x", 0), f(i, "devices", "y", 0)}, []string{"warning devices x", "info devices y"}},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			require.Equal(t, tc.want, found(distinct(tc.found)))
		})
	}
}

// exampleReport is a report with one of each kind.
func exampleReport() CheckReport {
	r := CheckReport{
		Started: time.Date(2026, 8, 4, 12, 0, 0, 0, time.UTC), Seconds: 3.25, Engine: "native", ServerName: "example.com",
		Versions: Versions{SynapsePostgreSQL: "15.18", MASPostgreSQL: "16.4", SynapseSchema: 94, MAS: "1.22", MASSchema: 20260720134722},
		Counts:   []Count{{"users", 1234567}, {"user_threepids", 210}, {"user_external_ids", 0}, {"devices", 98765}, {"access_tokens", 98000}, {"refresh_tokens", 12}},
	}
	config := func(p maskit.Problem, line int) Finding {
		p.Pos = maskit.Pos{File: "homeserver.yaml", Line: line, Column: 1}
		return Finding{Problem: p}
	}
	r.settle(Findings{
		config(maskit.Problem{
			Path: "allow_guest_access", Code: CodeGuestsEnabled, Message: "Synapse lets guests in, whom MAS does not know",
			Hint: "set allow_guest_access: false and restart Synapse; the guests that it has are signed out by the migration",
		}, 7),
		config(maskit.Problem{
			Path: "enable_registration", Code: CodeDisableRegistration, Severity: maskit.SeverityWarning,
			Message: "people may register at Synapse; once it delegates, they may at MAS only if that allows it", Hint: "set account.password_registration_enabled in MAS if they shall",
		}, 12),
		AnomalyFinding(Anomaly{Code: CodeOrphanRows, Path: "devices", Count: 7, Samples: []string{"@gone:example.com LAPTOP", "@gone:example.com PHONE", "@gone:example.com A", "@gone:example.com B", "@gone:example.com C"}}, Policy{}),
		AnomalyFinding(Anomaly{Code: CodeHiddenDeviceTokens, Path: "access_tokens", Count: 2, Users: 1, Samples: []string{"@carol:example.com KEY"}}, Policy{}),
		AnomalyFinding(Anomaly{Code: CodeCaseTwins, Path: "users", Count: 2, Samples: []string{"@Bob:example.com", "@bob:example.com"}}, Policy{}),
		{Problem: maskit.Problem{
			Path: databasePath(masDatabase), Code: CodeSpace, Severity: maskit.SeverityInfo,
			Message: "Synapse's tables that are read take 1.2 GiB; MAS's will take up to about 2.4 GiB, and the write-ahead log as much again for some time",
			Hint:    "make sure that the disk of MAS's server has 4.8 GiB left; the server does not tell",
		}},
		{Problem: maskit.Problem{Path: "passwords.schemes", Code: "not-checked", Severity: maskit.SeveritySkip, Message: "the file was not read", Hint: "read it in by mas.Config.Inline"}},
	}, nil, []maskit.Ack{{Code: CodeHiddenDeviceTokens, Max: 5}})
	return r
}

func TestCheckReportText(t *testing.T) {
	t.Parallel()
	report := exampleReport()
	golden.Require(t, filepath.Join("testdata", "check_report.txt"), report.String())
	require.ErrorIs(t, report.Err(), maskit.ErrInvalid)
	text, err := json.MarshalIndent(report, "", "  ")
	require.NoError(t, err)
	golden.Require(t, filepath.Join("testdata", "check_report.json"), string(text)+"\n")
	var back CheckReport
	require.NoError(t, json.Unmarshal(text, &back))
	require.Equal(t, report, back)
}

func TestCheckReportNext(t *testing.T) {
	t.Parallel()
	of := func(severities ...maskit.Severity) CheckReport {
		var r CheckReport
		for _, s := range severities {
			r.Findings = append(r.Findings, Finding{Problem: maskit.Problem{Severity: s}})
		}
		return r
	}
	require.Equal(t, "1 error, 2 warnings. Mend what is an error and check again; what may stay as it is, accept by its code and count.",
		of(maskit.SeverityError, maskit.SeverityWarning, maskit.SeverityWarning, maskit.SeverityInfo).next())
	require.Equal(t, "0 errors, 1 warning. Read the warnings; then rehearse while Synapse runs, stop Synapse and MAS, and run the migration.", of(maskit.SeverityWarning).next())
	require.Equal(t, "0 errors, 0 warnings. Nothing stands in the way: rehearse while Synapse runs, then stop Synapse and MAS, and run the migration.", of(maskit.SeverityInfo).next())
	require.Equal(t, "Migration of (no server name) from Synapse to MAS: check of 0001-01-01 00:00 UTC\n\n"+of().next()+"\n", of().String())
}
