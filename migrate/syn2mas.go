package migrate

import (
	"io"
	"log/slog"
	"time"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/mas"
	"github.com/maskit-dev/maskit/synapse"
)

// Syn2MAS moves what Synapse knows about people to MAS: users, password hashes,
// e-mail addresses, links to identity providers, devices and tokens. Its methods are
// the steps of a migration, in this order: Check, Rehearse (while Synapse runs), Run
// (while it is stopped), Verify and, if need be, Rollback.
//
// A value may be used again, and by one goroutine at a time.
type Syn2MAS struct {
	// Source is Synapse. Required.
	Source Source
	// Target is MAS. Required.
	Target Target
	// Engine moves the rows: native.Engine or official.Engine. Required by all but Check and Verify.
	Engine Engine
	// Policy says what becomes of rows that do not fit.
	Policy Policy
	// Acks accept findings, up to a count.
	Acks []maskit.Ack
	// Store keeps the state of an unfinished migration. Required by Run, Rollback and Cutover.
	Store Store
	// Events is called with signs of progress, from one goroutine at a time; it must not block. May be nil.
	Events func(Event)
	// Logger is for what operators need when something goes wrong; nil is silent.
	Logger *slog.Logger
	// Rand is the source of the key that ids are derived with; nil is crypto/rand.
	Rand io.Reader
	// Now is the clock; nil is time.Now.
	Now func() time.Time
}

// Source is the Synapse side.
type Source struct {
	// Files are the files that Synapse loads, in its order, as they were before MAS. Required.
	Files []synapse.File
	// DSN is how to reach Synapse's database: a URI or a libpq connection string. It
	// replaces what Files say. A password may come from PGPASSWORD or a pgpass file.
	DSN maskit.Secret
	// Delegate is how Synapse hands over to MAS after the migration: Check judges the
	// Files as it would patch them, and the versions in it. Optional: without versions
	// none is judged, and without addresses neither are those.
	Delegate synapse.Delegate
}

// Target is the MAS side.
type Target struct {
	// Config is MAS's configuration, with the files of secrets read in
	// ([mas.Config.Inline]). Required.
	Config *mas.Config
	// DSN is how to reach MAS's database. It replaces what Config says.
	DSN maskit.Secret
	// Scratch is a second, empty MAS database, in which an engine rehearses that cannot
	// do so beside the real one. Optional.
	Scratch maskit.Secret
}
