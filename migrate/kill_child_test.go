package migrate_test

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"os"
	"os/exec"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/internal/live"
	"github.com/maskit-dev/maskit/migrate"
	"github.com/maskit-dev/maskit/migrate/migratetest"
	"github.com/maskit-dev/maskit/migrate/native"
)

// childVariable holds a [child] in JSON. A test program that has it is that process, and runs no test.
const childVariable = "MASKIT_MIGRATE_CHILD"

// dsnPassword is in the addresses that a child gets. The server does not ask for one.
const dsnPassword = "pass-of-dsn-4711"

func TestMain(m *testing.M) {
	if spec := os.Getenv(childVariable); spec != "" {
		os.Exit(childMain(spec))
	}
	os.Exit(m.Run())
}

// child is what a process of its own does, and when it is killed. Without a death, it lives.
type child struct {
	Synapse, MAS migratetest.Database
	// DSNs are the same, with a password.
	SynapseDSN, MASDSN string
	State              string
	Engine             native.Engine
	Rollback           bool
	Death              death
}

// death is the instant of SIGKILL.
type death struct {
	// Event is the number of a sign of progress.
	Event int64
	// Save is the number of a write of the state; Stored is after it, and not before.
	Save   int64
	Stored bool
	// After is a time.
	After time.Duration
}

func (d death) String() string {
	switch {
	case d.Event > 0:
		return fmt.Sprintf("at event %d", d.Event)
	case d.Save > 0 && d.Stored:
		return fmt.Sprintf("after save %d", d.Save)
	case d.Save > 0:
		return fmt.Sprintf("before save %d", d.Save)
	case d.After > 0:
		return fmt.Sprintf("after %s", d.After.Round(time.Millisecond))
	}
	return "never"
}

// deadly kills its process around a write.
type deadly struct {
	migrate.Store
	death death
	saves *atomic.Int64
}

func (d deadly) Save(ctx context.Context, old, next migrate.State) error {
	n := d.saves.Add(1)
	if n == d.death.Save && !d.death.Stored {
		die()
	}
	err := d.Store.Save(ctx, old, next)
	if n == d.death.Save {
		die()
	}
	return err
}

func die() {
	_ = syscall.Kill(os.Getpid(), syscall.SIGKILL)
	select {}
}

// childMain works, writes what it would tell people to stdout and its log to stderr.
func childMain(spec string) int {
	var c child
	if err := json.Unmarshal([]byte(spec), &c); err != nil {
		fmt.Println(err)
		return 2
	}
	site, err := migratetest.NewSite(migratetest.SiteSpec{Synapse: c.Synapse, MAS: c.MAS})
	if err != nil {
		fmt.Println(err)
		return 2
	}
	if c.Death.After > 0 {
		time.AfterFunc(c.Death.After, die)
	}
	var events, saves atomic.Int64
	m := migrate.Syn2MAS{
		Source: migrate.Source{Files: site.Files, DSN: maskit.NewSecret(c.SynapseDSN)},
		Target: migrate.Target{Config: site.Config, DSN: maskit.NewSecret(c.MASDSN)},
		Engine: c.Engine, Store: deadly{migrate.FileStore{Path: c.State}, c.Death, &saves},
		Logger: slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelDebug})),
		Events: func(e migrate.Event) {
			n := events.Add(1)
			tell(e)
			if n == c.Death.Event {
				die()
			}
		},
	}
	ctx := context.Background()
	if c.Rollback {
		report, err := m.Rollback(ctx, migrate.RollbackOptions{})
		return end(report, report.String(), err)
	}
	report, err := m.Run(ctx)
	return end(report, report.String(), err)
}

func tell(v any) {
	text, err := json.Marshal(v)
	if err != nil {
		text = []byte(err.Error())
	}
	fmt.Printf("%s\n", text)
}

func end(report any, text string, err error) int {
	tell(report)
	fmt.Println(text)
	if err != nil {
		fmt.Printf("error: %v\nerror: %+v\n", err, err)
		return 1
	}
	return 0
}

// outcome is how a child ended.
type outcome struct {
	killed bool
	code   int
	output string
	events int64
	took   time.Duration
}

// child is the process that works on the stage.
func (s *stage) child(engine native.Engine, d death) child {
	password := func(db live.DB) string { return db.URI() + "&password=" + dsnPassword }
	return child{
		Synapse: address(s.synapse), MAS: address(s.mas), SynapseDSN: password(s.synapse), MASDSN: password(s.mas),
		State: s.store.Path, Engine: engine, Death: d,
	}
}

// start starts the process; the function waits for its end, and looks at what it said.
func (s *stage) start(t *testing.T, c child) (kill func(), wait func() outcome) {
	t.Helper()
	spec, err := json.Marshal(c)
	require.NoError(t, err)
	var output strings.Builder
	cmd := exec.CommandContext(t.Context(), os.Args[0])
	cmd.Env = append(os.Environ(), childVariable+"="+string(spec))
	cmd.Stdout, cmd.Stderr, cmd.WaitDelay = &output, &output, 5*time.Second
	begun := time.Now()
	require.NoError(t, cmd.Start())
	return func() { _ = cmd.Process.Kill() }, func() outcome {
		_ = cmd.Wait() // its state says more
		status, ok := cmd.ProcessState.Sys().(syscall.WaitStatus)
		o := outcome{killed: ok && status.Signaled(), code: cmd.ProcessState.ExitCode(), output: output.String(), took: time.Since(begun)}
		o.events = int64(strings.Count(o.output, `{"time":`))
		require.NotEqual(t, 2, o.code, o.output)
		s.requireNothingSecret(t, o.output)
		return o
	}
}

// run is start and wait.
func (s *stage) run(t *testing.T, c child) outcome {
	t.Helper()
	_, wait := s.start(t, c)
	return wait()
}

// requireNothingSecret looks for what may be in no text.
func (s *stage) requireNothingSecret(t *testing.T, texts ...string) {
	t.Helper()
	secrets := ask[[]string](t, s.synapse, `SELECT array_agg(s) FROM (SELECT token FROM access_tokens UNION SELECT token FROM refresh_tokens
		UNION SELECT password_hash FROM users WHERE password_hash IS NOT NULL) x (s)`)
	secrets = append(secrets, dsnPassword, s.site.Config.Passwords.Schemes[0].Secret.Inline.Reveal())
	for _, text := range texts {
		for _, secret := range secrets {
			if secret != "" && strings.Contains(text, secret) {
				t.Fatalf("a secret is in a text of %d bytes", len(text))
			}
		}
	}
}
