// Package migrate moves the users of a Synapse homeserver to Matrix Authentication
// Service (MAS): accounts, password hashes, e-mail addresses, links to identity
// providers, devices and tokens, so that nobody is logged out.
//
//	m := migrate.Syn2MAS{
//		Source: migrate.Source{Files: files},
//		Target: migrate.Target{Config: config},
//		Engine: native.Engine{},
//		Store:  migrate.FileStore{Path: "migration.json"},
//	}
//	report, err := m.Check(ctx) // writes nothing
//
// # Steps
//
// [Syn2MAS.Check] and [Syn2MAS.Rehearse] are for a Synapse that runs: the one says what
// stands in the way, the other loads everything, compares it, says how long that took,
// and removes it. Then stop Synapse and MAS: [Syn2MAS.Run] migrates, [Syn2MAS.Verify]
// compares row for row. Start MAS, and Synapse with its new configuration; until people
// have used MAS, [Syn2MAS.Rollback] brings everything back, and afterwards it says what
// would be lost. [Cutover] does all of that in order, with whatever starts and stops the
// servers; each of its failures leaves a stated situation.
//
// MAS sees either nothing or everything, at any instant. What was begun is in the
// [Store]: call the same method again to go on, in another process, too.
//
// # Engines
//
// An [Engine] moves the rows: package native by itself, package official by mas-cli
// syn2mas. Both hold the same lock, and remove what the other left unfinished.
//
// # Findings
//
// Every report has [Findings]: what was found, of how many rows, such as which, what it
// means for people, and what mends it. Errors stop a migration. A [Policy] says what
// becomes of rows that do not fit MAS; a [maskit.Ack] accepts a finding up to a count.
// The constants Code… are the names of findings, which do not change.
//
// # Errors
//
// What is wrong with configurations, servers or rows is in the report, whose method Err
// matches [maskit.ErrInvalid] if it is an error; Run returns that error, too. All other
// errors say that something could not be done: which database, what, and why.
// [ErrBusy] means that another migration is at work on the same databases or state;
// [maskit.ErrConflict], which it matches, also that the state is of other databases or of
// another engine; [maskit.ErrUnsupported] that the engine cannot do this. No report,
// state file, event, log or error holds a token, a hash or a password; the state has the
// key that ids are derived with, which is as secret as they are.
//
// # What it does not do
//
// It does not make MAS's schema, nor its providers: mas-cli database migrate and config
// sync do. It never writes to Synapse's database, but for what Rollback carries back. It
// does not start or stop servers by itself. Profiles stay in Synapse; application
// services' users, guests' devices, and what MAS has no place for (consent, approval,
// shadow bans, expiry of accounts) are not moved, and Check says whom that concerns.
package migrate
