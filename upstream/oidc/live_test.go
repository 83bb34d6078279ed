package oidc_test

import (
	"crypto/rand"
	"os"
	"path/filepath"
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/internal/live"
	"github.com/maskit-dev/maskit/mas"
	"github.com/maskit-dev/maskit/upstream"
	"github.com/maskit-dev/maskit/upstream/oidc"
	"github.com/maskit-dev/maskit/upstream/upstreamtest"
)

// The real MAS takes every kind of entry, and writes it to its database.
func TestLiveMASAcceptsTheEntries(t *testing.T) {
	t.Parallel()
	cli, db := live.MASCLI(t), live.Postgres(t)
	config := filepath.Join(t.TempDir(), "config.yaml")
	require.NoError(t, os.WriteFile(config, render(t, db, minimal(), full(), plainOAuth2()), 0o600))

	for _, command := range [][]string{{"config", "check"}, {"database", "migrate"}, {"config", "sync"}} {
		result := cli.Run(t, append(command, "--config", config)...)
		require.Equal(t, 0, result.Code, "%v\n%s\n%s", command, result.Stdout, result.Stderr)
	}
}

func render(t *testing.T, db live.DB, providers ...oidc.Config) []byte {
	t.Helper()
	identity, err := mas.NewIdentity(rand.Reader)
	require.NoError(t, err)
	var entries []upstream.Entry
	for i, provider := range providers {
		name := "provider-" + strconv.Itoa(i)
		identity, err = identity.WithProvider(name, rand.Reader)
		require.NoError(t, err)
		entry, problems := provider.Entry(upstream.Env{Site: upstreamtest.Env().Site, ID: identity.Providers[name]})
		require.NoError(t, problems.Err())
		entries = append(entries, entry)
	}
	builder := mas.NewBuilder(upstreamtest.Env().Site, identity).
		Database(mas.Database{URI: maskit.NewSecret(db.URI())}).
		Upstream(entries...)
	config, problems := builder.Build()
	require.NoError(t, problems.Err())
	rendered, problems := mas.Render(config, mas.RenderOptions{Layout: mas.LayoutSingle})
	require.NoError(t, problems.Err())
	require.Equal(t, []string{rendered.Files[0].Name}, rendered.ConfigFiles)
	return rendered.Files[0].Data()
}
