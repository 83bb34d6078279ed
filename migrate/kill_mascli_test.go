package migrate_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/internal/live"
	"github.com/maskit-dev/maskit/migrate"
	"github.com/maskit-dev/maskit/migrate/native"
)

// syn2masCommand is mas-cli syn2mas migrate on the databases of the stage.
func (s *stage) syn2masCommand(t *testing.T, cli *live.MAS) *exec.Cmd {
	t.Helper()
	config, err := s.site.MASFile()
	require.NoError(t, err)
	dir := t.TempDir()
	masFile, synapseFile := filepath.Join(dir, "mas.yaml"), filepath.Join(dir, "homeserver.yaml")
	require.NoError(t, os.WriteFile(masFile, config, 0o600))
	require.NoError(t, os.WriteFile(synapseFile, s.site.Files[0].Data, 0o600))
	require.NoError(t, os.Symlink(cli.Share, filepath.Join(dir, "share")))
	cmd := exec.CommandContext(t.Context(), cli.Binary, "--config", masFile, "syn2mas", "migrate", "--synapse-config", synapseFile)
	cmd.Dir = dir
	for _, variable := range os.Environ() {
		if !strings.HasPrefix(variable, "MAS_") && !strings.HasPrefix(variable, "PG") {
			cmd.Env = append(cmd.Env, variable)
		}
	}
	return cmd
}

// requireEqualToSource compares what any engine wrote.
func (s *stage) requireEqualToSource(t *testing.T, before origin) {
	t.Helper()
	require.Equal(t, before.rows, s.rows(t))
	verified, err := s.migration().Verify(t.Context())
	require.NoError(t, err)
	require.NoError(t, verified.Err())
	require.Equal(t, before.definitions, definitions(t, s.mas))
}

// TestMASCLIGoesOnAfterAKilledProcess has mas-cli do what a killed run did not.
func TestMASCLIGoesOnAfterAKilledProcess(t *testing.T) {
	t.Parallel()
	cli := live.MASCLI(t)
	for i := range 2 + kills(t)/20 {
		random := rand.New(rand.NewPCG(uint64(i), 3))
		engine := native.Engine{Mode: []native.Mode{native.Bulk, native.Single}[i%2], MaxRowsPerSecond: 3000}
		d := death{Event: 1 + random.Int64N([]int64{40, 20}[i%2])}
		t.Run(fmt.Sprintf("%d %s %s", i, engine.Mode, d), func(t *testing.T) {
			t.Parallel()
			s, before := populated(t, 60)
			o := s.run(t, s.child(engine, d))
			if !o.killed {
				t.Log("it had ended before")
				s.requireEqualToSource(t, before)
				return
			}
			s.requireWhole(t, before)
			committed := s.rows(t)[0] > 0
			output, err := s.syn2masCommand(t, cli).CombinedOutput()
			if committed {
				require.Error(t, err)
				require.Contains(t, string(output), "not empty")
			} else {
				require.NoError(t, err, string(output))
			}
			require.Equal(t, before.rows, s.rows(t))
			if committed {
				s.finish(t, before, false)
				return
			}
			_, err = s.migration().Run(t.Context())
			require.ErrorIs(t, err, maskit.ErrInvalid, "these rows are not its own")
			require.ErrorContains(t, err, migrate.CodeMASNotEmpty)
			s.requireEqualToSource(t, before)
		})
	}
}

// TestRunAfterMASCLIWasKilled ends mas-cli at random moments.
func TestRunAfterMASCLIWasKilled(t *testing.T) {
	t.Parallel()
	cli := live.MASCLI(t)
	warm, _ := populated(t, 60)
	begun := time.Now()
	output, err := warm.syn2masCommand(t, cli).CombinedOutput()
	require.NoError(t, err, string(output))
	took := time.Since(begun)
	for i := range 3 + kills(t)/10 {
		random := rand.New(rand.NewPCG(uint64(i), 4))
		after, back := took/3+time.Duration(random.Int64N(int64(took))), random.IntN(2) == 0
		t.Run(fmt.Sprintf("%d after %s back=%t", i, after.Round(time.Millisecond), back), func(t *testing.T) {
			t.Parallel()
			s, before := populated(t, 60)
			cmd := s.syn2masCommand(t, cli)
			require.NoError(t, cmd.Start())
			time.Sleep(after)
			_ = cmd.Process.Kill()
			finished := cmd.Wait() == nil
			require.Eventually(t, func() bool { return !locked(t, s.mas) }, 30*time.Second, 20*time.Millisecond)
			if ask[*string](t, s.mas, `SELECT to_regclass('syn2mas__users')::text`) == nil && s.rows(t)[0] > 0 {
				finished = true // and did not live to say so
			}
			s.engine = native.Engine{Mode: native.Bulk}
			report, err := s.migration().Run(t.Context())
			if finished {
				require.ErrorIs(t, err, maskit.ErrInvalid)
				require.ErrorContains(t, err, migrate.CodeMASNotEmpty)
				s.requireEqualToSource(t, before)
				return
			}
			require.NoError(t, err, report.String())
			s.requireMigrated(t, before)
			if back {
				s.finish(t, before, true)
			}
		})
	}
}

// TestEnginesExcludeEachOther has either at work when the other one begins.
func TestEnginesExcludeEachOther(t *testing.T) {
	t.Parallel()
	cli := live.MASCLI(t)
	t.Run("native is at work", func(t *testing.T) {
		t.Parallel()
		s, before := populated(t, 60)
		kill, wait := s.start(t, s.child(native.Engine{Mode: native.Bulk, MaxRowsPerSecond: 1}, death{}))
		s.awaitLock(t)
		output, err := s.syn2masCommand(t, cli).CombinedOutput()
		require.Error(t, err, string(output))
		require.Regexp(t, "(?i)lock", string(output))
		require.Equal(t, before.definitions, definitions(t, s.mas))
		kill()
		require.True(t, wait().killed)
		s.finish(t, before, false)
	})
	t.Run("mas-cli is at work", func(t *testing.T) {
		t.Parallel()
		s, before := populated(t, 60)
		reader, err := pgx.Connect(t.Context(), s.mas.URI())
		require.NoError(t, err)
		defer reader.Close(context.WithoutCancel(t.Context())) //nolint:errcheck // the test has ended
		_, err = reader.Exec(t.Context(), "BEGIN; LOCK TABLE users IN ACCESS SHARE MODE")
		require.NoError(t, err)
		cmd := s.syn2masCommand(t, cli)
		require.NoError(t, cmd.Start())
		require.Eventually(t, func() bool { return locked(t, s.mas) }, time.Minute, 20*time.Millisecond)
		_, err = s.migration().Run(t.Context())
		require.ErrorIs(t, err, migrate.ErrBusy)
		require.NoFileExists(t, s.store.Path)
		require.NoError(t, reader.Close(t.Context()))
		require.NoError(t, cmd.Wait())
		s.requireEqualToSource(t, before)
	})
}
