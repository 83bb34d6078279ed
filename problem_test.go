package maskit_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/maskit-dev/maskit"
)

func TestProblemString(t *testing.T) {
	t.Parallel()
	full := maskit.Problem{
		Path: "database.max_connections", Code: "pool-too-small", Message: "must be at least 2", Hint: "write 10",
		Pos: maskit.Pos{File: "site.yaml", Line: 3, Column: 5},
	}
	cases := map[string]struct {
		problem maskit.Problem
		want    string
	}{
		"everything":    {full, "error: site.yaml:3:5: database.max_connections: must be at least 2 [pool-too-small] (fix: write 10)"},
		"message alone": {maskit.Problem{Message: "is wrong", Severity: maskit.SeverityInfo}, "info: is wrong"},
		"no position":   {maskit.Problem{Path: "a.b", Message: "is wrong", Code: "c", Severity: maskit.SeverityWarning}, "warning: a.b: is wrong [c]"},
		"skipped":       {maskit.Problem{Path: "a", Message: "no file system", Severity: maskit.SeveritySkip}, "skip: a: no file system"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			require.Equal(t, c.want, c.problem.String())
		})
	}
}

func TestPosString(t *testing.T) {
	t.Parallel()
	for want, pos := range map[string]maskit.Pos{
		"":      {},
		"f":     {File: "f"},
		"f:3":   {File: "f", Line: 3},
		"f:3:5": {File: "f", Line: 3, Column: 5},
		"3:5":   {Line: 3, Column: 5},
		"g":     {File: "g", Column: 5},
	} {
		require.Equal(t, want, pos.String())
		require.Equal(t, want == "", pos.IsZero())
	}
}

func TestProblemJSON(t *testing.T) {
	t.Parallel()
	text, err := json.Marshal(maskit.Problems{
		{Path: "a", Code: "c", Message: "m"},
		{Path: "b", Code: "d", Message: "n", Hint: "h", Severity: maskit.SeverityWarning, Pos: maskit.Pos{File: "f", Line: 1}},
	})
	require.NoError(t, err)
	require.JSONEq(t, `[
		{"path": "a", "code": "c", "message": "m", "severity": "error"},
		{"path": "b", "code": "d", "message": "n", "hint": "h", "severity": "warning", "pos": {"file": "f", "line": 1}}
	]`, string(text))
}

func TestSeverityString(t *testing.T) {
	t.Parallel()
	require.Equal(t, "error warning info skip severity(9)", fmt.Sprintf("%v %v %v %v %v",
		maskit.SeverityError, maskit.SeverityWarning, maskit.SeverityInfo, maskit.SeveritySkip, maskit.Severity(9)))
}

func TestProblemsErrIsNilWithoutErrors(t *testing.T) {
	t.Parallel()
	require.NoError(t, maskit.Problems(nil).Err())
	require.NoError(t, maskit.Problems{
		{Severity: maskit.SeverityWarning}, {Severity: maskit.SeverityInfo}, {Severity: maskit.SeveritySkip},
	}.Err())
}

func TestProblemsErrListsTheErrorsOnly(t *testing.T) {
	t.Parallel()
	one, two := maskit.Problem{Path: "a", Code: "c", Message: "m"}, maskit.Problem{Path: "b", Code: "d", Message: "n"}
	warning := maskit.Problem{Path: "w", Severity: maskit.SeverityWarning}
	require.EqualError(t, maskit.Problems{warning, one}.Err(), "error: a: m [c]")
	require.EqualError(t, maskit.Problems{one, warning, two}.Err(), "2 problems:\nerror: a: m [c]\nerror: b: n [d]")

	err := fmt.Errorf("wrapped: %w", maskit.Problems{one, warning, two}.Err())
	require.ErrorIs(t, err, maskit.ErrInvalid)
	require.NotErrorIs(t, err, maskit.ErrConflict)
	var problems *maskit.ProblemsError
	require.ErrorAs(t, err, &problems)
	require.Equal(t, maskit.Problems{one, two}, problems.Problems)
}

func TestProblemsOnlyKeepsOrder(t *testing.T) {
	t.Parallel()
	a, b, w := maskit.Problem{Code: "a"}, maskit.Problem{Code: "b"}, maskit.Problem{Code: "w", Severity: maskit.SeverityWarning}
	require.Equal(t, maskit.Problems{b, a}, maskit.Problems{b, w, a}.Only(maskit.SeverityError))
	require.Empty(t, maskit.Problems{b, w, a}.Only(maskit.SeverityInfo))
}

func TestProblemsSortedIsACopyInOrder(t *testing.T) {
	t.Parallel()
	at := func(file string, line, column int) maskit.Pos {
		return maskit.Pos{File: file, Line: line, Column: column}
	}
	want := maskit.Problems{
		{Path: "x", Code: "a"},
		{Path: "x", Code: "b"},
		{Path: "z"},
		{Path: "z", Pos: at("a", 1, 1)},
		{Path: "y", Pos: at("a", 1, 2)},
		{Path: "x", Pos: at("a", 2, 1)},
		{Path: "x", Pos: at("a", 10, 1)},
		{Path: "x", Pos: at("b", 1, 1)},
		{Path: "a", Severity: maskit.SeverityWarning},
		{Path: "a", Severity: maskit.SeveritySkip},
	}
	var shuffled maskit.Problems
	for i := range want {
		shuffled = append(shuffled, want[(i*7+3)%len(want)])
	}
	before := append(maskit.Problems{}, shuffled...)
	require.NotEqual(t, want, shuffled)
	require.Equal(t, want, shuffled.Sorted())
	require.Equal(t, before, shuffled)
	require.Empty(t, maskit.Problems(nil).Sorted())
}

