package strictyaml_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/maskit-dev/maskit/internal/strictyaml"
)

// FuzzStrictDecode feeds arbitrary files to Load and Decode. They must neither panic
// nor hang, and whatever is read without a problem must survive writing and reading.
func FuzzStrictDecode(f *testing.F) {
	for _, seed := range []string{
		full, bomb(), "a: &a [*a]\n", "a: *b", "? [a]\n: b", "%YAML 1.1\n---\na: b\n...\n", "\ufeffa: b\r\n", "a:\n\tb: 1", "- a", "a: !!binary x",
		"<<: {a: b}", "{a: 1, a: 2}", "a: |2-\n   x\n", "a: >+\n\n x\n\n", "\xff\xfe", "a: 'b\n\n  c'", "#", "a: [[[[[[", "parts: [{name: x, size: 1}]",
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		start := time.Now()
		n, problems := strictyaml.Load("f", data)
		require.Equal(t, n == nil, n == nil && len(problems) > 0)
		if n == nil {
			return
		}
		var got sample
		_, more := strictyaml.Decode(n, &got, strictyaml.Options{Enum: enums})
		require.Less(t, time.Since(start), 10*time.Second)
		if len(problems)+len(more) > 0 {
			return
		}
		again, err := strictyaml.Encode(got)
		require.NoError(t, err)
		n, problems = strictyaml.Load("f", again)
		var second sample
		if n != nil {
			_, more = strictyaml.Decode(n, &second, strictyaml.Options{Enum: enums})
		}
		require.Empty(t, append(problems.Only(0), more...), "%s", again)
		third, err := strictyaml.Encode(second)
		require.NoError(t, err)
		require.Equal(t, string(again), string(third))
	})
}
