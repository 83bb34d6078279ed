package native

import (
	"context"
	"fmt"
	"maps"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"
)

// settings are those of every session at MAS's database. The role or the database may
// have others, which suit a server but not a migration.
func (e Engine) settings() map[string]string {
	return map[string]string{
		"transaction_timeout":           "0", // PostgreSQL 17
		"idle_session_timeout":          "0", // PostgreSQL 14
		"lock_timeout":                  milliseconds(e.LockTimeout),
		"default_transaction_read_only": "off",
		"default_transaction_isolation": "read committed",
		"default_table_access_method":   "heap",
		"default_tablespace":            "",
		"client_min_messages":           "warning",
		"jit":                           "off",
	}
}

// bulkSettings are those of sessions that fill and index tables which nobody sees yet.
// What they commit is durable with the switch, whose commit writes all that was before.
func (e Engine) bulkSettings() map[string]string {
	memory := fmt.Sprintf("%dkB", e.MaintenanceMemory>>10)
	return map[string]string{
		"synchronous_commit":               "off",
		"maintenance_work_mem":             memory,
		"max_parallel_maintenance_workers": "0", // the sessions are parallel already
		"max_parallel_workers_per_gather":  "0",
		"lock_timeout":                     "0", // but for each other, nobody is there
	}
}

func milliseconds(d time.Duration) string { return fmt.Sprintf("%dms", d.Milliseconds()) }

// connect opens a session at MAS's database.
func (e Engine) connect(ctx context.Context, config *pgx.ConnConfig, more map[string]string) (*pgx.Conn, error) {
	config = config.Copy()
	if config.RuntimeParams == nil {
		config.RuntimeParams = map[string]string{}
	}
	config.RuntimeParams["statement_timeout"] = "0" // that of the role may be too short for anything
	config.RuntimeParams["lock_timeout"] = "0"
	config.RuntimeParams["idle_in_transaction_session_timeout"] = "0"
	conn, err := pgx.ConnectConfig(ctx, config)
	if err != nil {
		return nil, fmt.Errorf("native: connect to MAS's database: %w", err)
	}
	settings := e.settings()
	maps.Copy(settings, more)
	// A setting that the server does not have is left out.
	_, err = conn.Exec(ctx, `SELECT set_config(s.name, v.value, false) FROM json_each_text($1::json) v (name, value) JOIN pg_settings s ON s.name = v.name`, settings)
	if err != nil {
		closeConn(ctx, conn)
		return nil, fmt.Errorf("native: connect to MAS's database: %w", err)
	}
	// Then a server notices within a second that its client was killed. It has that on Linux alone.
	_, _ = conn.Exec(ctx, `SELECT set_config(name, '1s', false) FROM pg_settings WHERE name = 'client_connection_check_interval'`)
	return conn, nil
}

// closeConn closes a session even if the context is over.
func closeConn(ctx context.Context, conn *pgx.Conn) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
	defer cancel()
	_ = conn.Close(ctx)
}

// watch asks the session every second whether it is there, and cancels the work if it
// is not. The function that it returns ends that, and has to be called before the
// session is used otherwise.
func watch(ctx context.Context, conn *pgx.Conn, cancel context.CancelCauseFunc) (stop func()) {
	ctx, end := context.WithCancel(ctx)
	var done sync.WaitGroup
	done.Go(func() {
		ticker := time.NewTicker(time.Second)
		defer ticker.Stop()
		for {
			select {
			case <-ctx.Done():
				return
			case <-ticker.C:
			}
			// Not with ctx, whose end would close the session.
			ping, free := context.WithTimeout(context.WithoutCancel(ctx), 30*time.Second)
			err := conn.Ping(ping)
			free()
			if err != nil {
				cancel(fmt.Errorf("native: the session that holds the lock on MAS's database is gone: %w", err))
				return
			}
		}
	})
	return func() { end(); done.Wait() }
}
