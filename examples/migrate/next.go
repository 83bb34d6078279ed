package main

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/migrate"
)

// next says what to do after a command, in the words of this program; empty if the
// report says it.
func (s settings) next(ctx context.Context, m *migrate.Syn2MAS, o outcome, err error) string {
	var losses *migrate.LossesError
	switch {
	case errors.As(err, &losses), s.command == "rollback" && o.code == exitErrors:
		return "Nothing was changed. -copy-back saves what Synapse can use, and -accept-losses gives up the rest; -dry-run shows it before."
	case err != nil:
		return s.afterFailure(ctx, m)
	case s.command == "verify":
		return s.afterVerify(ctx, m, o.code)
	case s.command == "rollback":
		return s.afterRollback(ctx, m, o)
	case o.code == exitErrors:
		return s.flagsFor(o.findings)
	case s.command == "rehearse":
		return "Next: stop Synapse and MAS, and run."
	case s.command == "run" || s.command == "resume":
		return "Next: verify, before MAS or Synapse is started."
	}
	return ""
}

// flagsFor are those that let errors pass.
func (settings) flagsFor(findings migrate.Findings) string {
	var skips, acks []string
	for _, f := range findings.Only(maskit.SeverityError) {
		switch code := skipCode(f.Code); {
		case slices.Contains(skippable(), code):
			skips = append(skips, code)
		case f.Count > 0 && !migrate.Fatal(f.Code):
			acks = append(acks, fmt.Sprintf("%s=%d", f.Code, f.Count))
		}
	}
	slices.Sort(skips)
	var lines []string
	if skips = slices.Compact(skips); len(skips) > 0 {
		lines = append(lines, "To leave out the rows that do not fit: -skip "+strings.Join(skips, ","))
	}
	if len(acks) > 0 {
		lines = append(lines, "To accept what is found: -accept "+strings.Join(acks, " -accept "))
	}
	return strings.Join(lines, "\n")
}

// afterRollback doubts the state if there was nothing to do.
func (s settings) afterRollback(ctx context.Context, m *migrate.Syn2MAS, o outcome) string {
	state, err := m.Store.Load(ctx)
	switch {
	case err != nil:
		return ""
	case o.nothing && state.Step == migrate.StepNone:
		return s.state + " knows of no migration: if there was one, -state has to name its file."
	case !o.nothing && !s.rollback.DryRun:
		return "Next: start Synapse with its configuration from before, or mend the cause and run again."
	}
	return ""
}

// afterFailure goes by what is stored: only a migration that was begun can be resumed.
func (s settings) afterFailure(ctx context.Context, m *migrate.Syn2MAS) string {
	if s.command != "run" && s.command != "resume" && s.command != "rollback" {
		return ""
	}
	state, err := m.Store.Load(ctx)
	if err != nil {
		return "" // that is what failed
	}
	switch {
	case state.Step == migrate.StepRunning:
		seen := "MAS has seen nothing of it."
		if state.Engine == "official" {
			seen = "MAS's tables are half full: do not start it."
		}
		return seen + " Mend the cause, and use resume to go on or rollback to go back, with -state " + s.state + "."
	case state.Step == migrate.StepResetting:
		return "The way back was begun: use rollback again to finish it, with -state " + s.state + "."
	case s.command == "run" && begun(state):
		return "MAS's database is loaded; what failed came after. Mend the cause, and use verify, or rollback, with -state " + s.state + "."
	case s.command == "run":
		return "Nothing was changed. Mend the cause, and run it again."
	}
	return ""
}

// begun reports whether there is a migration to go on with.
func begun(state migrate.State) bool {
	return state.Step != migrate.StepNone && state.Step != migrate.StepRolledBack
}

// afterVerify knows the two ways in which it is the command that is wrong.
func (s settings) afterVerify(ctx context.Context, m *migrate.Syn2MAS, code int) string {
	if code == exitDone {
		return "Next: give Synapse its configuration for MAS, start MAS, then Synapse."
	}
	state, err := m.Store.Load(ctx)
	switch {
	case err != nil:
		return ""
	case !begun(state):
		return s.state + " knows of no migration: that is no matter if mas-cli did it by itself; else -state has to name its file."
	}
	if missing := s.skippedByRun(state); len(missing) > 0 {
		return "The run was told to leave rows out, and verify was not: look again with -skip " + strings.Join(missing, ",") + "."
	}
	return ""
}

// skippedByRun are the codes that the run skipped and that this command does not.
func (s settings) skippedByRun(state migrate.State) []string {
	if state.Report == nil {
		return nil
	}
	missing := map[string]bool{}
	for _, e := range state.Report.Entities {
		for reason := range e.Skipped {
			if d := s.disposition(reason); d != nil && *d != migrate.Skip {
				missing[skipCode(reason)] = true
			}
		}
	}
	return slices.Sorted(maps.Keys(missing))
}
