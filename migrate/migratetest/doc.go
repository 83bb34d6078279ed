// Package migratetest makes what migrations from Synapse to MAS are tested with, here
// and in programs that embed maskit: homeservers of any size, homeservers with one odd
// thing in them, and configurations that fit both.
//
//	counts, err := migratetest.Generate(ctx, conn, migratetest.Spec{Users: 100_000, Seed: 1})
//	site, err := migratetest.NewSite(migratetest.Addresses{Synapse: synapseDB, MAS: masDB})
//
// The databases must have their schemas: Synapse's of 1.136 or newer, MAS's of 0.20 or
// newer. Everything is written into them as it is, so they must be made for the test.
//
// [Generate] is deterministic: the same [Spec] gives the same rows in the same order.
// [Oddities] lists what real databases hold and nobody expects, each with what an
// engine has to make of it.
//
// # Errors
//
// Errors are those of the database, with the table that was written.
//
// # What it does not do
//
// It makes no password that works, no token that a server has issued, no room and no
// event: Synapse starts on a generated database, but for logins register people by its
// API. The package does not import migrate, so that any test of it can be used there.
package migratetest
