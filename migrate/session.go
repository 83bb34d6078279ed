package migrate

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"github.com/maskit-dev/maskit"
)

// readOnly is a copy for sessions that look and never write, nor wait for a lock for
// long. They use no prepared statements that outlive a transaction, so that they work
// through any pooler that lets them in.
func readOnly(config *pgx.ConnConfig) *pgx.ConnConfig {
	config = config.Copy()
	config.RuntimeParams["default_transaction_read_only"] = "on"
	config.RuntimeParams["lock_timeout"] = "10s"
	config.DefaultQueryExecMode = pgx.QueryExecModeExec
	return config
}

// connect opens a read-only session. That it cannot be had is a finding, and so is a
// pooler that refuses its settings.
func connect(ctx context.Context, config *pgx.ConnConfig, whose string) (*pgx.Conn, Findings) {
	path := databasePath(whose)
	config = readOnly(config)
	conn, err := pgx.ConnectConfig(ctx, config)
	if err == nil {
		return conn, nil
	}
	if !refusesSettings(err) {
		return nil, Findings{unreachable(path, whose, err)}
	}
	for key := range config.RuntimeParams {
		if key != "application_name" {
			delete(config.RuntimeParams, key)
		}
	}
	conn, err = pgx.ConnectConfig(ctx, config)
	if err != nil {
		return nil, Findings{unreachable(path, whose, err)}
	}
	return conn, Findings{pooler(path, whose, maskit.SeverityWarning, "which refuses settings of sessions")}
}

// databasePath is the path of findings about a database as a whole.
func databasePath(whose string) string {
	if whose == synapseDatabase {
		return "synapse database"
	}
	return "mas database"
}

// refusesSettings reports whether a pooler knows not what to do with a setting:
// PgBouncer's answer to all that its ignore_startup_parameters does not name.
func refusesSettings(err error) bool {
	failed, ok := errors.AsType[*pgconn.PgError](err)
	return ok && failed.Code == "08P01" && strings.Contains(failed.Message, "startup parameter")
}

func unreachable(path, whose string, err error) Finding {
	return Finding{Problem: maskit.Problem{
		Path: path, Code: CodeUnreachable, Message: whose + " cannot be reached: " + oneLine(err), Hint: reachHint(err),
	}}
}

// oneLine writes the error of several attempts on one line. It holds no password: pgx
// shows user and database only.
func oneLine(err error) string {
	return strings.Join(strings.Fields(strings.ReplaceAll(err.Error(), "\n", " ")), " ")
}

func reachHint(err error) string {
	failed, ok := errors.AsType[*pgconn.PgError](err)
	switch {
	case !ok:
		return "check host, port and TLS, and that the server takes connections from this machine"
	case strings.HasPrefix(failed.Code, "28"):
		return "check user and password, and pg_hba.conf of the server"
	case failed.Code == "3D000":
		return "check the name of the database"
	case failed.Code == "53300":
		return "the server has no connection left: raise max_connections, or close others"
	}
	return "check the address"
}

func pooler(path, whose string, severity maskit.Severity, what string) Finding {
	return Finding{Problem: maskit.Problem{
		Path: path, Code: CodePooler, Severity: severity, Message: fmt.Sprintf("%s is reached through a pooler, %s", whose, what),
		Hint: "give the address of PostgreSQL itself: a migration locks tables, shares snapshots and holds a lock in its session",
	}}
}
