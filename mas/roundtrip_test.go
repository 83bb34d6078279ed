package mas

import (
	"bytes"
	"path"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/maskit-dev/maskit"
)

// mounted returns the rendered files where MAS sees them.
func mounted(out Rendered, mount string) (fsys fstest.MapFS, configFiles []string) {
	fsys = fstest.MapFS{}
	for _, f := range out.Files {
		fsys[inFS(path.Join(mount, f.Name))] = &fstest.MapFile{Data: f.Data()}
	}
	for _, name := range out.ConfigFiles {
		configFiles = append(configFiles, inFS(path.Join(mount, name)))
	}
	return fsys, configFiles
}

func versions() []maskit.Version {
	return []maskit.Version{{}, {Major: 1, Minor: 22}, {Major: 1, Minor: 6}, {Minor: 20}, {Minor: 8}}
}

// onlyKnown is a configuration without the problem of keys that the version does not know.
func onlyKnown(t *rapid.T, c *Config, v maskit.Version) {
	if gated(c, v).Err() != nil {
		t.Skip("holds keys that the version does not know")
	}
}

func TestRenderedConfigSurvives(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		c := configs().Draw(t, "config")
		if c.Branding != nil {
			c.Branding.LogoURI = ""
		}
		checkRoundTrip(t, c, RenderOptions{
			Layout: rapid.SampledFrom([]Layout{"", LayoutSplit, LayoutSingle}).Draw(t, "layout"),
			Mount:  rapid.SampledFrom([]string{"", "/", "/srv/mas config"}).Draw(t, "mount"),
		})
	})
}

// The same for old versions, where fewer secrets have files. Few keys, so that most
// configurations are known to them.
func TestRenderedConfigSurvivesForOldVersions(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		all := configs().Draw(t, "config")
		c := &Config{Matrix: Matrix{Secret: all.Matrix.Secret}, Secrets: all.Secrets, Passwords: all.Passwords, Database: all.Database, Clients: all.Clients}
		for i := range c.Clients {
			c.Clients[i].ClientURI, c.Clients[i].ClientName = "", ""
		}
		version := rapid.SampledFrom(versions()).Draw(t, "version")
		onlyKnown(t, c, version)
		checkRoundTrip(t, c, RenderOptions{MASVersion: version})
	})
}

func checkRoundTrip(t *rapid.T, c *Config, o RenderOptions) {
	before := c.Clone()
	out, problems := Render(c, o)
	require.Empty(t, problems)
	require.True(t, before.Equal(c), "Render changed its argument")
	again, _ := Render(c, o)
	require.Equal(t, len(out.Files), len(again.Files))
	for i, f := range out.Files {
		require.True(t, bytes.Equal(f.Data(), again.Files[i].Data()), "not deterministic")
	}
	checkSecretFiles(t, out, o)
	o, _ = o.withDefaults()
	fsys, names := mounted(out, o.Mount)
	parsed, problems, err := Parse(fsys, names...)
	require.NoError(t, err)
	require.Empty(t, withoutCode(problems, "placeholder", "encryption", "signing", "key-", "empty-file", "file-uri"))
	require.Empty(t, withoutCode(problems.Only(maskit.SeverityWarning), "empty-file"), "a list is in two files")
	inlined, problems := parsed.Inline(fsys)
	require.Empty(t, problems)
	require.True(t, inlined.Equal(c), "does not survive")
}

// withoutCode drops problems whose code starts with one of the prefixes.
func withoutCode(problems maskit.Problems, prefixes ...string) maskit.Problems {
	var out maskit.Problems
	for _, p := range problems {
		known := false
		for _, prefix := range prefixes {
			known = known || strings.HasPrefix(p.Code, prefix)
		}
		if !known {
			out = append(out, p)
		}
	}
	return out
}

func checkSecretFiles(t *rapid.T, out Rendered, o RenderOptions) {
	seen := map[string]bool{}
	for _, f := range out.Files {
		require.False(t, seen[f.Name], "two files are called %s", f.Name)
		seen[f.Name] = true
		key, inSecrets := strings.CutPrefix(f.Name, "secrets/")
		if inSecrets {
			require.True(t, f.Secret)
			require.Regexp(t, regexp.MustCompile(`^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$`), key)
		}
		if inSecrets && f.Name != overlayName {
			require.False(t, bytes.HasSuffix(f.Data(), []byte("\n")), "%s ends with a newline", f.Name)
		}
	}
	if o.Layout == LayoutSingle {
		require.Len(t, out.Files, 1)
		return
	}
	public, _, err := Parse(fstest.MapFS{configName: {Data: out.Files[0].Data()}}, configName)
	require.NoError(t, err)
	require.False(t, slices.ContainsFunc(public.elements(), element.isInlineSecret), "the public file holds a secret")
	require.False(t, out.Files[0].Secret)
}
