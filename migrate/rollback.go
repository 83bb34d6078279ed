package migrate

import (
	"fmt"
	"strings"
	"time"

	"github.com/maskit-dev/maskit"
)

// RollbackOptions says what a rollback may do once people have used MAS. As long as
// nobody has, none of it matters.
type RollbackOptions struct {
	// DryRun only looks: the report says what would be done, and Err whether it would be refused.
	DryRun bool
	// CopyBack brings to Synapse what it can use: password hashes of scheme 1, tokens of
	// sessions that were made by the old login API, links to identity providers,
	// and who is deactivated, locked or an administrator. Synapse has to be stopped. Look
	// at the dry run first.
	CopyBack bool
	// AcceptLosses lets what else people did at MAS be lost. Make a backup of MAS's
	// database before: its tables are emptied.
	AcceptLosses bool
}

// RollbackReport says what [Syn2MAS.Rollback] did, or would do.
type RollbackReport struct {
	// DryRun says that nothing was done.
	DryRun bool `json:"dry_run,omitempty"`
	// AlreadyDone says that there was nothing to do.
	AlreadyDone bool `json:"already_done,omitempty"`
	// Refused says, of a dry run, that a rollback with the same options would be refused.
	Refused bool `json:"refused,omitempty"`
	// Found is how far the migration was.
	Found Step `json:"found"`
	// Losses is what people did at MAS.
	Losses Losses `json:"losses"`
	// CopyBack are the changes to Synapse's database, without any secret.
	CopyBack maskit.Changes `json:"copy_back,omitempty"`
	// Emptied are the tables of MAS that were emptied, with the rows that they had.
	Emptied []EmptiedTable `json:"emptied,omitempty"`
	// Left is what the migration or MAS made and what stays, for people.
	Left []string `json:"left,omitempty"`
	// Next is what is to be done by hand, for people.
	Next []string `json:"next,omitempty"`
	// Started and Finished bound the work.
	Started  time.Time `json:"started"`
	Finished time.Time `json:"finished"`

	refused error
}

// EmptiedTable is a table of MAS that was emptied.
type EmptiedTable struct {
	Table string `json:"table"`
	Rows  int64  `json:"rows"`
}

// Err says that a rollback with the options of a dry run would be refused: a [*LossesError]. Else it is nil.
func (r RollbackReport) Err() error { return r.refused }

// String is for people.
func (r RollbackReport) String() string {
	var lines []string
	add := func(format string, args ...any) { lines = append(lines, fmt.Sprintf(format, args...)) }
	switch {
	case r.AlreadyDone:
		add("nothing was migrated, or it was rolled back before")
	case r.Refused:
		add("dry run: nothing was changed; a rollback would be refused, because of what would be lost")
	case r.DryRun:
		add("dry run: nothing was changed")
	case !r.Finished.IsZero():
		add("rolled back: MAS's database is what it was before the migration")
	}
	if !r.Losses.Empty() {
		add("what people did at MAS %s", r.Losses)
	}
	if len(r.CopyBack) > 0 {
		add("to Synapse's database:\n  %s", strings.ReplaceAll(r.CopyBack.String(), "\n", "\n  "))
	}
	emptied := "emptied"
	if r.DryRun {
		emptied = "would empty"
	}
	for _, table := range r.Emptied {
		add("%s %s: %d rows", emptied, table.Table, table.Rows)
	}
	for _, left := range r.Left {
		add("left: %s", left)
	}
	for _, next := range r.Next {
		add("next: %s", next)
	}
	return strings.Join(lines, "\n")
}
