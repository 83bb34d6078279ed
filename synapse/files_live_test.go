package synapse_test

import (
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/maskit-dev/maskit/internal/live"
	"github.com/maskit-dev/maskit/synapse"
)

// findBySynapse prints the files that Synapse finds.
const findBySynapse = `
import contextlib, io, json, sys
from synapse.config._base import find_config_files
with contextlib.redirect_stdout(io.StringIO()):
    files = find_config_files(sys.argv[1:])
json.dump(files, sys.stdout)
`

// TestReadFilesFindsWhatSynapseFinds: a directory with everything that can be in one.
func TestReadFilesFindsWhatSynapseFinds(t *testing.T) {
	t.Parallel()
	install := live.Synapse(t, live.SynapseCurrent)
	dir := t.TempDir()
	for _, name := range []string{
		"homeserver.yaml", "conf.d/b.yaml", "conf.d/a.yaml", "conf.d/B.yaml", "conf.d/10.yaml", "conf.d/9.yaml", "conf.d/é.yaml", "conf.d/.hidden.yaml",
		"conf.d/a.yml", "conf.d/A.YAML", "conf.d/a.yaml~", "conf.d/README", "conf.d/sub/c.yaml", "conf.d/sub.yaml/d.yaml", "conf.d/..data/e.yaml", "shared.conf",
	} {
		path := filepath.Join(dir, filepath.FromSlash(name))
		require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o700))
		require.NoError(t, os.WriteFile(path, []byte("a: 1\n"), 0o600))
	}
	require.NoError(t, os.Symlink("..data/e.yaml", filepath.Join(dir, "conf.d", "e.yaml")))
	require.NoError(t, os.Symlink("gone", filepath.Join(dir, "conf.d", "gone.yaml")))
	require.NoError(t, os.Symlink("sub", filepath.Join(dir, "conf.d", "link.yaml")))

	names := []string{"shared.conf", "conf.d", "homeserver.yaml"}
	cmd := exec.CommandContext(t.Context(), install.Python, append([]string{"-c", findBySynapse}, names...)...)
	var stderr bytes.Buffer
	cmd.Dir, cmd.Stderr = dir, &stderr
	output, err := cmd.Output()
	require.NoError(t, err, stderr.String())
	var want []string
	require.NoError(t, json.Unmarshal(output, &want))
	files, _, err := synapse.ReadFiles(os.DirFS(dir), names...)
	require.NoError(t, err)
	require.Equal(t, want, fileNames(files))
}
