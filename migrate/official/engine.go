package official

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/mas"
	"github.com/maskit-dev/maskit/mas/mascli"
	"github.com/maskit-dev/maskit/migrate"
)

// Engine runs "mas-cli syn2mas".
type Engine struct {
	// Runner runs mas-cli, of the version of MAS that will run. Required.
	Runner mascli.Runner
	// MASVersion is the version for which the configuration is written. Default: what
	// mas-cli says of itself, or else the newest one that this version of maskit was
	// tested with.
	MASVersion maskit.Version
	// CheckInPlace lets Check run "mas-cli syn2mas check" on MAS's database, which
	// applies pending migrations to it. Without it, Check does that in the scratch
	// database if there is one, and else relies on maskit's own checks. A run always
	// makes those of mas-cli before it writes anything else.
	CheckInPlace bool
}

var _ migrate.Engine = Engine{}

// Name is "official".
func (Engine) Name() string { return "official" }

// FindsAnomalies is false: mas-cli stops at the first row that does not fit, after it
// has renamed MAS's tables.
func (Engine) FindsAnomalies() bool { return false }

// The codes of findings that this engine alone has.
const (
	// CodeCannotSkip: a policy asks to leave rows out, which mas-cli cannot do.
	CodeCannotSkip = "engine-cannot-skip"
	// CodeNotVerified: a rehearsal whose rows nobody could compare.
	CodeNotVerified = "rehearsal-not-verified"
	// CodePendingMigrations: the schema of MAS's database is not that of mas-cli, which
	// would change it while it migrates.
	CodePendingMigrations = "pending-mas-migrations"
	// CodeTool: a finding of mas-cli that maskit does not know.
	CodeTool = "mas-cli"
	// CodeConstraint: a row broke a rule of MAS's schema.
	CodeConstraint = "constraint-violated"
)

// Check reports policies that mas-cli cannot follow, whether mas-cli reads the
// configuration, and whether the schema of MAS's database is that of mas-cli. The
// checks of mas-cli itself are made where that writes nothing, or where
// CheckInPlace allows it.
func (e Engine) Check(ctx context.Context, job *migrate.Job) (migrate.Findings, error) {
	findings := cannotSkip(job.Policy)
	cli, err := e.cli(ctx, job.Config)
	if err != nil {
		return findings, err
	}
	if refused, err := configCheck(ctx, cli); err != nil || len(refused) > 0 {
		return append(findings, refused...), err
	}
	found, err := inspect(ctx, job.MAS, cli.MASVersion)
	if err != nil {
		return findings, err
	}
	findings = append(findings, found...)
	target := job.Scratch
	if target == nil && e.CheckInPlace && found.Err() == nil {
		target = job.MAS
	}
	if target == nil {
		return findings, nil
	}
	found, err = toolCheck(ctx, cli, job, target)
	return append(findings, found...), err
}

// Run loads MAS's database; see [migrate.Engine]. If mas-cli does not come to its end,
// the database is put back.
//
// mas-cli leaves no mark in MAS's database. A run is therefore known to be done if MAS
// has exactly the users of Synapse and nothing is unfinished; [migrate.Syn2MAS.Verify]
// compares the rest.
func (e Engine) Run(ctx context.Context, job *migrate.Job) (migrate.RunReport, error) {
	r, err := e.newRun(ctx, job, job.MAS)
	if err != nil {
		return r.report, err
	}
	return r.finish(r.run(ctx))
}

// Rehearse makes a dry run in the scratch database, which must be empty: it fills it with
// Synapse running, and empties it. mas-cli removes the rows before it ends, so that
// verify cannot be called; the report says so, and has the rows as mas-cli counted them:
// e-mail addresses with other identifiers, and only what it counts. Without a scratch
// database the error matches [maskit.ErrUnsupported].
func (e Engine) Rehearse(ctx context.Context, job *migrate.Job, verify func(context.Context, *pgx.ConnConfig) error) (migrate.RunReport, error) {
	if job.Scratch == nil {
		return migrate.RunReport{Engine: e.Name()}, fmt.Errorf("official: rehearse: the dry run of mas-cli writes to MAS's tables and empties them: "+
			"create an empty database beside MAS's, and name it as Target.Scratch: %w", maskit.ErrUnsupported)
	}
	if sameDatabase(job.Scratch, job.MAS) {
		same := migrate.Findings{finding(maskit.SeverityError, "target.scratch", migrate.CodeSameDatabase, "the scratch database is MAS's own", "create an empty database beside it")}
		return migrate.RunReport{Engine: e.Name(), Findings: same}, fmt.Errorf("official: rehearse: %w", same.Err())
	}
	r, err := e.newRun(ctx, job, job.Scratch)
	if err != nil {
		return r.report, err
	}
	r.rehearsal = true
	if verify != nil {
		r.report.Findings = append(r.report.Findings, finding(maskit.SeverityInfo, "", CodeNotVerified,
			"the rows of the rehearsal were not compared: mas-cli removes them before it ends", "rehearse with the native engine to have them compared"))
	}
	return r.finish(r.rehearse(ctx))
}

