package migrate

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/migrate/internal/masdb"
	"github.com/maskit-dev/maskit/migrate/internal/synapsedb"
)

// environment is what a migration works in.
type environment struct {
	// synapse and mas are sessions of [connect]; nil if there is none, and then nothing
	// is said of that side.
	synapse, mas *pgx.Conn
	// running is what it means that Synapse or MAS is connected: an info for Check, an
	// error for Run.
	running maskit.Severity
	// official says that mas-cli does the work: it writes the providers itself, and does
	// not look whether it may rename tables.
	official bool
	// alone says that there is no engine yet, to say what it needs.
	alone bool
}

// surroundings is what was seen of it.
type surroundings struct {
	findings Findings
	versions Versions
	// synapseReady says that the rows of Synapse can be read, masReady that MAS's
	// database has a schema of MAS.
	synapseReady, masReady bool
}

func (s *surroundings) add(found ...Finding) { s.findings = append(s.findings, found...) }

func (s *surroundings) report(severity maskit.Severity, path, code, message, hint string) {
	s.add(Finding{Problem: maskit.Problem{Path: path, Code: code, Severity: severity, Message: message, Hint: hint}})
}

// checkEnvironment looks at both servers and databases: whether a migration has what it
// needs there. It writes nothing and takes no lock. The error says that it could not
// look, not that something is wrong.
func checkEnvironment(ctx context.Context, job *Job, e environment) (Findings, error) {
	seen, err := e.look(ctx, job)
	return seen.findings, err
}

func (e environment) look(ctx context.Context, job *Job) (surroundings, error) {
	var seen surroundings
	servers := map[*pgx.Conn]server{}
	for _, side := range []struct {
		conn  *pgx.Conn
		whose string
		look  func(context.Context, *Job, *surroundings, server) error
	}{{e.synapse, synapseDatabase, e.lookAtSynapse}, {e.mas, masDatabase, e.lookAtMAS}} {
		if side.conn == nil {
			continue
		}
		at, err := askServer(ctx, side.conn, side.whose)
		if err == nil {
			at.judge(&seen)
			err = side.look(ctx, job, &seen, at)
		}
		if err != nil {
			return seen, fmt.Errorf("migrate: check %s: %w", side.whose, err)
		}
		servers[side.conn] = at
		job.Events(Event{Stage: StageCheck, Object: side.whose, Done: true})
	}
	if e.synapse != nil && e.mas != nil {
		sameDatabase(&seen, servers[e.synapse], servers[e.mas])
	}
	return seen, nil
}

// lookAtSynapse looks at Synapse's database, as far as it is one.
func (e environment) lookAtSynapse(ctx context.Context, job *Job, seen *surroundings, at server) error {
	seen.versions.SynapsePostgreSQL = at.version
	if err := lookForPooler(ctx, e.synapse, seen, synapseDatabase); err != nil {
		return err
	}
	schema, err := synapsedb.ReadSchema(ctx, e.synapse)
	if err != nil && !isDenied(err) {
		return err
	}
	seen.versions.SynapseSchema = schema.Version
	if missing := schema.Missing(); len(missing) > 0 {
		seen.add(notSynapse(missing))
		return nil
	}
	judgeSynapseSchema(seen, schema)
	return inOrder(
		func() error { return readPrivileges(ctx, e.synapse, seen, at) },
		func() error { return e.synapseSessions(ctx, job, seen) },
		func() error { return connectionsLeft(ctx, e.synapse, seen, at) },
		func() error { return backgroundUpdates(ctx, e.synapse, seen) },
		func() error { return space(ctx, e.synapse, seen) },
	)
}

// lookAtMAS looks at MAS's database, as far as it is one.
func (e environment) lookAtMAS(ctx context.Context, job *Job, seen *surroundings, at server) error {
	seen.versions.MASPostgreSQL = at.version
	if err := lookForPooler(ctx, e.mas, seen, masDatabase); err != nil {
		return err
	}
	if err := inOrder(
		func() error { return e.masSessions(ctx, job, seen) },
		func() error { return migrationLock(ctx, e.mas, seen) },
		func() error { return connectionsLeft(ctx, e.mas, seen, at) },
	); err != nil {
		return err
	}
	isMAS, err := masSchema(ctx, e.mas, seen)
	seen.masReady = isMAS
	if err != nil || !isMAS {
		return err
	}
	left, err := masdb.ReadLeftovers(ctx, e.mas)
	if err != nil {
		return err
	}
	unfinished(seen, left)
	if !e.official {
		if err := providerRows(ctx, e.mas, job, seen); err != nil {
			return err
		}
	}
	if len(left.MASCLI) > 0 { // the tables have other names, and what is in them goes
		return nil
	}
	return inOrder(
		func() error { return emptiness(ctx, e.mas, job, seen) },
		func() error { return e.writePrivileges(ctx, seen, at) },
	)
}

// inOrder calls functions until one fails.
func inOrder(calls ...func() error) error {
	for _, call := range calls {
		if err := call(); err != nil {
			return err
		}
	}
	return nil
}
