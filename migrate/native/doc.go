// Package native moves users from Synapse to MAS without mas-cli: it reads Synapse's
// database with sorted, parallel streams of one snapshot, makes the rows of MAS one
// user at a time, and writes them by binary COPY.
//
//	m := migrate.Syn2MAS{Source: source, Target: target, Store: store, Engine: native.Engine{}}
//	report, err := m.Run(ctx)
//
// On large servers it fills tables in a schema of its own, builds their indexes and
// constraints in parallel, and puts them in the place of MAS's empty tables in one
// transaction ([Bulk]). On small ones, and where that is not possible, it fills MAS's
// own tables in one transaction ([Single]). In both cases MAS's schema is at any
// instant exactly as it was, with all rows or with none. A killed run leaves at most
// the schema "maskit_syn2mas", which the next run, or Reset, drops.
//
// The ids of rows are derived from Job.Key and what the rows are about. So a second
// attempt makes the same rows, and recognises those of an attempt that has committed
// without its caller learning of it; no mark of it is left in MAS's database.
//
// # Supported versions
//
// Synapse 1.136 to 1.163, MAS 0.20 to 1.22 on PostgreSQL 13 or newer. The schema of MAS
// is held against the list of its releases and looked through before anything is
// written. MAS's own migrations are never run: run "mas-cli database migrate" and
// "mas-cli config sync" first.
//
// # Errors
//
// What stands in the way is in the report as findings, and the error matches
// [maskit.ErrInvalid]; so does the error of Job.Judge. Other errors say which database
// they are about. After any of them MAS's tables are as they were.
//
// # Differences from mas-cli syn2mas
//
// Rows are the same, but for the ids, and the times of sessions: these are as old as
// the oldest of their device's tokens, or as Job.Started where that is not known.
// MAS's tables are analyzed. Neither engine has to reset what the other left before it
// can work; the native one removes the leftovers of both.
//
// # What it does not do
//
// It does not stop Synapse or MAS, and does not look whether they run, beyond the locks
// on their tables. It does not read Synapse through a connection pooler in transaction
// mode. It does not compare the rows afterwards: that is migrate's Verify.
package native
