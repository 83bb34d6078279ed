// Package mascli runs mas-cli, the program of Matrix Authentication Service (MAS), and
// says what came of it.
//
//	cli := mascli.CLI{
//		Runner: mascli.Local{Binary: "/usr/local/bin/mas-cli"},
//		Config: config,
//	}
//	err := cli.ConfigCheck(ctx)
//
// A [Runner] decides where mas-cli runs: [Local] starts a process of this machine.
// What mas-cli needs is handed over as data, not as paths, so that another runner can
// start it elsewhere, such as in a Kubernetes Job.
//
// Secrets never stand on a command line. They are in files that only the user of the
// process can read, and in variables of its environment; from all that mas-cli prints they are
// removed before anybody sees it, because its log and its errors quote configurations
// and addresses of databases.
//
// # Errors
//
// A command that ends with a failure gives an [*ExitError] with the causes that mas-cli
// names and the end of its output, without secrets. What mas-cli found wrong with a
// configuration or a database is not an error but part of the result.
//
// # What it does not do
//
// It does not install mas-cli, run the server, or speak with one that runs. The
// commands below "mas-cli manage" are left out: the admin API of MAS does the same
// without passwords on a command line.
//
// Source: the code and the behaviour of mas-cli 1.22.
package mascli
