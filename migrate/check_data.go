package migrate

import (
	"context"
	"errors"
	"fmt"
	"sync"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"github.com/maskit-dev/maskit/migrate/internal/synapsedb"
)

// lookers is how many connections look through Synapse's database at once.
const lookers = 3

// connector opens a connection to a database.
type connector func(context.Context) (*pgx.Conn, error)

// look is a part of the search for anomalies: one statement, or a few.
type look struct {
	// name is the table, or what is looked for, in events and errors.
	name string
	run  func(context.Context, pgx.Tx) ([]Anomaly, error)
}

// checkData looks through Synapse's database for rows that do not fit MAS, or that
// people would miss, in read-only transactions that see the same instant. It also
// counts the rows.
func checkData(ctx context.Context, job *Job, connect connector) (Findings, synapsedb.Counts, error) {
	var counts synapsedb.Counts
	view, err := openView(ctx, connect)
	if err != nil {
		return nil, counts, fmt.Errorf("migrate: look through %s: %w", synapseDatabase, err)
	}
	defer view.close(ctx)
	looks := append([]look{{name: "rows", run: func(ctx context.Context, tx pgx.Tx) (_ []Anomaly, err error) {
		counts, err = synapsedb.Count(ctx, tx)
		return nil, err
	}}}, dataLooks(job, view.schema)...)
	anomalies, err := view.run(ctx, looks, job.Events)
	if err != nil {
		return nil, counts, fmt.Errorf("migrate: look through %s: %w", synapseDatabase, err)
	}
	var findings Findings
	for _, a := range anomalies {
		findings = append(findings, AnomalyFinding(a, job.Policy))
	}
	return findings.Sorted(), counts, nil
}

// dataLooks are all looks, the long ones first.
func dataLooks(job *Job, schema synapsedb.Schema) []look {
	looks := []look{accessTokens(job).look(), deviceRows(job).look(), userRows(job, schema).look()}
	for _, t := range []table{threepidRows(), refreshTokens(), linkRows(), appserviceUsers(job)} {
		looks = append(looks, t.look())
	}
	looks = append(looks, caseTwinUsers().look(), emailTwinRows().look(), providerLook(job))
	if schema.HasTable("dehydrated_devices") {
		looks = append(looks, dehydratedRows().look())
	}
	if schema.HasTable("account_validity") {
		looks = append(looks, expiredAccountRows(job).look())
	}
	if schema.HasTable("registration_tokens") {
		looks = append(looks, registrationLook(job))
	}
	return append(looks, sessionLimitLooks(job)...)
}

// view is a set of transactions that see the same instant.
type view struct {
	schema synapsedb.Schema
	conns  []*pgx.Conn
	txs    []pgx.Tx
}

func openView(ctx context.Context, connect connector) (_ *view, err error) {
	v := &view{}
	defer func() {
		if err != nil {
			v.close(ctx)
		}
	}()
	var snapshot string
	for len(v.txs) < lookers {
		tx, err := v.begin(ctx, connect, snapshot)
		if err != nil {
			return nil, err
		}
		if snapshot != "" {
			continue
		}
		if err := tx.QueryRow(ctx, "SELECT pg_export_snapshot()").Scan(&snapshot); err != nil {
			return nil, fmt.Errorf("export a snapshot: %w", err)
		}
		if v.schema, err = synapsedb.ReadSchema(ctx, tx); err != nil {
			return nil, err
		}
		if missing := v.schema.Missing(); len(missing) > 0 {
			return nil, fmt.Errorf("there is no table %s: this is no database of a Synapse, or the role does not see its schema", missing[0])
		}
	}
	return v, nil
}

// begin opens one more transaction; all but the first see the snapshot.
func (v *view) begin(ctx context.Context, connect connector, snapshot string) (pgx.Tx, error) {
	conn, err := connect(ctx)
	if err != nil {
		return nil, fmt.Errorf("connect: %w", err)
	}
	v.conns = append(v.conns, conn)
	tx, err := conn.BeginTx(ctx, pgx.TxOptions{IsoLevel: pgx.RepeatableRead, AccessMode: pgx.ReadOnly})
	if err != nil {
		return nil, fmt.Errorf("begin a transaction: %w", err)
	}
	v.txs = append(v.txs, tx)
	if snapshot != "" {
		if _, err := tx.Exec(ctx, "SET TRANSACTION SNAPSHOT "+literal(snapshot)); err != nil {
			return nil, fmt.Errorf("take the snapshot: %w", err)
		}
	}
	// Users and devices are hashed in memory, within bounds: Synapse runs meanwhile.
	// Compiling statements that run once costs more than it saves.
	for _, setting := range []string{"work_mem = '64MB'", "jit = off"} {
		if _, err := tx.Exec(ctx, "SET LOCAL "+setting); err != nil {
			return nil, fmt.Errorf("set %s: %w", setting, err)
		}
	}
	return tx, nil
}

func (v *view) close(ctx context.Context) {
	for _, conn := range v.conns {
		_ = conn.Close(context.WithoutCancel(ctx)) // ends the read-only transaction, too
	}
}

// run shares the looks out among the transactions. The anomalies are in the order of
// the looks.
func (v *view) run(ctx context.Context, looks []look, events func(Event)) ([]Anomaly, error) {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	found := make([][]Anomaly, len(looks))
	next := make(chan int, len(looks))
	for i := range looks {
		next <- i
	}
	close(next)
	var wg sync.WaitGroup
	for _, tx := range v.txs {
		wg.Go(func() {
			for i := range next {
				var err error
				if found[i], err = looks[i].run(ctx, tx); err != nil {
					cancel(fmt.Errorf("%s: %w", looks[i].name, explainCancel(err)))
					return
				}
				events(Event{Stage: StageCheck, Object: "data: " + looks[i].name, Done: true})
			}
		})
	}
	wg.Wait()
	if err := context.Cause(ctx); err != nil {
		return nil, err
	}
	var all []Anomaly
	for _, anomalies := range found {
		all = append(all, anomalies...)
	}
	return all, nil
}

// explainCancel says what to do when the server ends a statement.
func explainCancel(err error) error {
	const queryCanceled = "57014"
	var failed *pgconn.PgError
	if errors.As(err, &failed) && failed.Code == queryCanceled {
		return fmt.Errorf("the server ended the statement: raise statement_timeout of the role, or check at a quieter time: %w", err)
	}
	return err
}