// Reset puts MAS's database back to what it was before an unfinished run of any engine.
func (e Engine) Reset(ctx context.Context, job *migrate.Job) error {
	if err := reset(ctx, job.MAS); err != nil {
		return fmt.Errorf("official: %w", err)
	}
	return nil
}

// cannotSkip reports what a policy asks for in vain.
func cannotSkip(p migrate.Policy) migrate.Findings {
	var findings migrate.Findings
	for _, skip := range []struct {
		field       string
		disposition migrate.Disposition
		instead     string
	}{
		{"OrphanRows", p.OrphanRows, "stops at the first of them"},
		{"ForeignUsers", p.ForeignUsers, "stops at the first of them"},
		{"HiddenDeviceTokens", p.HiddenDeviceTokens, "fails at its very end because of them"},
		{"NoCreationTime", p.NoCreationTime, "stops at the first of them"},
		{"UnusableHashes", p.UnusableHashes, "copies them"},
		{"DehydratedDevices", p.DehydratedDevices, "gives them a session"},
	} {
		if skip.disposition == migrate.Skip {
			findings = append(findings, finding(maskit.SeverityError, "policy."+skip.field, CodeCannotSkip,
				"mas-cli cannot leave these rows out: it "+skip.instead, "mend them in Synapse's database and leave the policy empty, or use the native engine"))
		}
	}
	return findings
}

func finding(severity maskit.Severity, path, code, message, hint string) migrate.Finding {
	return migrate.Finding{Problem: maskit.Problem{Severity: severity, Path: path, Code: code, Message: message, Hint: hint}}
}

// configCheck has mas-cli read the configuration.
func configCheck(ctx context.Context, cli mascli.CLI) (migrate.Findings, error) {
	err := cli.ConfigCheck(ctx)
	if failed, ok := errors.AsType[*mascli.ExitError](err); ok {
		return migrate.Findings{finding(maskit.SeverityError, "target.config", CodeTool, "mas-cli does not take MAS's configuration: "+said(failed), "validate it: mas.Config.Validate says more")}, nil
	}
	if err != nil {
		return nil, fmt.Errorf("official: %w", err)
	}
	return nil, nil
}

// toolCheck makes the checks of mas-cli.
func toolCheck(ctx context.Context, cli mascli.CLI, job *migrate.Job, target *pgx.ConnConfig) (migrate.Findings, error) {
	config, source, err := handOver(job, target)
	if err != nil {
		return nil, fmt.Errorf("official: %w", err)
	}
	cli.Config = config
	report, err := cli.Syn2MASCheck(ctx, source)
	findings := checkFindings(report, job.Policy)
	if failed, ok := errors.AsType[*mascli.ExitError](err); ok {
		found, known := failure(failed, job)
		findings, err = append(findings, found...), nil
		if !known {
			err = failed
		}
	}
	if err != nil {
		return findings, fmt.Errorf("official: %w", err)
	}
	return findings, nil
}

// cli is mas-cli with a configuration, of a version that is known as far as possible.
func (e Engine) cli(ctx context.Context, config *mas.Config) (mascli.CLI, error) {
	cli := mascli.CLI{Runner: e.Runner, Config: config, MASVersion: e.MASVersion}
	if e.Runner == nil {
		return cli, errors.New("official: Engine.Runner is required")
	}
	if !cli.MASVersion.IsZero() {
		return cli, nil
	}
	version, err := cli.Version(ctx)
	if err != nil {
		return cli, fmt.Errorf("official: %w", err)
	}
	cli.MASVersion = version
	return cli, nil
}
