package main

import (
	"os"
	"path/filepath"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/maskit-dev/maskit/internal/atomicfile"
)

// TestKilledRunIsRunAgain: whichever of the files a run had replaced when it was killed,
// the same run again ends it, and the undo leads back to where the first began.
func TestKilledRunIsRunAgain(t *testing.T) {
	t.Parallel()
	for name, left := range map[string][]string{ // the files that the run did not reach
		"only the undo is there":     {"homeserver.yaml", "conf.d/a.yaml"},
		"the first file is replaced": {"conf.d/a.yaml"},
		"the other file is replaced": {"homeserver.yaml"},
		"all files are replaced":     {},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir, base := homeserverYAML(t)
			conf := filepath.Join(dir, "conf.d")
			require.NoError(t, os.Mkdir(conf, 0o700))
			require.NoError(t, os.WriteFile(filepath.Join(conf, "a.yaml"), []byte("session_lifetime: 1d\n"), 0o600))
			configs := []string{"-config", base, "-config", conf}
			before := content(t, base)
			require.Equal(t, 0, delegate(t, to(append(configs, "-w")...)...).code)
			for _, file := range left {
				text := "session_lifetime: 1d\n"
				if file == "homeserver.yaml" {
					text = before
				}
				require.NoError(t, os.WriteFile(filepath.Join(dir, file), []byte(text), 0o600))
			}
			shown := delegate(t, append(configs, "-mode", "revert")...)
			require.Equal(t, 0, shown.code, "it can be taken back as it stands, too: "+shown.stderr)
			again := delegate(t, to(append(configs, "-w")...)...)
			require.Equal(t, 0, again.code, again.stdout+again.stderr)
			require.NotContains(t, again.stdout, "created")
			require.Equal(t, 0, delegate(t, to(append(configs, "-mode", "lint")...)...).code)
			reverted := delegate(t, append(configs, "-mode", "revert", "-w")...)
			require.Equal(t, 0, reverted.code, reverted.stderr)
			require.Equal(t, before, content(t, base))
			require.Equal(t, "session_lifetime: 1d\n", content(t, filepath.Join(conf, "a.yaml")))
		})
	}
}

// TestUndoOfOtherFilesIsKept: a secret that was exchanged since is in no undo, so that
// of an earlier run does not serve, though it leads from the same patched file.
func TestUndoOfOtherFilesIsKept(t *testing.T) {
	t.Parallel()
	const old = "server_name: example.com\njwt_config:\n  enabled: true\n  secret: hidden one\n"
	dir, path := place(t, old)
	require.Equal(t, 0, delegate(t, to("-config", path, "-w")...).code)
	require.NoError(t, os.WriteFile(path, []byte("server_name: example.com\njwt_config:\n  enabled: true\n  secret: hidden two\n"), 0o600))
	before := tree(t, dir)

	shown := delegate(t, to("-config", path)...)
	require.Equal(t, 0, shown.code)
	require.Contains(t, shown.stdout, "and -w would not write it: "+path+".maskit-undo.json is there from an earlier run")
	written := delegate(t, to("-config", path, "-w")...)
	require.Equal(t, 1, written.code)
	require.Contains(t, written.stderr, "use -mode revert first, or move it")
	require.Equal(t, before, tree(t, dir))
}

// TestConvertAfterRevert: the secret's file, which a revert leaves, serves again if it
// holds the secret, and is not overwritten if it does not.
func TestConvertAfterRevert(t *testing.T) {
	t.Parallel()
	_, full := homeserverYAML(t)
	convert := []string{"-config", full, "-mode", "convert", "-secret-path", "/run/secrets/mas", "-w"}
	revert := []string{"-config", full, "-mode", "revert", "-w"}
	require.Equal(t, 0, delegate(t, convert...).code)
	require.Equal(t, 0, delegate(t, revert...).code)
	again := delegate(t, convert...)
	require.Equal(t, 0, again.code, again.stderr)
	require.Contains(t, again.stdout, "Give every Synapse process "+full+".maskit-secret")
	require.Equal(t, 0, delegate(t, revert...).code)

	require.NoError(t, os.WriteFile(full+".maskit-secret", []byte("mine"), 0o600))
	refused := delegate(t, convert...)
	require.Equal(t, 1, refused.code)
	require.Contains(t, refused.stderr, ".maskit-secret is there already: move it to a safe place")
	require.Equal(t, "mine", content(t, full+".maskit-secret"))
}

// TestRunsAtOnce: of several runs one at a time writes, and none takes back what another
// wrote.
func TestRunsAtOnce(t *testing.T) {
	t.Parallel()
	dir, full := homeserverYAML(t)
	original := content(t, full)
	unlock, err := atomicfile.Lock(dir)
	require.NoError(t, err)
	busy := delegate(t, to("-config", full, "-w")...)
	require.Equal(t, 1, busy.code)
	require.Contains(t, busy.stderr, "another run writes here: wait until it ends, and run it again")
	requireOnly(t, dir, "homeserver.yaml")
	unlock()

	outcomes := make([]outcome, 8)
	var group sync.WaitGroup
	for i := range outcomes {
		group.Go(func() { outcomes[i] = delegate(t, to("-config", full, "-w")...) })
	}
	group.Wait()
	done := 0
	for _, o := range outcomes {
		if o.code == 0 {
			done++
		}
	}
	require.Positive(t, done)
	require.Equal(t, 0, delegate(t, to("-config", full, "-mode", "lint")...).code)
	require.Equal(t, 0, delegate(t, "-config", full, "-mode", "revert", "-w").code)
	require.Equal(t, original, content(t, full))
	requireOnly(t, dir, "homeserver.yaml")
}

// TestNothingToLoad: without a file there is no delegation to speak of.
func TestNothingToLoad(t *testing.T) {
	t.Parallel()
	for _, mode := range modes() {
		dir := t.TempDir()
		require.NoError(t, os.WriteFile(filepath.Join(dir, "homeserver.yml"), []byte("server_name: example.com\n"), 0o600))
		got := delegate(t, to("-config", dir, "-mode", mode)...)
		require.Equal(t, 1, got.code, mode)
		require.Empty(t, got.stdout, mode)
		require.Contains(t, got.stderr, "delegate: -config: Synapse would load no file:\n", mode)
		require.Contains(t, got.stderr, "homeserver.yml: Synapse takes only names that end in .yaml", mode)
	}
}

// TestConvertBlamesTheFiles, not a flag that was not given.
func TestConvertBlamesTheFiles(t *testing.T) {
	t.Parallel()
	_, path := place(t, "server_name: example.com\nexperimental_features:\n  msc3861:\n    enabled: true\n"+
		"    admin_token: hidden\n    introspection_endpoint: https://x:hidden@mas/oauth2/introspect\n")
	got := delegate(t, "-config", path, "-mode", "convert", "-secret-path", "/run/s")
	require.Equal(t, 2, got.code)
	require.Equal(t, "error: -mas-endpoint: is not given, and what the files say instead contains a user name or password [url-userinfo] (fix: give it)\n", got.stderr)
	require.Equal(t, 0, delegate(t, to("-config", path, "-mode", "convert")...).code)
}
