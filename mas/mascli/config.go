package mascli

import (
	"context"
	"strings"

	"github.com/maskit-dev/maskit"
)

// ConfigCheck has mas-cli read the configuration. It needs no database.
func (c CLI) ConfigCheck(ctx context.Context) error {
	_, err := c.simple(ctx, "config", "check")
	return err
}

// SyncOptions says what [CLI.ConfigSync] may do.
type SyncOptions struct {
	// Prune deletes clients that the configuration no longer has, and providers that
	// are disabled, together with the links of all users to them.
	Prune bool
	// DryRun changes nothing but the schema: pending migrations are applied all the same.
	DryRun bool
}

// SyncReport says what a sync did, or would do.
type SyncReport struct {
	// Changes are what was added, enabled, disabled and deleted. mas-cli writes every other
	// entry of the configuration, too, and does not say whether anything in it differs.
	Changes maskit.Changes `json:"changes"`
	// Problems are warnings and errors of the log, such as a client that stays usable
	// though the configuration no longer has it.
	Problems maskit.Problems `json:"problems,omitempty"`
}

// ConfigSync writes the providers and the clients of the configuration to the database,
// after the migrations that are pending.
func (c CLI) ConfigSync(ctx context.Context, o SyncOptions) (SyncReport, error) {
	args := []string{"config", "sync"}
	if o.Prune {
		args = append(args, "--prune")
	}
	if o.DryRun {
		args = append(args, "--dry-run")
	}
	log, err := c.simple(ctx, args...)
	var report SyncReport
	for _, line := range log {
		if change, ok := syncChange(line); ok {
			report.Changes = append(report.Changes, change)
		}
	}
	report.Problems = problemsOf("config-sync", log)
	return report, err
}

// syncChange reads a line about one entry. A provider that is disabled or enabled is an update.
func syncChange(line LogLine) (maskit.Change, bool) {
	verb, rest, _ := strings.Cut(line.Message, " ")
	subject := ""
	for _, kind := range []string{"provider", "client"} {
		if id := line.Field(kind + ".id"); id != "" {
			subject = kind + " " + id
		}
	}
	if subject == "" || line.Level != "INFO" {
		return maskit.Change{}, false
	}
	switch verb {
	case "Adding":
		return maskit.Change{Subject: subject, Action: maskit.ActionCreate}, true
	case "Deleting":
		return maskit.Change{Subject: subject, Action: maskit.ActionDelete}, true
	case "Disabling", "Enabling":
		if strings.Contains(rest, "provider") {
			on := verb == "Enabling"
			return maskit.Change{Subject: subject, Action: maskit.ActionUpdate, Fields: []maskit.FieldChange{{Path: "enabled", Before: !on, After: on}}}, true
		}
	}
	return maskit.Change{}, false
}

// problemsOf are the warnings and errors of a log.
func problemsOf(code string, log []LogLine) maskit.Problems {
	var problems maskit.Problems
	for _, line := range log {
		switch line.Level {
		case "WARN":
			problems = append(problems, maskit.Problem{Code: code, Severity: maskit.SeverityWarning, Message: line.Message})
		case "ERROR":
			problems = append(problems, maskit.Problem{Code: code, Severity: maskit.SeverityError, Message: line.Message})
		}
	}
	return problems
}
