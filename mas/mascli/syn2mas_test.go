package mascli_test

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/mas/mascli"
)

const found = `2026-08-04T10:00:00.000000Z  INFO mas_cli a line of the log


===== Errors =====
These issues prevent migrating:

• first

2026-08-04T10:00:00.000000Z  INFO mas_cli a line between
• second 'with
a line break' in it



===== Warnings =====
These potential issues should be considered:

• third
`

func TestCheckReport(t *testing.T) {
	t.Parallel()
	want := mascli.CheckReport{Errors: []string{"first", "second 'with\na line break' in it"}, Warnings: []string{"third"}}
	synapse := mascli.Synapse{Config: maskit.NewSecret("server_name: example.com")}
	for _, code := range []int{10, 11} {
		cli := mascli.CLI{Config: config(), Runner: spoken{stderr: found, code: code}}
		report, err := cli.Syn2MASCheck(t.Context(), synapse)
		require.NoError(t, err, code)
		require.Equal(t, want, report)
		report, err = cli.Syn2MASMigrate(t.Context(), synapse, false)
		var failed *mascli.ExitError
		require.ErrorAs(t, err, &failed, "a migration that was stopped is none")
		require.Equal(t, code, failed.Code)
		require.Equal(t, want, report)
	}
	cli := mascli.CLI{Config: config(), Runner: spoken{code: 10}}
	_, err := cli.Syn2MASCheck(t.Context(), synapse)
	require.Error(t, err, "errors that nobody named")
}

func TestSynapseIsRefused(t *testing.T) {
	t.Parallel()
	cli := mascli.CLI{Config: config(), Runner: spoken{}}
	for _, uri := range []string{"postgresql://u:p@h/d", "postgresql:///?password=p", "host=h password=p", "postgresql://%zz", "postgresql:///?a=%zz"} {
		_, err := cli.Syn2MASCheck(t.Context(), mascli.Synapse{Config: maskit.NewSecret("a: b"), DatabaseURI: uri})
		require.ErrorContains(t, err, "DatabasePassword", uri)
		require.NotContains(t, err.Error(), uri)
	}
	_, err := cli.Syn2MASCheck(t.Context(), mascli.Synapse{})
	require.ErrorContains(t, err, "Synapse.Config is required")
	_, err = cli.Syn2MASCheck(t.Context(), mascli.Synapse{Config: maskit.NewSecret("a: b"), Files: map[string]maskit.Secret{"config.yaml": {}}})
	require.ErrorContains(t, err, "config.yaml")
}

func TestParseLog(t *testing.T) {
	t.Parallel()
	line, ok := mascli.ParseLog("2025-11-14T00:29:04.945731Z  INFO syn2mas::migration:321 95 users migrated (0 skipped) in 0.0s trace.id=0af7651916cd43dd8448eb211c80319c")
	require.True(t, ok)
	require.Equal(t, mascli.LogLine{
		Time: time.Date(2025, 11, 14, 0, 29, 4, 945731000, time.UTC), Level: "INFO", Target: "syn2mas::migration:321", Message: "95 users migrated (0 skipped) in 0.0s",
	}, line)
	line, ok = mascli.ParseLog(`2025-11-14T00:29:04.945731Z ERROR progress no mxid=@a:b device_id="with space" ip=`)
	require.True(t, ok)
	require.Equal(t, []string{"@a:b", "with space", "", ""}, []string{line.Field("mxid"), line.Field("device_id"), line.Field("ip"), line.Field("id")})
	for _, text := range []string{"", " ", "• text", "Error: x", "2025-11-14T00:29:04Z", "2025-11-14T00:29:04Z  LOUD x y", "2025-13-14T00:29:04Z  INFO x y"} {
		_, ok := mascli.ParseLog(text)
		require.False(t, ok, text)
	}
}

func FuzzOutput(f *testing.F) {
	f.Add(found)
	f.Add("Error: a\n\nCaused by:\n    0: b\n    1: c\n")
	f.Add("2025-11-14T00:29:04.945731Z  INFO a b c=d")
	f.Fuzz(func(t *testing.T, text string) {
		cli := mascli.CLI{Config: config(), Runner: spoken{stderr: text, stdout: text, code: 1}}
		_, err := cli.Syn2MASCheck(t.Context(), mascli.Synapse{Config: maskit.NewSecret("a: b")})
		var failed *mascli.ExitError
		require.ErrorAs(t, err, &failed)
		require.LessOrEqual(t, len(failed.Tail), 40)
		require.LessOrEqual(t, len(failed.Causes), 41)
		for line := range strings.Lines(text) {
			if parsed, ok := mascli.ParseLog(line); ok {
				_ = parsed.Field("provider.id")
			}
		}
	})
}
