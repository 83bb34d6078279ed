package migrate

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/migrate/internal/masdb"
	"github.com/maskit-dev/maskit/migrate/internal/synapsedb"
)

// synapseSessions reports who else is connected to Synapse's database: sessions of the
// role that Synapse's configuration names are taken for Synapse.
func (e environment) synapseSessions(ctx context.Context, job *Job, seen *surroundings) error {
	role := synapseRole(job)
	theirs, rest, err := e.leaving(ctx, func() (theirs, rest []string, err error) {
		others, err := synapsedb.Others(ctx, e.synapse)
		for _, session := range others {
			switch {
			case session.Application == applicationName:
			case role == "" || session.User == role:
				theirs = append(theirs, session.String())
			default:
				rest = append(rest, session.String())
			}
		}
		return theirs, rest, err
	})
	if err != nil {
		return err
	}
	seen.connected(e.running, CodeSynapseRunning, synapseDatabase, "Synapse", theirs)
	seen.others(CodeSynapseRunning, synapseDatabase, rest)
	return nil
}

// masSessions reports who else is connected to MAS's database.
func (e environment) masSessions(ctx context.Context, job *Job, seen *surroundings) error {
	role := masRole(job)
	theirs, rest, err := e.leaving(ctx, func() (theirs, rest []string, err error) {
		others, err := masdb.Sessions(ctx, e.mas, applicationName)
		for _, session := range others {
			if role == "" || session.User == role {
				theirs = append(theirs, session.String())
			} else {
				rest = append(rest, session.String())
			}
		}
		return theirs, rest, err
	})
	if err != nil {
		return err
	}
	severity := e.running
	if severity == maskit.SeverityInfo { // Synapse runs until the migration; MAS should not yet
		severity = maskit.SeverityWarning
	}
	seen.connected(severity, CodeMASRunning, masDatabase, "MAS", theirs)
	seen.others(CodeMASRunning, masDatabase, rest)
	return nil
}

// leaving lists the sessions of a program and the rest. Where the program must not run, it gives
// those of one that was just stopped or killed two seconds: the server notices later than we do.
func (e environment) leaving(ctx context.Context, list func() (theirs, rest []string, err error)) (theirs, rest []string, err error) {
	const attempts, pause = 20, 100 * time.Millisecond
	for attempt := range attempts {
		theirs, rest, err = list()
		if err != nil || len(theirs) == 0 || e.running != maskit.SeverityError || attempt == attempts-1 {
			break
		}
		select {
		case <-ctx.Done():
			return nil, nil, context.Cause(ctx)
		case <-time.After(pause):
		}
	}
	return theirs, rest, err
}

// synapseRole is the role that Synapse connects as; empty if it is not known.
func synapseRole(job *Job) string {
	if config, err := synapseConnection(job.Legacy.Database, maskit.Secret{}); err == nil && config != nil {
		return config.User
	}
	return ""
}

func masRole(job *Job) string {
	if config, err := masConnection(databaseOf(job.Config), maskit.Secret{}); err == nil {
		return config.User
	}
	return ""
}

func (s *surroundings) connected(severity maskit.Severity, code, whose, program string, sessions []string) {
	if len(sessions) == 0 {
		return
	}
	s.add(Finding{
		Problem: maskit.Problem{
			Path: databasePath(whose), Code: code, Severity: severity,
			Message: fmt.Sprintf("%s of the role of %s %s connected to %s", number(int64(len(sessions)), "sessions"), program, verb(int64(len(sessions)), "is", "are"), whose),
			Hint:    fmt.Sprintf("stop %s, all its processes, before Run; close consoles of that role, too", program),
		},
		Count: int64(len(sessions)), Samples: sessions[:min(len(sessions), MaxSamples)],
	})
}

// others are sessions of other roles: of a backup, of monitoring.
func (s *surroundings) others(code, whose string, sessions []string) {
	if len(sessions) == 0 {
		return
	}
	s.add(Finding{
		Problem: maskit.Problem{
			Path: databasePath(whose), Code: code, Severity: maskit.SeverityInfo,
			Message: fmt.Sprintf("%s of other roles: a backup or a long report would hold the migration up", number(int64(len(sessions)), "sessions")), Hint: "look whether they may stay",
		},
		Count: int64(len(sessions)), Samples: sessions[:min(len(sessions), MaxSamples)],
	})
}

// enoughConnections is how many the engines take at most on a side, unless told to take fewer.
const enoughConnections = 20

// connectionsLeft reports that the server, the database or the role has few connections
// left, not counting those of the program that will be stopped.
func connectionsLeft(ctx context.Context, conn *pgx.Conn, seen *surroundings, at server) error {
	var left int64
	err := conn.QueryRow(ctx, `SELECT least(
			current_setting('max_connections')::int8 - current_setting('superuser_reserved_connections')::int8
				- (SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend' AND datname <> current_database()),
			(SELECT CASE WHEN datconnlimit >= 0 THEN datconnlimit END FROM pg_database WHERE datname = current_database()),
			(SELECT CASE WHEN rolconnlimit >= 0 AND NOT rolsuper THEN rolconnlimit END FROM pg_roles WHERE rolname = current_user))`).Scan(&left)
	if err != nil {
		return fmt.Errorf("count connections: %w", err)
	}
	if left < enoughConnections {
		seen.report(maskit.SeverityWarning, at.path, CodeConnections, fmt.Sprintf("a migration can have %s to %s, and works faster with up to %d", number(max(left, 0), "connections"), at.whose, enoughConnections),
			"raise max_connections of the server or the limit of the role, or tell the engine to take fewer")
	}
	return nil
}
