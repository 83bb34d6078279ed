package rowdiff

import (
	"time"

	"github.com/jackc/pgx/v5"
)

// Options say what to compare.
type Options struct {
	// Synapse and MAS are how to reach the databases. Tables are found by the
	// search_path. Required.
	Synapse, MAS *pgx.ConnConfig
	// Snapshot is an exported snapshot of Synapse's database to read, which must live
	// until Compare returns; empty takes one of now.
	Snapshot string
	// ServerName is the domain of the users. Required.
	ServerName string
	// Providers are the ids of MAS's providers by Synapse's auth_provider.
	Providers map[string][16]byte
	// SkipUnusableHashes and SkipDehydrated say that the migration left these out.
	SkipUnusableHashes, SkipDehydrated bool
	// Started is when the migration was begun: what has no time in Synapse has this or
	// a later one in MAS. Required.
	Started time.Time
	// Connections is how many are used to each database at a time. Default: 2.
	Connections int
	// Limit is how many differences are told of each table; the others are counted. Default: 100.
	Limit int
	// Progress is told how many rows of MAS were read, or read again because of
	// differences. It may be called by several goroutines at once. May be nil.
	Progress func(Progress)
}

// Progress is how far Compare is.
type Progress struct {
	// Table is the first of the tables that are read together: users, user_emails,
	// upstream_oauth_links or compat_sessions.
	Table string
	// Rows is how many of their joined rows were read so far.
	Rows int64
	// Again says that they are read once more, to find what differs.
	Again bool
	// Done says that these are all.
	Done bool
}

func (o Options) withDefaults() Options {
	if o.Connections <= 0 {
		o.Connections = 2
	}
	if o.Limit <= 0 {
		o.Limit = 100
	}
	if o.Progress == nil {
		o.Progress = func(Progress) {}
	}
	return o
}
