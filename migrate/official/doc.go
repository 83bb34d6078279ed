// Package official is the engine that lets mas-cli, the program of Matrix
// Authentication Service (MAS), migrate: "mas-cli syn2mas migrate".
//
//	m := migrate.Syn2MAS{
//		// …
//		Engine: official.Engine{Runner: mascli.Local{Binary: "/usr/local/bin/mas-cli"}},
//	}
//
// It is the choice for a schema of MAS that the native engine does not know. It is
// slower, stops at the first row that does not fit, and cannot leave such rows out,
// except for links to unknown identity providers.
//
// What maskit adds: checks of the data before, progress as events, failures as findings
// with what mends them, secrets that no command line and no log shows, and MAS's database
// as it was whenever mas-cli does not come to its end.
//
// # Errors
//
// What stops a run for a reason that somebody can mend is a finding in the report, and
// the error matches [github.com/maskit-dev/maskit.ErrInvalid]. Anything else is an
// error with what mas-cli said, without secrets.
//
// # What it does not do
//
// It does not keep to time and ids of an interrupted run: mas-cli draws ids at random.
// It takes no rehearsal beside MAS's tables, because the dry run of mas-cli writes to
// them and empties them with others. It does not apply migrations of MAS's schema: use
// "mas-cli database migrate" before.
//
// Source: the code and the behaviour of mas-cli 1.22, whose messages are the same since 0.16.
package official
