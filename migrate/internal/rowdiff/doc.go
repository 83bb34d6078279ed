// Package rowdiff compares what Synapse's database says about people with what MAS's
// database has after a migration, row for row.
//
// It has its own idea of what a migration does, written down once more from what
// mas-cli syn2mas 1.22 does, so that a mistake of an engine is not repeated here.
//
// Both databases are read once, each row is put into one form and hashed, and the
// hashes are added up by table and by group of users: memory does not grow with the
// number of rows, and the order of rows does not matter. Only where the sums of a group
// differ are its rows read again, sorted by user, and compared one by one.
package rowdiff
