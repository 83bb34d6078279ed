package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/migrate"
)

// report is what every command prints.
type report interface{ String() string }

// outcome is how a command ended, if it did not fail.
type outcome struct {
	code int
	// findings are what the report has.
	findings migrate.Findings
	// nothing says that there was nothing to roll back.
	nothing bool
}

// execute runs the command and prints its report.
func (s settings) execute(ctx context.Context, m *migrate.Syn2MAS, stdout io.Writer) (outcome, error) {
	switch s.command {
	case "check":
		r, err := m.Check(ctx)
		return s.print(stdout, r, outcome{code: checkCode(r), findings: r.Findings}, err)
	case "rehearse":
		r, err := m.Rehearse(ctx)
		return s.print(stdout, r, outcome{code: codeOf(r.Err()), findings: append(r.Run.Findings, r.Findings...)}, err)
	case "verify":
		return s.verify(ctx, m, stdout)
	case "rollback":
		r, err := m.Rollback(ctx, s.rollback)
		return s.print(stdout, r, outcome{code: codeOf(r.Err()), nothing: r.AlreadyDone}, err)
	case "resume":
		if err := resumable(ctx, m); err != nil {
			return outcome{}, err
		}
	}
	r, err := m.Run(ctx)
	return s.print(stdout, r, outcome{code: codeOf(r.Findings.Err()), findings: r.Findings}, err)
}

// verify compares the databases, and asks running servers if that is wanted.
func (s settings) verify(ctx context.Context, m *migrate.Syn2MAS, stdout io.Writer) (outcome, error) {
	if s.live > 0 {
		r, err := m.VerifyLive(ctx, migrate.LiveOptions{Tokens: s.live})
		return s.print(stdout, r, outcome{code: codeOf(r.Err())}, err)
	}
	r, err := m.Verify(ctx)
	return s.print(stdout, r, outcome{code: codeOf(r.Err())}, err)
}

// resumable refuses to begin a migration by resume.
func resumable(ctx context.Context, m *migrate.Syn2MAS) error {
	state, err := m.Store.Load(ctx)
	if err != nil {
		return err
	}
	if state.Step == migrate.StepNone || state.Step == migrate.StepRolledBack {
		return errors.New("no migration was begun with this state: use run")
	}
	return nil
}

// print writes the report, also that of a failure, as far as there is one.
func (s settings) print(stdout io.Writer, r report, o outcome, err error) (outcome, error) {
	stopped := errors.Is(err, maskit.ErrInvalid)
	if err != nil && !stopped {
		return o, err
	}
	if s.json {
		data, jsonErr := json.MarshalIndent(r, "", "  ")
		if jsonErr != nil {
			return o, jsonErr
		}
		_, _ = fmt.Fprintln(stdout, string(data))
	} else {
		_, _ = fmt.Fprintln(stdout, strings.TrimRight(r.String(), "\n"))
	}
	if stopped && o.code == exitDone {
		return o, err // what is wrong is not in the report
	}
	return o, nil
}

func codeOf(err error) int {
	if err != nil {
		return exitErrors
	}
	return exitDone
}

func checkCode(r migrate.CheckReport) int {
	switch {
	case r.Err() != nil:
		return exitErrors
	case len(r.Findings.Only(maskit.SeverityWarning)) > 0:
		return exitWarnings
	}
	return exitDone
}
