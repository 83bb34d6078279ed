package all_test

import (
	"crypto/rand"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/internal/live"
	"github.com/maskit-dev/maskit/mas"
	"github.com/maskit-dev/maskit/upstream"
	"github.com/maskit-dev/maskit/upstream/all"
	"github.com/maskit-dev/maskit/upstream/upstreamtest"
)

// The real MAS takes a configuration with one provider of each kind, and writes it to
// its database.
func TestLiveMASTakesEveryKind(t *testing.T) {
	t.Parallel()
	cli, db := live.MASCLI(t), live.Postgres(t)
	identity, err := mas.NewIdentity(rand.Reader)
	require.NoError(t, err)
	var entries []upstream.Entry
	for _, kind := range all.Registry().Kinds() {
		identity, err = identity.WithProvider(kind, rand.Reader)
		require.NoError(t, err)
		entry, problems := sample(t, kind).Entry(upstream.Env{Site: upstreamtest.Env().Site, ID: identity.Providers[kind]})
		require.NoError(t, problems.Err())
		entries = append(entries, entry)
	}
	config, problems := mas.NewBuilder(upstreamtest.Env().Site, identity).Database(mas.Database{URI: maskit.NewSecret(db.URI())}).Upstream(entries...).Build()
	require.NoError(t, problems.Err())
	rendered, problems := mas.Render(config, mas.RenderOptions{Layout: mas.LayoutSingle})
	require.NoError(t, problems.Err())
	path := filepath.Join(t.TempDir(), "config.yaml")
	require.NoError(t, os.WriteFile(path, rendered.Files[0].Data(), 0o600))
	for _, command := range [][]string{{"config", "check"}, {"database", "migrate"}, {"config", "sync"}} {
		result := cli.Run(t, append(command, "--config", path)...)
		require.Equal(t, 0, result.Code, "%v\n%s\n%s", command, result.Stdout, result.Stderr)
		require.NotContains(t, result.Stderr, "ERROR", "%v", command)
	}
}
