package migrate

import (
	"context"
	"time"

	"github.com/maskit-dev/maskit"
)

// Store keeps the state of a migration between calls, and beyond the death of the
// caller. [FileStore] keeps it in a file; another one writes what [EncodeState] returns, and
// compares revisions as that does.
type Store interface {
	// Load returns the state; the zero State if there is none.
	Load(ctx context.Context) (State, error)
	// Save replaces old by new, at once and durably. It matches [maskit.ErrConflict] if
	// the stored state is not old (their revisions differ), so that two callers
	// cannot both go on. The stored revision is old's plus one, whatever new says.
	Save(ctx context.Context, old, new State) error
}

// State is where a migration stands. It holds no token, hash or password.
type State struct {
	// Format is the version of this structure: 1.
	Format int `json:"format"`
	// Revision counts the writes; only a Store sets it.
	Revision int64 `json:"revision"`
	// RunID names the migration.
	RunID string `json:"run_id"`
	// Engine is the name of the engine.
	Engine string `json:"engine"`
	// Step is what is being done, or was done last.
	Step Step `json:"step"`
	// Started is when the migration was begun.
	Started time.Time `json:"started"`
	// Updated is when Step changed.
	Updated time.Time `json:"updated"`
	// Key derives the ids of rows; hex, 32 bytes. Whoever has it can guess ids, no more.
	Key string `json:"key"`
	// Source and Target are the databases of Synapse and MAS.
	Source DatabaseID `json:"source,omitzero"`
	Target DatabaseID `json:"target,omitzero"`
	// Before is the schema of MAS's database before the run.
	Before Schema `json:"before"`
	// Loaded is by what a rollback tells what people did since; nil until the engine has finished.
	Loaded *Watermark `json:"loaded,omitempty"`
	// Report is that of the engine, once it has finished.
	Report *RunReport `json:"report,omitempty"`
	// Cutover is how far the steps around the migration are; nil without one.
	Cutover *CutoverState `json:"cutover,omitempty"`
	// Acks are those with which the run was begun.
	Acks []maskit.Ack `json:"acks,omitempty"`
}

// Step is where a migration stands.
type Step string

// The steps. Each is stored before the work that it names is begun.
const (
	StepNone       Step = ""            // nothing was begun
	StepRunning    Step = "running"     // the engine works, or was killed
	StepMigrated   Step = "migrated"    // MAS's database is loaded
	StepVerified   Step = "verified"    // and was found equal
	StepResetting  Step = "resetting"   // a rollback works, or was killed
	StepRolledBack Step = "rolled-back" // MAS's database is as before
)

// Schema is what a migration must leave as it was: the migrations that MAS has
// applied, and its constraints and indexes.
type Schema struct {
	// Head is the newest migration, Count how many there are.
	Head  int64 `json:"head"`
	Count int   `json:"count"`
	// Definitions are sorted by table and name.
	Definitions []Definition `json:"definitions,omitempty"`
}

// Definition is a constraint or an index of MAS's tables.
type Definition struct {
	Table string `json:"table"`
	Name  string `json:"name"`
	// SQL is as PostgreSQL prints it.
	SQL string `json:"sql"`
}

// DatabaseID tells a database from another, and from a copy of it that was restored.
type DatabaseID struct {
	Name string `json:"name"`
	// OID is what PostgreSQL calls it by.
	OID uint32 `json:"oid"`
}

// Watermark separates what a migration wrote to MAS's database from what came later.
type Watermark struct {
	// Time is that of the database.
	Time time.Time `json:"time"`
	// Transaction is the first one that comes later.
	Transaction int64 `json:"transaction"`
	// UsersTable is the OID of MAS's table users: in a copy of the database, it is another.
	UsersTable uint32 `json:"users_table"`
	// Rows are how many the migration wrote, by entity.
	Rows map[Entity]int64 `json:"rows"`
}
