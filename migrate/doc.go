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
// Then stop Synapse, Run, Verify, start MAS and Synapse with its new configuration.
package migrate
