package mascli_test

import (
	"context"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/mas/mascli"
)

func TestErrorsNameTheCausesAndNoSecret(t *testing.T) {
	t.Parallel()
	cli := mascli.CLI{Config: config(), Runner: local(t, "say", strings.Join([]string{
		"2starting", "2Error: could not connect with db/secret", "2", "2Caused by:", "2    0: matrix-secret is wrong", `2    1: pep\"per`, "2", "2done",
	}, "\n"))}
	err := cli.DatabaseMigrate(t.Context())
	var failed *mascli.ExitError
	require.ErrorAs(t, err, &failed)
	require.Equal(t, "mascli: mas-cli database migrate: exit code 1: could not connect with [redacted]: [redacted] is wrong: [redacted]", err.Error())
	require.Equal(t, []string{"could not connect with [redacted]", "[redacted] is wrong", "[redacted]"}, failed.Causes)
	require.Equal(t, []string{"starting", "Error: could not connect with [redacted]", "Caused by:", "    0: [redacted] is wrong", "    1: [redacted]", "done"}, failed.Tail)

	cli.Runner = local(t, "say", "2Error: alone\n2\n2Caused by:\n2    one cause")
	require.EqualError(t, cli.ConfigCheck(t.Context()), "mascli: mas-cli config check: exit code 1: alone: one cause")
	cli.Runner = local(t, "exit", "2")
	require.EqualError(t, cli.ConfigCheck(t.Context()), "mascli: mas-cli config check: exit code 2 (this mas-cli does not know the arguments)")
	cli.Runner = local(t, "signal", "9")
	require.EqualError(t, cli.ConfigCheck(t.Context()), "mascli: mas-cli config check: exit code 137 (it was killed, perhaps for want of memory)")
}

func TestWhatMASCLIEchoesIsRedacted(t *testing.T) {
	t.Parallel()
	var lines []string
	cli := mascli.CLI{Config: config(), Runner: local(t, "echo", ""), Output: func(line string) { lines = append(lines, line) }}
	_, err := cli.Syn2MASMigrate(t.Context(), mascli.Synapse{
		Config:      maskit.NewSecret("database: {args: {password: synapse-db}}\nform_secret: form"),
		DatabaseURI: "postgresql:///?host=db", DatabasePassword: maskit.NewSecret("synapse-password"), Files: map[string]maskit.Secret{"a.key": maskit.NewSecret("raw key")},
	}, false)
	require.NoError(t, err)
	all := strings.Join(lines, "\n")
	for _, secret := range []string{"db/secret", "db%2Fsecret", "other secret", "other+secret", "matrix-secret", "0123456789abcdef", "bm90IGEga2V5", "pep", "synapse-db", "form_secret: form", "synapse-password", "raw key"} {
		require.NotContains(t, all, secret)
	}
	require.Contains(t, all, "args [--config config.yaml syn2mas migrate --synapse-config homeserver.yaml --synapse-database-uri postgresql:///?host=db]")
	require.Contains(t, all, "env PGPASSWORD=[redacted]")
	require.Contains(t, all, "homeserver: example.com", "what is public is seen")
}

// spoken is a runner that says lines.
type spoken struct {
	stdout, stderr string
	code           int
}

func (s spoken) Run(_ context.Context, c mascli.Command) (mascli.Result, error) {
	for line := range strings.SplitSeq(s.stdout, "\n") {
		c.Stdout(line)
	}
	for line := range strings.SplitSeq(s.stderr, "\n") {
		c.Stderr(line)
	}
	return mascli.Result{Code: s.code}, nil
}

func TestVersion(t *testing.T) {
	t.Parallel()
	for said, want := range map[string]string{"mas-cli v1.22.0": "1.22.0", "mas-cli v1.9.0-rc.0-45-g682b8d26d": "1.9.0rc0", "mas-cli 682b8d2": "unknown", "mas-cli": "unknown"} {
		version, err := mascli.CLI{Runner: spoken{stdout: said}}.Version(t.Context())
		require.NoError(t, err)
		require.Equal(t, want, version.String(), said)
	}
	_, err := mascli.CLI{Runner: spoken{code: 127}}.Version(t.Context())
	require.Error(t, err)
	_, err = mascli.CLI{}.Version(t.Context())
	require.EqualError(t, err, "mascli: CLI.Runner is required")
	require.EqualError(t, mascli.CLI{Runner: spoken{}}.ConfigCheck(t.Context()), "mascli: CLI.Config is required")
}

const at = "2026-08-04T10:00:00.000000Z "

func TestConfigSync(t *testing.T) {
	t.Parallel()
	cli := mascli.CLI{Config: config(), Runner: spoken{stderr: strings.Join([]string{
		at + " INFO cli.config.sync:105 Syncing providers and clients defined in config to database prune=false dry_run=true",
		at + ` INFO x:1 Adding provider provider.id=01A trace.id=00`, at + ` INFO x:1 Updating provider provider.id=01B`, at + ` INFO x:1 Disabling provider provider.id=01C`,
		at + ` INFO x:1 Enabling and updating provider provider.id="01D"`, at + ` INFO x:1 Deleting client client.id=01E`,
		at + " WARN x:1 A static client in the database is not in the config. Run with `--prune` to delete it.",
	}, "\n")}}
	report, err := cli.ConfigSync(t.Context(), mascli.SyncOptions{})
	require.NoError(t, err)
	require.Equal(t, maskit.Changes{
		{Subject: "provider 01A", Action: maskit.ActionCreate},
		{Subject: "provider 01C", Action: maskit.ActionUpdate, Fields: []maskit.FieldChange{{Path: "enabled", Before: true, After: false}}},
		{Subject: "provider 01D", Action: maskit.ActionUpdate, Fields: []maskit.FieldChange{{Path: "enabled", Before: false, After: true}}},
		{Subject: "client 01E", Action: maskit.ActionDelete},
	}, report.Changes)
	require.Len(t, report.Problems, 1)
	require.Equal(t, maskit.SeverityWarning, report.Problems[0].Severity)
}

func TestDoctor(t *testing.T) {
	t.Parallel()
	cli := mascli.CLI{Config: config(), Runner: spoken{stderr: at + " INFO x:1 fine\n" + at + " WARN x:1 first line\nsecond line\n" + at + "ERROR x:2 broken"}}
	problems, err := cli.Doctor(t.Context())
	require.NoError(t, err)
	require.Equal(t, maskit.Problems{
		{Code: "doctor", Severity: maskit.SeverityWarning, Message: "first line\nsecond line"},
		{Code: "doctor", Severity: maskit.SeverityError, Message: "broken"},
	}, problems)
}

// merged is a runner that sees one stream, as the log of a pod is.
type merged struct{ lines []string }

func (m merged) Run(_ context.Context, c mascli.Command) (mascli.Result, error) {
	for _, line := range m.lines {
		c.Stderr(line)
	}
	return mascli.Result{}, nil
}

func TestVersionOfOneStream(t *testing.T) {
	t.Parallel()
	version, err := mascli.CLI{Runner: merged{[]string{"mas-cli 1.22.0"}}}.Version(t.Context())
	require.NoError(t, err)
	require.Equal(t, "1.22.0", version.String())
}
