package atomicfile

import (
	"bytes"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestManifestIsDeterministic(t *testing.T) {
	t.Parallel()
	m := manifest{Files: map[string]entry{"b": {SHA256: hashOf([]byte("b"))}, "a": {SHA256: hashOf(nil)}}}
	data, err := m.encode()
	require.NoError(t, err)
	require.Equal(t, `{
  "format": "maskit-bundle/1",
  "files": {
    "a": {
      "sha256": "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    },
    "b": {
      "sha256": "3e23e8160039594a33894f6564e1b1348bbd7a0088d42c4acb73eeaed59c009d"
    }
  }
}
`, string(data))
}

func FuzzParseManifest(f *testing.F) {
	f.Add([]byte(`{"format":"maskit-bundle/1","files":{"a":{"sha256":"` + strings.Repeat("a", 64) + `","previous":["` + strings.Repeat("b", 64) + `"]}}}`))
	f.Add([]byte(`{"format":"maskit-bundle/1","files":{"../a":{"sha256":""}}}`))
	f.Add([]byte(`{`))
	f.Fuzz(func(t *testing.T, data []byte) {
		m, err := parseManifest(bytes.NewReader(data))
		if err != nil {
			return
		}
		for name := range m.Files {
			require.NoError(t, checkName(name))
		}
		encoded, err := m.encode()
		require.NoError(t, err)
		again, err := parseManifest(bytes.NewReader(encoded))
		require.NoError(t, err)
		require.Equal(t, len(m.Files), len(again.Files))
		for name, e := range m.Files {
			require.True(t, again.knows(name, e.SHA256))
		}
	})
}

func FuzzTempTarget(f *testing.F) {
	f.Add("config.yaml")
	f.Add(".a.tmp")
	f.Fuzz(func(t *testing.T, base string) {
		target, ok := tempTarget(tempName(base))
		require.Equal(t, base != "", ok)
		if ok {
			require.Equal(t, base, target)
		}
		if target, ok := tempTarget(base); ok {
			require.Less(t, len(target), len(base))
		}
	})
}
