package migrate

import (
	"context"
	"log/slog"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/mas"
	"github.com/maskit-dev/maskit/synapse"
)

// Engine moves the rows. It is a value that holds settings and no state: what it has
// begun, it finds in the databases.
//
// Whatever happens, MAS sees either nothing or everything, and while an engine works
// no other does: all of them hold the advisory lock of mas-cli syn2mas.
type Engine interface {
	// Name is "native" or "official".
	Name() string
	// Check adds what this engine cannot work with, or its own judgement. It writes nothing.
	Check(ctx context.Context, job *Job) (Findings, error)
	// FindsAnomalies says that Run finds every row that [Policy] is about while it reads,
	// and hands them to Job.Judge before anything is visible; else Check has to find
	// them before Run.
	FindsAnomalies() bool
	// Rehearse does all that Run does and then removes it; MAS's tables stay as they
	// are. It matches [maskit.ErrUnsupported] if it cannot. verify, if not nil, is
	// called with a connection whose search_path shows the loaded rows.
	Rehearse(ctx context.Context, job *Job, verify func(context.Context, *pgx.ConnConfig) error) (RunReport, error)
	// Run loads MAS's database. It begins anew what an unfinished run, of any engine,
	// left behind, and is a no-op that reports "already done" if this very run
	// (Job.RunID) was finished.
	Run(ctx context.Context, job *Job) (RunReport, error)
	// Reset removes what an unfinished run left, so that the database is as before it.
	Reset(ctx context.Context, job *Job) error
}

// Job is what an [Engine] works on. [Syn2MAS] makes it.
type Job struct {
	// RunID names the migration; the same in a resumed one.
	RunID string
	// Started is when the migration was begun: the time of what has none in Synapse.
	// The same in a resumed one.
	Started time.Time
	// Key derives the ids of rows (HMAC-SHA-256). The same in a resumed one.
	Key maskit.Secret
	// Legacy is the configuration of Synapse from before MAS.
	Legacy synapse.Legacy
	// Config is that of MAS.
	Config *mas.Config
	// Synapse and MAS are how to reach the databases. Copy before changing.
	Synapse, MAS *pgx.ConnConfig
	// Scratch is a MAS database for rehearsals; nil if there is none.
	Scratch *pgx.ConnConfig
	// Providers maps user_external_ids.auth_provider to the provider in MAS, for all
	// enabled providers that have a synapse_idp_id.
	Providers map[string]maskit.ULID
	// Policy says what becomes of rows that do not fit.
	Policy Policy
	// Snapshot is set by an engine that rehearses, before it calls verify: the exported
	// snapshot of Synapse's database that it has loaded, and still holds. Empty if there is none;
	// then what people do meanwhile shows as differences.
	Snapshot string
	// Judge decides whether the rows that did not fit are acceptable. An engine calls it
	// once, with exact counts, before anything is visible, and stops at its error. Never nil.
	Judge func(Findings) error
	// Events is never nil.
	Events func(Event)
	// Logger is never nil.
	Logger *slog.Logger
}