func TestProblemsAccept(t *testing.T) {
	t.Parallel()
	failing := func(path, code string) maskit.Problem {
		return maskit.Problem{Path: path, Code: code, Message: "m"}
	}
	warned := func(path, code string) maskit.Problem {
		return maskit.Problem{Path: path, Code: code, Message: "m", Severity: maskit.SeverityWarning}
	}
	unused := func(path string) maskit.Problem {
		return maskit.Problem{Path: path, Code: "ack-unused", Severity: maskit.SeverityWarning, Message: `the acknowledgement of "c" accepts nothing`, Hint: "remove it"}
	}
	exceeded := func(count, limit int) maskit.Problem {
		return maskit.Problem{
			Code: "ack-exceeded", Message: fmt.Sprintf(`%d problems have the code "c", the acknowledgement accepts %d`, count, limit),
			Hint: "mend some of them, or raise the maximum once you have looked at each",
		}
	}
	cases := map[string]struct {
		problems maskit.Problems
		acks     []maskit.Ack
		want     maskit.Problems
	}{
		"no acks":                   {maskit.Problems{failing("a", "c")}, nil, maskit.Problems{failing("a", "c")}},
		"by code":                   {maskit.Problems{failing("a", "c"), failing("a", "d")}, []maskit.Ack{{Code: "c"}}, maskit.Problems{warned("a", "c"), failing("a", "d")}},
		"by path":                   {maskit.Problems{failing("a", "c"), failing("b", "c")}, []maskit.Ack{{Code: "c", Path: "b"}}, maskit.Problems{failing("a", "c"), warned("b", "c")}},
		"one by default":            {maskit.Problems{failing("a", "c"), failing("b", "c")}, []maskit.Ack{{Code: "c"}}, maskit.Problems{failing("a", "c"), failing("b", "c"), exceeded(2, 1)}},
		"as many as the maximum":    {maskit.Problems{failing("a", "c"), failing("b", "c")}, []maskit.Ack{{Code: "c", Max: 2}}, maskit.Problems{warned("a", "c"), warned("b", "c")}},
		"fewer than the maximum":    {maskit.Problems{failing("a", "c")}, []maskit.Ack{{Code: "c", Max: 2}}, maskit.Problems{warned("a", "c")}},
		"more than the maximum":     {maskit.Problems{failing("a", "c"), failing("b", "c"), failing("d", "c")}, []maskit.Ack{{Code: "c", Max: 2}}, maskit.Problems{failing("a", "c"), failing("b", "c"), failing("d", "c"), exceeded(3, 2)}},
		"a negative maximum is one": {maskit.Problems{failing("a", "c")}, []maskit.Ack{{Code: "c", Max: -1}}, maskit.Problems{warned("a", "c")}},
		"nothing to accept":         {nil, []maskit.Ack{{Code: "c", Path: "b"}}, maskit.Problems{unused("b")}},
		"a warning needs no ack":    {maskit.Problems{warned("a", "c")}, []maskit.Ack{{Code: "c"}}, maskit.Problems{warned("a", "c"), unused("")}},
		"no code accepts nothing":   {maskit.Problems{failing("a", "")}, []maskit.Ack{{Code: "c"}}, maskit.Problems{failing("a", ""), unused("")}},
		"two acks":                  {maskit.Problems{failing("a", "c"), failing("b", "c")}, []maskit.Ack{{Code: "c", Path: "a"}, {Code: "c", Path: "b"}}, maskit.Problems{warned("a", "c"), warned("b", "c")}},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			before := append(maskit.Problems{}, c.problems...)
			require.Equal(t, c.want, c.problems.Accept(c.acks...))
			require.Equal(t, before, append(maskit.Problems{}, c.problems...), "Accept changes its receiver")
		})
	}
}

func TestAcceptedProblemsPass(t *testing.T) {
	t.Parallel()
	problems := maskit.Problems{{Path: "a", Code: "c"}}
	require.Error(t, problems.Err())
	require.NoError(t, problems.Accept(maskit.Ack{Code: "c"}).Err())
	require.Error(t, problems.Accept(maskit.Ack{Code: "d"}).Err())
}

func TestProblemsErrorMatchesNothingElse(t *testing.T) {
	t.Parallel()
	err := maskit.Problems{{Code: "c"}}.Err()
	require.False(t, errors.Is(err, io.EOF))
	require.False(t, errors.Is(io.EOF, maskit.ErrInvalid))
}

func TestSeverityText(t *testing.T) {
	t.Parallel()
	for _, severity := range []maskit.Severity{maskit.SeverityError, maskit.SeverityWarning, maskit.SeverityInfo, maskit.SeveritySkip} {
		text, err := severity.MarshalText()
		require.NoError(t, err)
		again := maskit.Severity(-1)
		require.NoError(t, again.UnmarshalText(text))
		require.Equal(t, severity, again)
	}
	var severity maskit.Severity
	require.EqualError(t, severity.UnmarshalText([]byte("fatal")), `maskit: decode severity "fatal": want error, warning, info or skip`)
}
