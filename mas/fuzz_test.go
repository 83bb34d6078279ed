package mas

import (
	"testing"
	"testing/fstest"
	"time"

	"github.com/stretchr/testify/require"
)

// FuzzParse feeds arbitrary files to Parse. It must neither panic nor hang, and a
// configuration that it takes without an error must survive Render in both layouts.
func FuzzParse(f *testing.F) {
	for _, layout := range []Layout{LayoutSingle, LayoutSplit} {
		out, _ := Render(bundle(), RenderOptions{Layout: layout})
		for _, file := range out.Files {
			f.Add(file.Data(), []byte{})
		}
	}
	f.Add([]byte("matrix: &m {secret: a}\nclients: []\n"), []byte("clients: [{}]\nmatrix: ~\n"))
	f.Add([]byte("a: &a [*a]\nhttp: {listeners: [{binds: [{port: '1'}]}]}"), []byte("\xff"))
	f.Add([]byte("database: {connect_timeout: 30s, uri: 'file:///x'}"), []byte("database:\n\turi: x"))
	f.Fuzz(func(t *testing.T, first, second []byte) {
		start := time.Now()
		fsys := fstest.MapFS{"a": {Data: first}, "b": {Data: second}}
		c, problems, err := Parse(fsys, "a", "b")
		require.NoError(t, err)
		require.Less(t, time.Since(start), 10*time.Second)
		_, _ = c.Inline(fsys)
		if problems.Err() != nil {
			return
		}
		for _, layout := range []Layout{LayoutSingle, LayoutSplit} {
			out, problems := Render(c, RenderOptions{Layout: layout})
			if problems.Err() != nil {
				continue // a key that the newest version does not know
			}
			fsys, names := mounted(out, "/etc/mas")
			again, problems, err := Parse(fsys, names...)
			require.NoError(t, err)
			require.NoError(t, problems.Err())
			inRendered(t, c, again, fsys)
		}
	})
}

// inRendered checks that again is c, the files of the bundle read.
func inRendered(t *testing.T, c, again *Config, fsys fstest.MapFS) {
	t.Helper()
	inlined, _ := again.Inline(fsys)
	expected, _ := c.Inline(fsys)
	require.True(t, inlined.Equal(expected))
}
